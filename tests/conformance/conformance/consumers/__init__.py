"""Programs that read artifacts, each in a module of its own.

A new one is a module with a class that has what `Consumer` asks for, and a line in `every()`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Protocol

from ..corpus import Artifact
from ..outcome import Outcome


class Consumer(Protocol):
    """A program that nobody here wrote, and how it is asked."""

    #: Its name, as docs/assurance.md has it.
    name: str
    #: The targets that it reads.
    targets: tuple[str, ...]
    #: What its verdict proves, one line for docs/assurance.md.
    proves: str
    #: What it cannot see, one line for docs/assurance.md.
    blind: str
    #: Whether it is too slow for all: then it judges a fixed sample, one artifact for each scenario and cloud.
    sample_only: bool

    def version(self) -> str:
        """What it says of itself. Raises `Missing` if it is not installed."""

    def judge(self, artifact: Artifact) -> Outcome:
        """Reads one artifact and compares it with its rules."""

    def close(self) -> None:
        """Stops what it started."""


#: Matchers that were written here from a vendor's rules: they are no independent proof.
OURS = {"url-list"}


class Preparing(Protocol):
    """A consumer that reads many artifacts at once faster than one by one."""

    def prepare(self, artifacts: list[Artifact]) -> None:
        """Gets ready for all artifacts that it will judge. `judge` works without, too."""


class Missing(Exception):
    """A program is not installed. The text says how to install it."""


def program(name: str, install: str) -> str:
    """The path of a program, or `Missing` with the way to install it."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name}: {install}")
    return found


def tools() -> Path:
    """Where install.sh puts what is neither Debian's nor of this Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("PORTBOOK_CONFORMANCE") or cache / "portbook-conformance")


def said(*command: str) -> str:
    """The first line that a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0]


def outcome(consumer: Consumer, artifact: Artifact) -> Outcome:
    """An outcome without an answer yet."""
    return Outcome(artifact.target, consumer.name, artifact.case)


def every(scratch: Path) -> list[Consumer]:
    """All consumers. They put their own files below `scratch`."""
    from . import chromium, pac, squid, winhttp
    from .dissect_firewall import Dissect
    from .fwshift_panos import Fwshift
    from .haproxy import HaproxyCheck, HaproxyLive
    from .json_schema import JsonSchema
    from .markdown import CmarkGfm
    from .ms_gpfas import MsGpfas
    from .netfilter import Iptables, Nft
    from .pan_os_python import PanOsPython
    from .powershell import PowershellGrammar
    from .spreadsheet import Frictionless, LibreOffice
    from .url_list import UrlList
    from .wine_reg import WineReg

    proxies: list[Consumer] = [squid.SquidParse(), squid.SquidLive()]
    scripts: list[Consumer] = [*pac.engines(), pac.Acorn(), winhttp.WineWinHttp(scratch), chromium.ChromiumSquid()]
    palo_alto: list[Consumer] = [Fwshift(), PanOsPython(), UrlList()]
    windows: list[Consumer] = [PowershellGrammar(), MsGpfas(), Dissect(), WineReg(scratch)]
    documents: list[Consumer] = [Frictionless(), LibreOffice(scratch), JsonSchema(), CmarkGfm()]
    linux: list[Consumer] = [Nft(), Iptables(), HaproxyCheck(), HaproxyLive()]
    return [*proxies, *linux, *scripts, *palo_alto, *windows, *documents]
