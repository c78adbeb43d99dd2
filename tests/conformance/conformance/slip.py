"""A slip: what an artifact would look like after a mistake in the program that writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """One change of text, and the programs each of which must notice it."""

    name: str
    target: str
    #: A regular expression; the first artifact in which it is found is changed there, in one place.
    find: str
    put: str
    #: Consumers by name.
    caught_by: tuple[str, ...]
    #: The encoding of the files, `utf-16` for what regedit reads.
    encoding: str = "utf-8"
    #: A part of the names of the settings, where it takes special ones.
    settings: str = ""
    #: A part of the names of the files in which it is looked for.
    file: str = ""
    #: Whether it is changed wherever it is found.
    everywhere: bool = False

    def made(self, data: bytes) -> bytes | None:
        """The changed file; None if there is nothing to change."""
        text = data.decode(self.encoding)
        changed = re.sub(self.find, self.put, text, count=0 if self.everywhere else 1)
        return None if changed == text else changed.encode(self.encoding)
