"""docs/assurance.md, made of what the runs found.

usage: python -m conformance.assurance [--check]

Reads the records in tests/conformance/record: `matrix.json` and `packets.json` (tests/conformance/run --record),
`mutations.json` (conformance.mutate --out), `fuzz.json` and `faults.json` (fuzz.sh, faults.sh), `supply.json` and
`reproducible.json` (supply.sh, reproducible.sh). Runs of fuzz.sh are added to the record and add up. With `--check` nothing is written, and a
page that is not the one of these records is exit code 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
RECORD = HERE / "record"
PAGE = HERE.parent.parent / "docs" / "assurance.md"

#: What no independent program has judged, for each target, beside the blind spots of its consumers.
NOT_JUDGED = {
    "windows-firewall": "No Windows has run a script: how cmdlets act, what the firewall then lets pass, GPOs. No PowerShell was to be had for these tests; its grammar and documented parameters stand in.",
    "windows-registry": "No Windows has applied a value: Wine keeps values without enforcing them.",
    "pac": "Internet Explorer's own engine and macOS; Wine's WinHTTP stands in for Windows.",
    "squid": "Other versions than the installed one; a real origin on the internet.",
    "palo-alto-set": "No PAN-OS has loaded a file: commit warnings, matching of categories in traffic, App-ID.",
    "palo-alto-xml": "As palo-alto-set; `load config partial` itself.",
    "palo-alto-edl": "No firewall has fetched a list. What its tokens match is judged by a matcher that was written here.",
    "csv": "Excel itself; LibreOffice stands in.",
    "json": "Nothing beyond the schema and Portbook's own reader.",
    "markdown": "Other renderers than GitHub's.",
    "nftables": "Kernels other than that of the run.",
    "iptables": "Kernels other than that of the run.",
    "haproxy": "Versions other than the installed one.",
}


def load(name: str) -> list[dict]:
    """A record; nothing if that run was not made."""
    path = RECORD / f"{name}.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found if isinstance(found, list) else [found]


def table(head: list[str], rows: Iterable[list[object]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]


def page() -> str:
    """The whole page."""
    matrix = load("matrix")
    parts = [_head(), _matrix(matrix), _packets(load("packets")), _open(matrix), _mutations(load("mutations")), _runs()]
    return "\n".join(line for part in parts for line in part) + "\n"


def _head() -> list[str]:
    return [
        "# Assurance",
        "",
        "Portbook's promise is that an artifact allows exactly what its rules and stated losses say. This page shows which programs, written by nobody here, were asked whether it does, and what they said.",
        "It is made from the records of the runs (`python -m conformance.assurance` in `tests/conformance`); [tests/conformance](../tests/conformance/README.md) says how to run them again.",
        "",
    ]


def _matrix(record: list[dict]) -> list[str]:
    lines = ["## What agreed", "", "Every scenario in every cloud, with default settings and with settings pairwise, placed with and without a proxy, and once more with default settings and all that a document says for any case (optional requirements, every condition, the other one of documented alternatives); three selections with range files as large as the weekly ones. Artifacts with the same bytes, rules and settings count once. A question is a connection, a field that was read back or a value.", ""]
    rows = [
        [f"`{each['target']}`", each["consumer"], each["version"], each["artifacts"], each["checks"], each["failed"], each["proves"]]
        for each in record
    ]
    return lines + table(["target", "program", "version", "artifacts", "questions", "disagreed", "proves"], rows) + [""]


def _packets(record: list[dict]) -> list[str]:
    """What the kernel and HAProxy did with real connections between network namespaces, and what fwshift compares."""
    lines = ["## What packets did", "", "Real connections between network namespaces, over IPv4 and IPv6, TCP and UDP, TLS and HTTP, to what is allowed and to what lies beside it; and artifacts of different targets that have to decide alike. Each sabotage is an artifact that was spoilt on purpose and had to be noticed.", ""]
    rows = []
    for target, consumer in sorted({(each["target"], each["consumer"]) for each in record}):
        own = [each for each in record if (each["target"], each["consumer"]) == (target, consumer)]
        rows.append([f"`{target}`", consumer, len(own), sum(each["checks"] for each in own), sum(each["verdict"] != "pass" for each in own)])
    return lines + table(["target", "judge", "cases", "questions", "disagreed"], rows) + [""]


def _open(record: list[dict]) -> list[str]:
    lines = ["## What nobody independent has judged", ""]
    targets = sorted({each["target"] for each in record} | set(NOT_JUDGED))
    rows = []
    for target in targets:
        blind = [f"{each['consumer']}: {each['blind']}" for each in record if each["target"] == target and each["blind"]]
        rows.append([f"`{target}`", NOT_JUDGED.get(target, ""), "; ".join(blind)])
    return lines + table(["target", "not judged", "what its programs cannot see"], rows) + [""]


def _mutations(record: list[dict]) -> list[str]:
    lines = ["## Deliberate mistakes", "", "Each was built into a renderer, and the programs had to notice (`python -m conformance.mutate`).", ""]
    rows = [[each["id"], each["mistake"], ", ".join(each["caught-by"]) or "**nobody**"] for each in record]
    return lines + table(["mutation", "what would happen", "noticed by"], rows) + [""]


def _runs() -> list[str]:
    fuzz = load("fuzz")
    clock, cpu = (sum(each[time] for each in fuzz) / 3600 for time in ("seconds", "cpu"))
    told = f"{clock:.1f} hours by the clock and {cpu:.1f} hours of CPU in all, each run on the code of its day; each input that once crashed or hung is a regression test."
    lines = ["## Fuzzing", "", told, ""]
    minutes = lambda seconds: f"{seconds / 60:.0f}"  # noqa: E731
    rows = []
    for target in sorted({each["target"] for each in fuzz}):
        sums = {key: sum(each[key] for each in fuzz if each["target"] == target) for key in ("seconds", "cpu", "executions", "crashes")}
        rows.append([target, minutes(sums["seconds"]), minutes(sums["cpu"]), sums["executions"], sums["crashes"]])
    lines += table(["reader", "minutes", "of CPU", "inputs tried", "crashes and hangs"], rows)
    return [*lines, "", *_faults(load("faults")), "", *_made_of(load("supply"), load("reproducible"))]


#: What became of advisories, in words.
ADVISORIES = {
    "clean": "No advisory of the RustSec database concerns one of them.",
    "unreachable": "The RustSec database of advisories could not be reached from where this was run: **advisories are not checked**.",
}


def _made_of(supply: list[dict], reproducible: list[dict]) -> list[str]:
    """Crates and builds; each record holds one summary, or nothing."""
    lines = ["## What it is made of", ""]
    for each in supply:
        lines += [
            f"{each['shipped']} crates are in the shipped program, and each is in its bill of materials (CycloneDX; {len(each['missing'])} "
            f"missing, {len(each['without-licence'])} without a licence). cargo-deny finds bans, licences and sources as deny.toml wants them. "
            f"{ADVISORIES[each['advisories']]}",
            "",
        ]
    for each in reproducible:
        same = "the same bytes" if each["same"] else "**other bytes**"
        lines.append(f"Two release builds of commit `{each['commit'][:12]}` in two folders: {same} (SHA-256 `{each['one']}`).")
    return lines


#: What `faults.sh` counts, in words.
FAULTS = {
    "calls": "system calls that failed, one after the other (strace's injection: no space, input/output error, permission)",
    "sizes": "sizes at which a disk was full",
    "limits": "limits on open files and on the size of a file",
}


def _faults(record: list[dict]) -> list[str]:
    """`record` holds one summary, or nothing."""
    lines = ["## Faults", "", "After each fault every file is the old one or the new one, whole, and the exit code says which.", ""]
    rows = [[FAULTS.get(kind, kind), count] for summary in record for kind, count in summary["faults"].items()]
    failed = sum(summary["failed"] for summary in record)
    return lines + table(["fault", "times"], rows) + ["", f"Tests that did not pass: {failed}."]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is not the one of the records")
    flags = parser.parse_args()
    made = page()
    if flags.check:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == made
        print("docs/assurance.md is fresh" if fresh else "docs/assurance.md is not made of the records: run python -m conformance.assurance", file=sys.stderr)
        return 0 if fresh else 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
