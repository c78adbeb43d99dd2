// Portbook: Microsoft Entra Cloud Sync, Azure Government
// Routes: listed destinations PROXY proxy.contoso.com:8080; everything else DIRECT.
// documents: cloud-sync-prerequisites 2026-07-27 ; rule set t7t4btklzd
// 24 rules: 24 exact. Does not enforce: it routes or informs, it never denies.
// A client that cannot run this script goes direct, and some say nothing.

// "=name" is that name, ".name" every name below it; the numbers are first and last port of each range.
var portbookTable = {
  ".microsoft.us": [443, 443], // r-7i2c4lyusn
  ".microsoftonline-p.us": [443, 443], // r-dnpmklcfgc
  ".microsoftonline.us": [443, 443], // r-4pewtc34cs
  ".msappproxy.us": [443, 443], // r-6t5q4bfo34
  ".msauth.net": [443, 443], // r-yilbpbhmtw
  ".msauthimages.net": [443, 443], // r-pejrtwrvws
  ".msecnd.net": [443, 443], // r-kypczarh5l
  ".msftauth.net": [443, 443], // r-x7wytfrhck
  ".msftauthimages.net": [443, 443], // r-krur6ss6ls
  ".phonefactor.net": [443, 443], // r-4n62jw7dwk
  ".servicebus.usgovcloudapi.net": [443, 443], // r-nv4ukvmse7
  "=aadcdn.msftauthimages.us": [443, 443], // r-ypbugsemno
  "=crl.microsoft.us": [80, 80], // r-pieg43xaf5
  "=ctldl.windowsupdate.us": [80, 80], // r-fda3lylqyi
  "=enterpriseregistration.windows.net": [443, 443], // r-s3u5gwdqft
  "=login.windows.us": [443, 443], // r-bnm5qkbhse
  "=management.azure.com": [443, 443], // r-tivmaeuyrp
  "=msauthimages.us": [443, 443], // r-y4zxehzakd
  "=mscrl.microsoft.us": [80, 80], // r-tn7rwfvq7z
  "=msftauthimages.us": [443, 443], // r-6w3aotr5te
  "=ocsp.msocsp.us": [80, 80], // r-apccciahxq
  "=policykeyservice.dc.ad.msft.net": [443, 443], // r-burxmt4hum
  "=secure.aadcdn.microsoftonline-p.com": [443, 443], // r-tgmtu42uko
  "=www.microsoft.us": [80, 80] // r-44bcenegyw
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
