"""Windows Firewall scripts, read from the syntax tree of tree-sitter's PowerShell grammar. No PowerShell could be had."""

from __future__ import annotations

import re
from importlib.metadata import version
from ipaddress import ip_network

from ..corpus import Artifact
from ..meant import ANY, HOST, PROFILES, Grant, collapsed, on_hosts, opens, told, without_covered
from ..outcome import Outcome
from . import outcome
from .cmdlets import VALUES
from .script import Script

LIMITS = ("Program", "Service", "LocalUser")


class PowershellGrammar:
    """Parses every script, checks every call against the documented syntax, and compares the rules in its data."""

    name = "powershell-grammar"
    targets = ("windows-firewall",)
    proves = (
        "every script parses; every command is one that Microsoft documents, with parameters and values that it has, removal "
        "never without a name; the rules in the syntax tree, strings decoded as PowerShell does, are those of the host: "
        "direction, protocol, ports, addresses or keywords, profile, program, service or account, and nothing beyond them"
    )
    blind = (
        "no PowerShell runs it: what the statements do in their order is read by people; the table of cmdlets is ours, from "
        "Microsoft's pages"
    )
    sample_only = False

    def __init__(self) -> None:
        #: The identifier of a keyword is the same everywhere.
        self.keywords: dict[str, str] = {}

    def version(self) -> str:
        return f"tree-sitter-powershell {version('tree-sitter-powershell')}"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        scripts = {path.name.removesuffix(".ps1"): Script(path.read_bytes()) for path in artifact.files}
        found: set[Grant] = set()
        for name, script in scripts.items():
            text = script.data.decode("ascii")
            answer.expect(f"{name}: losses that are told", *told(artifact, artifact.by_address, text))
            restricted = artifact.settings.get("restrict", "none") != "none" and opens(artifact)
            answer.expect(f"{name}: says that it is limited", restricted, "# identity-restricted: " in text)
            script.check(name, answer)
            if not name.endswith(".keywords"):
                found |= self._rules(name, script, scripts, artifact, answer)
        wanted = on_hosts(artifact, artifact.by_address)
        answer.expect_set("rules", without_covered(wanted), without_covered(found))
        hosts = {grant.where[0] for grant in wanted}
        named = {
            grant.where[0]
            for grant in wanted
            if not artifact.by_address and "." in grant.destination and "/" not in grant.destination
        }
        beside = {f"{host}.keywords" for host in named} if artifact.settings.get("policy-store") == "gpo" else set()
        answer.expect_set("scripts", hosts | beside, set(scripts))
        return answer

    def _rules(self, host: str, script: Script, scripts: dict[str, Script], artifact: Artifact, answer: Outcome) -> set[Grant]:
        """The grants of one host, with the keywords from where they are made."""
        maker = scripts.get(f"{host}.keywords", script)
        keywords = {each["Id"]: each["Keyword"] for each in maker.values("Keywords")}
        for identifier, keyword in keywords.items():
            answer.expect(f"{keyword} is written lower-case", keyword.lower(), keyword)
            answer.expect(
                f"form of {identifier}", True, bool(re.fullmatch(r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", identifier))
            )
            answer.expect(f"keyword of {identifier}", self.keywords.setdefault(identifier, keyword), keyword)
        rules = script.values("Rules")
        used = {identifier for rule in rules for identifier in rule.get("RemoteDynamicKeywordAddresses", [])}
        answer.expect_set(f"{host}: keywords", used, set(keywords))
        names = [rule["Name"].lower() for rule in rules]
        answer.expect(f"{host}: one rule a name", len(names), len(set(names)))
        found: set[Grant] = set()
        for rule in rules:
            check_rule(rule, script, artifact.settings, answer)
            found |= grants(host, rule, keywords)
        return found


def check_rule(rule: dict, script: Script, settings: dict[str, str], answer: Outcome) -> None:
    """What every rule must have, whatever it lets pass."""
    name = rule["Name"]
    for key, value in rule.items():
        answer.expect(
            f"{name}: {key}", True, value in VALUES.get(key, {value} if isinstance(value, str) else ()) or isinstance(value, list)
        )
    must = {key: rule.get(key) for key in ("Action", "Enabled", "Profile")}
    profile = PROFILES[settings.get("profile", "any")]
    answer.expect(f"{name} is in force", {"Action": "Allow", "Enabled": "True", "Profile": profile}, must)
    # Without one of these a rule allows every address.
    sides = [key for key in ("RemoteAddress", "RemoteDynamicKeywordAddresses") if rule.get(key)]
    answer.expect(f"{name} has one other side", 1, len(sides))
    addresses = rule.get("RemoteAddress", [])
    pieces = [sum((":" in each) == six for each in addresses) for six in (True, False)] if isinstance(addresses, list) else [0]
    answer.expect(f"{name} keeps to 1,000 addresses of a family", True, max(pieces) <= 1000)
    prefix = script.value(script.data_of["$Prefix"])
    answer.expect(
        f"{name} has the prefix of its host, no wildcard", True, name.startswith(prefix) and not set(name) & set("*?[]|")
    )
    answer.expect(
        f"{name}: lengths", True, len(name) < 512 and len(rule["DisplayName"]) < 10_000 and len(rule["Description"]) < 10_000
    )


def grants(host: str, rule: dict, keywords: dict[str, str]) -> set[Grant]:
    """What a rule lets pass. A rule without a port, protocol or other side lets everything pass."""
    outbound = rule["Direction"] == "Outbound"
    remote = rule.get("RemoteAddress", ANY if "RemoteDynamicKeywordAddresses" not in rule else [])
    texts = [remote.lower()] if isinstance(remote, str) else collapsed(ip_network(each) for each in remote)
    texts += [keywords.get(each, f"no keyword {each}") for each in rule.get("RemoteDynamicKeywordAddresses", [])]
    far, near = rule.get("RemotePort", ""), rule.get("LocalPort", "")
    ports = (far or ANY, near) if outbound else (near or ANY, far)
    limit = " ".join(value for key in LIMITS if key in rule for value in [identity(rule[key])])
    where = (host, "out" if outbound else "in", limit)
    ends = [(HOST, text) if outbound else (text, HOST) for text in texts]
    return {Grant(where, *end, rule.get("Protocol", ANY).lower(), *ports) for end in ends}


def identity(value: str) -> str:
    """The identifiers in an access list that only lets through, each with `Filter match`; else the text itself."""
    if not value.startswith(("D:", "O:")):
        return value
    if not re.fullmatch(r"D:(\(A;;CC;;;S-1-5-\d+\))+", value):
        return f"not an access list for rules: {value}"
    return " ".join(sorted(re.findall(r"S-1-5-\d+", value)))
