"""haproxy: real handshakes and requests through a real HAProxy, which all traffic of the client is redirected to."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import expected
from topology import LINKS, Broken, Topology, run

HERE = Path(__file__).parent
DNS = f"{LINKS['server'][0]}.2"
# What every client dials: an address of the server that no name has.
DIALLED = {4: "198.18.255.1", 6: "fd98:ffff::1"}
LISTED = ("10.20.0.11", "10.20.1.255", "2001:db8:20::11")
# Neighbours of the listed ones, and the IPv6 address in which 10.20.0.11 stands (RFC 3056).
NEAR = ("10.20.0.10", "10.20.0.12", "10.20.0.255", "10.20.2.0", "2001:db8:20::10", "2001:db8:20::12", "2002:a14:b::1")
PROTOCOLS = {80: ("http",), 443: ("tls",), 8080: ("http", "tls")}
REDIRECT = """table inet redirected {
 chain prerouting {
  type nat hook prerouting priority dstnat;
  iifname "to-client" tcp dport { 80, 443, 8080 } redirect
 }
 chain forward {
  type filter hook forward priority filter; policy drop;
 }
}
"""


def around(pattern):
    """A pattern's name, names below it, and names that look like it."""
    base = pattern.removeprefix("[*.]").removeprefix("*.")
    parent = base.partition(".")[2]
    return [base, f"a.{base}", f"a.b.{base}", f"evil{base}", f"evil-{base}", f"{base}.evil.com", f"a.{base}.evil.com",
            base.upper(), f"A.{base.upper()}", parent]


def table(flows):
    """Addresses of names, every other one in IPv6 only; one listed name has none."""
    names = sorted({name.lower() for flow in flows for name in around(flow.pattern)})
    return {name: f"fd98::{number:x}" if number % 2 else f"198.18.{number // 250}.{number % 250 + 1}"
            for number, name in enumerate(names) if name}


def ask(kind, source, port, name, **more):
    """One question."""
    return {"kind": kind, "source": source, "port": port, "name": name, "dial": DIALLED[6 if ":" in source else 4], **more}


def names_asked(flows, known):
    """Every name around every pattern, on every port, in both protocols; and from neighbours of the listed clients."""
    every = {name for flow in flows for name in around(flow.pattern) if name}
    for name, port, kind in itertools.product(sorted(every), PROTOCOLS, ("tls", "http")):
        for source in LISTED[::2] if kind in PROTOCOLS[port] else LISTED[:1]:
            yield ask(kind, source, port, name)
    for flow in flows:
        name = around(flow.pattern)[1 if flow.pattern.startswith(("*.", "[*.]")) else 0]
        for source, kind in itertools.product((*LISTED, *NEAR), PROTOCOLS[flow.port]):
            yield ask(kind, source, flow.port, name)
    # Listed, and without an address.
    unknown = next(f"unknown.{flow.pattern[2:]}" for flow in flows if flow.pattern.startswith("*.") and flow.port == 443)
    assert unknown not in known
    yield ask("tls", LISTED[0], 443, unknown)


def expectation(question, flows, known):
    """Where it has to arrive: at the name's own address, whatever was dialled; or nowhere."""
    passes = question["kind"] in PROTOCOLS[question["port"]] and any(
        flow.holds(question["source"], question["name"], question["port"]) for flow in flows)
    address = known.get(question["name"].lower())
    return f"{address} {question['port']}" if passes and address else "rejected"


