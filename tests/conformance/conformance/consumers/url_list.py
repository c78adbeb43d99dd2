"""URL and IP lists of PAN-OS before a matcher of our own, written from the vendor's token rules.

No program that could be had matches URLs as a firewall does. The rules are those of Palo Alto's guidelines for URL category
exceptions: tokens between `. / ? & = ; +`; `*` is one token or more, `^` exactly one, and alone in its token; an entry
without a slash at its end gets one where "Append Ending Token" is on, and else goes on to the right.
"""

from __future__ import annotations

import re
from ipaddress import ip_network

from ..corpus import Artifact
from ..meant import collapsed, destination, knows_name, side, told
from ..outcome import Outcome
from ..rules import Flow
from . import outcome
from .fwshift_panos import categories
from .pan_os_python import Configuration

SEPARATORS = "./?&=;+"
TOKEN = f"[^{re.escape(SEPARATORS)}]+"
SEPARATOR = f"[{re.escape(SEPARATORS)}]"


class UrlList:
    """Asks every list and every category for names that it should hold and for such as a slip would let in."""

    name = "url-list"
    targets = ("palo-alto-edl", "palo-alto-set", "palo-alto-xml")
    proves = (
        "by a matcher of our own after the vendor's token rules, with and without Append Ending Token: entries of lists and "
        "categories hold the names of their rules, and no apex, look-alike, parent, deeper name or name to the right; IP lists "
        "hold the addresses of their rules and no more; every list is within the limit and told in the index"
    )
    blind = "it is ours: it proves our reading of the vendor's text, no firewall's; paths are not asked for"
    sample_only = False

    def version(self) -> str:
        return "ours, after Palo Alto's guidelines for URL category exceptions"

    def close(self) -> None:
        """It is a function."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        if artifact.target == "palo-alto-edl":
            self._lists(artifact, answer)
        else:
            self._categories(artifact, answer)
        return answer

    def _categories(self, artifact: Artifact, answer: Outcome) -> None:
        """Of rules with the same source, zones and service together: names that must not be inspected have their own."""
        data = artifact.files[0].read_bytes()
        configuration, entries = Configuration(data, artifact.settings), categories(data)
        found: dict[tuple, list[str]] = {}
        for rule in configuration.rules.values():
            for service in rule.service:
                key = (tuple(configuration.ends(rule.source)), rule.fromzone[0], rule.tozone[0], service)
                found.setdefault(key, []).extend(entry for name in rule.category for entry in entries.get(name, []))
        wanted: dict[tuple, list[Flow]] = {}
        for flow in artifact.rules.flows if not artifact.by_address else []:
            if flow.for_http:
                zones = (
                    flow.source.zone or artifact.settings["from-zone"],
                    flow.destination.zone or artifact.settings["to-zone"],
                )
                key = (tuple(side(flow.source)), *zones, f"portbook-{flow.transport}-{flow.ports}")
                wanted.setdefault(key, []).append(flow)
        for key in sorted(set(wanted) | {key for key, listed in found.items() if listed}):
            probe(f"{key[0][0]} {key[-1]}", wanted.get(key, []), found.get(key, []), answer)
        answer.expect("rules were read", True, bool(found))

    def _lists(self, artifact: Artifact, answer: Outcome) -> None:
        index = next(path for path in artifact.files if path.name == "index.txt")
        text = index.read_text(encoding="ascii")
        answer.expect("losses that are told", *told(artifact, artifact.by_address, text))
        listed = [line.split(", ") for line in text.splitlines() if not line.startswith("#")]
        answer.expect_set("files", {each[0] for each in listed}, {path.name for path in artifact.files} - {"index.txt"})
        entries: dict[tuple[str, str, str], list[str]] = {}
        for name, kind, count, source, service in listed:
            lines = (index.parent / name).read_text(encoding="ascii").splitlines()
            answer.expect(
                f"entries of {name}", (int(count), True), (len(lines), len(lines) <= int(artifact.settings.get("entries", 50000)))
            )
            entries.setdefault((source, service, kind), []).extend(lines)
        self._compare(artifact, entries, answer)

    def _compare(self, artifact: Artifact, entries: dict[tuple[str, str, str], list[str]], answer: Outcome) -> None:
        flows: dict[tuple[str, str], list[Flow]] = {}
        for flow in artifact.rules.flows:
            if flow.scope == "network":
                flows.setdefault((label(flow), f"{flow.transport} {flow.ports}"), []).append(flow)
        for key in sorted(set(flows) | {(source, service) for source, service, _ in entries}):
            named = [flow for flow in flows.get(key, []) if knows_name(flow, artifact, artifact.by_address)]
            others = [flow for flow in flows.get(key, []) if flow not in named]
            probe(" ".join(key), named, entries.get((*key, "url"), []), answer)
            # `source-by-rule` (wider): a list holds no source, so it has addresses of both families, whatever the source has.
            wanted = {goal for flow in others for goal in destination(flow, artifact, artifact.by_address)}
            got = collapsed(ip_network(entry) for entry in entries.get((*key, "ip"), []))
            answer.expect_set(" ".join(key), set(collapsed(ip_network(text) for text in wanted)), set(got))


def label(flow: Flow) -> str:
    """The source of a flow as the index has it."""
    if flow.via == "from-proxy":
        return f"proxy {flow.source.networks[0].network_address}"
    start = flow.both["from"]
    outside = f"outside:{start['outside']}" if "outside" in start else f"tag:{start.get('service-tag')}"
    return flow.source.station or outside


def probe(what: str, flows: list[Flow], entries: list[str], answer: Outcome) -> None:
    """Asks the entries for examples and near misses of every pattern of the flows, and of the entries themselves."""
    patterns = [flow.destination.pattern for flow in flows]
    for entry in entries:
        answer.expect(f"{what}: form of {entry}", [], faults(entry))
    names = {name for pattern in patterns for name in pattern.examples() + pattern.near_misses()}
    names |= {name for entry in entries for name in around(entry)}
    for appending in (True, False):
        match = matcher(entries, appending)
        for name in sorted(names | {each.upper() for each in names}):
            wanted = any(pattern.matches(name) for pattern in patterns)
            answer.expect(f"{what}: {name} (appending {appending})", wanted, match(name))


def around(entry: str) -> list[str]:
    """Names at and about what an entry says, whatever it was meant to say."""
    host = entry.rstrip("/").replace("*", "probe").replace("^", "probe")
    bare = host.removeprefix("probe.")
    return [host, bare, f"deep.{host}", f"evil{bare}", f"{host}.evil.example", f"{bare}.evil.example"]


def faults(entry: str) -> list[str]:
    """What the guidelines do not allow in an entry, or what makes it hold more than a host."""
    tokens = re.split(SEPARATOR, entry)
    found = [f"{token} is more than a wildcard" for token in tokens if len(token) > 1 and set(token) & set("*^")]
    if "*.*" in entry or len(entry) > 255 or entry != entry.lower() or not entry.isascii():
        found.append("two wildcards, too long, or not lower-case ASCII")
    if not re.fullmatch(r"[a-z0-9_.*-]+/", entry):
        found.append("not one host with a slash at its end")
    return found


def pattern_of(entry: str, appending: bool) -> str:
    """The regular expression of one entry."""
    if appending and not entry.endswith(("/", "*")):
        entry += "/"
    parts = [
        {"*": f"{TOKEN}(?:{SEPARATOR}{TOKEN})*", "^": TOKEN}.get(part, re.escape(part))
        for part in re.split(f"({SEPARATOR})", entry)
    ]
    # An entry without an ending token holds whatever goes on behind a separator.
    tail = "" if entry.endswith("/") else f"(?:{SEPARATOR}.*)?"
    return "".join(parts) + tail


def matcher(entries: list[str], appending: bool):  # noqa: ANN201
    """Whether a list holds a host; what the firewall sees of it is the name and a slash."""
    joined = "|".join(f"(?:{pattern_of(entry, appending)})" for entry in entries)
    compiled = re.compile(joined or r"(?!)")
    return lambda name: compiled.fullmatch(f"{name.lower()}/") is not None
