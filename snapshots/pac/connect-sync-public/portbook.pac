// Portbook: Microsoft Entra Connect Sync, Azure public cloud
// Routes: listed destinations PROXY proxy.contoso.com:8080; everything else DIRECT.
// documents: connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, m365-worldwide-endpoints 2022-07-29 ; rule set gfv75ahayl
// 97 rules: 89 exact, 8 not applicable. Does not enforce: it routes or informs, it never denies.
// A client that cannot run this script goes direct, and some say nothing.

// "=name" is that name, ".name" every name below it; the numbers are first and last port of each range.
var portbookTable = {
  ".auth.microsoft.com": [80, 80, 443, 443], // r-st4el3qqkn r-ypwxwdtnth
  ".crl.microsoft.com": [80, 80], // r-6hzd5zigkb
  ".crl3.digicert.com": [80, 80], // r-fetpocdexg
  ".crl4.digicert.com": [80, 80], // r-k4gojdrqj5
  ".digicert.cn": [80, 80], // r-d5iidaydtr
  ".entrust.net": [80, 80], // r-j7lgwli2bd
  ".graph.windows.net": [443, 443], // r-yo4j5biaua
  ".hip.live.com": [80, 80, 443, 443], // r-niyaaagpxo r-v77xdhy7de
  ".management.core.windows.net": [443, 443], // r-gsfclmanyx
  ".microsoftonline-p.com": [80, 80, 443, 443], // r-euf2nej76v r-ifup5qqz3l
  ".microsoftonline.com": [80, 80, 443, 443], // r-2c5n54ov52 r-55ablqdlgm
  ".msauth.net": [80, 80, 443, 443], // r-gtmcddyzds r-wlx6hnhacd
  ".msauthimages.net": [80, 80, 443, 443], // r-fjrymueb4i r-hvowsremnv
  ".msecnd.net": [80, 80, 443, 443], // r-mm3ndaudif r-ozxudv6c3b
  ".msftauth.net": [80, 80, 443, 443], // r-dlxizz3xxe r-yt7uvpvgjf
  ".msftauthimages.net": [80, 80, 443, 443], // r-bzssdehydb r-ekiuc4bkti
  ".msftidentity.com": [80, 80, 443, 443], // r-nwrn2oqf24 r-xkbed6q7ck
  ".msidentity.com": [80, 80, 443, 443], // r-azp4es7n3o r-vcg6yobsfy
  ".ocsp.digicert.com": [80, 80], // r-6owfupukj5
  ".ocsp.msocsp.com": [80, 80], // r-paze27esbn
  ".oneocsp.microsoft.com": [80, 80], // r-ps6dk27r3j
  ".phonefactor.net": [80, 80, 443, 443], // r-kt6kasf5qg r-tlp3obcyrh
  ".root-c3-ca2-2009.ocsp.d-trust.net": [80, 80], // r-wqvrogvtna
  ".verisign.com": [80, 80], // r-tl6oai53do
  ".www.d-trust.net": [80, 80], // r-6w24jxalll
  "=account.activedirectory.windowsazure.com": [80, 80, 443, 443], // r-7su4u2js3y r-rgs4wr7obq
  "=accounts.accesscontrol.windows.net": [80, 80, 443, 443], // r-6tw4d7bxwz r-lxk6n6hnj7
  "=adminwebservice.microsoftonline.com": [80, 80, 443, 443], // r-cavcai4nnq r-cylre7wekt
  "=api.passwordreset.microsoftonline.com": [80, 80, 443, 443], // r-5iwc7lnlg4 r-txtmyillvh
  "=autologon.microsoftazuread-sso.com": [80, 80, 443, 443], // r-2seuuesd37 r-iiyfhlalwa
  "=becws.microsoftonline.com": [80, 80, 443, 443], // r-h6b7vkufey r-skatuxcyb4
  "=ccs.login.microsoftonline.com": [80, 80, 443, 443], // r-4ztje3qnnw r-oqycm5bbla
  "=clientconfig.microsoftonline-p.net": [80, 80, 443, 443], // r-wtgm6fjzai r-zkxrshlwwy
  "=companymanager.microsoftonline.com": [80, 80, 443, 443], // r-7ocp67zy7i r-ekx5xzuj7z
  "=crl.microsoft.com": [80, 80], // r-6hzd5zigkb
  "=crl3.digicert.com": [80, 80], // r-fetpocdexg
  "=crl4.digicert.com": [80, 80], // r-k4gojdrqj5
  "=device.login.microsoftonline.com": [80, 80, 443, 443], // r-2bi5tsl73k r-ojhuyddglx
  "=enterpriseregistration.windows.net": [80, 80, 443, 443], // r-37rt5cgtpe r-ynelogiwjs
  "=graph.microsoft.com": [80, 80, 443, 443], // r-esttvvf3g6 r-t667pevjkw
  "=graph.windows.net": [80, 80, 443, 443], // r-hojqefw6fh r-vbwikv4bue
  "=login-us.microsoftonline.com": [80, 80, 443, 443], // r-2q7shjj7go r-lrpxf5ffbi
  "=login.microsoft.com": [80, 80, 443, 443], // r-een5bege75 r-lurtqtlfxe
  "=login.microsoftonline-p.com": [80, 80, 443, 443], // r-nyyxuiqowr r-r5e4v65gti
  "=login.microsoftonline.com": [80, 80, 443, 443], // r-6lz4kjjnuz r-dym2iyzdvq
  "=login.windows.net": [80, 80, 443, 443], // r-5z4bqwyfwv r-h27capppu2
  "=logincert.microsoftonline.com": [80, 80, 443, 443], // r-glxhtcqk3k r-n2avcfzmvf
  "=loginex.microsoftonline.com": [80, 80, 443, 443], // r-mhug5lnw2e r-sqjkodxtwx
  "=management.azure.com": [80, 80, 443, 443], // r-icw66heocl r-wupt6yo3oy
  "=mscrl.microsoft.com": [80, 80], // r-m5l2ubxnqh
  "=nexus.microsoftonline-p.com": [80, 80, 443, 443], // r-3eba5x2wa5 r-g6sx3eikcy
  "=ocsp.digicert.com": [80, 80], // r-6owfupukj5
  "=ocsp.msocsp.com": [80, 80], // r-paze27esbn
  "=oneocsp.microsoft.com": [80, 80], // r-ps6dk27r3j
  "=passwordreset.microsoftonline.com": [80, 80, 443, 443], // r-hdmu67fzcl r-p2msduarib
  "=policykeyservice.dc.ad.msft.net": [80, 80, 443, 443], // r-opwuwc25od r-xahmofw7wd
  "=provisioningapi.microsoftonline.com": [80, 80, 443, 443], // r-lb44ufmt7u r-rvhm4rfmr7
  "=root-c3-ca2-2009.ocsp.d-trust.net": [80, 80], // r-wqvrogvtna
  "=secure.aadcdn.microsoftonline-p.com": [443, 443], // r-446r6455tb
  "=www.d-trust.net": [80, 80] // r-6w24jxalll
};

