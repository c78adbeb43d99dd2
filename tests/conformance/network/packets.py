"""nftables and iptables: real connections around every rule."""

import ipaddress
import itertools
import json
import subprocess
import sys
from pathlib import Path

from topology import Broken, Topology, run

WORKER = str(Path(__file__).with_name("worker.py"))
# Of nobody's: addresses that no rule and no neighbour of one has.
FOREIGN = {4: ("100.99.1.1", "100.99.2.2"), 6: ("fd99:1::1", "fd99:2::2")}
EPHEMERAL = 40000


def samples(prefixes, version, side):
    """Addresses in a list and beside it: ends of the first prefixes and of the last one, and their neighbours."""
    own = [each for each in prefixes or [] if each.version == version]
    found = []
    for prefix in own[:2] + own[2:][-1:]:
        first, last = prefix[0], prefix[-1]
        whole = type(first)
        found += [first, last]
        found += [whole(int(each)) for each in (int(first) - 1, int(last) + 1) if 0 < each < 2 ** prefix.max_prefixlen - 1]
    # An address of the network or of broadcast cannot be told from a host's in a filter.
    return [str(each) for each in dict.fromkeys(found)] + [FOREIGN[version][side]]


def probes(flows):
    """Around every flow: every end and neighbour on its ports, and its own ends on other ports and transports."""
    found = {}

    def add(transport, source, source_port, destination, port):
        if source != destination and 0 < port < 65536:
            key = (transport, source, source_port, destination, port)
            found[key] = dict(zip(("transport", "source", "source_port", "destination", "port"), key))

    others = sorted({flow.ports[0] for flow in flows})
    for flow, version in itertools.product(flows, (4, 6)):
        sources, destinations = (samples(end, version, side) for side, end in enumerate((flow.source, flow.destination)))
        first, last = flow.source_ports
        fixed = (first, last) != (0, 65535)
        source_port = first if fixed else 0
        for source, destination in itertools.product(sources, destinations):
            add(flow.transport, source, source_port, destination, flow.ports[0])
        source, destination = sources[0], destinations[0]
        for port in {flow.ports[1], flow.ports[0] - 1, flow.ports[1] + 1, *others}:
            add(flow.transport, source, source_port, destination, port)
        other = "udp" if flow.transport == "tcp" else "tcp"
        add(other, source, source_port, destination, flow.ports[0])
        for near in {first - 1, last, last + 1} if fixed else ():
            if 0 < near < 65536:
                add(flow.transport, source, near, destination, flow.ports[0])
    return list(found.values())


def numbered(wanted):
    """Source ports for those that may have any: each its own, so that no connection is taken for another."""
    free = itertools.cycle(range(EPHEMERAL, 60000))
    return [{**probe, "source_port": probe["source_port"] or next(free)} for probe in wanted]


def connections(topology, wanted):
    """What became of each connection."""
    listening = {kind: sorted({each["port"] for each in wanted if each["transport"] == kind}) for kind in ("tcp", "udp")}
    listening["addresses"] = sorted({each["destination"] for each in wanted if each["transport"] == "udp"})
    server = topology.start("server", [sys.executable, WORKER, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    server.stdin.write(json.dumps(listening))
    server.stdin.close()
    if server.stdout.readline() != "ready\n":
        raise Broken("the server does not listen")
    return json.loads(topology.run("client", [sys.executable, WORKER, "ask"], json.dumps(wanted)))


def load_nftables(topology, folder, form):
    """As docs/targets/nftables.md says."""
    text = (folder / "nftables/portbook.nft").read_text()
    if form == "fragment":
        text = "table inet filter {\n}\n" + text + (
            "table inet filter {\n chain forward {\n  type filter hook forward priority filter; policy drop;\n"
            "  ct state established,related accept\n  jump portbook\n }\n}\n")
    # Twice: the second time meets what the first one left.
    for _ in range(2 if form == "standalone" else 1):
        topology.run("router", ["nft", "-f", "-"], text)
    if form == "fragment":
        topology.run("router", ["nft", "-f", "-"], (folder / "nftables/portbook.nft").read_text())


def load_iptables(topology, folder, form):
    """As docs/targets/iptables.md says."""
    texts = [(folder / f"iptables/portbook.{name}").read_text() for name in ("ipset", "v4.rules", "v6.rules")]
    programs = [["ipset", "restore"], ["iptables-restore", "--noflush"], ["ip6tables-restore", "--noflush"]]
    for _ in range(2):
        for program, text in zip(programs, texts):
            topology.run("router", program, text)
    for program in ("iptables", "ip6tables") if form == "fragment" else ():
        topology.run("router", [program, "-A", "FORWARD", "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "ACCEPT"])
        topology.run("router", [program, "-A", "FORWARD", "-j", "portbook"])
        topology.run("router", [program, "-P", "FORWARD", "DROP"])


LOADERS = {"nftables": load_nftables, "iptables": load_iptables}


def told(probe):
    """A connection in words."""
    return f"{probe['transport']} [{probe['source']}]:{probe['source_port']} -> [{probe['destination']}]:{probe['port']}"


def judge(wanted, flows, seen):
    """Where a connection went otherwise than the rules say; and how many pass, and how many do not."""
    wrong, counts = [], {"open": 0, "blocked": 0}
    for probe, outcome in zip(wanted, seen, strict=True):
        expected = "open" if any(flow.holds(probe) for flow in flows) else "blocked"
        counts[expected] += 1
        if outcome != expected:
            wrong.append(f"{told(probe)}: {outcome}, not {expected}")
    if not all(counts.values()):
        wrong.append(f"the probes are one-sided: {counts}")
    return wrong, counts


def check(target, form, folder, flows, loader=None):
    """Connections through one target in one form, in fresh namespaces: connection tracking remembers."""
    wanted = numbered(probes(flows))
    ends = ({each["source"] for each in wanted}, {each["destination"] for each in wanted})
    with Topology(*ends) as topology:
        (loader or LOADERS[target])(topology, folder, form)
        return judge(wanted, flows, connections(topology, wanted))


def control(flows):
    """Without rules everything passes: what is blocked later is blocked by them."""
    wanted = numbered(probes(flows))
    with Topology({each["source"] for each in wanted}, {each["destination"] for each in wanted}) as topology:
        seen = connections(topology, wanted)
    wrong = [f"{told(probe)}: {outcome}" for probe, outcome in zip(wanted, seen, strict=True) if outcome != "open"]
    return wrong, {"open": len(wanted)}
