"""Squid: does it read the artifact without a word, and does it let pass just what the rules say?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..corpus import Artifact
from ..outcome import Outcome
from ..proxied import ORIGIN, ProxiedFlow, allowed, inside, names, other_ports, outside, proxied, wrong_names
from ..small_internet import PASSWORD, USER, make_certificates
from ..squid_policy import LIBRARY, Policy, policy, refusal
from . import Missing, outcome, program, said
from .internet import Internet

INSTALL = "apt-get install squid-openssl"
#: Words of trouble: some mistakes leave the exit status 0 and show in the text only.
TROUBLE = re.compile(r"WARNING|ERROR|FATAL|NOTICE|Bungled|unrecognized|obsolete")
#: Squid repeats each line that it reads, whatever words are in it.
ECHO = "| Processing: "


def squid() -> str:
    """The path of a Squid that knows `ssl::server_name`, or `Missing`."""
    os.environ["PATH"] += ":/usr/sbin"
    found = program("squid", INSTALL)
    built = subprocess.run([found, "-v"], capture_output=True, text=True, check=False).stdout
    if "--with-openssl" not in built:
        raise Missing(f"squid is built without OpenSSL: {INSTALL}")
    return found


def scratch() -> Path:
    """A folder that Squid's own user may write to."""
    folder = Path(tempfile.mkdtemp(prefix="portbook-squid-"))
    folder.chmod(0o777)
    return folder


def write_passwords(folder: Path) -> None:
    """The one user of the configuration around a fragment."""
    hashed = said("openssl", "passwd", "-apr1", PASSWORD)
    (folder / "passwords").write_text(f"{USER}:{hashed}\n")


def text_of(artifact: Artifact) -> str:
    """The artifact: one file."""
    (path,) = [path for path in artifact.files if path.name == "portbook.conf"]
    return path.read_text(encoding="ascii")