function portbookHolds(key, port) {
  var ranges = portbookTable[key], i;
  if (!ranges) { return false; }
  for (i = 0; i < ranges.length; i += 2) {
    if (ranges[i] <= port && port <= ranges[i + 1]) { return true; }
  }
  return false;
}

// The port that a URL names, or that of its scheme; 0 if neither is known.
function portbookPort(scheme, authority) {
  var named = /:([0-9]+)$/.exec(authority);
  if (named) { return Number(named[1]); }
  switch (scheme.toLowerCase()) {
    case "http": case "ws": return 80;
    case "https": case "wss": return 443;
    case "ftp": return 21;
    default: return 0;
  }
}

// The answer for a listed destination; null for every other one. Paths are never looked at.
function portbookRoute(url, host) {
  var parts = /^([A-Za-z][A-Za-z0-9+.\-]*):\/\/([^\/?#\\]*)/.exec(String(url)), authority, name, port, i;
  if (!parts) { return null; }
  authority = parts[2].substring(parts[2].lastIndexOf("@") + 1);
  port = portbookPort(parts[1], authority);
  name = String(host || authority.replace(/:[0-9]*$/, ""));
  if (!/^[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)*\.?$/.test(name)) { return null; }
  name = name.toLowerCase().replace(/\.$/, "");
  if (portbookHolds("=" + name, port)) { return "PROXY proxy.contoso.com:8080"; }
  for (i = name.indexOf("."); i > 0; i = name.indexOf(".", i + 1)) {
    if (portbookHolds(name.substring(i), port)) { return "PROXY proxy.contoso.com:8080"; }
  }
  return null;
}

function FindProxyForURL(url, host) {
  var answer = portbookRoute(url, host);
  return answer === null ? "DIRECT" : answer;
}
