"""Registry files as text: what regedit would read, in the form that its exports have.

Read here strictly, for programs that want values and know nothing of .reg files; Wine reads the files itself.
"""

from __future__ import annotations

import re
from pathlib import Path

HEADER = "Windows Registry Editor Version 5.00"
#: `"name"="text"`, `"name"=dword:00000001`, `"name"=-`; in both texts `\\` and `\"` stand for one character.
LINE = re.compile(r'"((?:[^"\\]|\\["\\])*)"=(?:"((?:[^"\\]|\\["\\])*)"|dword:([0-9a-f]{8})|(-))')

#: Key and name of a value.
Name = tuple[str, str]


def parse(data: bytes) -> dict[Name, str | int | None]:
    """All values of a file; None for one that is deleted. Raises ValueError where regedit would skip or stop."""
    if not data.startswith(b"\xff\xfe"):
        raise ValueError("no byte order mark: regedit says that it is no registry script")
    text = data.decode("utf-16")
    if text.count("\n") != text.count("\r\n") or not text.startswith(HEADER + "\r\n\r\n"):
        raise ValueError("not the header or the line ends of regedit")
    key, found = "", {}
    for number, line in enumerate(text.split("\r\n"), 1):
        if line.startswith("[") and line.endswith("]"):
            key = line[1:-1]
        elif line and not line.startswith(";") and number > 1:
            name, value = _value(line, number)
            if (key, name) in found:
                raise ValueError(f"line {number}: {name} stands twice")
            found[key, name] = value
    return found


def _value(line: str, number: int) -> tuple[str, str | int | None]:
    match = LINE.fullmatch(line)
    if not match:
        raise ValueError(f"line {number}: regedit skips {line[:60]!r}")
    name, text, dword, deleted = match.groups()
    plain = re.sub(r"\\(.)", r"\1", name)
    if deleted:
        return plain, None
    return plain, int(dword, 16) if dword else re.sub(r"\\(.)", r"\1", text)


def intended(data: bytes) -> dict[Name, str | int | None]:
    """The values that a writer meant, even if it wrote them so that an importer drops them: for whom an importer judges."""
    key, found = "", {}
    for line in data.decode("utf-16").splitlines():
        match = re.fullmatch(r'"(.*?)"=(?:"(.*)"|dword:([0-9a-fA-F]+)|(-))', line)
        if match:
            name, text, dword, deleted = match.groups()
            value = int(dword, 16) if dword else re.sub(r'\\(["\\])', r"\1", text or "")
            found[key, re.sub(r'\\(["\\])', r"\1", name)] = None if deleted else value
        elif line.startswith("["):
            key = line.strip("[]")
    return found


def files(paths: list[Path]) -> list[tuple[str, Path, Path]]:
    """Each host with the file that sets its values and the one that removes them."""
    setting = [path for path in paths if path.suffix == ".reg" and not path.name.endswith(".undo.reg")]
    return [(path.stem, path, path.with_name(f"{path.stem}.undo.reg")) for path in setting]
