// Portbook: Microsoft Entra Cloud Sync, Azure public cloud
// Routes: listed destinations PROXY proxy.contoso.com:8080; everything else DIRECT.
// documents: cloud-sync-prerequisites 2026-07-27 ; rule set 6o3ziop57b
// 15 rules: 15 exact. Does not enforce: it routes or informs, it never denies.
// documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
// A client that cannot run this script goes direct, and some say nothing.

// "=name" is that name, ".name" every name below it; the numbers are first and last port of each range.
var portbookTable = {
  ".microsoft.com": [443, 443], // r-okj6udxcvy
  ".microsoftonline.com": [443, 443], // r-mulj3wlnsz
  ".msappproxy.com": [443, 443], // r-fxwg2qamz2
  ".msappproxy.net": [443, 443], // r-7jopvcgct5
  ".servicebus.windows.net": [443, 443], // r-ohna7ef3vb
  ".windowsazure.com": [443, 443], // r-uokihpxtfd
  "=aadcdn.msauth.net": [443, 443], // r-42rk6o6bha
  "=aadcdn.msftauth.net": [443, 443], // r-bc5dixatzh
  "=crl.microsoft.com": [80, 80], // r-frcaf67r3l
  "=login.live.com": [443, 443], // r-zj6ffprcye
  "=login.windows.net": [443, 443], // r-jcbrwtol6h
  "=mscrl.microsoft.com": [80, 80], // r-7vqbpggi7g
  "=ocsp.msocsp.com": [80, 80], // r-gds273iydy
  "=www.microsoft.com": [80, 80], // r-evqe42254e
  "=www.msftconnecttest.com": [443, 443] // r-f5j76odkbp
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
