"""What passes a web proxy: the flows of the rules as a proxy (Squid) or a PAC file has to know them, and what to ask.

docs/targets/squid.md and docs/targets/pac.md: only HTTP and HTTPS to a name has to do with a proxy (`not-through-proxy`,
`local-flow`); a path is dropped and its whole host allowed (`path-dropped`, the only loss that lets more pass).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from .rules import Address, Flow, Network, Pattern, Ports, Rules

#: Addresses that are nobody's.
STRANGERS = ("10.99.0.1", "2001:db8:99::1", "127.0.0.1")
#: Where names of all answers lead; no rule has it.
ORIGIN = "198.51.100.7"


@dataclass(frozen=True)
class ProxiedFlow:
    """Who may reach what by way of the proxy. No clients: anyone."""

    rule: str
    clients: tuple[Network, ...]
    anyone: bool
    pattern: Pattern
    ports: Ports
    no_inspection: bool

    def lets(self, client: Address | None, name: str, port: int) -> bool:
        """Whether it lets `client` pass; None for whoever it is. A path plays no part: `path-dropped`."""
        ours = client is None or self.anyone or any(client in net for net in self.clients if net.version == client.version)
        return ours and port in self.ports and self.pattern.matches(name)


def proxied(rules: Rules) -> list[ProxiedFlow]:
    """The flows that pass the proxy, with the clients that open them: a proxied rule has them in its first hop."""
    found = []
    for flow in rules.flows:
        if not flow.for_http or flow.via == "to-proxy":
            continue
        openers = [flow] if flow.via == "direct" else [o for o in rules.flows if (o.rule, o.via) == (flow.rule, "to-proxy")]
        clients = tuple(sorted({net for opener in openers for net in opener.source.networks}, key=str))
        anyone = any(opener.source.any for opener in openers)
        found.append(ProxiedFlow(flow.rule, clients, anyone, flow.destination.pattern, flow.ports, flow.tls_inspection == "exclude"))
    return found


def allowed(flows: Iterable[ProxiedFlow], client: str | None, name: str, port: int) -> bool:
    """Whether any flow lets this pass."""
    address = ipaddress.ip_address(client) if client else None
    return any(flow.lets(address, name, port) for flow in flows)


def names(pattern: Pattern) -> list[str]:
    """Names that a pattern holds, as clients write them."""
    plain = pattern.examples()
    return [*plain, plain[0].upper(), plain[0] + "."]


def wrong_names(pattern: Pattern) -> list[str]:
    """Near misses, the apex or the name below also as clients may write it to slip through."""
    misses = pattern.near_misses()
    return [*misses, misses[-1].upper(), misses[-1] + "."]


def other_ports(ports: Ports) -> list[int]:
    """Ports that a slip would let in: the other one of HTTP and HTTPS, those beside, the usual other ones."""
    near = {80, 443, 8080, 8443, ports.first - 1, ports.last + 1}
    return sorted(port for port in near if port not in ports)


def inside(flow: ProxiedFlow) -> list[str]:
    """The first and the last address of every network of clients."""
    ends = {str(end) for net in flow.clients for end in (net[0], net[-1])}
    return sorted(ends)


def outside(flows: list[ProxiedFlow], flow: ProxiedFlow) -> list[str]:
    """The neighbours of every network of clients that are not clients themselves, and strangers."""
    beside = {str(end + step) for net in flow.clients for end, step in ((net[0], -1), (net[-1], 1))}
    everybody = [net for each in flows for net in each.clients]
    held = {a for a in beside if any(ipaddress.ip_address(a) in net for net in everybody)}
    return sorted(beside - held) + list(STRANGERS)
