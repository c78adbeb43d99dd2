"""Libraries that run PAC scripts, old engine and new, and the gate for the old language level."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ..corpus import Artifact
from ..outcome import Outcome
from ..pac_questions import HOSTLESS, NO_HOST, questions, script
from . import Missing, outcome, program, tools

ENGINES = Path(__file__).resolve().parents[1] / "engines"
PROVES = (
    "{} sends every name of every rule, on its ports only, where the settings say, and near misses (apex, look-alike, name "
    "below, parent, other port, disguised URL) where everything else goes; the function form called as documented"
)


class Engine:
    """A process that answers one line for each line. `argv` starts it; it says its version first."""

    def __init__(self, argv: list[str], install: str):
        environment = {**os.environ, "NODE_PACKAGES": str(tools())}
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise Missing(install)
        self.hello: dict = json.loads(line)

    def tell(self, job: dict) -> dict:
        """One job, one answer; `error` in it if the engine does not take the script."""
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline() or '{"error": "the engine has died"}')

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


class PacEngine:
    """A library that runs PAC scripts."""

    targets = ("pac",)
    blind = "what an engine does that is none of these; whether services ask for a PAC at all"
    sample_only = False

    def __init__(self, name: str, argv: list[str], modern: bool, install: str):
        self.name, self.argv, self.modern, self.install = name, argv, modern, install
        self.proves = PROVES.format(name)
        self.engine: Engine | None = None

    def version(self) -> str:
        self.engine = Engine(self.argv, self.install)
        hello = self.engine.hello
        if hello["modern"] != self.modern:
            raise Missing(f"another engine than meant: {self.install}")
        return hello["version"] or f"{self.name}, which does not say; it knows no ECMAScript 6"

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        asked = questions(artifact)
        whole = script(artifact) + HOSTLESS % NO_HOST
        got = self.engine.tell({"script": whole, "questions": [(each.url, each.host) for each in asked]})
        if "error" in got:
            answer.fail(got["error"])
            return answer
        for each, route in zip(asked, got["answers"], strict=True):
            answer.expect(f"{each.url} (host {each.host!r})", each.wanted, route)
        return answer

    def close(self) -> None:
        if self.engine:
            self.engine.close()


class Acorn:
    name = "acorn-es3"
    targets = ("pac",)
    proves = "every script is ECMAScript 3 in ASCII, as JScript needs it, and defines the function of its form"
    blind = "what the script answers; functions that an old engine does not have"
    sample_only = False

    def __init__(self) -> None:
        self.engine: Engine | None = None

    def version(self) -> str:
        self.engine = Engine([program("node", "apt-get install nodejs"), str(ENGINES / "acorn.mjs")], npm("acorn@8.19.0"))
        return self.engine.hello["version"]

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        (path,) = artifact.files
        answer.expect("other than ASCII or carriage returns", b"", path.read_bytes().translate(None, bytes([10, *range(32, 127)])))
        got = self.engine.tell({"script": path.read_text(encoding="latin-1")})
        answer.expect("syntax", None, got.get("error"))
        entry = "portbookRoute" if artifact.settings.get("form") == "function" else "FindProxyForURL"
        answer.expect("functions of that name", 1, got.get("names", []).count(entry))
        # Two of that name in one script, and the caller's own would be lost.
        is_file = artifact.settings.get("form") != "function"
        answer.expect("defines FindProxyForURL", is_file, "FindProxyForURL" in got.get("names", []))
        return answer

    def close(self) -> None:
        if self.engine:
            self.engine.close()


def npm(package: str) -> str:
    return f"npm install --prefix {tools()} {package}"


def engines() -> list[PacEngine]:
    """Each library once, at the version that is meant."""
    parser = str(ENGINES / "pacparser_engine.py")
    return [
        PacEngine("pacparser-debian", ["/usr/bin/python3", parser], False, "apt-get install python3-pacparser"),
        PacEngine("pacparser-quickjs", [sys.executable, parser], True, "pip install pacparser==1.5.3"),
        PacEngine("pac-resolver", ["node", str(ENGINES / "pac_resolver.mjs")], True, npm("pac-resolver@9.0.1 quickjs-wasi")),
    ]
