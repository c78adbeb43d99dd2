"""A real browser that routes by the PAC script, through a real Squid."""

from __future__ import annotations

import shutil
from collections import Counter
from urllib.parse import urlsplit

from ..corpus import PROXY, Artifact
from ..outcome import Outcome
from ..pac_questions import script
from ..proxied import allowed, names, proxied, wrong_names
from ..squid_policy import PLACES
from . import outcome, program, said
from .internet import Internet
from .squid import scratch, small_internet, squid

#: A proxy that lets everything pass: what goes through it is for the script to say.
OPEN = "http_port 3128\nhttp_access allow all\n"
#: What else a browser that came past the script would show; browsers refuse many other ports.
OTHER_PORTS = (80, 443, 8443)
#: Chromium's built-in list has it for HTTPS only, with all names below: it never asks it for anything on port 80.
HTTPS_ONLY = ("go.microsoft.com",)


class ChromiumSquid:
    name = "chromium-squid"
    targets = ("pac",)
    proves = (
        "Chromium fetches the script and sends through Squid what it lists, and nothing else: the verdict is Squid's log, and "
        "the web server's for what came past it"
    )
    blind = "hosts in upper case, which a browser does not send; paths"
    sample_only = True

    def __init__(self) -> None:
        self.folder = scratch()
        self.internet: Internet | None = None

    def version(self) -> str:
        squid()
        found = said(program("chromium", "apt-get install chromium"), "--version")
        self.internet = small_internet(self.folder)
        return found

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        wanted = places(artifact)
        job = {"do": "browse", "script": script(artifact), "urls": [url_of(*place) for place in wanted]}
        job |= {"config": PLACES.format(folder=self.folder) + OPEN, "listens": PROXY.split(":")}
        job["names"] = sorted({name.rstrip(".") for name, _ in wanted})
        done = self.internet.do(job)
        answer.expect("exit status of the browser", 0, done["code"])
        asked = Counter(place_of(*each) for each in done["asked"])
        past = {place_of("CONNECT", each) for each in done["past"]}
        for (name, port), listed in wanted.items():
            # Squid takes the dot off a name's end, so that a name with and one without it are two lines of one place.
            lines = len({name, name.rstrip(".")}) if listed else 1
            through = asked[name.rstrip("."), port] >= lines
            answer.expect(f"{name}:{port}: through Squid, past it", (listed, not listed), (through, (name, port) in past))
        return answer

    def close(self) -> None:
        if self.internet:
            self.internet.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def places(artifact: Artifact) -> dict[tuple[str, int], bool]:
    """Names and ports to visit, and whether the script lists them."""
    flows = proxied(artifact.rules)
    found = {}
    for flow in flows:
        hosts = [name.lower() for name in names(flow.pattern) + wrong_names(flow.pattern)]
        for port in {*OTHER_PORTS, flow.ports.first}:
            found |= {(name, port): allowed(flows, None, name, port) for name in hosts if not https_only(name, port)}
    return found


def https_only(name: str, port: int) -> bool:
    """Whether the browser would not ask for it as it stands."""
    return port == 80 and f".{name.rstrip('.')}".endswith(tuple(f".{each}" for each in HTTPS_ONLY))


def url_of(name: str, port: int) -> str:
    scheme = "http" if port == 80 else "https"
    return f"{scheme}://{name}:{port}/"


def place_of(method: str, target: str) -> tuple[str, int]:
    """Where a line of Squid's log leads."""
    url = urlsplit(f"//{target}" if method == "CONNECT" else target)
    return url.hostname or "", url.port or 80
