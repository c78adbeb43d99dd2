"""Slips in change requests, rule files and reviews."""

from __future__ import annotations

from .slip import Slip

CSV, JSON, TEXT = "csv", "json", "markdown"
READER, CALC, SCHEMA, PAGE = "frictionless", "libreoffice", "json-schema", "cmark-gfm"


def line(name: str, find: str, put: str, *caught_by: str, settings: str = "", file: str = "") -> Slip:
    """A slip in a change request."""
    return Slip(name, CSV, find, put, caught_by, settings=settings, file=file)


def rules(name: str, find: str, put: str) -> Slip:
    """A slip in a rule file."""
    return Slip(name, JSON, find, put, (SCHEMA,))


def review(name: str, find: str, put: str, settings: str = "", file: str = "") -> Slip:
    """A slip in a review."""
    return Slip(name, TEXT, find, put, (PAGE,), settings=settings, file=file)


LISTS = "addresses"
SLIPS = [
    line("a line is lost", r"(?m)^r-.*\r\n", "", READER),
    line("a line twice", r"(?m)^(r-.*\r\n)", r"\1\1", READER),
    line("another port", r",TCP,443,", ",TCP,80,", READER),
    line("UDP for TCP", r",TCP,443,", ",UDP,443,", READER),
    line("a protocol that is none", r",TCP,443,", ",tcp,443,", READER),
    line("a source port is lost", r",(TCP|UDP),53,[^,]+,required", r",\1,53,,required", READER),
    line("an IPv6 source is lost", r"; 2001:[^,]*", "", READER),
    line("the apex for what is below it", r",wildcard,\*\.", ",exact,", READER),
    line("a path is lost", r",url,([^,/]*)/[^,]*", r",exact,\1", READER),
    line("deny for allow", r",allow,", ",deny,", READER),
    line("both hops as one", r",to-proxy,", ",direct,", READER, settings="proxied"),
    line("an inspection that is allowed", r",exclude,", ",not-required,", READER),
    line("another edition", r"(prerequisites) 20\d\d", r"\1 1999", READER),
    line("one column more", r"(?m)^(r-.*)\r$", r"\1,\r", READER),
    line("an open quote", r"(?m)^(r-[^,]*),allow", r'\1,"allow', READER),
    line("a byte order mark", r"^rule,", "\ufeffrule,", READER),
    line("a formula", r"(?m)^(r-.*),outbound,", r'\1,"=HYPERLINK(""http://evil.example"")",', READER, CALC),
    line("a sum", r"(?m)^(r-[^,]*,allow,[^,]*,[^,]*),[^,]*,", r"\1,+1+1,", READER),
    line("a command", r",443,", ",@SUM(1),", READER),
    line("a date", r",49152-65535,", ",1/12,", READER, CALC),
    line("a number with an exponent", r",49152-65535,", ",1e5,", READER, CALC),
    line("a prefix of a large set is lost", r"(tag-[^,]*,)20\.[^\r]*\r\n", "", READER, settings="weekly", file=LISTS),
    line("a list of a large set is lost", r"(?s)\A(set,prefix\r\n).*", r"\1", READER, settings="weekly", file=LISTS),
    review("a row is lost", r"\n\| `[^\n]*(?=\n)", ""),
    review("a row twice", r"(\n\| `[^\n]*)(?=\n)", r"\1\1"),
    review("another port", r"(## \S+): TCP 443", r"\1: TCP 80"),
    review("UDP for TCP", r"(## \S+): TCP", r"\1: UDP"),
    review("a source port is lost", r" from source ports \d+", ""),
    review("an IPv6 source is lost", r"(Source: [^\n]*); 2001:\S*", r"\1"),
    review("a zone is lost", r" in zone \w+", ""),
    review("the apex for what is below it", r"`\*\.(\S+)` \(wildcard\)", r"`\1` (exact)"),
    review("a star that is none", r"`\*\.(\S+)` \(wildcard\)", r"*.\1 (wildcard)*"),
    review("a cell for two", r"\| required \|", "| required | |"),
    review("a bar that ends its cell", r"\\\|", "|", settings="hostile"),
    review("HTML of a value", r"\\</script\\>", "<b>x</b>", settings="hostile"),
    review("a row in a comment", r"(\n\| `[^\n]*)(?=\n\n)", r"\n<!-- \1 -->"),
    review("a link", r"\| required \|", "| [required](http://evil.example) |"),
    review("a heading too much", r"\n\| `", "\n## x\n| `"),
    review("a table too much", r"\n## ", "\n## All else\n\n| Destination |\n|---|\n| any |\n\n## "),
    review("a source too much", r"\n(Source: )", r"\nSource: anyone: any\n\n\1"),
    review("a row that ends its table", r"\n(\| `)", r"\n    \1"),
    review("a footnote that takes a table", r"\n(\| Destination)", r"\n[^1]: note\n\1"),
    review("another number of prefixes", r"(\| tag-[^|]*\|[^|]*\| )(\d+)", r"\g<1>1\2", settings="weekly"),
    review("a list too much", r"\Z", "\n## tag-Evil\n\n```\n192.0.2.0/24\n```\n", settings="weekly", file=LISTS),
    review("a prefix of a large set is lost", r"\n20\.\S+", "", settings="weekly", file=LISTS),
    review("a prefix for another", r"\n20\.(\S+)", r"\n21.\1", settings="weekly", file=LISTS),
    review("a block that ends early", r"(\n20\.\S+)", r"\1\n```\n", settings="weekly", file=LISTS),
    rules("a port as a number", r'"ports": "443"', '"ports": 443'),
    rules("a key that is none", r'"scope": "network"', '"scope": "network", "reach": "all"'),
    rules("no hop", r'(?s)"hops": \[.*?\n      \]', '"hops": []'),
    rules("a set that is not there", r'"addresses": "', '"addresses": "other-'),
    rules("a key twice", r'("transport": "tcp",)', r'\1 "transport": "udp",'),
    rules("a need that is none", r'"need": "required"', '"need": "must"'),
    rules("another format", r"portbook-rules/1", "portbook-rules/0"),
]
