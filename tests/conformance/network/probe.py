#!/usr/bin/env python3
"""Conformance of the targets that a Linux machine runs: nftables, iptables, haproxy. See README.md."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.dont_write_bytecode = True

import compare  # noqa: E402
import expected  # noqa: E402
import names  # noqa: E402
import packets  # noqa: E402
import sabotage  # noqa: E402
from cases import ADDRESSES, COMPARED, NAMES  # noqa: E402
from topology import Broken, run  # noqa: E402

RANGES = Path(__file__).parents[2] / "fixtures/ranges"


def generate(portbook, case, targets, folder, *more):
    """Artifacts of a case; what cannot be said is accepted by the case."""
    words = [portbook, "generate", *case.words(RANGES), "--target", ",".join(targets), "-o", str(folder), "--quiet", *more]
    run(words)
    return folder


class Results:
    """Verdicts, told as they come."""

    def __init__(self):
        self.all = []

    def add(self, target, consumer, case, check):
        """Runs a check that gives what is wrong and what it counted."""
        try:
            wrong, counts = check()
        except (Broken, OSError, ValueError, KeyError) as broken:
            wrong, counts = [f"{type(broken).__name__}: {broken}"], {}
        detail = "; ".join(wrong[:20]) or ", ".join(f"{count} {what}" for what, count in counts.items())
        verdict = "fail" if wrong else "pass"
        checks = sum(counts.values())
        self.all.append({"target": target, "consumer": consumer, "case": case, "verdict": verdict, "checks": checks, "detail": detail})
        print(f"{verdict}  {target:<10} {consumer:<22} {case}: {detail[:400]}", flush=True)


def addresses(portbook, results, desk):
    """Packets through nftables and iptables."""
    for case in ADDRESSES:
        flows_at = {}
        for form in ("fragment", "standalone"):
            folder = desk / case.name / form
            options = [f"--option={target}.form={form}" for target in ("nftables", "iptables")]

            def made(folder=folder, options=options, form=form):
                generate(portbook, case, ["nftables", "iptables", "json"], folder, *options)
                flows_at[form] = expected.flows(folder / "rules.json")
                return [], {"flows": len(flows_at[form])}

            results.add("all", "portbook", f"{case.name} {form}", made)
        flows = flows_at.get("standalone", [])
        results.add("none", "packets", f"{case.name} without rules", lambda flows=flows: packets.control(flows))
        for target, form in ((t, f) for t in ("nftables", "iptables") for f in ("fragment", "standalone")):
            folder = desk / case.name / form
            results.add(target, "packets", f"{case.name} {form}",
                        lambda t=target, f=form, d=folder, w=flows: packets.check(t, f, d, w))


def main():
    """Everything; 0 only if all of it passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portbook", required=True, help="the program")
    parser.add_argument("--json", type=Path, help="write the results here")
    given = parser.parse_args()
    results = Results()
    portbook = str(Path(given.portbook).resolve())
    if os.geteuid() != 0:
        print("network namespaces need root", file=sys.stderr)
        results.add("all", "root", "namespaces", lambda: (["not root"], {}))
    else:
        with tempfile.TemporaryDirectory() as desk:
            desk = Path(desk)
            addresses(portbook, results, desk)
            for case in COMPARED:
                compare.case(portbook, case, desk / case.name, generate, results)
            for case in NAMES:
                names.case(portbook, case, desk / case.name, generate, results)
            sabotage.addresses(desk / ADDRESSES[0].name / "standalone", desk / "sabotage", results)
            if fwshift := shutil.which("fwshift"):
                sabotage.files(desk / ADDRESSES[0].name / "compare-4", fwshift, results)
            sabotage.filters(desk / NAMES[0].name, desk / "sabotage", results)
    if given.json:
        given.json.write_text(json.dumps(results.all, indent=1) + "\n")
    failed = sum(result["verdict"] == "fail" for result in results.all)
    print(f"{len(results.all) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
