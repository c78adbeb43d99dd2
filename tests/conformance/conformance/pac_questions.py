"""What to ask a PAC script, and what docs/targets/pac.md and the rules say it answers."""

from __future__ import annotations

from dataclasses import dataclass

from .corpus import Artifact
from .proxied import ORIGIN, ProxiedFlow, allowed, names, other_ports, proxied, wrong_names

#: The answer of the script around `form=function`, which no artifact gives.
OWN_RULES = "PROXY own-rules.example:1"
#: docs/targets/pac.md, "Load it", with own rules.
CALLER = """
function FindProxyForURL(url, host) {
  var answer = portbookRoute(url, host);
  if (answer !== null) { return answer; }
  return "%s";
}
"""
#: The word of a library's caller for a call without a host: the libraries themselves do not make one.
NO_HOST = "no-host.invalid"
HOSTLESS = """
var conformanceRoute = FindProxyForURL;
FindProxyForURL = function (url, host) { return conformanceRoute(url, host === "%s" ? "" : host); };
"""
STRANGER = "stranger.example"


@dataclass(frozen=True)
class Question:
    """One call of the script, and its wanted answer."""

    url: str
    host: str
    listed: bool
    wanted: str


def script(artifact: Artifact) -> str:
    """The artifact as a complete PAC script: a function is called as its page says."""
    (path,) = artifact.files
    text = path.read_text(encoding="ascii")
    return text + CALLER % OWN_RULES if artifact.settings.get("form") == "function" else text


def routes(settings: dict[str, str]) -> tuple[str, str]:
    """The answers for listed destinations and for all others."""
    proxy = f"PROXY {settings['proxy']}" + ("; DIRECT" if settings.get("fallback") == "yes" else "")
    word = {"proxy": proxy, "direct": "DIRECT"}
    others = OWN_RULES if settings.get("form") == "function" else word[settings["others"]]
    return word[settings["listed"]], others


def questions(artifact: Artifact) -> list[Question]:
    """All questions about all rules, each once."""
    flows = proxied(artifact.rules)
    listed, others = routes(artifact.settings)
    found = {}
    for url, host, name, port in (each for flow in flows for each in _about(flow)):
        holds = allowed(flows, None, name, port)
        found[url, host] = Question(url, host, holds, listed if holds else others)
    return list(found.values())


def urls(name: str, port: int) -> list[str]:
    """Ways in which a client names a port: by the scheme, by number, by the number of another scheme."""
    numbered = [f"https://{name}:{port}/", f"http://{name}:{port}/a/b?c=d"]
    by_scheme = {80: [f"http://{name}/pkiops/x.crl", f"ws://{name}/"], 443: [f"https://{name}/", f"wss://{name}"]}
    return by_scheme.get(port, []) + numbered


def _about(flow: ProxiedFlow) -> list[tuple[str, str, str, int]]:
    """URL and host argument as a client gives them; name and port that are meant."""
    own = flow.ports.first
    found = []
    for name in names(flow.pattern) + wrong_names(flow.pattern):
        found += [(url, name, name, port) for port in [own, *other_ports(flow.ports)] for url in urls(name, port)]
    good = flow.pattern.example()
    scheme = "https" if own == 443 else "http"
    return found + [(url, STRANGER, STRANGER, own) for url in _disguised(scheme, good)] + _odd(scheme, good, own)


def _disguised(scheme: str, good: str) -> list[str]:
    """URLs of a stranger that hold a good name elsewhere."""
    return [
        f"{scheme}://{good}@{STRANGER}/",
        f"{scheme}://{good}:x@{STRANGER}/",
        f"{scheme}://{STRANGER}/{good}/",
        f"{scheme}://{STRANGER}/?{scheme}://{good}/",
        f"{scheme}://{STRANGER}#.{good}",
    ]


def _odd(scheme: str, good: str, own: int) -> list[tuple[str, str, str, int]]:
    """No host argument, a scheme without a port, an address, names that every object of the language has."""
    port = "" if own in (80, 443) else f":{own}"
    found = [(f"{scheme}://{good}{port}/", NO_HOST, good, own), (f"gopher://{good}/", good, good, 0), (f"ftp://{good}/", good, good, 21)]
    others = [ORIGIN, "[2001:db8::7]", "constructor", "__proto__", "localhost", f"{good}..", f".{good}"]
    return found + [(f"{scheme}://{other}/", other.strip("[]"), "", 0) for other in others]