def forged(flows):
    """What is rejected whatever the lists say: no name, two, one that a library would not send."""
    wild = next(flow.pattern[2:] for flow in flows if flow.pattern.startswith("*.") and flow.port == 443)
    source = LISTED[0]
    yield ask("tls", source, 443, None)
    for name, instead in ((f"evilQ.{wild}", f"evil\0.{wild}"), (f"evilQ.{wild}", f"evil .{wild}"), (f"Q{wild}", f".{wild}"),
                          (f"evil.comQ.{wild}", f"evil.com\0.{wild}"), (f"aQ.{wild}", f"a..{wild}")):
        yield ask("hello", source, 443, name, instead=instead)
    listed = next(flow.pattern for flow in flows if flow.port == 80 and not flow.pattern.startswith(("*", "[")))
    other = "example.com"
    for requests in (
        [f"GET / HTTP/1.1\r\nHost: {listed}\r\nHost: {other}\r\n\r\n"],
        [f"GET / HTTP/1.1\r\nHost: {other}\r\nHost: {listed}\r\n\r\n"],
        [f"GET / HTTP/1.1\r\nHost: {other}, {listed}\r\n\r\n"],
        [f"GET http://{other}/ HTTP/1.1\r\nHost: {listed}\r\n\r\n"],
        [f"GET http://{listed}/ HTTP/1.1\r\nHost: {other}\r\n\r\n"],
        [f"CONNECT {listed}:443 HTTP/1.1\r\nHost: {listed}\r\n\r\n"],
        ["GET / HTTP/1.1\r\n\r\n"],
        ["GET / HTTP/1.0\r\n\r\n"],
        [f"GET / HTTP/1.1\r\nHost: {listed}\r\n\r\n", f"GET / HTTP/1.1\r\nHost: {other}\r\n\r\n"],
    ):
        yield ask("http", source, 80, listed, requests=requests)


def told(question, outcome, wanted):
    """A question in words."""
    what = question.get("requests") or question.get("instead") or question["name"]
    return f"{question['kind']} {what!r} from {question['source']} to port {question['port']}: {outcome}, not {wanted}"


def certificate(desk):
    """A certificate that nobody checks."""
    files = {"certificate": str(desk / "certificate.pem"), "key": str(desk / "key.pem")}
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=portbook", "-keyout", files["key"], "-out", files["certificate"]])
    return files


def started(topology, desk, known):
    """The server, the redirection and the proxy, all of them ready."""
    given = json.dumps({**certificate(desk), "names": known, "dns": DNS})
    server = topology.start("server", [sys.executable, str(HERE / "nameserver.py")], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    server.stdin.write(given)
    server.stdin.close()
    if server.stdout.readline() != "ready\n":
        raise Broken("the server does not listen")
    topology.run("router", ["nft", "-f", "-"], REDIRECT)
    config = str(desk / "haproxy/portbook.cfg")
    topology.run("router", ["haproxy", "-c", "-f", config])
    log = (desk / "haproxy.log").open("w")
    topology.start("router", ["haproxy", "-db", "-f", config], stdout=log, stderr=log)
    ready = "import socket, time\nfor _ in range(100):\n try: socket.create_connection(('127.0.0.1', 443), 1); break\n" \
            " except OSError: time.sleep(0.1)\nelse: raise SystemExit('no haproxy')"
    topology.run("router", [sys.executable, "-c", ready])


def through(desk, flows):
    """Everything that is asked, and what is wrong in the answers."""
    known = table(flows)
    asked = [(question, expectation(question, flows, known)) for question in names_asked(flows, known)]
    asked += [(question, "rejected") for question in forged(flows)]
    clients = {*LISTED, *NEAR}
    with Topology(clients, {*known.values(), *DIALLED.values()}) as topology:
        started(topology, desk, known)
        questions = json.dumps([question for question, _ in asked])
        seen = json.loads(topology.run("client", [sys.executable, str(HERE / "nameclient.py")], questions))
    wrong = [told(question, outcome, wanted) for (question, wanted), outcome in zip(asked, seen, strict=True) if outcome != wanted]
    counts = {"reached": sum(wanted != "rejected" for _, wanted in asked), "rejected": sum(wanted == "rejected" for _, wanted in asked)}
    return wrong + ([] if all(counts.values()) else [f"one-sided: {counts}"]), counts


def case(portbook, case, desk, generate, results):
    """One selection."""
    def made():
        generate(portbook, case, ["haproxy", "json"], desk, f"--option=haproxy.resolver={DNS}:53")
        return [], {"flows to names": len(expected.named(desk / "rules.json"))}

    results.add("all", "portbook", f"{case.name} names", made)
    results.add("haproxy", "TLS and HTTP", case.name, lambda: through(desk, expected.named(desk / "rules.json")))
