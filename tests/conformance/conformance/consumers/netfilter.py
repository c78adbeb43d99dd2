"""nftables and iptables: what the kernel holds after an artifact was loaded, as its own programs tell it.

The files are loaded into a network namespace of their own, twice, as their pages say. Nothing here reads their text.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network, summarize_address_range

from ..corpus import Artifact
from ..meant import ANY, Grant, between_zones, collapsed, pairs, told
from ..outcome import Outcome
from ..rules import Network
from . import Missing, outcome, program, said

#: Both ends of a range of ports.
Span = tuple[int, int]


@dataclass(frozen=True)
class Accept:
    """A line that accepts. No set is anyone."""

    family: int
    transport: str
    ports: tuple[Span, ...]
    source_ports: tuple[Span, ...]
    source: str | None
    destination: str | None

    def grants(self, sets: dict[str, tuple[int, list[Network]]]) -> Iterator[Grant]:
        """What it lets pass, with the sets resolved. A set of the other family would match nothing."""
        ends = [self._end(name, sets) for name in (self.source, self.destination)]
        for source, destination in pairs(*ends):
            for first, last in self.ports:
                for span in self.source_ports or [None]:
                    yield Grant((), source, destination, self.transport, text(first, last), text(*span) if span else "")

    def _end(self, name: str | None, sets: dict[str, tuple[int, list[Network]]]) -> list[str]:
        if name is None:
            return [ANY]
        family, networks = sets[name]
        if family != self.family:
            raise ValueError(f"{name} holds IPv{family} addresses and is matched in IPv{self.family}")
        return collapsed(networks)


def text(first: int, last: int) -> str:
    """A range of ports as rules write it."""
    return str(first) if first == last else f"{first}-{last}"


def joined(grants: Iterable[Grant]) -> set[Grant]:
    """With ports that touch or overlap as one range, and ends without zones: packet filters know none."""
    spans: dict[Grant, list[Span]] = {}
    for grant in grants:
        first, _, last = grant.ports.partition("-")
        spans.setdefault(replace(grant, where=(), ports=""), []).append((int(first), int(last or first)))
    return {replace(grant, ports=text(*span)) for grant, every in spans.items() for span in merged(every)}


def merged(spans: list[Span]) -> list[Span]:
    """The same ports in the fewest ranges."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def compare(answer: Outcome, artifact: Artifact, accepts: list[Accept], sets: dict[str, tuple[int, list[Network]]]) -> None:
    """All that the lines let pass against all that the rules say; and whether losses are told, and every set is used."""
    got = joined(grant for accept in accepts for grant in accept.grants(sets))
    answer.expect_set("allowed", joined(between_zones(artifact, artifact.by_address)), got)
    answer.expect("lines that stand twice", [], [accept for number, accept in enumerate(accepts) if accept in accepts[:number]])
    used = {name for accept in accepts for name in (accept.source, accept.destination)} - {None}
    answer.expect_set("sets that lines use", used, set(sets))
    answer.expect_set("empty sets", set(), {name for name, (_, networks) in sets.items() if not networks})
    texts = [path.read_text(encoding="utf-8") for path in artifact.files]
    for each in texts:
        answer.expect("losses that are told", *told(artifact, artifact.by_address, each))


