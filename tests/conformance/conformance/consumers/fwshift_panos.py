"""PAN-OS configurations before fwshift, a policy converter with a PAN-OS reader of its own for XML and set commands."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import lru_cache
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

from fwshift import cli, compare, transform
from fwshift.model import AddressKind, Policy, Rule
from fwshift.parsers import panos_set
from fwshift.report import Report

from ..corpus import Artifact
from ..meant import ANY, Grant, between_zones, collapsed, pairs, told, without_covered
from ..outcome import Outcome
from . import outcome

#: What it says of a configuration in which something does not mean what it seems to.
CODES = {
    "UNDEFINED_REFERENCE",
    "INVALID_ADDRESS",
    "UNSUPPORTED_ADDRESS",
    "UNSUPPORTED_MATCH",
    "UNCONVERTIBLE_OBJECT",
    "OBJECTS_MISSING",
}
KINDS = ("rule", "address", "address-group", "service", "service-group")


class Fwshift:
    """Reads both forms, compares them with the rules and with each other."""

    name = "fwshift"
    targets = ("palo-alto-set", "palo-alto-xml")
    proves = (
        "an independent reader finds no undefined reference and no invalid or unsupported object; its rules, with all groups "
        "resolved, allow what the rules say and nothing else; set commands and XML decide every connection alike"
    )
    blind = (
        "it does not know deletions, moves and decryption rules; entries of URL categories are compared as text; where many "
        "categories apply between two zones, it does not compare each combination of them in the two forms"
    )
    sample_only = False

    def version(self) -> str:
        return f"fwshift {version('fwshift')}"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        data = artifact.files[0].read_bytes()
        policy, report = read(data, artifact.settings)
        self._codes(policy, report, answer)
        answer.expect("losses that are told", *told(artifact, artifact.by_address, data.decode("utf-8")))
        self._grants(data, policy, artifact, answer)
        for sibling in siblings(artifact):
            self._compare(policy, report, sibling, artifact, answer)
        return answer

    def _codes(self, policy: Policy, report: Report, answer: Outcome) -> None:
        """Converts to PAN-OS again: the codes come from reading and writing together."""
        cli.convert(policy, "panos", report)
        found = [(item, each.code) for item in report.items.values() for each in item.findings]
        for item in report.items.values():
            answer.expect(f"{item.kind} {item.name}", "exact", item.status)
        bad = sorted(f"{item.kind} {item.name}: {code}" for item, code in found if code in CODES)
        answer.expect("codes", [], bad + sorted(note.code for note in report.notes if note.code in CODES))

    def _grants(self, data: bytes, policy: Policy, artifact: Artifact, answer: Outcome) -> None:
        got: set[Grant] = set()
        for rule in policy.rules:
            answer.expect(f"{rule.name} allows", ("allow", True, [ANY], [ANY], []), bearing(rule))
            got |= grants(rule, policy, categories(data))
        wanted = between_zones(artifact, artifact.by_address)
        answer.expect_set("allowed", without_covered(wanted), without_covered(got))

    def _compare(self, policy: Policy, report: Report, sibling: Path, artifact: Artifact, answer: Outcome) -> None:
        """Whether the two forms decide every connection alike; the entries of categories beside, as it sees names only."""
        other, other_report = read(sibling.read_bytes(), artifact.settings)
        result = compare.compare(policy, other, "set", "xml", (report, other_report))
        answer.expect(f"decides as {sibling.parent.parent.name}", [], differences(result))
        answer.expect("categories", categories(sibling.read_bytes()), categories(artifact.files[0].read_bytes()))


def differences(result: compare.Comparison) -> list[str]:
    """What two policies decide in two ways. Where more URL categories apply between two zones than fwshift combines (it says
    so), all that depends on them may be another way, even if a file is compared with itself: only what is certain counts."""
    uncombined = {(src, dst) for (src, dst, _), (_, dropped) in result.labels.items() if dropped}
    found = [each for each in result.differences if each.certain or (each.src, each.dst) not in uncombined]
    return [f"{each.src} -> {each.dst}: {'; '.join(each.lines())}" for each in found]


def read(data: bytes, settings: dict[str, str]) -> tuple[Policy, Report]:
    """The policy of a file, XML or set commands."""
    report = Report()
    policy = cli.load(data, "panos", report, device_group=settings.get("device-group", ""))
    transform.harden(policy, report)
    return policy, report


@lru_cache(maxsize=8)
def tree(data: bytes) -> ET.Element:
    """The XML of a file; that of set commands as fwshift reads them."""
    return ET.fromstring(data if panos_set.is_xml(data) else panos_set.to_xml(data, Report()))


def categories(data: bytes) -> dict[str, list[str]]:
    """The entries of each custom URL category. fwshift keeps only the last one of a list in set commands, so those are read
    here from its words."""
    found: dict[str, list[str]] = {}
    if panos_set.is_xml(data):
        for entry in tree(data).iterfind(".//custom-url-category/entry"):
            found[entry.get("name", "")] = sorted(member.text or "" for member in entry.findall("list/member"))
        return found
    for _, command in panos_set.commands(data.decode("utf-8")):
        words = [word for word, quoted in command if quoted or word not in "[]"]
        if "custom-url-category" in words and words[0] == "set":
            _, name, key, *entries = words[words.index("custom-url-category") :]
            found[name] = sorted(found.get(name, []) + (entries if key == "list" else []))
    return found


def bearing(rule: Rule) -> tuple:
    """All of a rule that would make it match something else than its ends and services say."""
    negated = [rule.negate_source, rule.negate_destination, rule.negate_service, rule.schedule, rule.unsupported]
    return (rule.action.value, rule.enabled, rule.applications, rule.users, [each for each in negated if each])


def grants(rule: Rule, policy: Policy, entries: dict[str, list[str]]) -> set[Grant]:
    """What a rule lets pass, with every group, service and category resolved."""
    destinations = ends(rule.destinations, policy)
    if rule.url_categories != [ANY]:
        if destinations != [ANY]:
            raise ValueError(f"{rule.name} asks for a category and a destination together")
        destinations = [names_of(entry) for name in rule.url_categories for entry in entries[name]]
    found = set()
    for where in ((a, b) for a in rule.src_zones for b in rule.dst_zones):
        for source, goal in pairs(ends(rule.sources, policy), destinations):
            for transport, ports, source_ports in services(rule, policy):
                found.add(Grant(where, source, goal, transport, ports, source_ports))
    return found


def names_of(entry: str) -> str:
    """The names that an entry with its final slash holds; without it, it also holds what goes on to the right."""
    return entry.removesuffix("/") if entry.endswith("/") else f"{entry}..."


def ends(members: list[str], policy: Policy) -> list[str]:
    """The addresses and names behind the members of a rule."""
    texts = []
    for name in members:
        if name in policy.address_groups:
            texts += ends(policy.address_groups[name].members, policy)
        elif name in policy.addresses:
            address = policy.addresses[name]
            texts.append(str(ip_network(address.value)) if address.kind == AddressKind.NETWORK else address.value)
        else:
            texts.append(name)
    networks = [ip_network(text) for text in texts if "/" in text]
    return collapsed(networks) + [text for text in texts if "/" not in text]


def services(rule: Rule, policy: Policy) -> list[tuple[str, str, str]]:
    """Transport, ports and source ports of each service; `any` stays what it is and equals nothing that is meant."""
    found = []
    for name in rule.services:
        entries = policy.services[name].entries if name in policy.services else []
        found += [(each.protocol.value, each.dst_ports, each.src_ports) for each in entries] or [(name, ANY, "")]
    return found


def siblings(artifact: Artifact) -> list[Path]:
    """The XML of the same selection and settings, for set commands. Position is a setting of set commands only."""
    if artifact.target != "palo-alto-set":
        return []
    wanted = {key: value for key, value in artifact.settings.items() if key != "position"}
    wanted = {"names": "categories", "no-decrypt": "no", **wanted}
    found = []
    for folder in sorted((artifact.folder.parent.parent / "palo-alto-xml").glob("*")):
        settings = dict(word.split("=", 1) for word in folder.name.split(",")) if "=" in folder.name else {}
        if {"names": "categories", "no-decrypt": "no", **settings} == wanted:
            found += sorted(folder.rglob("*.xml"))
    return found[:1]
