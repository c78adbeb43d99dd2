"""Values of firewall rules before Microsoft's own grammar, run by the abnf engine."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

from abnf import ParseError, Rule

from .. import registry
from ..corpus import Artifact
from ..outcome import Outcome
from . import outcome

KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules"
#: Tokens that may stand more than once.
REPEATED = {"Profile", "LPort", "RPort", "LPort2_10", "RPort2_10", "RA4", "RA6", "LA4", "LA6"}


class Grammar(Rule):
    """The rules of gpfas.abnf; abnf keeps them with the class."""


for line in (Path(__file__).parent.parent / "gpfas.abnf").read_text(encoding="ascii").splitlines():
    if not line.startswith(";"):
        Grammar.create(line)


class MsGpfas:
    """Parses every value."""

    name = "ms-gpfas"
    targets = ("windows-registry",)
    proves = (
        "every value obeys the published grammar of [MS-GPFAS] 2.2.2, run by an ABNF engine, with its limits of numbers and what "
        "its text asks for besides: an active allow rule, the protocol before any port, no token twice but where it may"
    )
    blind = "the grammar is transcribed here, a subset; whether Windows takes a value up is not asked"
    sample_only = False

    def version(self) -> str:
        return f"abnf {version('abnf')}, [MS-GPFAS] v20240423"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        for host, setting, _ in registry.files(artifact.files):
            for (key, name), value in registry.parse(setting.read_bytes()).items():
                answer.expect(f"{host}: key of {name}", KEY, key)
                answer.expect(f"{host}: {name}", (), faults(str(value)))
        return answer


@cache
def faults(value: str) -> tuple[str, ...]:
    """What is wrong with a value. Kept, since the same stands in many files."""
    try:
        Grammar.get("RULE").parse_all(value)
    except ParseError as why:
        return (f"not in the grammar: {str(why)[:120]}",)
    return tuple(_beside(value))


def _beside(value: str) -> list[str]:
    """What the text of 2.2.2 and [MS-FASP] 2.2.37 ask for beside the grammar."""
    tokens = [field.partition("=")[::2] for field in value.split("|")[1:-1]]
    keys = [key for key, _ in tokens]
    found = [f"{key} stands twice" for key in sorted(set(keys)) if keys.count(key) > 1 and key not in REPEATED]
    first_port = min((number for number, key in enumerate(keys) if "Port" in key), default=len(keys))
    if "Protocol" not in keys[:first_port]:
        found.append("a port before its protocol")
    single = dict(tokens)
    # "If this token is not present, the default is FALSE": such a rule is off.
    if single.get("Active") != "TRUE" or single.get("Action") != "Allow" or "Dir" not in single:
        found.append("not an active allow rule with a direction")
    if single.get("Name", "ALL").upper() == "ALL":
        found.append("no name, or the name ALL")
    return found + [f"{text} is the wrong way round" for key, text in tokens if key.endswith("2_10") and _backwards(text)]


def _backwards(text: str) -> bool:
    first, _, last = text.partition("-")
    return int(first) > int(last)