class SquidParse:
    name = "squid-parse"
    targets = ("squid",)
    proves = "Squid loads every artifact, alone or included in a usual configuration, without error or warning"
    blind = "what the lines mean"
    sample_only = False

    def __init__(self) -> None:
        self.folder = scratch()

    def version(self) -> str:
        found = said(squid(), "-v")
        write_passwords(self.folder)
        make_certificates(self.folder)
        return found

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        config = self.folder / "squid.conf"
        config.write_text(policy(artifact, text_of(artifact), self.folder, live=False).text)
        # The service name keeps it away from a Squid of this machine.
        command = [squid(), "-k", "parse", "-n", f"parse{os.getpid()}", "-f", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        answer.expect("exit status", 0, done.returncode)
        trouble = [line for line in done.stderr.splitlines() if ECHO not in line and TROUBLE.search(line)]
        answer.expect("words of trouble", [], trouble)
        return answer

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Question:
    """One request, and the answer that the rules ask for."""

    client: str
    method: str
    host: str
    port: int
    as_user: bool
    wanted: str

    @property
    def asked(self) -> list:
        return [self.client, self.method, self.host, self.port, self.as_user]

    def __str__(self) -> str:
        user = f" as {USER}" if self.as_user else ""
        return f"{self.method} {self.host}:{self.port} from {self.client}{user}"


class SquidLive:
    name = "squid-live"
    targets = ("squid",)
    proves = (
        "a running Squid lets each client of each rule reach its names on its ports, and refuses near misses: apex, look-alike, "
        "name below, parent, other port, neighbour address; spliced names show the origin's certificate, all others the proxy's"
    )
    blind = "clients that do not send CONNECT (interception); names whose addresses a DNS server gives"
    sample_only = False

    def __init__(self) -> None:
        self.folder = scratch()
        self.internet: Internet | None = None

    def version(self) -> str:
        found = said(squid(), "-v")
        write_passwords(self.folder)
        if not (LIBRARY / "basic_ncsa_auth").exists():
            raise Missing(f"{LIBRARY}/basic_ncsa_auth: {INSTALL}")
        self.internet = small_internet(self.folder)
        return found

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        here = policy(artifact, text_of(artifact), self.folder, live=True)
        flows = proxied(artifact.rules)
        questions = list(dict.fromkeys(ask_about(here, flows, full=not artifact.settings)))
        hosts = sorted({q.host.lower().rstrip(".") for q in questions if not q.host[-1].isdigit() and "[" not in q.host})
        # Whoever answers for the address says that it is a listed name; nobody may believe it.
        hosts.append(flows[0].pattern.example())
        job = {"do": "ask", "config": here.text, "names": hosts, "listens": ["10.30.0.5", here.port]}
        job |= {"listens6": "2001:db8:30::5", "questions": [question.asked for question in questions]}
        for question, got in zip(questions, self.internet.do(job)["answers"], strict=True):
            answer.expect(str(question), question.wanted, got)
        return answer

    def close(self) -> None:
        if self.internet:
            self.internet.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def small_internet(folder: Path) -> Internet:
    """A Squid that inspects TLS keeps the certificates that it makes."""
    made = folder / "certificates"
    subprocess.run([LIBRARY / "security_file_certgen", "-c", "-s", made, "-M", "4MB"], capture_output=True)
    for path in [made, *made.rglob("*")]:
        path.chmod(0o777)
    return Internet("small_internet", folder)


def ask_about(policy: Policy, flows: list[ProxiedFlow], full: bool) -> list[Question]:
    """All questions about all flows. Names on all ports for default settings, else on their own and one other."""

    def question(client: str, method: str, name: str, port: int) -> Question:
        passes = allowed(flows, client, name, port)
        if method == "CONNECT" and policy.inspects:
            method = "HTTPS"
        return Question(client, method, name, port, False, "200" if passes else refusal(policy, method, port))

    found = []
    for flow in flows:
        client, own, example = inside(flow)[0], flow.ports.first, flow.pattern.example()
        ports = [own, *(other_ports(flow.ports) if full else other_ports(flow.ports)[1:2])]
        for name in names(flow.pattern) + wrong_names(flow.pattern):
            found += [question(client, method_for(port), name, port) for port in ports]
        found += [question(client, method, example, own) for method in ("GET", "CONNECT")]
        found += [question(each, method_for(own), example, own) for each in inside(flow) + outside(flows, flow)]
        if not policy.standalone:
            found += as_user(policy, flows, flow)
    found += [question(inside(flows[0])[0], *rest) for rest in by_address(flows)]
    return found


def method_for(port: int) -> str:
    """How clients ask a proxy for what is usual on a port."""
    return "GET" if port in (79, 80, 81, 8079, 8080, 8081) else "CONNECT"


def by_address(flows: list[ProxiedFlow]) -> list[tuple[str, str, int]]:
    """Where the names lead, without a name: nothing that a rule says."""
    port = flows[0].ports.first
    return [(method, address, port) for method in ("CONNECT", "GET") for address in (ORIGIN, f"[::ffff:{ORIGIN}]")]


def as_user(policy: Policy, flows: list[ProxiedFlow], flow: ProxiedFlow) -> list[Question]:
    """What a fragment does not allow still falls to the policy behind it: a user passes. A proxy that inspects TLS does
    so for whatever no rule excludes from it, near misses included."""
    if not policy.inspects:
        name = wrong_names(flow.pattern)[0]
        port = 80 if flow.ports.first == 80 else 443
        return [Question("10.99.0.1", method_for(port), name, port, True, "200")]
    found = []
    clients = [inside(flow)[0], inside(flow)[-1], "10.99.0.1"]
    for port in sorted({flow.ports.first, 443, 8443}):
        found += [tls(flows, client, name, port) for client in clients for name in names(flow.pattern)[:2]]
    return found + [tls(flows, clients[0], name, 443) for name in wrong_names(flow.pattern)]


def tls(flows: list[ProxiedFlow], client: str, name: str, port: int) -> Question:
    """Who vouches for the certificate: the origin where a rule excludes inspection for this client, name and port."""
    spliced = allowed([flow for flow in flows if flow.no_inspection], client, name, port)
    return Question(client, "TLS", name, port, True, "origin" if spliced else "bump")
