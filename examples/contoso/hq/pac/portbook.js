// Portbook: Microsoft Entra Cloud Sync + Microsoft Entra Connect Sync + AD FS farm and Web Application Proxy + Microsoft Entra Connect Health + Microsoft Entra Password Protection + Microsoft Entra hybrid join, Azure public cloud
// Routes: listed destinations PROXY proxy.contoso.com:8080; everything else null, for the calling script to decide.
// documents: hybrid-join-configure 2025-06-27 ; rule set nkr54szwcu
// 201 rules: 3 exact, 198 not applicable. Does not enforce: it routes or informs, it never denies.
// documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
// documented elsewhere: ad-fs-securing 2024-02-13 names 9 more, not in here
// A client that cannot run this script goes direct, and some say nothing.

// "=name" is that name, ".name" every name below it; the numbers are first and last port of each range.
var portbookTable = {
  "=device.login.microsoftonline.com": [443, 443], // r-x4cqiwpk6u
  "=enterpriseregistration.windows.net": [443, 443], // r-posqqxnuw5
  "=login.microsoftonline.com": [443, 443] // r-7iti4eiohs
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

// Call it first in the FindProxyForURL of your own script:
//   var answer = portbookRoute(url, host);
//   if (answer !== null) { return answer; }
