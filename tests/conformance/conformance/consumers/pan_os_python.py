"""PAN-OS configurations in Palo Alto's own object model, read offline."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from importlib.metadata import version
from ipaddress import ip_network

from fwshift.parsers import panos_set
from panos import objects, policies

from ..corpus import Artifact
from ..meant import ANY, Grant, between_zones, collapsed, excluded_from_inspection, pairs, without_covered
from ..outcome import Outcome
from . import outcome
from .fwshift_panos import categories, names_of, tree

#: Where the kinds of objects stand below a virtual system or a device group.
PLACES = {
    "address": (objects.AddressObject, "address"),
    "group": (objects.AddressGroup, "address-group"),
    "service": (objects.ServiceObject, "service"),
    "tag": (objects.Tag, "tag"),
    "category": (objects.CustomUrlCategory, "profiles/custom-url-category"),
}


class PanOsPython:
    """Reads every object of both forms and compares what the rules allow with what they should."""

    name = "pan-os-python"
    targets = ("palo-alto-set", "palo-alto-xml")
    proves = (
        "Palo Alto's own object model reads addresses, groups, services, categories, security and decryption rules back; with "
        "everything resolved they allow, and exclude from inspection, what the rules say and nothing else, in both families; "
        "every reference is to an object that is there, and nothing stands unused"
    )
    blind = (
        "it reads XML only: set commands reach it as fwshift reads them, categories and moves as read here; no firewall commits"
    )
    sample_only = False

    def version(self) -> str:
        return f"pan-os-python {version('pan-os-python')}"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        data = artifact.files[0].read_bytes()
        configuration = Configuration(data, artifact.settings)
        self._objects(configuration, answer)
        allowed = self._allowed(configuration, answer)
        wanted = between_zones(artifact, artifact.by_address)
        answer.expect_set("allowed", without_covered(wanted), without_covered(allowed))
        excluded = self._excluded(configuration, answer)
        wanted = excluded_from_inspection(artifact, artifact.by_address)
        answer.expect_set("excluded", without_covered(wanted), without_covered(excluded))
        if artifact.target == "palo-alto-set":
            self._moves(data.decode("ascii"), configuration, artifact.settings, answer)
        return answer

    def _objects(self, configuration: Configuration, answer: Outcome) -> None:
        """Every object is used, every group and category has a member, and the limits of the names hold."""
        used = configuration.references()
        for kind in ("address", "group", "service", "category"):
            answer.expect_set(f"{kind} objects", used[kind], set(configuration.of[kind]))
        for category in configuration.of["category"].values():
            answer.expect(f"type of {category.name}", "URL List", category.type)
            answer.expect(f"length of {category.name}", True, len(category.name) <= 31)
        for name in [
            *configuration.of["address"],
            *configuration.of["group"],
            *configuration.rules,
            *configuration.of["service"],
        ]:
            answer.expect(f"length of {name}", True, len(name) <= 63)

    def _allowed(self, configuration: Configuration, answer: Outcome) -> set[Grant]:
        found: set[Grant] = set()
        for rule in configuration.rules.values():
            plain = (rule.action, rule.application, rule.source_user, rule.type or "universal", rule.log_end, rule.tag)
            answer.expect(f"{rule.name} allows", ("allow", [ANY], [ANY], "universal", True, ["portbook"]), plain)
            other = (rule.negate_source, rule.negate_destination, rule.disabled, rule.schedule, rule.hip_profiles)
            answer.expect(
                f"{rule.name} has no other condition", [], [each for each in other if each and each not in ([ANY], ANY)]
            )
            crossing = (rule.fromzone, rule.tozone, rule.source, rule.destination, rule.category, rule.service)
            found |= configuration.grants(*crossing)
        return found

    def _excluded(self, configuration: Configuration, answer: Outcome) -> set[Grant]:
        found: set[Grant] = set()
        for rule in configuration.exclusions.values():
            plain = (rule.action, rule.decryption_type, rule.decryption_profile, rule.source_users)
            answer.expect(f"{rule.name} excludes", ("no-decrypt", "ssl-forward-proxy", None, [ANY]), plain)
            answer.expect(f"{rule.name} is on", (None, None, None), (rule.negate_source, rule.negate_destination, rule.disabled))
            zones = (rule.source_zones, rule.destination_zones)
            found |= configuration.grants(
                *zones, rule.source_addresses, rule.destination_addresses, rule.url_categories, rule.services
            )
        return found

    def _moves(self, text: str, configuration: Configuration, settings: dict[str, str], answer: Outcome) -> None:
        """Where the moves leave every rule, beside a rule of somebody else's: ours, as no program read here does it."""
        position = settings.get("position", "bottom")
        for rulebase, rules, place in (
            ("security", configuration.rules, position),
            ("decryption", configuration.exclusions, "top"),
        ):
            # As an older file may have left them: only the moves put them right.
            order = [*reversed(rules), "theirs"] if place == "bottom" else ["theirs", *reversed(rules)]
            for line in text.splitlines():
                words = line.split()
                if words[:1] == ["move"] and f"{rulebase} rules" in line:
                    order.remove(words[-2])
                    order = [words[-2], *order] if words[-1] == "top" else [*order, words[-2]]
            wanted = ["theirs", *rules] if place == "bottom" else [*rules, "theirs"]
            answer.expect(f"order of {rulebase} rules", wanted if rules else ["theirs"], order)


