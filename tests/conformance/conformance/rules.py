"""What an artifact should say: the hops of the `json` target, matched here without any code of Portbook.

Nothing below looks at the artifact under test.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path

#: On which ports the documents mean HTTP or HTTPS; everything else is `not-through-proxy`.
HTTP_PORTS = (80, 443, 8080)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Ports:
    """A range of ports, both ends in it."""

    first: int
    last: int

    @staticmethod
    def parse(text: str) -> "Ports":
        first, _, last = text.partition("-")
        return Ports(int(first), int(last or first))

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Pattern:
    """A host pattern: `name`, `*.x` (any depth below, never x itself) or `[*.]x` (x too); a path where a URL is meant."""

    suffix: str
    below: bool
    apex: bool
    path: str = ""

    @staticmethod
    def parse(text: str) -> "Pattern":
        host, slash, path = text.partition("/")
        path = slash + path
        if host.startswith("[*.]"):
            return Pattern(host[4:], True, True, path)
        if host.startswith("*."):
            return Pattern(host[2:], True, False, path)
        return Pattern(host, False, True, path)

    def matches(self, name: str) -> bool:
        name = name.lower().rstrip(".")
        return (self.apex and name == self.suffix) or (self.below and name.endswith("." + self.suffix))

    def example(self) -> str:
        """A name that it matches."""
        return f"a.b.{self.suffix}" if self.below else self.suffix

    def examples(self) -> list[str]:
        """Names that it matches: itself, one level and two levels below, as far as they are meant."""
        below = [f"probe.{self.suffix}", f"deep.probe.{self.suffix}"] if self.below else []
        return ([self.suffix] if self.apex else []) + below

    def near_misses(self) -> list[str]:
        """Names that a slip would let in: the apex, a name below, look-alikes before and behind, the parent."""
        labels = self.suffix.split(".")
        misses = [f"evil{self.suffix}", f"evil-{self.suffix}", f"{self.suffix}.evil.example", self.suffix.replace(".", "x", 1)]
        if len(labels) > 2:
            misses.append(".".join(labels[1:]))
        if not self.apex:
            misses.append(self.suffix)
        if not self.below:
            misses.append(f"probe.{self.suffix}")
        return [name for name in misses if not self.matches(name)]


@dataclass(frozen=True)
class Side:
    """One end of a hop. Exactly one of `any`, `pattern`, `networks` says where; none of them if it was not given."""

    any: bool = False
    pattern: Pattern | None = None
    networks: tuple[Network, ...] = ()
    station: str | None = None
    zone: str | None = None

    def holds_address(self, address: Address) -> bool:
        return self.any or any(address in network for network in self.networks if network.version == address.version)

    def holds_name(self, name: str) -> bool:
        return self.any or (self.pattern is not None and self.pattern.matches(name))


@dataclass(frozen=True)
class Flow:
    """One hop of one rule."""

    rule: str
    via: str  # direct | to-proxy | from-proxy
    source: Side
    destination: Side
    transport: str
    ports: Ports
    source_ports: Ports | None
    scope: str  # network | local
    tls_inspection: str
    both: dict

    @property
    def for_http(self) -> bool:
        """Whether HTTP or TLS says its name to a proxy or firewall on the way: from a role to a name that is no role of the site,
        on one of the ports on which the documents mean HTTP or HTTPS."""
        port = self.ports.first if self.ports.first == self.ports.last else None
        end = self.both["to"]
        named = self.destination.pattern is not None and "at" not in end
        return named and self.transport == "tcp" and port in HTTP_PORTS and "role" in self.both["from"] and self.scope == "network"


class Rules:
    """The rule set of one selection on one site."""

    def __init__(self, path: Path):
        self.document = json.loads(path.read_text(encoding="utf-8"))
        self.sets = {
            name: tuple(ipaddress.ip_network(prefix) for prefix in each["prefixes"])
            for name, each in self.document["address-sets"].items()
        }
        self.flows = [self._flow(rule, hop) for rule in self.document["rules"] for hop in rule["hops"]]
        self.ids = {rule["id"] for rule in self.document["rules"]}

    def _flow(self, rule: dict, hop: dict) -> Flow:
        source_ports = hop.get("source-ports")
        return Flow(
            rule=rule["id"],
            via=hop["via"],
            source=self._side(hop["source"]),
            destination=self._side(hop["destination"]),
            transport=hop["transport"],
            ports=Ports.parse(hop["ports"]),
            source_ports=Ports.parse(source_ports) if source_ports else None,
            scope=rule["scope"],
            tls_inspection=rule["tls-inspection"],
            both=rule,
        )

    def _side(self, side: dict) -> Side:
        text = side.get("host") or side.get("url")
        return Side(
            any=side.get("any", False),
            pattern=Pattern.parse(text) if text else None,
            networks=self.sets[side["addresses"]] if "addresses" in side else (),
            station=side.get("station"),
            zone=side.get("zone"),
        )

    def allowing(self, source: Address | None, to: "Address | str", transport: str, port: int, path: str = "/") -> list[Flow]:
        """The flows that let this connection pass. `to` is a name or an address; a path counts only where a document
        gives one and the caller asks for it. No source: whoever it is."""
        found = []
        for flow in self.flows:
            if flow.transport != transport or port not in flow.ports or flow.scope != "network":
                continue
            if source is not None and not flow.source.holds_address(source):
                continue
            there = flow.destination.holds_name(to) if isinstance(to, str) else flow.destination.holds_address(to)
            if there:
                found.append(flow)
        return found
