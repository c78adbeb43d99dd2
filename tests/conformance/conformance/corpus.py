"""Artifacts of every scenario, cloud and target: default settings, and settings pairwise.

Each (scenario, cloud) is placed twice: every host straight to the internet, and HTTP and HTTPS by way of a proxy. Once more,
with default settings, it has all that a document says for any case: what is optional, under every condition, with the other
one of documented alternatives, of other documents too.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .rules import Rules

#: What only a customer knows, given when a selection asks for it.
PARAMETERS = {
    "application-ports": "80,443,8000-8010",
    "federation-service-name": "sts.contoso.com",
    "password-protection-static-port": "5000",
    "rpc-dynamic-ports": "49152-65535",
    "tenant-id": "72f988bf-86f1-41af-91ab-2d7cd011db47",
}
PROXY = "10.30.0.5:3128"
RESOLVER = "198.19.255.53:53"
HOSTILE_NAME = "hostile"
HOSTILE_PAGE = "hostile-page"
WEEKLY = "weekly"
WIDEST = "widest"
PLACEMENTS = {"direct": [], "proxied": ["--proxy", PROXY], HOSTILE_NAME: ["--catalog-add", HOSTILE_NAME], WEEKLY: [], WIDEST: ["--also", "--optional", "--gaps"]}
#: Selections that are placed once more, with range files as large as the weekly ones: sets that are cut (1,000 addresses a
#: rule of Windows, `entries` of a list), shared by rules, and written in blocks; tags that are too large for a cell.
WEEKLY_PAIRS = [("connect-health", "public"), ("cloud-sync", "us-government"), ("domain-services", "public")]
#: What somebody may write into a document of their own: it stands in comments and descriptions, and stays text.
HOSTILE = "it's \"quoted\", \\ back, | bar, $(calc), `tick`, ]]> -- </script> \u2019 =cmd"

#: Settings that a target cannot do without, then the values of the others that are combined pairwise.
NEEDED: dict[str, dict[str, str]] = {
    "windows-firewall": {"os": "2022"},
    "palo-alto-set": {"to-zone": "internet", "from-zone": "internet"},
    "palo-alto-xml": {"to-zone": "internet", "from-zone": "internet"},
    "pac": {"listed": "proxy", "others": "direct", "proxy": PROXY},
}
CHOICES: dict[str, dict[str, list[str]]] = {
    "windows-firewall": {
        "os": ["2016", "2019", "2022", "2025"],
        "names": ["keywords", "addresses"],
        "restrict": ["none", "program", "service", "account"],
        "profile": ["any", "domain", "domain-private"],
        "policy-store": ["local", "gpo"],
    },
    "windows-registry": {"profile": ["any", "domain", "domain-private", "private", "public"]},
    "pac": {
        "listed": ["proxy", "direct"],
        "others": ["direct", "proxy"],
        "fallback": ["no", "yes"],
        "form": ["file", "function"],
    },
    "squid": {"form": ["fragment", "standalone"], "splice": ["no", "yes"], "port": ["3128", "8080"]},
    "palo-alto-set": {
        "names": ["categories", "addresses"],
        "no-decrypt": ["no", "yes"],
        "device-group": ["", "edge"],
        "position": ["bottom", "top"],
    },
    "palo-alto-xml": {"names": ["categories", "addresses"], "no-decrypt": ["no", "yes"], "device-group": ["", "edge"]},
    "palo-alto-edl": {"names": ["categories", "addresses"], "entries": ["50000", "100"]},
    "nftables": {"form": ["fragment", "standalone"], "table": ["", "perimeter"]},
    "iptables": {"form": ["fragment", "standalone"]},
    "haproxy": {"resolver": ["", RESOLVER], "prefer": ["ipv4", "ipv6"]},
    "csv": {"bom": ["no", "yes"], "spreadsheet-safe": ["yes", "no"]},
    "json": {},
    "markdown": {},
}
#: A target that says the same as another one gets the settings of that one, without those that it lacks: so each artifact
#: has one to compare it with.
TWINS = {"palo-alto-xml": ("palo-alto-set", "position")}
#: The values of `portbook prerequisites --format reg`, which is no target: judged as if it were one.
PREREQUISITES = "prerequisites"
#: Losses that are known here, so that every rule which can be written is: what is left out has no address at all.
ACCEPTED = ["any-azure-customer", "name-needs-address", "unknown-service-tag", "identity-restricted@windows-firewall"]
#: Why a target may have no file: nothing of the selection concerns it. Anything else is a failure of the run.
NO_FILE = {"nothing-selected"}


@dataclass
class Artifact:
    """What one run of `generate` wrote for one target, with what it should say."""

    scenario: str
    cloud: str
    placement: str
    target: str
    settings: dict[str, str]
    folder: Path
    rules_file: Path
    roles: dict[str, list[str]] = field(default_factory=dict)
    #: Whether addresses of a range file stand for names.
    by_address: bool = False

    @property
    def case(self) -> str:
        settings = ",".join(f"{key}={value}" for key, value in sorted(self.settings.items()))
        return f"{self.scenario}/{self.cloud}/{self.placement}" + (f"/{settings}" if settings else "")

    @cached_property
    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    @cached_property
    def digest(self) -> str:
        """Of names and bytes: two cases with one digest are judged once."""
        digest = hashlib.sha256()
        for path in self.files:
            digest.update(str(path.relative_to(self.folder)).encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    @cached_property
    def asked(self) -> tuple:
        """The rules, and the settings that are not the default, which stands first among the choices."""
        choices = CHOICES.get(self.target, {})
        settings = {key: value for key, value in self.settings.items() if value != choices.get(key, [None])[0]}
        rules = hashlib.sha256(self.rules_file.read_bytes()).hexdigest() if self.rules_file.exists() else ""
        return (rules, tuple(sorted(settings.items())))

    @cached_property
    def rules(self) -> Rules:
        return Rules(self.rules_file)

    def range_file(self, cloud: str) -> Path:
        """The range file of a cloud from which it was made: above scenario, cloud and placement."""
        return self.rules_file.parents[3] / range_file(cloud, self.placement)

    @property
    def is_sample(self) -> bool:
        """Whether slow consumers judge it: the default settings, one artifact for each scenario and cloud."""
        wanted = "proxied" if self.target == "pac" else "direct"
        return self.placement in (wanted, HOSTILE_NAME) and self.settings == NEEDED.get(self.target, {})


class Refused(Exception):
    """`generate` wrote nothing."""


class Corpus:
    """All artifacts, below one folder."""

    def __init__(
        self, portbook: Path, folder: Path, targets: list[str] | None = None, scenarios: list[str] | None = None
    ):
        self.scenarios = scenarios
        self.portbook = portbook
        self.folder = folder
        self.targets = targets or [*CHOICES, PREREQUISITES]
        self.problems: list[str] = []
        self.refusals: dict[str, int] = {}
        self.generated = 0
        folder.mkdir(parents=True, exist_ok=True)
        facts = json.loads(self._run("show", "--all", "--format", "json").stdout)["facts"]
        #: Both ends of every documented flow, as text.
        self.ends = {end for fact in facts for end in (fact["from"], fact["to"])}
        self.roles = self._roles()
        self.conditions = self._conditions()
        self._write_ranges()
        self._write_hostile()

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.portbook), *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)

    def _roles(self) -> dict[str, list[str]]:
        """Addresses of every role: two IPv4 hosts, an IPv4 and an IPv6 network, each role's own."""
        listed = json.loads(self._run("list", "roles", "--format", "json").stdout)
        roles = [role["id"] for role in listed if f"outside:{role['id']}" not in self.ends]
        return {
            role: [f"10.20.{number}.11", f"10.20.{number}.12", f"10.21.{number}.0/28", f"2001:db8:20:{number:x}::/64"]
            for number, role in enumerate(roles)
        }

    def _conditions(self) -> list[str]:
        """Flags for what does not hold, or is not taken, unless somebody says so."""
        listed = json.loads(self._run("list", "conditions", "--format", "json").stdout)
        off = [each["id"] for each in listed if each["kind"] == "condition" and each["default"].startswith("false")]
        other = [each["id"] for each in listed if each["kind"] == "choice" and each["default"] != "taken"]
        return [word for each in off for word in ("--when", each)] + [word for each in other for word in ("--choose", each)]

    def _write_ranges(self) -> None:
        """A range file for each cloud, in which every tag that a document names has a few addresses of its own."""
        tags = sorted({"AzureCloud"} | {end[4:] for end in self.ends if end.startswith("tag:")})
        for cloud, word in {"public": "Public", "us-government": "AzureGovernment", "china": "China"}.items():
            values = []
            for number, tag in enumerate(tags):
                prefixes = [f"198.18.{number}.0/25", f"198.18.{number}.128/26", f"2001:db8:{number + 0x100:x}::/48"]
                values.append({"name": tag, "id": tag, "properties": {"addressPrefixes": prefixes}})
            self._write_range_file(range_file(cloud, "direct"), word, values)
            large = [{"name": tag, "id": tag, "properties": {"addressPrefixes": large_set(tag, number)}} for number, tag in enumerate(tags)]
            self._write_range_file(range_file(cloud, WEEKLY), word, large)

    def _write_range_file(self, name: str, word: str, values: list[dict]) -> None:
        text = json.dumps({"changeNumber": 1, "cloud": word, "values": values})
        (self.folder / name).write_text(text, encoding="utf-8")

    def _write_hostile(self) -> None:
        """A scenario of its own with a document whose purposes hold what is syntax somewhere."""
        folder = self.folder / HOSTILE_NAME / "documents" / HOSTILE_PAGE
        folder.mkdir(parents=True, exist_ok=True)
        scenario = {"id": HOSTILE_NAME, "title": "Hostile", "role": "provisioning-agent", "documents": {"primary": [HOSTILE_PAGE]}, "clouds": ["public"]}
        (self.folder / HOSTILE_NAME / "scenarios.yaml").write_text(json.dumps([scenario]), encoding="utf-8")
        (folder / "document.yaml").write_text("title: Hostile\npublisher: third-party\n", encoding="utf-8")
        flows = [{"to": [{"role": "domain-controller"}], "ports": ["445/tcp"]}, {"to": [{"host": "hostile.microsoft.com"}], "ports": ["443/tcp"]}]
        requirements = [
            {"id": f"text-{number}", "scenarios": [HOSTILE_NAME], "from": {"role": "provisioning-agent"}, "flows": [flow], "purpose": HOSTILE}
            for number, flow in enumerate(flows)
        ]
        edition = {"source": {"texts": [{"at": "written for this test"}], "date": "stated"}, "requirements": requirements}
        # JSON is YAML.
        (folder / "2026-01-01.yaml").write_text(json.dumps(edition), encoding="utf-8")

    def pairs(self) -> list[tuple[str, str]]:
        """Every scenario in every cloud in which it is supported."""
        listed = json.loads(self._run("list", "scenarios", "--format", "json").stdout)
        listed = [each for each in listed if self.scenarios is None or each["id"] in self.scenarios]
        return [(each["id"], cloud) for each in listed for cloud in each["clouds"] if cloud != "germany"]

    def flags(self, scenario: str, cloud: str, placement: str) -> list[str]:
        words = ["generate", scenario, "--cloud", cloud, *PLACEMENTS[placement], *(self.conditions if placement == WIDEST else [])]
        for cloud_file in ("public", "us-government", "china"):
            words += ["--ranges", range_file(cloud_file, placement)]
        words += ["--ip-fallback", "documented", "--accept", ",".join(ACCEPTED)]
        for number, (role, addresses) in enumerate(self.roles.items()):
            words += ["--address", f"{role}={','.join(addresses)}", "--zone", f"{role}=zone{number}"]
        for parameter, value in PARAMETERS.items():
            words += ["--set", f"{parameter}={value}"]
        return words

    def build(self, pairs: list[tuple[str, str]] | None = None) -> list[Artifact]:
        """Generates everything, or that of some scenarios and clouds. What could not be generated for another reason than
        NO_FILE is in `problems`."""
        artifacts: list[Artifact] = []
        jobs = [(s, c, p) for s, c in pairs or self.pairs() for p in ("direct", "proxied", WIDEST)]
        weekly = [each for each in WEEKLY_PAIRS if each in pairs] if pairs else WEEKLY_PAIRS
        jobs += [(s, c, WEEKLY) for s, c in weekly if self.scenarios is None or s in self.scenarios]
        if self.scenarios is None or HOSTILE_NAME in self.scenarios:
            jobs.append((HOSTILE_NAME, "public", HOSTILE_NAME))
        with ThreadPoolExecutor(2) as pool:
            for made in pool.map(lambda job: list(self._selection(*job)), jobs):
                artifacts.extend(made)
        if PREREQUISITES in self.targets:
            artifacts += [each for pair in pairs or self.pairs() for each in self._prerequisites(*pair)]
        return artifacts

    def _prerequisites(self, scenario: str, cloud: str) -> Iterator[Artifact]:
        """The registry files of one selection, if its documents ask for registry values."""
        base = self.folder / scenario / cloud / PREREQUISITES
        words = [PREREQUISITES, scenario, "--cloud", cloud, "--when", "connect-needs-tls-enforcement", "--format", "reg"]
        done = self._run(*words, "-o", str(base.relative_to(self.folder)))
        if done.returncode == 0:
            self.generated += 1
            yield Artifact(scenario, cloud, "direct", PREREQUISITES, {}, base, base / "rules.json")
        elif "nothing-selected" not in done.stderr:
            self._note_refusal(f"{scenario}/{cloud}/{PREREQUISITES}", PREREQUISITES, done.stderr[:300])

    def _selection(self, scenario: str, cloud: str, placement: str) -> Iterator[Artifact]:
        base = self.folder / scenario / cloud / placement
        flags = self.flags(scenario, cloud, placement)
        rules_file = base / "rules.json"
        made = self._generate(flags, "json", {}, base)
        flags, why = made
        if why:
            self._note_refusal(f"{scenario}/{cloud}/{placement}", "json", why)
            return
        for target in self.targets:
            settings_of = combinations(target) if target in CHOICES else []
            for settings in settings_of[:1] if placement == WIDEST else settings_of:
                words = ",".join(f"{key}={value}" for key, value in sorted(settings.items()))
                folder = base / target / (re.sub(r"[^A-Za-z0-9=,.-]", "_", words) or "default")
                _, why = self._generate(flags, target, settings, folder)
                if why:
                    self._note_refusal(f"{scenario}/{cloud}/{placement}/{target}/{words}", target, why)
                    continue
                by_address = target in ALWAYS_ADDRESSES or uses_addresses(target, settings)
                yield Artifact(scenario, cloud, placement, target, settings, folder, rules_file, self.roles, by_address)

    def _generate(self, flags: list[str], target: str, settings: dict[str, str], folder: Path) -> tuple[list[str], str]:
        """Runs `generate`; once more without what it says is not asked for. Returns the flags that worked, or why not."""
        options = [word for key, value in settings.items() if value for word in ("--option", f"{target}.{key}={value}")]
        for _ in range(8):
            done = self._run(*flags, "--target", target, "-o", str(folder.relative_to(self.folder)), *options)
            if done.returncode == 0:
                self.generated += 1
                return flags, ""
            needless = re.search(r"--set ([a-z-]+)", done.stderr) if "parameter" in done.stderr else None
            if done.returncode == 2 and needless and f"{needless[1]}={PARAMETERS.get(needless[1])}" in flags:
                at = flags.index(f"{needless[1]}={PARAMETERS[needless[1]]}")
                flags = flags[: at - 1] + flags[at + 1 :]
                continue
            codes = re.findall(r"(?:error|refused)\[([a-z0-9-]+)\]", done.stderr)
            return flags, ",".join(sorted(set(codes))) or done.stderr[:300] or f"exit {done.returncode}"
        return flags, "too many tries"

    def _note_refusal(self, case: str, target: str, why: str) -> None:
        self.refusals[f"{target}: {why}"] = self.refusals.get(f"{target}: {why}", 0) + 1
        if not set(why.split(",")) <= NO_FILE:
            self.problems.append(f"{case}: {why}")


