{% for line in header %}
// {{ line|js_comment }}
{% endfor %}

// "=name" is that name, ".name" every name below it; the numbers are first and last port of each range.
var portbookTable = {
{% for entry in table %}
  "{{ entry.key|js_key }}": [{{ entry.ports|js_ports }}]{% if not loop.last %},{% endif %} //{% for rule in entry.rules %} {{ rule|js_comment }}{% endfor %}

{% endfor %}
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
  if (portbookHolds("=" + name, port)) { return "{{ listed|js_answer }}"; }
  for (i = name.indexOf("."); i > 0; i = name.indexOf(".", i + 1)) {
    if (portbookHolds(name.substring(i), port)) { return "{{ listed|js_answer }}"; }
  }
  return null;
}
{% if others %}

function FindProxyForURL(url, host) {
  var answer = portbookRoute(url, host);
  return answer === null ? "{{ others|js_answer }}" : answer;
}
{% else %}

// Call it first in the FindProxyForURL of your own script:
//   var answer = portbookRoute(url, host);
//   if (answer !== null) { return answer; }
{% endif %}
