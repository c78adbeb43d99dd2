"""Deliberate mistakes in Portbook, each of which a program that nobody here wrote has to notice.

usage: python -m conformance.mutate [--cargo-target DIR] [--only ID,...] [--out FILE]
       python -m conformance.mutate --check      does each mutation still find its place, and does the record have each?

Applies the mutations of mutations.toml to a copy of the sources, several at once where they concern different targets,
builds it and runs the matrix over a few scenarios. Exit 0: each was caught, 1: one survived, 2: it could not be run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
#: Enough to see every kind of rule: names, wildcards with and without apex, roles inside, inbound, UDP, port ranges.
SCENARIOS = "ad-fs,cloud-sync,connect-sync,hostile"
#: They answer as the quick ones do, and take a minute a round.
LEFT_OUT = {"chromium-squid", "wine-winhttp"}
#: What a build needs, below the root of the project.
SOURCES = ["src", "templates", "catalog", "docs", "build.rs", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "benches", "README.md"]


@dataclass
class Mutation:
    """One mistake: a text of a file and what stands there instead."""

    id: str
    targets: list[str]
    file: str
    find: str
    replace: str
    mistake: str
    caught_by: list[str] = field(default_factory=list)


def read() -> list[Mutation]:
    """All mutations.

    The text of each stands exactly once in its file, so that a mutation cannot silently do nothing when sources change.
    """
    entries = tomllib.loads((HERE / "mutations.toml").read_text(encoding="utf-8"))["mutation"]
    mutations = [Mutation(**entry) for entry in entries]
    wrong = []
    for mutation in mutations:
        count = (ROOT / mutation.file).read_text(encoding="utf-8").count(mutation.find)
        if count != 1:
            wrong.append(f"{mutation.id}: its text stands {count} times in {mutation.file}")
    if wrong:
        raise SystemExit("mutations.toml:\n  " + "\n  ".join(wrong))
    return mutations


def rounds(mutations: list[Mutation]) -> list[list[Mutation]]:
    """Mutations that can be built together: no two concern one target."""
    made: list[list[Mutation]] = []
    for mutation in mutations:
        for each in made:
            if not any(set(mutation.targets) & set(other.targets) for other in each):
                each.append(mutation)
                break
        else:
            made.append([mutation])
    return made


class Bench:
    """A copy of the sources in which mistakes are made."""

    def __init__(self, folder: Path, cargo_target: Path):
        self.folder = folder
        self.cargo_target = cargo_target
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            elif source.exists():
                shutil.copy(source, folder / name)

    def run(self, mutations: list[Mutation]) -> list[dict]:
        """Builds with these mistakes and gives the outcomes of the matrix."""
        before = {}
        for mutation in mutations:
            path = self.folder / mutation.file
            before.setdefault(path, path.read_text(encoding="utf-8"))
            path.write_text(path.read_text(encoding="utf-8").replace(mutation.find, mutation.replace), encoding="utf-8")
        try:
            self._build()
            return self._matrix(sorted({target for mutation in mutations for target in mutation.targets}))
        finally:
            for path, text in before.items():
                path.write_text(text, encoding="utf-8")

    def _build(self) -> None:
        command = ["cargo", "build", "--quiet", "--locked", "--bin", "portbook"]
        environment = {**os.environ, "CARGO_TARGET_DIR": str(self.cargo_target), "RUSTFLAGS": "-Awarnings"}
        subprocess.run(command, cwd=self.folder, env=environment, check=True)

    def _matrix(self, targets: list[str]) -> list[dict]:
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "conformance", "--portbook", str(self.cargo_target / "debug/portbook")]
        command += ["--out", str(out), "--scenarios", SCENARIOS, "--without", ",".join(sorted(LEFT_OUT)), "--once"]
        if targets:
            command += ["--targets", ",".join(targets)]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode == 2 or not (out / "outcomes.json").exists():
            raise SystemExit(f"the matrix could not be run:\n{done.stdout}\n{done.stderr}")
        return json.loads((out / "outcomes.json").read_text(encoding="utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cargo-target", type=Path, help="where cargo builds; a scratch folder if absent")
    parser.add_argument("--only", help="these mutations, with commas between")
    parser.add_argument("--out", type=Path, help="write what caught what here, as JSON")
    parser.add_argument("--check", action="store_true", help="build nothing")
    flags = parser.parse_args()
    mutations = read()
    if flags.check:
        return _check(mutations)
    if flags.only:
        mutations = [each for each in mutations if each.id in flags.only.split(",")]
    with tempfile.TemporaryDirectory(prefix="portbook-mutations-") as scratch:
        folder = Path(scratch) / "sources"
        folder.mkdir()
        bench = Bench(folder, (flags.cargo_target or Path(scratch) / "target").resolve())
        _sound(bench)
        for number, each in enumerate(rounds(mutations), 1):
            print(f"round {number}: {', '.join(mutation.id for mutation in each)}", flush=True)
            _judge(each, bench.run(each))
    return _report(mutations, flags.out)


def _check(mutations: list[Mutation]) -> int:
    """Sources change; a mutation that finds its place no more, or that no independent program caught, is told here."""
    from .consumers import OURS

    record = json.loads((HERE / "record" / "mutations.json").read_text(encoding="utf-8"))
    caught = {each["id"] for each in record if set(each["caught-by"]) - OURS}
    left = [each.id for each in mutations if each.id not in caught]
    print(f"{len(mutations)} mutations, each in its place; {len(left)} not known to be caught {' '.join(left)}".rstrip())
    return 1 if left else 0


def _sound(bench: Bench) -> None:
    """Without a mistake nothing may be red, or the catches would prove nothing."""
    red = [each for each in bench.run([]) if each["failures"]]
    if red:
        shown = "\n".join(f"  {each['consumer']} {each['case']}: {each['failures'][0]}" for each in red[:10])
        raise SystemExit(f"red without any mutation:\n{shown}")


def _judge(mutations: list[Mutation], outcomes: list[dict]) -> None:
    for mutation in mutations:
        red = {each["consumer"] for each in outcomes if each["target"] in mutation.targets and each["failures"]}
        mutation.caught_by = sorted(red)
        print(f"  {mutation.id:<40} {', '.join(mutation.caught_by) or 'SURVIVED'}", flush=True)


def _report(mutations: list[Mutation], out: Path | None) -> int:
    from .consumers import OURS

    if out:
        entries = [{"id": each.id, "targets": each.targets, "mistake": each.mistake, "caught-by": each.caught_by} for each in mutations]
        out.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    survived = [each.id for each in mutations if not set(each.caught_by) - OURS]
    for id_ in survived:
        print(f"SURVIVED {id_}", file=sys.stderr)
    print(f"{len(mutations) - len(survived)} of {len(mutations)} mutations caught")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
