"""WinHTTP, as Wine has it: what Windows services ask for a route."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit

from ..corpus import Artifact
from ..outcome import Outcome
from ..pac_questions import Question, questions, script
from . import outcome, program, said, tools
from .pac import ENGINES

COMPILER = "x86_64-w64-mingw32-gcc"


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with the media type of PAC scripts, and says nothing."""

    extensions_map = {".pac": "application/x-ns-proxy-autoconfig"}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002: the name is http.server's
        pass


class WineWinHttp:
    name = "wine-winhttp"
    targets = ("pac",)
    proves = "WinHttpGetProxyForUrl fetches the script over HTTP, runs it in Wine's JScript and answers as the rules say"
    blind = "Windows' own JScript; WPAD; hosts that differ from their URL's"
    sample_only = True

    def __init__(self, scratch: Path):
        self.folder = scratch / "winhttp"
        self.served = 0
        self.asker: subprocess.Popen[str] | None = None
        self.server: http.server.ThreadingHTTPServer | None = None

    def version(self) -> str:
        wine = program("wine", "apt-get install wine wine64")
        compiler = program(COMPILER, "apt-get install gcc-mingw-w64-x86-64-win32")
        self.folder.mkdir(parents=True, exist_ok=True)
        built = self.folder / "winhttp.exe"
        subprocess.run([compiler, "-O1", "-Wall", "-Werror", "-o", built, ENGINES / "winhttp.c", "-lwinhttp"], check=True)
        self._serve()
        prefix = tools() / "wine"
        prefix.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "WINEPREFIX": str(prefix), "WINEDEBUG": "-all"}
        self.asker = subprocess.Popen(
            [wine, str(built)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        return said(wine, "--version")

    def _serve(self) -> None:
        handler = functools.partial(Silent, directory=str(self.folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        # Wine keeps a script by its URL, so each has its own.
        self.served += 1
        (self.folder / f"{self.served}.pac").write_text(script(artifact), encoding="ascii")
        where = f"http://127.0.0.1:{self.server.server_address[1]}/{self.served}.pac"
        # One way of writing each host and port, without a number where it can be: a call takes milliseconds here.
        asked: dict[tuple[str, int], Question] = {}
        for each in filter(fits, questions(artifact)):
            asked.setdefault((each.host, port_of(each.url)), each)
        for each in asked.values():
            answer.expect(each.url, each.wanted.removesuffix("; DIRECT"), self._ask(where, each.url))
        return answer

    def _ask(self, where: str, url: str) -> str:
        self.asker.stdin.write(f"{where} {url}\n")
        self.asker.stdin.flush()
        return self.asker.stdout.readline().strip()

    def close(self) -> None:
        if self.asker:
            self.asker.stdin.close()
            self.asker.wait(30)
        if self.server:
            self.server.shutdown()


def fits(question: Question) -> bool:
    """What WinHTTP routes: HTTP and HTTPS, to the host of the URL, which it takes as it stands."""
    url = urlsplit(question.url)
    host = url.netloc.rpartition("@")[2].partition(":")[0]
    return url.scheme in ("http", "https") and host == question.host and "[" not in url.netloc


def port_of(url: str) -> int:
    """The port that a URL means."""
    parts = urlsplit(url)
    return parts.port or {"http": 80, "https": 443}[parts.scheme]
