"""Can each consumer fail? Every slip must be noticed by the programs that it names, and the artifact without it by none.

usage: python -m conformance.selftest --portbook PATH [--only CONSUMER,...]

Exit 0: every slip is caught, 1: one is not, 2: a program is missing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .__main__ import _one, all_there
from .consumers import Consumer, every
from .corpus import Artifact, Corpus
from .outcome import Outcome
from .slip import Slip
from .slips_documents import SLIPS as DOCUMENTS
from .slips_linux import SLIPS as LINUX
from .slips_pac import SLIPS as PAC
from .slips_palo_alto import SLIPS as PALO_ALTO
from .slips_squid import SLIPS as SQUID
from .slips_windows import SLIPS as WINDOWS

SLIPS: list[Slip] = [*SQUID, *LINUX, *PAC, *PALO_ALTO, *WINDOWS, *DOCUMENTS]
#: Selections in which together every slip finds its place: wildcards and exact names, both families, source ports, zones.
PAIRS = [
    ("cloud-sync", "public"),
    ("application-provisioning", "public"),
    ("domain-services", "public"),
    ("connect-sync", "public"),
    ("private-network-connector", "public"),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="conformance.selftest", description=__doc__)
    parser.add_argument("--portbook", type=Path, required=True, help="the program whose artifacts are changed")
    parser.add_argument("--only", help="these consumers, with commas between")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portbook-selftest-") as scratch:
        consumers = {each.name: each for each in every(Path(scratch)) if not flags.only or each.name in flags.only.split(",")}
        try:
            return _run(flags.portbook.resolve(), consumers, Path(scratch)) if all_there(list(consumers.values())) else 2
        finally:
            for each in consumers.values():
                each.close()


def _run(portbook: Path, consumers: dict[str, Consumer], scratch: Path) -> int:
    wanted = [slip for slip in SLIPS if set(slip.caught_by) & set(consumers)]
    corpus = Corpus(portbook, scratch / "corpus", sorted({slip.target for slip in wanted}))
    artifacts = corpus.build(PAIRS)
    judged: dict[tuple[str, Path], Outcome] = {}
    missed = [text for number, slip in enumerate(wanted) for text in _missed(slip, artifacts, consumers, scratch / str(number), judged)]
    print(f"{len(wanted)} slips, {len(missed)} not caught")
    print(*(f"FAIL {each}" for each in missed), sep="\n", file=sys.stderr)
    return 1 if missed or not wanted else 0


def _missed(
    slip: Slip, artifacts: list[Artifact], consumers: dict[str, Consumer], folder: Path, judged: dict[tuple[str, Path], Outcome]
) -> Iterator[str]:
    """What was not as it should be: the slip was not noticed, or the artifact was refused before it. `judged` has the
    answers about artifacts as they were."""
    good = next((each for each in artifacts if each.target == slip.target and _changed(slip, each)), None)
    if good is None:
        yield f"{slip.target}: {slip.name}: no artifact to change"
        return
    bad = _with(slip, good, folder)
    for name in slip.caught_by:
        if name in consumers:
            key = (name, good.folder)
            answer = judged[key] = judged.get(key) or _one(consumers[name], good)
            if not answer.passed:
                yield f"{slip.target}: {slip.name}: {name} refuses {good.case} without it: {answer.failures[:3]}"
            if _one(consumers[name], bad).passed:
                yield f"{slip.target}: {slip.name}: {name} passes {good.case} with it"


def _changed(slip: Slip, artifact: Artifact) -> tuple[Path, bytes] | None:
    """The first file that the slip changes, and what it becomes."""
    if slip.settings not in artifact.case:
        return None
    for path in artifact.files:
        changed = slip.made(path.read_bytes()) if slip.file in path.name else None
        if changed is not None:
            return path, changed
    return None


def _with(slip: Slip, artifact: Artifact, folder: Path) -> Artifact:
    """A copy of the artifact with the slip, at the same depth, so that its neighbours are found."""
    path, changed = _changed(slip, artifact) or (artifact.folder, b"")
    shutil.copytree(artifact.folder, folder)
    (folder / path.relative_to(artifact.folder)).write_bytes(changed)
    # `files` and `digest` are kept on the instance: a new one reads the copy.
    return replace(artifact, folder=folder)


if __name__ == "__main__":
    sys.exit(main())
