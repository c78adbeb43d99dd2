"""A module that sets up network namespaces, in a process of its own. Needs root."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from pathlib import Path

from . import Missing, program

#: How long one job may take, in seconds: thousands of questions, of which some wait for an answer that does not come.
PATIENCE = 600.0
#: Namespaces of the network and of processes: whatever ends the first process, all that runs beside it ends with it.
ALONE = ("unshare", "--net", "--mount-proc", "--pid", "--fork", "--kill-child", "--")
NEEDED = {"unshare": "util-linux", "ip": "iproute2", "openssl": "openssl"}


class Internet:
    """One of `small_internet` and `filtered_internet`, as long as it is not closed."""

    def __init__(self, module: str, folder: Path):
        for name, package in NEEDED.items():
            program(name, f"apt-get install {package}")
        command = [*ALONE, sys.executable, "-m", f"conformance.{module}", str(folder)]
        here = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=here)

    def do(self, job: dict) -> dict:
        """One job, and what it answers."""
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            self.process.kill()
            raise RuntimeError(f"no answer in {PATIENCE:.0f} seconds")
        line = self.process.stdout.readline()
        if not line:
            raise Missing("the namespaces do not run; they need root")
        done = json.loads(line)
        if "error" in done:
            raise RuntimeError(done["error"])
        return done

    def close(self) -> None:
        """Ends it with all that runs in it."""
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
