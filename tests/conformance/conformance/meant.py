"""What an artifact should let pass, as a set: compared whole, so that what is missing and what is too much both show.

Made of the hops of the `json` target and, where a target holds addresses for names, of what the documents offer.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from . import documented
from .corpus import Artifact
from .rules import Flow, Network, Pattern, Side

ANY = "any"


@dataclass(frozen=True, order=True)
class Grant:
    """One thing that may pass. Ends are a prefix, `any`, or a name pattern (`*.x` never holds x)."""

    #: Zones, or host and direction: where it stands.
    where: tuple[str, ...]
    source: str
    destination: str
    transport: str
    ports: str
    source_ports: str = ""

    def __str__(self) -> str:
        source_ports = f" from {self.source_ports}" if self.source_ports else ""
        return f"{'/'.join(self.where)}: {self.source} -> {self.destination} {self.transport} {self.ports}{source_ports}"


def collapsed(networks: Iterable[Network]) -> list[str]:
    """The same addresses in the fewest prefixes, so that another way to cut them makes no difference."""
    networks = list(networks)
    families = ([each for each in networks if each.version == version] for version in (4, 6))
    return [str(each) for family in families for each in ipaddress.collapse_addresses(family)]


def names(pattern: Pattern) -> list[str]:
    """The entries of a target in which a wildcard never holds the name behind it."""
    return ([f"*.{pattern.suffix}"] if pattern.below else []) + ([pattern.suffix] if pattern.apex else [])


def _family(text: str) -> int:
    return 6 if ":" in text else 4


def _is_prefix(text: str) -> bool:
    return "/" in text


def pairs(sources: Iterable[str], destinations: Iterable[str]) -> list[tuple[str, str]]:
    """Both ends together: addresses of one family, everything else with everything."""
    every = product(sources, destinations)
    return [(a, b) for a, b in every if not (_is_prefix(a) and _is_prefix(b)) or _family(a) == _family(b)]


def side(end: Side) -> list[str]:
    """The texts of an end that is no name."""
    return [ANY] if end.any else collapsed(end.networks)


def knows_name(flow: Flow, artifact: Artifact, by_address: bool) -> bool:
    """Whether the artifact holds the name of a flow itself. docs/targets/palo-alto.md: on PAN-OS a category only where HTTP or
    TLS says it; elsewhere an exact name is an FQDN object, which no list can hold, and a wildcard needs addresses."""
    pattern = flow.destination.pattern
    if pattern is None or by_address:
        return False
    on_pan_os = artifact.target.startswith("palo-alto") and not flow.for_http
    return not on_pan_os or (not pattern.below and artifact.target != "palo-alto-edl")


def destination(flow: Flow, artifact: Artifact, by_address: bool) -> list[str]:
    """The texts of a flow's destination; nothing if its name is refused because no document offers addresses."""
    if flow.destination.pattern is None:
        return side(flow.destination)
    if knows_name(flow, artifact, by_address):
        return names(flow.destination.pattern)
    if role := flow.both["to"].get("at"):
        return collapsed(ipaddress.ip_network(text) for text in artifact.roles[role])
    return collapsed(documented.addresses_for(flow, artifact.range_file) or ())


def between_zones(artifact: Artifact, by_address: bool) -> set[Grant]:
    """What a firewall between zones should let pass."""
    return {grant for flow in artifact.rules.flows for grant in of_flow(flow, artifact, by_address)}


def of_flow(flow: Flow, artifact: Artifact, by_address: bool) -> set[Grant]:
    """What a firewall between zones should let pass for one hop; nothing of what stays on its host."""
    if flow.scope != "network":
        return set()
    setting = artifact.settings
    where = (flow.source.zone or setting.get("from-zone", ANY), flow.destination.zone or setting.get("to-zone", ANY))
    ports = (flow.transport, str(flow.ports), str(flow.source_ports or ""))
    both = pairs(side(flow.source), destination(flow, artifact, by_address))
    return {Grant(where, source, goal, *ports) for source, goal in both}


def without_covered(grants: Iterable[Grant]) -> set[Grant]:
    """Without names that a wildcard beside them lets pass anyway: a target may leave these out or not."""
    every = set(grants)
    return {each for each in every if not any(_wider(each, suffix) in every for suffix in _suffixes(each.destination))}


