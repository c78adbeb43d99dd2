"""Values of firewall rules before dissect.target, a forensic reader of Windows registries."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from ipaddress import ip_network
from unittest.mock import MagicMock

from dissect.target.helpers.regutil import VirtualHive, VirtualKey, VirtualValue
from dissect.target.plugins.os.windows.firewall import WindowsFirewallPlugin

from .. import registry
from ..corpus import Artifact
from ..meant import ANY, HOST, PROFILES, Grant, collapsed, on_hosts, told
from ..outcome import Outcome
from . import outcome

#: Tokens of which the reader keeps the last: a value with several is given to it once for each.
REPEATED = ("RA4", "RA6", "Profile")


class Dissect:
    """Reads every rule back and compares it with the rules."""

    name = "dissect"
    targets = ("windows-registry",)
    proves = (
        "an independent reader gets an active allow rule from every value, with the direction, protocol, ports, profiles and "
        "addresses that the rules say; all rules of a host together allow no more and no less; each undo file removes these"
    )
    blind = (
        "a lenient reader that keeps the last of a repeated token: values are given to it once for each; .reg files are read here"
    )
    sample_only = False

    def version(self) -> str:
        return f"dissect.target {version('dissect.target')}"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        found: set[Grant] = set()
        profile = PROFILES[artifact.settings.get("profile", "any")]
        for host, setting, removing in registry.files(artifact.files):
            values = registry.parse(setting.read_bytes())
            answer.expect(f"{host}: losses that are told", *told(artifact, True, setting.read_bytes().decode("utf-16")))
            removed = registry.parse(removing.read_bytes())
            answer.expect_set(f"{host}: removed", {(name, None) for name in values}, set(removed.items()))
            for (_, name), value in values.items():
                records = [read(each) for each in singles(str(value))]
                self._plain(f"{host}: {name}", records, profile, f"/{host}", answer)
                found |= grants(host, records)
        answer.expect_set("rules", on_hosts(artifact, True), found)
        return answer

    def _plain(self, name: str, records: list[dict], profile: str, group: str, answer: Outcome) -> None:
        """What the value says beside ends and ports, in every reading of it."""
        said = {(each["action"], each["active"], each["embedctxt"].endswith(group)) for each in records}
        answer.expect(f"{name} is in force", {("ALLOW", True, True)}, said)
        profiles = {each.get("profile", "Any") for each in records}
        answer.expect(f"{name} profiles", set(profile.split(",")), profiles)
        limits = [key for each in records for key in each if key in ("app", "svc", "luauth", "la4", "la6", "if", "iftype")]
        answer.expect(f"{name} has no other condition", [], limits)


def singles(value: str) -> list[str]:
    """Values with one of each repeated token, which together have all of them."""
    fields = value.split("|")
    repeated = {key: [each for each in fields if each.startswith(f"{key}=")] for key in REPEATED}
    rest = [each for each in fields if not any(each in group for group in repeated.values())]
    count = max([1, *(len(group) for group in repeated.values())])
    turns = [[group[turn % len(group)] for group in repeated.values() if group] for turn in range(count)]
    # The last field of a value is empty: behind every token stands a bar.
    return ["|".join([*rest[:-1], *turn, rest[-1]]) for turn in turns]


@lru_cache(maxsize=100_000)
def read(value: str) -> dict:
    """The record that the plugin makes of a value, as text by field."""
    hive = VirtualHive()
    key = VirtualKey(hive, "FirewallRules")
    key.add_value("rule", VirtualValue(hive, "rule", value))
    plugin = WindowsFirewallPlugin.__new__(WindowsFirewallPlugin)
    plugin.target = MagicMock(hostname="host", domain="domain", resolve=lambda path, *_: path, _config={})
    plugin.keys = [key]
    (record,) = WindowsFirewallPlugin.rules(plugin)
    return {name: value for name, value in record._asdict().items() if not name.startswith("_")}


def grants(host: str, records: list[dict]) -> set[Grant]:
    """What one value lets pass. Without an address of either family everybody is meant."""
    first = records[0]
    outbound = first["dir"] == "OUT"
    addresses = {each[key] for each in records for key in ("ra4", "ra6") if key in each}
    far, near = ports(first, "rport"), ports(first, "lport")
    named = (far or ANY, near) if outbound else (near or ANY, far)
    texts = collapsed(ip_network(each) for each in addresses) or [ANY]
    where = (host, "out" if outbound else "in", "")
    ends = [(HOST, text) if outbound else (text, HOST) for text in texts]
    return {Grant(where, *end, first.get("protocol", ANY).lower(), *named) for end in ends}


def ports(record: dict, side: str) -> str:
    """The ports of one side; several in a token, and both tokens together, stand as they are and equal nothing meant."""
    return " ".join([",".join(record.get(side) or []), record.get(f"{side}2_10") or ""]).strip()
