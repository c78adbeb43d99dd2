"""A HAProxy in a network namespace of its own: clients with any address before it, names and servers behind it.

usage, as root: unshare --net --mount-proc --pid --fork --kill-child -- python -m conformance.filtered_internet FOLDER

Reads one job a line (JSON): a `file` of HAProxy and `questions` of network/nameclient.py; answers each with one line.
Clients dial the proxy itself, which is what a redirection makes of whatever they dialled. Every name has an address of each
family of its own, so that where a connection arrives tells for which name it was made.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from network import nameclient, nameserver

from . import two_namespaces
from .two_namespaces import own, run

#: Clients, also as 6to4 (RFC 3056), and the proxy: whole networks are addresses of this namespace, by `local` routes.
NETWORKS = ("10.0.0.0/8", "2001:db8::/32", "2002::/16")
#: Where clients dial.
PROXY = {4: "10.30.0.5", 6: "2001:db8:30::5"}
#: The road to the servers, and all their addresses (RFC 2544, RFC 4193).
GATE, ROAD = ("198.51.100.1", "fd97::1"), ("198.51.100.7", "fd97::7")
SERVERS = ("198.18.0.0/16", "fd98::/64")
#: The DNS server, which a proxy without `resolver` finds in its /etc/resolv.conf.
DNS = "198.19.255.53"
#: How long a HAProxy may take to listen, in seconds.
PATIENCE = 15.0
#: How many questions may stay without an answer, each for seconds, until no more are asked.
SILENT = 32


def addresses(name: str) -> tuple[str, str]:
    """Both addresses of a name, IPv4 first."""
    number = zlib.crc32(name.lower().encode())
    return f"198.18.{number >> 8 & 255}.{number & 255}", f"fd98::{number >> 16:x}:{number & 65535:x}"


def main() -> None:
    """Sets the namespaces up, then does jobs until standard input ends."""
    folder = Path(sys.argv[1])
    if two_namespaces.is_behind():
        servers(folder)
        return
    two_namespaces.many_ports()
    Path("/proc/sys/net/ipv6/ip_nonlocal_bind").write_text("1")
    own(NETWORKS)
    resolves(folder)
    certificate(folder)
    ways = dict(zip((*SERVERS, f"{DNS}/32"), (*ROAD, ROAD[0])))
    with two_namespaces.second("conformance.filtered_internet", folder, GATE, ways):
        two_namespaces.do_jobs(lambda job: {"answers": asked(folder, Path(job["file"]), job["questions"])})


def resolves(folder: Path) -> None:
    """An /etc/resolv.conf for this mount namespace only."""
    run("mount", "--make-rprivate", "/")
    (folder / "resolv.conf").write_text(f"nameserver {DNS}\n")
    run("mount", "--bind", f"{folder}/resolv.conf", "/etc/resolv.conf")


def certificate(folder: Path) -> None:
    """One that nobody checks."""
    run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=servers", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem",
    )  # fmt: skip


def servers(folder: Path) -> None:
    """DNS, TLS and HTTP in the second namespace."""
    two_namespaces.wait_for_road(ROAD, GATE)
    own((*SERVERS, f"{DNS}/32"))
    nameserver.everywhere(str(folder / "certificate.pem"), str(folder / "key.pem"))
    nameserver.names(DNS, addresses)


def asked(folder: Path, file: Path, questions: list[dict]) -> list[str]:
    """Starts a HAProxy with the file alone, and puts all questions to it."""
    with (folder / "haproxy.log").open("w") as log:
        proxy = subprocess.Popen(["haproxy", "-db", "-f", str(file)], stdout=log, stderr=log)
    try:
        wait(proxy, folder / "haproxy.log", {question["port"] for question in questions if question.pop("listens", False)})
        silent: list[dict] = []

        def answer(question: dict) -> str:
            if len(silent) > SILENT:
                return "not asked: too many had no answer"
            found = nameclient.outcome(question)
            if found == nameclient.SILENCE:
                silent.append(question)
            return found

        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(answer, questions))
    finally:
        proxy.kill()
        proxy.wait()


def wait(proxy: subprocess.Popen[bytes], log: Path, ports: set[int]) -> None:
    """Until it listens on all ports that something is to pass."""
    until = time.monotonic() + PATIENCE
    for port in ports:
        while not any(listens(each, port) for each in PROXY.values()):
            if proxy.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"HAProxy does not listen on {port}: {log.read_text(errors='replace')[-1000:]}")
            time.sleep(0.02)


def listens(address: str, port: int) -> bool:
    """Whether somebody is there."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