def _suffixes(name: str) -> list[str]:
    """What may stand behind `*.` in a pattern that holds all of a name or of a pattern."""
    if _is_prefix(name) or name == ANY:
        return []
    labels = name.removeprefix("*.").split(".")
    return [".".join(labels[number:]) for number in range(1, len(labels))]


def _wider(grant: Grant, suffix: str) -> Grant:
    return replace(grant, destination=f"*.{suffix}")


def excluded_from_inspection(artifact: Artifact, by_address: bool) -> set[Grant]:
    """What no decryption rule may inspect: what a document excludes, and every name with `no-decrypt=yes`."""
    every = artifact.settings.get("no-decrypt") == "yes"
    return {
        grant
        for flow in artifact.rules.flows
        if flow.tls_inspection == "exclude" or (every and flow.destination.pattern is not None and not by_address)
        for grant in of_flow(flow, artifact, by_address)
    }


def told(artifact: Artifact, by_address: bool, text: str) -> tuple[dict[str, int], dict[str, int]]:
    """How many rules lack addresses for a name or have those of a whole cloud, and how many the artifact says: what is
    refused must not be missing without a word, nor what is wider be there without one."""
    # A host firewall sees what its host opens; what a proxy opens is none of its business.
    seen = [flow for flow in artifact.rules.flows if flow.source.station or not artifact.target.startswith("windows")]
    named = [flow for flow in seen if flow.destination.pattern is not None and flow.scope == "network"]
    lacking = [flow for flow in named if not knows_name(flow, artifact, by_address) and "at" not in flow.both["to"]]
    wanted = {
        code: {flow.rule for flow in lacking if bool(destination(flow, artifact, by_address)) == there} for code, there in TOLD.items()
    }
    stated = {code: re.search(rf"{code}: (\d+) rules? ", text) for code in TOLD}
    return {code: len(rules) for code, rules in wanted.items()}, {
        code: int(said[1]) if said else 0 for code, said in stated.items()
    }


#: Findings by whether there are addresses for a name.
TOLD = {"name-needs-address": False, "any-azure-customer": True}


#: Network profiles by the setting, as New-NetFirewallRule spells them.
PROFILES = {"any": "Any", "domain": "Domain", "domain-private": "Domain,Private", "private": "Private", "public": "Public"}
#: The end of a host firewall's rules that is the host itself.
HOST = "host"


def on_hosts(artifact: Artifact, by_address: bool) -> set[Grant]:
    """What the firewalls of all hosts should let pass: what each opens, limited to its software where asked, and what it
    answers. `where` is host, direction and limit."""
    found: set[Grant] = set()
    for flow in artifact.rules.flows:
        if flow.scope == "network":
            found |= _opened(flow, artifact, by_address) if flow.source.station else set()
            found |= _answered(flow) if flow.destination.station else set()
    return found


def opens(artifact: Artifact) -> bool:
    """Whether any host opens a connection, which a limit to software is for."""
    return any(flow.source.station and flow.scope == "network" for flow in artifact.rules.flows)


def _opened(flow: Flow, artifact: Artifact, by_address: bool) -> set[Grant]:
    ports = (flow.transport, str(flow.ports), str(flow.source_ports or ""))
    # The host is its own source: addresses of a family that it does not have are left out (`no-v6-source`).
    goals = {goal for _, goal in pairs(side(flow.source), destination(flow, artifact, by_address))}
    where = [(flow.source.station or "", "out", limit) for limit in limits(flow, artifact.settings.get("restrict", "none"))]
    return {Grant(each, HOST, goal, *ports) for each in where for goal in goals}


def _answered(flow: Flow) -> set[Grant]:
    ports = (flow.transport, str(flow.ports), str(flow.source_ports or ""))
    sources = {source for source, _ in pairs(side(flow.source), side(flow.destination))}
    return {Grant((flow.destination.station or "", "in", ""), source, HOST, *ports) for source in sources}


def limits(flow: Flow, restrict: str) -> list[str]:
    """The programs, the services, or all accounts together to which a rule is limited; none if none is documented, and the
    rule is refused as `identity-restricted`."""
    if restrict == "none":
        return [""]
    values = documented.software(flow, restrict)
    return [" ".join(values)] if restrict == "account" and values else values