def range_file(cloud: str, placement: str) -> str:
    """The name of the range file of a cloud, which depends on the placement."""
    return f"ServiceTags_{cloud}.{WEEKLY}.json" if placement == WEEKLY else f"ServiceTags_{cloud}.json"


def large_set(tag: str, number: int) -> list[str]:
    """The prefixes of a tag as the weekly files have them: more than a thousand for a whole cloud, many for a service, which
    are some of those; neighbours that join, blocks of every length, single addresses, nested ones, both families."""
    count = 1300 if tag == "AzureCloud" else 60
    first = 0 if tag == "AzureCloud" else number * 7 % 1000
    v4 = [f"20.{each // 128}.{each % 128 * 2}.0/{24 + each % 5}" for each in range(first, first + count)]
    v4 += [f"20.{each // 128}.{each % 128 * 2 + 1}.0/24" for each in range(first, first + count, 9)]
    v4 += [f"51.4.{each // 200}.{each % 200}/32" for each in range(first, first + count, 13)]
    v6 = [f"2603:{each % 4096:x}:{each % 7:x}00::/{40 + each % 9}" for each in range(first, first + count, 3)]
    return v4 + ["20.0.0.0/30"] + v6


#: Targets that know no names.
ALWAYS_ADDRESSES = {"windows-registry", "nftables", "iptables"}


