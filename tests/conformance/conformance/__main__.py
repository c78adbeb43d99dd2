"""The matrix: every artifact before every program that reads it.

usage: python -m conformance --portbook PATH [--out DIR] [--only CONSUMER,...] [--targets TARGET,...]
                             [--scenarios SCENARIO,...]

Exit 0: all agree, 1: one does not, 2: a program is missing. tests/conformance/README.md says what to install.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import outcome
from .consumers import Consumer, Missing, every
from .corpus import Artifact, Corpus


def main() -> int:
    flags = _flags()
    with tempfile.TemporaryDirectory(prefix="portbook-conformance-") as scratch:
        folder = flags.out or Path(scratch) / "corpus"
        return _run(flags, folder, Path(scratch))


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--portbook", type=Path, required=True, help="the program under test")
    parser.add_argument("--record", type=Path, help="write what docs/assurance.md is made of here")
    parser.add_argument("--out", type=Path, help="keep the artifacts and outcomes here")
    parser.add_argument("--only", help="these consumers, with commas between")
    parser.add_argument("--without", default="", help="not these consumers, with commas between")
    parser.add_argument("--once", action="store_true", help="do not ask again what failed")
    parser.add_argument("--targets", help="these targets, with commas between")
    parser.add_argument("--scenarios", help="these scenarios, with commas between")
    return parser.parse_args()


def _run(flags: argparse.Namespace, folder: Path, scratch: Path) -> int:
    try:
        consumers = every(scratch)
    except ImportError as why:
        print(f"missing: {why}: run tests/conformance/install.sh", file=sys.stderr)
        return 2
    if flags.only:
        consumers = [each for each in consumers if each.name in flags.only.split(",")]
    consumers = [each for each in consumers if each.name not in flags.without.split(",")]
    wanted = flags.targets.split(",") if flags.targets else None
    try:
        versions = all_there(consumers)
        if versions is None:
            return 2
        scenarios = flags.scenarios.split(",") if flags.scenarios else None
        corpus = Corpus(flags.portbook.resolve(), folder.resolve(), wanted, scenarios)
        artifacts = corpus.build()
        print(f"{corpus.generated} runs of generate, {len({each.digest for each in artifacts})} different artifacts", flush=True)
        ask = _one if flags.once else _twice
        # Two at once: most of the time is spent in the programs, not here.
        with ThreadPoolExecutor(2) as pool:
            outcomes = [each for found in pool.map(lambda one: _judge(one, artifacts, ask), consumers) for each in found]
    finally:
        for consumer in consumers:
            consumer.close()
    outcome.write(outcomes, folder / "outcomes.json")
    if flags.record:
        _record(consumers, versions, outcomes, flags.record)
    return _report(corpus, outcomes)


def all_there(consumers: list[Consumer]) -> dict[str, str] | None:
    """What each program says of itself. A missing one is a failure, never a silent skip; all missing ones are told at once."""
    versions, missing = {}, []
    for consumer in consumers:
        try:
            versions[consumer.name] = consumer.version()
            print(f"  {consumer.name}: {versions[consumer.name]}", flush=True)
        except Missing as why:
            missing.append(f"missing: {consumer.name}: {why}")
    print("".join(f"{line}\n" for line in missing), file=sys.stderr, end="")
    return None if missing else versions


def _judge(
    consumer: Consumer, artifacts: Iterable[Artifact], ask: Callable[[Consumer, Artifact], outcome.Outcome]
) -> list[outcome.Outcome]:
    """Each artifact once, by its digest and what was asked for."""
    started = time.monotonic()
    chosen: dict[tuple, Artifact] = {}
    for artifact in artifacts:
        if artifact.target in consumer.targets and (artifact.is_sample or not consumer.sample_only):
            # Rules and settings are part of what is judged: the same bytes may have to answer for others.
            chosen.setdefault((artifact.target, artifact.digest, *artifact.asked), artifact)
    if chosen and hasattr(consumer, "prepare"):
        consumer.prepare(list(chosen.values()))
    found = [ask(consumer, artifact) for artifact in chosen.values()]
    failed = sum(not each.passed for each in found)
    checks = sum(each.checks for each in found)
    seconds = time.monotonic() - started
    print(f"{consumer.name:<24} {len(found):>5} artifacts {checks:>8} checks {failed:>4} failed {seconds:>7.1f} s", flush=True)
    return found


def _twice(consumer: Consumer, artifact: Artifact) -> outcome.Outcome:
    """What fails is asked once more: a server may be slow to answer on a busy machine, a disagreement stays one."""
    answer = _one(consumer, artifact)
    if answer.passed:
        return answer
    print(f"asked again: {consumer.name} {artifact.target} {artifact.case}: {answer.failures[:1]}", flush=True)
    return _one(consumer, artifact)


def _one(consumer: Consumer, artifact: Artifact) -> outcome.Outcome:
    try:
        return consumer.judge(artifact)
    except Exception as why:  # noqa: BLE001: whatever a consumer trips over is an answer about this artifact
        answer = outcome.Outcome(artifact.target, consumer.name, artifact.case)
        answer.fail(f"{type(why).__name__}: {why}")
        return answer


def _record(consumers: list[Consumer], versions: dict[str, str], outcomes: list[outcome.Outcome], path: Path) -> None:
    """Sums by target and consumer."""
    lines = []
    for target in sorted({each.target for each in outcomes}):
        for consumer in consumers:
            own = [each for each in outcomes if each.target == target and each.consumer == consumer.name]
            if own:
                lines.append(
                    {
                        "target": target,
                        "consumer": consumer.name,
                        "version": versions[consumer.name],
                        "artifacts": len(own),
                        "checks": sum(each.checks for each in own),
                        "failed": sum(not each.passed for each in own),
                        "proves": consumer.proves,
                        "blind": consumer.blind,
                    }
                )
    path.write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")


def _report(corpus: Corpus, outcomes: list[outcome.Outcome]) -> int:
    for refusal, count in sorted(corpus.refusals.items()):
        print(f"not written, as it should be: {refusal} ({count} times)")
    for problem in corpus.problems:
        print(f"FAIL generate: {problem}", file=sys.stderr)
    for each in outcomes:
        if not each.passed:
            reasons = each.failures[:5] or ["nothing was checked"]
            print(f"FAIL {each.consumer} {each.target} {each.case}", *reasons, sep="\n    ", file=sys.stderr)
    return 1 if corpus.problems or any(not each.passed for each in outcomes) or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
