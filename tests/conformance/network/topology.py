"""Three network namespaces in a row: client, router, server; IPv4 and IPv6; every address may be on both sides.

An address that is a source in one rule and a destination in another is held by client and server alike: each delivers
locally what comes in from the router only, and sends everything else to it.
"""

import os
import subprocess
import sys

LINKS = {"client": ("100.64.0", "fd64:0:"), "server": ("100.64.1", "fd64:1:")}


# A port where nobody listens: that it is refused is an answer.
SETTLE = """
import socket, sys, time
until = time.monotonic() + 20
while True:
    try:
        socket.create_connection((sys.argv[1], 9), timeout=0.3)
    except ConnectionRefusedError:
        sys.exit(0)
    except OSError as error:
        if time.monotonic() > until:
            sys.exit(f"{sys.argv[1]}: {error}")
        time.sleep(0.05)
"""


class Broken(Exception):
    """The ground that probes stand on is not there."""


def run(words, text=None, check=True):
    """Runs a program; what it prints. A program that is missing or fails is an error."""
    try:
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=120, check=False)
    except FileNotFoundError as error:
        raise Broken(f"{words[0]} is not installed") from error
    if check and done.returncode != 0:
        raise Broken(f"{' '.join(words)}: status {done.returncode}: {done.stderr.strip()[:2000]}")
    return done.stdout


class Topology:
    """Namespaces that are gone after a `with` block, with every process in them that was started here."""

    def __init__(self, sources, destinations):
        mark = os.urandom(3).hex()
        self.names = {name: f"portbook-{name}-{mark}" for name in ("client", "router", "server")}
        self.addresses = {"client": set(sources), "server": set(destinations)}
        self.processes = []

    def __enter__(self):
        try:
            for name in self.names.values():
                run(["ip", "netns", "add", name])
            self._router()
            for side in ("client", "server"):
                self._side(side)
            self._settle()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
        for name in self.names.values():
            run(["ip", "netns", "del", name], check=False)

    def run(self, side, words, text=None, check=True):
        """Runs a program in a namespace."""
        return run(["ip", "netns", "exec", self.names[side], *words], text, check)

    def start(self, side, words, **streams):
        """Starts a program in a namespace; it ends with it."""
        process = subprocess.Popen(["ip", "netns", "exec", self.names[side], *words], **streams)
        self.processes.append(process)
        return process

    def _ip(self, side, *lines):
        """Many lines of ip(8) at once: a process for each address would take minutes."""
        plain = [line for line in lines if not line.startswith("-6 ")]
        six = [line.removeprefix("-6 ") for line in lines if line.startswith("-6 ")]
        for family, batch in (("-4", plain), ("-6", six)):
            if batch:
                run(["ip", "-n", self.names[side], family, "-batch", "-"], "\n".join(batch) + "\n")

    def _sysctl(self, side, *settings):
        self.run(side, ["sysctl", "-qw", *settings])

    def _settle(self):
        """Waits until a packet of each family reaches the server: links of IPv6 take a second."""
        for link in LINKS["server"]:
            far = f"{link}{'' if ':' in link else '.'}{':2' if ':' in link else '2'}"
            self.run("client", [sys.executable, "-c", SETTLE, far])

    def _router(self):
        self._sysctl("router", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.conf.all.rp_filter=0",
                     "net.ipv4.conf.default.rp_filter=0", "net.ipv6.conf.default.accept_dad=0")
        self._ip("router", "link set lo up")
        for side in LINKS:
            run(["ip", "link", "add", "side", "netns", self.names[side], "type", "veth", "peer", "name", f"to-{side}",
                 "netns", self.names["router"]])

    def _side(self, side):
        v4, v6 = LINKS[side]
        self._sysctl(side, "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
                     "net.ipv4.conf.all.accept_local=1", "net.ipv6.conf.default.accept_dad=0")
        link = f"to-{side}"
        self._ip("router", f"addr add {v4}.1/30 dev {link}", f"link set {link} up", f"-6 addr add {v6}:1/64 dev {link} nodad")
        self._ip(side, "link set lo up", f"addr add {v4}.2/30 dev side", f"-6 addr add {v6}:2/64 dev side nodad",
                 "link set side up", *(f"{'-6 ' if ':' in each else ''}addr add {each} dev lo{' nodad noprefixroute' if ':' in each else ''}"
                                       for each in sorted(self.addresses[side])))
        self._ip(side, f"route add default via {v4}.1", f"-6 route add default via {v6}:1",
                 "rule add pref 1 iif side lookup local", "-6 rule add pref 1 iif side lookup local",
                 f"rule add pref 2 to {v4}.0/30 lookup local", f"-6 rule add pref 2 to {v6}:/64 lookup local",
                 "rule del pref 0", "-6 rule del pref 0")
        other = "server" if side == "client" else "client"
        table = 101 if side == "client" else 102
        far4, far6 = LINKS[other]
        self._ip("router", f"rule add pref 10 iif {link} lookup {table}", f"-6 rule add pref 10 iif {link} lookup {table}")
        self._later = getattr(self, "_later", [])
        self._later.append((f"route add default via {far4}.2 table {table}", f"-6 route add default via {far6}:2 table {table}"))
        if side == "server":
            # Both links are up now. What the router itself opens goes to the server, what it answers to the client.
            for lines in self._later:
                self._ip("router", *lines)
            self._ip("router", f"route add default via {v4}.2", f"-6 route add default via {v6}:2")
            near4, near6 = LINKS["client"]
            self._ip("router", *(f"-6 route add {each} via {near6}:2" if ":" in each else f"route add {each} via {near4}.2"
                                 for each in sorted(self.addresses["client"])))
