"""HAProxy: does it take the artifact without a word, and does it let pass just what the rules say?"""

from __future__ import annotations

import ipaddress
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..corpus import Artifact
from ..filtered_internet import PROXY, addresses
from ..outcome import Outcome
from ..proxied import inside, names, wrong_names
from ..proxied import STRANGERS as NOBODY
from ..rules import HTTP_PORTS, Flow, Network, Pattern
from . import outcome, program, said
from .internet import Internet

INSTALL = "apt-get install haproxy"
#: What comes to each port, as the page of the target says.
PROTOCOLS = {80: ("http",), 443: ("tls",), 8080: ("http", "tls")}
#: Loopback reaches no other machine.
STRANGERS = tuple(each for each in NOBODY if not each.startswith("127."))


@dataclass(frozen=True)
class Passing:
    """Clients that may reach names on a port."""

    clients: tuple[Network, ...]
    anyone: bool
    pattern: Pattern
    port: int

    def lets(self, client: str, name: str, port: int) -> bool:
        address = ipaddress.ip_address(client)
        ours = self.anyone or any(address in net for net in self.clients if net.version == address.version)
        return ours and port == self.port and self.pattern.matches(name)


def passing(flows: list[Flow]) -> list[Passing]:
    """What comes here: HTTP and TLS to names, from clients or from a proxy that stands before this one; what goes to
    another proxy does not."""
    return [
        Passing(flow.source.networks, flow.source.any, flow.destination.pattern, flow.ports.first)
        for flow in flows
        if flow.for_http and flow.via != "to-proxy"
    ]


@dataclass(frozen=True)
class Question:
    """One handshake or request, and where it has to arrive."""

    kind: str
    client: str
    name: str
    port: int

    def asked(self, listens: bool) -> dict:
        dial = PROXY[ipaddress.ip_address(self.client).version]
        return {"kind": self.kind, "source": self.client, "port": self.port, "name": self.name, "dial": dial, "listens": listens}

    def wanted(self, flows: list[Passing], prefer: str) -> str:
        """At the address of its own name, in the family that the setting says; else nowhere."""
        complete = not self.name.endswith(".")
        if complete and self.kind in PROTOCOLS[self.port] and any(flow.lets(self.client, self.name, self.port) for flow in flows):
            return f"{addresses(self.name)[prefer == 'ipv6']} {self.port}"
        return "rejected"

    def __str__(self) -> str:
        return f"{self.kind} {self.name}:{self.port} from {self.client}"


def questions(flows: list[Passing], full: bool) -> Iterator[Question]:
    """Around every flow: names that it holds and near misses, on its port and the others, in both protocols; its clients,
    their neighbours and strangers."""
    for flow in flows:
        client, example = inside(flow)[0], flow.pattern.example()
        ports = HTTP_PORTS if full else (flow.port,)
        for name, port in itertools.product(names(flow.pattern) + wrong_names(flow.pattern), ports):
            yield Question(PROTOCOLS[port][0], client, name, port)
        for kind, port in itertools.product(("http", "tls"), HTTP_PORTS):
            yield Question(kind, client, example, port)
        for each in inside(flow) + beside(flow):
            yield Question(PROTOCOLS[flow.port][-1], each, example, flow.port)


def beside(flow: Passing) -> list[str]:
    """The neighbours of every network of clients, the IPv6 addresses in which those of IPv4 stand (RFC 3056; HAProxy 2.6 takes
    one for the other), and strangers."""
    ends = {end + step for net in flow.clients for end, step in ((net[0], -1), (net[-1], 1))}
    embedded = [ipaddress.IPv6Address((0x2002 << 112) + (int(net[0]) << 80) + 1) for net in flow.clients if net.version == 4]
    return sorted(map(str, [*ends, *embedded])) + list(STRANGERS)


def file_of(artifact: Artifact) -> Path:
    """The artifact: one file."""
    (path,) = artifact.files
    return path


class HaproxyCheck:
    name = "haproxy-check"
    targets = ("haproxy",)
    proves = "HAProxy finds every artifact valid, without error or warning"
    blind = "what the lines mean"
    sample_only = False

    def version(self) -> str:
        return said(program("haproxy", INSTALL), "-v")

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        command = ["haproxy", "-c", "-f", str(file_of(artifact))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        answer.expect("exit status", 0, done.returncode)
        answer.expect("words", "Configuration file is valid", (done.stdout + done.stderr).strip())
        return answer

    def close(self) -> None:
        """Nothing of it runs on."""


class HaproxyLive:
    name = "haproxy-live"
    targets = ("haproxy",)
    proves = (
        "a running HAProxy lets each client of each rule reach its names on its ports, at the address that DNS gives for that very name in "
        "the preferred family, and rejects near misses: apex, look-alike, name below, parent, other port, other protocol, neighbour address"
    )
    blind = "a redirection before it and forged requests: see below"
    sample_only = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portbook-haproxy-"))
        self.internet: Internet | None = None

    def version(self) -> str:
        found = said(program("haproxy", INSTALL), "-v")
        self.internet = Internet("filtered_internet", self.folder)
        return found

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        flows = passing(artifact.rules.flows)
        full = not artifact.settings
        every = list(dict.fromkeys(questions(flows, full)))
        ports = {flow.port for flow in flows}
        asked = [question.asked(question.port in ports) for question in every]
        got = self.internet.do({"file": str(file_of(artifact)), "questions": asked})["answers"]
        prefer = artifact.settings.get("prefer", "ipv4")
        for question, came in zip(every, got, strict=True):
            answer.expect(str(question), question.wanted(flows, prefer), came)
        return answer

    def close(self) -> None:
        if self.internet:
            self.internet.close()
        shutil.rmtree(self.folder, ignore_errors=True)
