"""Change requests before frictionless and before LibreOffice Calc."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from frictionless import Dialect, Resource, Schema, formats

from ..corpus import Artifact
from ..lines import COLUMNS, expected, resolved
from ..outcome import Outcome
from . import outcome, program, said

#: The columns of docs/targets/csv.md, in their order.
HEADER = (
    "rule,action,direction,via,source_role,source_type,source,source_addresses,source_zone,destination_type,destination,"
    "destination_addresses,destination_zone,final_destination,protocol,port,source_port,need,phase,assumed,tls_inspection,"
    "purpose,documents,requirements,documented_as,interpreted,losses,notes"
).split(",")
#: Words that a column may hold, and forms.
WORDS = {
    "action": ["allow"],
    "direction": ["outbound", "inbound", "internal", "local"],
    "via": ["direct", "to-proxy", "from-proxy"],
    "destination_type": ["exact", "wildcard", "wildcard-and-apex", "url", "role", "service-tag", "ranges", "outside", "proxy"],
    "protocol": ["TCP", "UDP"],
    "need": ["required", "optional"],
    "tls_inspection": ["not-stated", "not-required", "contradictory", "do-not-terminate", "exclude"],
}
FORMS = {"rule": r"r-[a-z2-7]{10}", "port": r"'?\d{1,5}(-\d{1,5})?"}
#: What a spreadsheet takes for a formula (OWASP ASVS 5.0 1.2.10), also behind spaces and full-width.
HARMLESS = r"(?![\s\u3000]*[=+\-@\t\r\n\u0000\uFF1D\uFF0B\uFF0D\uFF20])[\s\S]*"
#: Comma, quote, UTF-8, first line, no column told what it is, and dates and the like looked for: the way of reading in
#: which the most becomes something else.
IMPORT = "CSV:44,34,76,1,,0,false,true"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class Frictionless:
    """Validates each file by a table schema and compares its lines with the hops."""

    name = "frictionless"
    targets = ("csv",)
    proves = (
        "structure, columns and words are those of a table schema; with spreadsheet-safe no cell begins as a formula does; the "
        "lines, as this reader gets them, are the hops of the rules, one each, and nothing else"
    )
    blind = (
        "the schema is ours, after docs/targets/csv.md; prose columns (direction, interpreted, losses, notes) are not compared"
    )
    sample_only = False

    def version(self) -> str:
        return f"frictionless {version('frictionless')}"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        safe = artifact.settings.get("spreadsheet-safe", "yes") == "yes"
        path = next(path for path in artifact.files if path.name == "change-request.csv")
        data = path.read_bytes()
        bom = artifact.settings.get("bom", "no") == "yes"
        answer.expect("byte order mark", bom, data.startswith(b"\xef\xbb\xbf"))
        resource = Resource(
            path=path.name, basepath=str(path.parent), schema=schema(safe), encoding="utf-8-sig" if bom else "utf-8"
        )
        resource.format, resource.scheme = "csv", "file"
        resource.dialect = Dialect(controls=[formats.CsvControl(delimiter=",", quote_char='"', double_quote=True)])
        report = resource.validate()
        answer.expect("schema", [], [each.message for task in report.tasks for each in task.errors][:5])
        with resource:
            rows = [row.to_dict() for row in resource.row_stream]
        lists = self._lists(artifact, answer)
        got = [tuple(resolved(plain(row.get(column), safe), lists) for column in COLUMNS) for row in rows]
        compare(artifact, got, answer)
        return answer

    def _lists(self, artifact: Artifact, answer: Outcome) -> dict[str, list[str]]:
        """The file beside it, with the sets that are too large for a cell: exactly those that its rules have."""
        large = {name for name, each in artifact.rules.document["address-sets"].items() if len(each["prefixes"]) > 16}
        paths = [path for path in artifact.files if path.name == "change-request.addresses.csv"]
        answer.expect("a file of addresses", bool(large), bool(paths))
        lists: dict[str, list[str]] = {}
        for path in paths:
            with Resource(path=path.name, basepath=str(path.parent), encoding="utf-8-sig") as resource:
                for row in resource.row_stream:
                    lists.setdefault(row["set"], []).append(row["prefix"])
        answer.expect("lists of addresses", sorted(large), sorted(lists))
        return lists


def schema(safe: bool) -> Schema:
    """A table schema of text columns: words and forms where there are only these, and no formula."""
    fields = []
    for name in HEADER:
        constraints: dict = (
            {"enum": WORDS[name]} if name in WORDS else {"pattern": FORMS.get(name, HARMLESS if safe else r"[\s\S]*")}
        )
        fields.append({"name": name, "type": "string", "constraints": constraints})
    return Schema.from_descriptor({"fields": fields, "missingValues": []})


def plain(cell: str | None, safe: bool) -> str:
    """A cell without the mark that keeps a spreadsheet from reading it."""
    cell = cell or ""
    return cell.removeprefix("'") if safe else cell


def compare(artifact: Artifact, got: list[tuple[str, ...]], answer: Outcome) -> None:
    """All lines, in their order."""
    wanted = expected(artifact.rules)
    answer.expect("number of lines", len(wanted), len(got))
    for number, (want, have) in enumerate(zip(wanted, got), 2):
        different = [f"{column}: expected {a!r}, got {b!r}" for column, a, b in zip(COLUMNS, want, have) if a != b]
        answer.expect(f"line {number}", [], different)


class LibreOffice:
    """Opens change requests in Calc and looks at what became of each cell."""

    name = "libreoffice"
    targets = ("csv",)
    proves = "Calc makes no formula, date or number of any cell but plain ports, and shows every cell's text as it was written"
    blind = "Calc, not Excel, with its English settings"
    sample_only = True

    def __init__(self, scratch: Path):
        self.scratch = scratch / "calc"
        #: The sheet of each file that was converted, by its path.
        self.sheets: dict[Path, Path] = {}

    def version(self) -> str:
        return said(program("soffice", "apt-get install libreoffice-calc"), "--version")

    def close(self) -> None:
        """It ends with each conversion."""

    def prepare(self, artifacts: Iterable[Artifact]) -> None:
        """Converts all files in one call: starting takes longer than reading."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        copies = []
        for number, path in enumerate(path for artifact in artifacts for path in artifact.files):
            copies.append(folder / f"{number}.csv")
            shutil.copy(path, copies[-1])
            self.sheets[path] = folder / "out" / f"{number}.fods"
        profile = f"-env:UserInstallation=file://{self.scratch}/profile"
        words = [profile, "--headless", f"--infilter={IMPORT}", "--convert-to", "fods", "--outdir", str(folder / "out")]
        subprocess.run(["soffice", *words, *map(str, copies)], capture_output=True, timeout=300, check=True)

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        if artifact.files[0] not in self.sheets:
            self.prepare([artifact])
        for path in artifact.files:
            root = ET.parse(self.sheets[path]).getroot()
            formulas = [cell.get(f"{TABLE}formula") for cell in root.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}formula")]
            answer.expect(f"{path.name}: formulas", [], formulas)
            self._cells(path, list(rows(root)), answer)
        return answer

    def _cells(self, path: Path, shown: list[list[tuple[str, str]]], answer: Outcome) -> None:
        """Each cell as Calc has it beside its text in the file."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.reader(file))
        answer.expect(f"{path.name}: rows", len(written), len(shown))
        for number, (line, cells) in enumerate(zip(written, shown), 1):
            texts = [text for _, text in cells] + [""] * (len(line) - len(cells))
            answer.expect(f"{path.name}: line {number}", [one_line(text) for text in line], [one_line(text) for text in texts])
            kinds = {text for kind, text in cells if kind not in ("string", "") and not text.isdigit()}
            answer.expect(f"{path.name}: line {number}: no text became a value", set(), kinds)


def one_line(text: str) -> str:
    """Calc keeps runs of spaces as elements of their own, which its text leaves out."""
    return " ".join(text.split())


def rows(root: ET.Element) -> Iterable[list[tuple[str, str]]]:
    """Kind and shown text of every cell, row by row, without what is empty at the ends."""
    for row in root.iter(f"{TABLE}table-row"):
        cells: list[tuple[str, str]] = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = "\n".join("".join(part.itertext()) for part in cell.findall(f"{TEXT}p"))
            shown = (cell.get(f"{OFFICE}value-type", ""), text)
            cells += [shown] * min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 64)
        if any(text for _, text in cells):
            yield cells[: max(number for number, (_, text) in enumerate(cells, 1) if text)]
