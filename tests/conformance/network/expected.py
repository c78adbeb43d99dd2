"""What must pass and what must not: read from the JSON artifact, never from the text under test."""

import ipaddress
import json


def ports(text):
    """First and last of `443` or `49152-65535`."""
    first, _, last = text.partition("-")
    return int(first), int(last or first)


class Flow:
    """One hop between addresses; `None` is anyone."""

    def __init__(self, hop, sets):
        def end(side):
            if "any" in side:
                return None
            return [ipaddress.ip_network(prefix) for prefix in sets[side["addresses"]]["prefixes"]]

        self.source, self.destination = end(hop["source"]), end(hop["destination"])
        self.transport, self.ports = hop["transport"], ports(hop["ports"])
        self.source_ports = ports(hop["source-ports"]) if hop.get("source-ports") else (0, 65535)

    def holds(self, probe):
        """Whether a connection is one of this flow."""

        def inside(prefixes, address):
            address = ipaddress.ip_address(address)
            return prefixes is None or any(address.version == each.version and address in each for each in prefixes)

        def within(span, port):
            return span[0] <= port <= span[1]

        return (probe["transport"] == self.transport and within(self.ports, probe["port"])
                and within(self.source_ports, probe["source_port"])
                and inside(self.source, probe["source"]) and inside(self.destination, probe["destination"]))


class Named:
    """One hop to a name."""

    def __init__(self, hop, sets):
        self.source = None
        if "any" not in hop["source"]:
            self.source = [ipaddress.ip_network(prefix) for prefix in sets[hop["source"]["addresses"]]["prefixes"]]
        self.pattern = hop["destination"].get("host") or hop["destination"]["url"]["host"]
        self.port = int(hop["ports"])

    def holds(self, source, name, port):
        """Whether a client may reach a name: `*.x` is any depth below x and not x, `[*.]x` is x too."""
        address = ipaddress.ip_address(source)
        below = self.pattern.removeprefix("[*.]").removeprefix("*.")
        wild, apex = self.pattern.startswith("*."), self.pattern.startswith("[*.]")
        name = name.lower()
        named = (wild or apex) and name.endswith("." + below) or (apex or not wild) and name == below
        from_it = self.source is None or any(address.version == each.version and address in each for each in self.source)
        return named and from_it and port == self.port


def flows(path):
    """The flows between addresses of an artifact; what has no address on one side is left out, as it is there."""
    rules = json.loads(path.read_text())
    sides = [(hop, rule) for rule in rules["rules"] for hop in rule["hops"]]
    known = [hop for hop, _ in sides if all({"any", "addresses"} & set(hop[side]) for side in ("source", "destination"))]
    return [Flow(hop, rules["address-sets"]) for hop in known]


def named(path):
    """The flows to names on ports that carry HTTP or TLS."""
    rules = json.loads(path.read_text())
    hops = [hop for rule in rules["rules"] for hop in rule["hops"]]
    web = [hop for hop in hops if {"host", "url"} & set(hop["destination"]) and hop["ports"] in ("80", "443", "8080")]
    return [Named(hop, rules["address-sets"]) for hop in web]