def alone(script: str, given: str = "") -> str:
    """What a shell script prints in a network namespace of its own."""
    done = subprocess.run(["unshare", "--net", "sh", "-euc", script], input=given, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode or done.stderr.strip():
        raise ValueError(f"status {done.returncode}: {done.stderr.strip()[:500]}")
    return done.stdout


def standalone(artifact: Artifact) -> bool:
    """Whether it drops the rest itself."""
    return artifact.settings.get("form") == "standalone"


class Nft:
    """Loads the file with nft and reads the ruleset back as JSON."""

    name = "nft"
    targets = ("nftables",)
    proves = (
        "nft loads the file, twice, without a word; what the kernel then holds, listed as JSON with all sets resolved, accepts what the "
        "rules say and nothing else, in both families, and the standalone form drops the rest of what is forwarded"
    )
    blind = "packets: see below; rules of other tables"
    sample_only = False

    def version(self) -> str:
        alone_or_missing()
        return said(program("nft", "apt-get install nftables"), "--version")

    def close(self) -> None:
        """Its namespaces are gone already."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        (file,) = artifact.files
        table = artifact.settings.get("table", "filter")
        around = f"table inet {table} {{ chain forward {{ type filter hook forward priority filter; policy drop; jump portbook; }}; }}"
        load = f"nft -f {shlex.quote(str(file))}\n"
        if standalone(artifact):
            listed = alone(f"{load}{load}nft -j list ruleset")
        else:
            # As its page says: the table first, then the file, then the jump to its chain; and once more when it changes.
            listed = alone(f"nft add table inet {table}\n{load}nft -f -\n{load}nft -j list ruleset", around)
        ruleset = Ruleset(json.loads(listed)["nftables"])
        self._places(ruleset, artifact, answer)
        compare(answer, artifact, ruleset.accepts("forward" if standalone(artifact) else "portbook"), ruleset.sets)
        return answer

    def _places(self, ruleset: Ruleset, artifact: Artifact, answer: Outcome) -> None:
        """One table with the chains that its page tells of, and the lines around those that accept."""
        own = standalone(artifact)
        answer.expect("tables", ["portbook" if own else artifact.settings.get("table", "filter")], ruleset.tables)
        answer.expect("chains", ["forward"] if own else ["forward", "portbook"], sorted(ruleset.chains))
        base = {key: ruleset.chains["forward"].get(key) for key in ("type", "hook", "prio", "policy")}
        answer.expect("the base chain", {"type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}, base)
        if own:
            answer.expect("the first line", ESTABLISHED, ruleset.rules["forward"][0])
            last = [next(iter(each)) for each in ruleset.rules["forward"][-1]]
            answer.expect("the last line", ["counter", "drop"], last)
        else:
            answer.expect("the chain is no base chain", None, ruleset.chains["portbook"].get("hook"))


#: Answers to what was let through.
ESTABLISHED = [
    {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}},
    {"accept": None},
]


class Ruleset:
    """What `nft -j list ruleset` says (libnftables-json(5))."""

    def __init__(self, objects: list[dict]):
        of = {kind: [each[kind] for each in objects if kind in each] for kind in ("table", "chain", "set", "rule")}
        known = {"metainfo", *of}
        strange = [each for each in objects if not set(each) <= known]
        if strange:
            raise ValueError(f"the kernel holds what no line asked for: {strange[:2]}")
        self.tables = [each["name"] for each in of["table"]]
        self.chains = {each["name"]: each for each in of["chain"]}
        self.sets = {each["name"]: (int(each["type"][3]), networks(each.get("elem", []))) for each in of["set"] if well_typed(each)}
        self.rules: dict[str, list[list[dict]]] = {}
        for each in of["rule"]:
            self.rules.setdefault(each["chain"], []).append(each["expr"])

    def accepts(self, chain: str) -> list[Accept]:
        """The lines of a chain; those around them are judged elsewhere."""
        lines = self.rules.get(chain, [])
        if chain == "forward":
            lines = lines[1:-1]
        return [accept for line in lines for accept in accept_of(line)]


def well_typed(each: dict) -> bool:
    """Whether a set holds addresses of one family; anything else is an error."""
    if each["type"] not in ("ipv4_addr", "ipv6_addr") or each.get("flags") != ["interval"]:
        raise ValueError(f"a set of another kind: {each['name']}")
    return True


def networks(elements: list) -> list[Network]:
    """The elements of a set: addresses, prefixes, ranges."""
    found: list[Network] = []
    for each in elements:
        if isinstance(each, str):
            found.append(ip_network(each))
        elif "prefix" in each:
            found.append(ip_network(f"{each['prefix']['addr']}/{each['prefix']['len']}"))
        else:
            first, last = each["range"]
            found += summarize_address_range(ip_address(first), ip_address(last))
    return found


def accept_of(expressions: list[dict]) -> list[Accept]:
    """A line of matches that accepts. Raises ValueError for whatever else stands in it."""
    *matches, verdict = expressions
    if verdict != {"accept": None}:
        raise ValueError(f"a line that does not accept: {verdict}")
    fields: dict[tuple[str, str], object] = {}
    for each in matches:
        match = each["match"]
        place = (match["left"]["payload"]["protocol"], match["left"]["payload"]["field"])
        if match["op"] != "==" or place in fields:
            raise ValueError(f"a match of another kind: {match}")
        fields[place] = match["right"]
    families = {int({"ip": 4, "ip6": 6}[protocol]) for protocol, field in fields if field in ("saddr", "daddr")}
    transports = {protocol for protocol, field in fields if field in ("sport", "dport")}
    (family,), (transport,) = families, transports
    ip = "ip" if family == 4 else "ip6"
    source, goal = (fields.pop((ip, field), None) for field in ("saddr", "daddr"))
    ports = {field: spans(fields.pop((transport, field), [])) for field in ("dport", "sport")}
    if fields or not ports["dport"]:
        raise ValueError(f"a line without a port, or with something strange: {expressions}")
    sets = [name.removeprefix("@") if isinstance(name, str) and name.startswith("@") else name for name in (source, goal)]
    return [Accept(family, transport, ports["dport"], ports["sport"], *sets)]


def spans(right: object) -> tuple[Span, ...]:
    """Ports: one, a range, or a set of both."""
    if isinstance(right, int):
        return ((right, right),)
    if isinstance(right, dict) and "range" in right:
        return ((right["range"][0], right["range"][1]),)
    every = right["set"] if isinstance(right, dict) else right
    return tuple(span for each in every for span in spans(each))


class Iptables:
    """Loads the three files and reads them back with `iptables-save`, `ip6tables-save` and `ipset save`."""

    name = "iptables-save"
    targets = ("iptables",)
    proves = (
        "ipset, iptables and ip6tables load the files, twice, without a word; what the kernel then holds, with all sets resolved, accepts "
        "what the rules say and nothing else, in both families, and the standalone form drops the rest of what is forwarded"
    )
    blind = "packets: see below; the legacy variant of iptables"
    sample_only = False

    def version(self) -> str:
        alone_or_missing()
        versions = [said(program(name, f"apt-get install {package}"), "--version") for name, package in PROGRAMS.items()]
        return ", ".join(versions)

    def close(self) -> None:
        """Its namespaces are gone already."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        files = {path.name: shlex.quote(str(path)) for path in artifact.files}
        answer.expect("files", sorted(FILES), sorted(files))
        load = "".join(f"{command} < {files[name]}\n" for name, command in FILES.items())
        listed = alone(f"{load}{load}ipset save\necho\niptables-save\necho\nip6tables-save")
        lines = [line for line in listed.splitlines() if not line.startswith("#")]
        first, second = (number for number, line in enumerate(lines) if not line)
        sets = members(lines[:first])
        accepts = []
        for family, part in ((4, lines[first + 1 : second]), (6, lines[second + 1 :])):
            accepts += self._family(artifact, family, part, answer)
        compare(answer, artifact, accepts, sets)
        return answer

    def _family(self, artifact: Artifact, family: int, lines: list[str], answer: Outcome) -> list[Accept]:
        """The lines of one family, and what stands around them."""
        own = standalone(artifact)
        policies = {words[0][1:]: words[1] for words in map(str.split, lines) if words[0].startswith(":")}
        wanted = {"INPUT": "ACCEPT", "FORWARD": "DROP" if own else "ACCEPT", "OUTPUT": "ACCEPT"}
        answer.expect(f"chains of IPv{family}", {**wanted, "portbook": "-"}, policies)
        rules = [line for line in lines if line.startswith("-A ")]
        forward = [line for line in rules if line.startswith("-A FORWARD ")]
        answer.expect(f"FORWARD of IPv{family}", FORWARD if own else [], forward)
        return [accept_line(line, family) for line in rules if line not in forward]


#: In the order in which they are loaded.
FILES = {
    "portbook.ipset": "ipset restore",
    "portbook.v4.rules": "iptables-restore --noflush",
    "portbook.v6.rules": "ip6tables-restore --noflush",
}
PROGRAMS = {"iptables": "iptables", "ip6tables": "iptables", "ipset": "ipset"}
#: A FORWARD of its own: answers to what was let through, the lines that accept, nothing else.
FORWARD = [
    "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A FORWARD -j portbook",
    '-A FORWARD -m comment --comment "portbook: the rest" -j DROP',
]


def members(lines: list[str]) -> dict[str, tuple[int, list[Network]]]:
    """The sets of `ipset save`."""
    sets: dict[str, tuple[int, list[Network]]] = {}
    for words in map(str.split, lines):
        if words[0] == "create":
            family = {"inet": 4, "inet6": 6}[words[words.index("family") + 1]]
            if words[2] != "hash:net" or "timeout" in words:
                raise ValueError(f"a set of another kind: {words}")
            sets[words[1]] = (family, [])
        else:
            _, name, prefix = words
            sets[name][1].append(ip_network(prefix))
    return sets


def accept_line(line: str, family: int) -> Accept:
    """A line of `iptables-save` that accepts. Raises ValueError for whatever else stands in it."""
    words = shlex.split(line)
    if words[:2] != ["-A", "portbook"] or words[-2:] != ["-j", "ACCEPT"]:
        raise ValueError(f"a line that does not accept: {line}")
    found: dict[str, str] = {}
    rest = iter(words[2:-2])
    for word in rest:
        value = next(rest)
        if word == "--match-set":
            word = next(rest)
        if word == "-m" and value in ("set", "multiport", "comment", "tcp", "udp"):
            continue
        word = {"--dport": "--dports", "--sport": "--sports"}.get(word, word)
        if word not in ("-p", "src", "dst", "--dports", "--sports", "--comment") or word in found:
            raise ValueError(f"{word} in {line}")
        found[word] = value
    ports, source_ports = (tuple(span(part) for part in found.get(key, "").split(",") if part) for key in ("--dports", "--sports"))
    if not ports:
        raise ValueError(f"a line without a port: {line}")
    return Accept(family, found["-p"], ports, source_ports, found.get("src"), found.get("dst"))


def span(part: str) -> Span:
    """`443`, `49152:65535`."""
    first, _, last = part.partition(":")
    return int(first), int(last or first)


def alone_or_missing() -> None:
    """Whether a namespace can be had."""
    program("unshare", "apt-get install util-linux")
    try:
        alone("true")
    except ValueError as why:
        raise Missing(f"network namespaces need root: {why}") from None


