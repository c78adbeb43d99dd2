"""Reviews in Markdown before cmark-gfm, the renderer of GitHub."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from importlib.metadata import version

import cmarkgfm
from cmarkgfm.cmark import CMARK_VERSION, Options

from ..corpus import Artifact
from ..lines import COLUMNS, edition, expected, resolved
from ..outcome import Outcome
from . import outcome

#: What the text is made of. Whatever else appears was made of a value.
PLAIN = {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "pre"}
HEADING = re.compile(
    r"(?P<source_role>\S+): (?P<protocol>TCP|UDP) (?P<port>[\d-]+)(?: from source ports (?P<source_port>[\d-]+))?, "
    r"(?P<direction>[a-z]+), (?P<via>[a-z-]+)"
)
SOURCE = re.compile(r"Source: (?P<source>\S+?)(?: in zone (?P<source_zone>\S+?))?(?:: (?P<source_addresses>.+))?")
DESTINATION = re.compile(r"(?P<destination>\S+) \((?P<destination_type>[a-z-]+)\)")
#: Columns of the tables by those of a change request, where their cells are the same.
SAME = {
    "Addresses": "destination_addresses",
    "Zone": "destination_zone",
    "For": "final_destination",
    "Need": "need",
    "When": "phase",
    "TLS inspection": "tls_inspection",
    "Purpose": "purpose",
    "Rule": "rule",
}
#: Headings above tables of something else.
TABLES = {"Addresses", "Not written"}
#: What stands in notes, in prose, or nowhere, since there is one value of it.
ELSEWHERE = {"action", "assumed", "documents", "requirements", "documented_as"}


class Part:
    """A heading with what stands below it."""

    def __init__(self, heading: str = ""):
        self.heading = heading
        self.paragraphs: list[str] = []
        self.rows: list[list[str]] = []
        self.block = ""


class Page(HTMLParser):
    """The parts of a rendered page, and tags that no template writes."""

    def __init__(self, html: str):
        super().__init__()
        self.parts = [Part()]
        self.strange: list[str] = []
        self._text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        if tag not in PLAIN:
            self.strange.append(tag)
        if tag == "tr":
            self.parts[-1].rows.append([])
        if tag in ("h1", "h2", "p", "td", "th", "pre", "li"):
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag not in PLAIN:
            self.strange.append(f"/{tag}")
        if tag in ("h1", "h2"):
            self.parts.append(Part(self._text))
        elif tag == "p":
            self.parts[-1].paragraphs.append(self._text)
        elif tag in ("td", "th"):
            self.parts[-1].rows[-1].append(self._text)
        elif tag == "pre":
            self.parts[-1].block += self._text

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.strange.append(f"declaration {decl}")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"instruction {data}")


class CmarkGfm:
    """Renders both files and reads the tables of the page."""

    name = "cmark-gfm"
    targets = ("markdown",)
    proves = (
        "as GitHub's renderer shows them, the rows of the tables are the hops of the rules, one each, and the lists are their addresses; no "
        "value becomes a link, HTML, emphasis or another cell"
    )
    blind = "mentions and links to issues, which GitHub makes afterwards; the column Notes and free paragraphs are not compared"
    sample_only = False

    def version(self) -> str:
        return f"cmarkgfm {version('cmarkgfm')} (cmark-gfm {CMARK_VERSION})"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        pages = {path.name: rendered(path.read_text(encoding="utf-8")) for path in artifact.files}
        for name, page in pages.items():
            answer.expect(f"markup in {name}", [], page.strange)
        lists = {part.heading: part.block.split() for part in pages["rules.addresses.md"].parts[2:]} if len(pages) > 1 else {}
        wanted_lists = {
            name: list(each["prefixes"]) for name, each in artifact.rules.document["address-sets"].items() if len(each["prefixes"]) > 16
        }
        answer.expect("lists", wanted_lists, lists)
        parts = pages["rules.md"].parts[2:]
        tables = [part for part in parts if part.heading not in TABLES]
        answer.expect("headings", [], [part.heading for part in tables if not HEADING.fullmatch(part.heading)])
        answer.expect("sources", [1] * len(tables), [sum("Source:" in text for text in part.paragraphs) for part in tables])
        summed = [row[0::2][:2] for part in parts if part.heading == "Addresses" for row in part.rows[1:]]
        answer.expect("sums", sorted([name, str(len(prefixes))] for name, prefixes in wanted_lists.items()), sorted(summed))
        answer.expect("rules that are not written", [], [row for part in parts if part.heading == "Not written" for row in part.rows])
        rows = [row for part in tables if HEADING.fullmatch(part.heading) for row in rows_of(part, lists)]
        columns = [column for column in COLUMNS if column not in ELSEWHERE]
        got = Counter((*(row[column] for column in columns), row["sources"]) for row in rows)
        wanted = Counter((*(line[COLUMNS.index(column)] for column in columns), sources) for line, sources in lines(artifact))
        answer.expect_set("rows", set(wanted.items()), set(got.items()))
        return answer


def rendered(text: str) -> Page:
    """As GitHub renders it, footnotes too, with what it would leave out shown."""
    return Page(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES))


def rows_of(part: Part, lists: dict[str, list[str]]) -> list[dict[str, str]]:
    """The rows of one table, each with what its heading and the line of its source say of all of them."""
    above = {key: value or "" for key, value in HEADING.fullmatch(part.heading).groupdict().items()}
    for paragraph in part.paragraphs:
        if paragraph.startswith("Source: "):
            above |= {key: value or "" for key, value in SOURCE.fullmatch(paragraph).groupdict().items()}
    above["source_addresses"] = resolved(above["source_addresses"], lists)
    head, *rows = part.rows
    return [row_of(dict(zip(head, row, strict=True)), above, lists) for row in rows]


def row_of(cells: dict[str, str], above: dict[str, str], lists: dict[str, list[str]]) -> dict[str, str]:
    """One row in the columns of a change request."""
    row = {"destination_zone": "", **above} | {column: cells[name] for name, column in SAME.items() if name in cells}
    row |= DESTINATION.fullmatch(cells["Destination"]).groupdict()
    return row | {"destination_addresses": resolved(cells["Addresses"], lists), "sources": cells["Source"]}


def lines(artifact: Artifact) -> list[tuple[tuple[str, ...], str]]:
    """What a change request has of each hop, and where the rule stands: document, edition and requirement of each."""
    document = artifact.rules.document
    rules = [rule for rule in document["rules"] for _ in rule["hops"]]
    sources = ["; ".join(dict.fromkeys(f"{edition(each)}, {each['requirement']}" for each in rule["citations"])) for rule in rules]
    return list(zip(expected(artifact.rules), sources, strict=True))
