"""Two network namespaces with a road between them: clients and a proxy in the first, all that they want to reach in the second.

The proxy listens on all addresses of its namespace, and servers beside it would not get the ports that it has. Nothing outside
is touched: `local` routes make whole networks addresses of a namespace, there only. A module that uses this is run twice, the
second time with the word BEHIND.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

BEHIND = "behind"


def run(*command: str) -> None:
    """Runs a command, and fails as it does."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def is_behind() -> bool:
    """Which of both this is. Refuses to touch a namespace that has more than its loopback."""
    if sorted(name for _, name in socket.if_nameindex()) != ["lo"]:
        raise SystemExit("run it by `unshare --net`")
    run("ip", "link", "set", "lo", "up")
    return sys.argv[2:] == [BEHIND]


def own(networks: tuple[str, ...]) -> None:
    """Makes all addresses of these networks those of this namespace."""
    for network in networks:
        run("ip", "route", "add", "local", network, "dev", "lo")


def many_ports() -> None:
    """Lets clients have most ports: a namespace has a range of its own."""
    Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("10000 65535")


def do_jobs(job: Callable[[dict], dict]) -> None:
    """Does one job a line (JSON) until standard input ends, and answers each with one line."""
    for line in sys.stdin:
        try:
            done = job(json.loads(line))
        except (OSError, RuntimeError, subprocess.SubprocessError) as why:
            done = {"error": f"{type(why).__name__}: {why}"}
        print(json.dumps(done), flush=True)


@contextmanager
def second(module: str, folder: Path, gates: tuple[str, ...], ways: dict[str, str]) -> Iterator[None]:
    """The second namespace, for as long as the block lasts; `ways` are the networks there, each with the end of the road."""
    command = ["unshare", "--net", "--", sys.executable, "-m", module, str(folder), BEHIND]
    behind = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        behind.stdout.readline()
        run("ip", "link", "add", "road", "type", "veth", "peer", "name", "road", "netns", str(behind.pid))
        _join(gates)
        for network, end in ways.items():
            run("ip", "route", "add", network, "via", end)
        behind.stdin.write("the road is there\n")
        behind.stdin.flush()
        behind.stdout.readline()
        yield
    finally:
        behind.kill()
        behind.wait()


def wait_for_road(ends: tuple[str, ...], gates: tuple[str, ...]) -> None:
    """The part of the second namespace in that; all that it answers goes back by the road. Its module says when it is ready."""
    print("waiting for the road", flush=True)
    sys.stdin.readline()
    _join(ends)
    for gate in gates:
        run("ip", *(["-6"] if ":" in gate else []), "route", "add", "default", "via", gate)


def _join(ends: tuple[str, ...]) -> None:
    """One end of the road: an address of each family that it has."""
    for address in ends:
        run("ip", "address", "add", *([f"{address}/64", "dev", "road", "nodad"] if ":" in address else [f"{address}/24", "dev", "road"]))
    run("ip", "link", "set", "road", "up")