class Configuration:
    """What the object model reads of one file."""

    def __init__(self, data: bytes, settings: dict[str, str]):
        group = settings.get("device-group", "")
        place = f".//device-group/entry[@name='{group}']" if group else ".//vsys/entry[@name='vsys1']"
        layer = tree(data).find(place)
        if layer is None:
            raise ValueError(f"nothing stands at {place}")
        rulebase = "pre-rulebase" if group else "rulebase"
        if not panos_set.is_xml(data):
            put_categories(layer, categories(data))
        self.of = {kind: read(model, layer.find(path)) for kind, (model, path) in PLACES.items()}
        self.rules = read(policies.SecurityRule, layer.find(f"{rulebase}/security/rules"))
        self.exclusions = read(policies.DecryptionRule, layer.find(f"{rulebase}/decryption/rules"))

    def references(self) -> dict[str, set[str]]:
        """The names of each kind to which something refers."""
        every = [*self.rules.values()]
        sides = {name for rule in every for name in rule.source + rule.destination} - {ANY}
        sides |= {name for rule in self.exclusions.values() for name in rule.source_addresses + rule.destination_addresses} - {
            ANY
        }
        return {
            "group": sides,
            "address": {name for group in self.of["group"].values() for name in group.static_value},
            "service": {name for rule in every for name in rule.service},
            "category": {name for rule in every for name in rule.category} - {ANY},
        }

    def ends(self, members: list[str]) -> list[str]:
        """The addresses and names behind the members of a rule."""
        texts = []
        for name in members:
            if name in self.of["group"]:
                texts += [self._address(member) for member in self.of["group"][name].static_value]
            else:
                texts.append(name)
        return collapsed(ip_network(text) for text in texts if "/" in text) + [text for text in texts if "/" not in text]

    def _address(self, name: str) -> str:
        address = self.of["address"][name]
        return str(ip_network(address.value)) if address.type == "ip-netmask" else address.value

    def grants(self, from_zones, to_zones, sources, destinations, categories_, services) -> set[Grant]:  # noqa: ANN001
        """What a rule of these six matches, with every object resolved."""
        goals = self.ends(destinations)
        if categories_ != [ANY]:
            if goals != [ANY]:
                raise ValueError("a rule asks for a category and a destination together")
            goals = [names_of(entry) for name in categories_ for entry in self.of["category"][name].url_value]
        found = set()
        for where in ((a, b) for a in from_zones for b in to_zones):
            for source, goal in pairs(self.ends(sources), goals):
                for service in (self.of["service"][name] for name in services):
                    ports = (service.protocol, service.destination_port, service.source_port or "")
                    found.add(Grant(where, source, goal, *ports))
        return found


def read(model: type, section: ET.Element | None) -> dict[str, objects.VersionedPanObject]:
    """All objects of a section by name, in their order."""
    return {each.name: each for each in model().refreshall_from_xml(section)} if section is not None else {}


def put_categories(layer: ET.Element, entries: dict[str, list[str]]) -> None:
    """Writes the lists of set commands into the tree, as members."""
    for category in layer.iterfind("profiles/custom-url-category/entry"):
        for old in category.findall("list"):
            category.remove(old)
        holder = ET.SubElement(category, "list")
        for entry in entries[category.get("name", "")]:
            ET.SubElement(holder, "member").text = entry