def uses_addresses(target: str, settings: dict[str, str]) -> bool:
    """Whether names stand as addresses in what the target writes with these settings."""
    if target == "windows-firewall":
        return settings.get("names") == "addresses" or settings.get("os") in ("2016", "2019")
    return settings.get("names") == "addresses"


def contradicts_itself(target: str, settings: dict[str, str]) -> bool:
    """Settings that a target refuses together, as its page says: old Windows Servers have no dynamic keywords, and a table of
    its own has a name of its own."""
    if target == "nftables":
        return settings.get("form") == "standalone" and bool(settings.get("table"))
    old = settings.get("os") in ("2016", "2019")
    return target == "windows-firewall" and old and settings.get("names") == "keywords"


def combinations(target: str) -> list[dict[str, str]]:
    """The default settings first, then combinations in which every pair of values of two settings stands together."""
    if target in TWINS:
        twin, lacking = TWINS[target]
        return _unique([{key: value for key, value in each.items() if key != lacking} for each in combinations(twin)])
    needed = NEEDED.get(target, {})
    choices = CHOICES[target]
    found = [dict(needed)]
    keys = sorted(choices)
    wanted = {
        ((one, a), (two, b))
        for one, two in itertools.combinations(keys, 2)
        for a in choices[one]
        for b in choices[two]
    }
    if len(keys) == 1:
        found += [{**needed, keys[0]: value} for value in choices[keys[0]]]
    every = [dict(zip(keys, values)) for values in itertools.product(*(choices[key] for key in keys))]
    every = [each for each in every if not contradicts_itself(target, each)]
    wanted &= {pair for each in every for pair in _pairs(each, keys)}
    while wanted:
        best = max(every, key=lambda each: sum(pair in wanted for pair in _pairs(each, keys)))
        wanted.difference_update(_pairs(best, keys))
        found.append({**needed, **{key: value for key, value in best.items() if value}})
    return _unique(found)


def _unique(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each once, in their order."""
    return [each for number, each in enumerate(found) if each not in found[:number]]


def _pairs(each: dict[str, str], keys: list[str]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    return [((one, each[one]), (two, each[two])) for one, two in itertools.combinations(keys, 2)]
