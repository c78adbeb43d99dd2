"""fwshift (PyPI, 0.40.18): whether nftables, iptables and Palo Alto files of one rule set decide every connection alike.

fwshift reads nftables as `nft list ruleset` prints it and iptables as `iptables-save` does, one family at a time, and it has
no words for ipset: the sets of `ipset save` are put in the place of their matches, prefix by prefix.
"""

import itertools
import re
import shutil
import subprocess

from packets import load_iptables, load_nftables
from topology import Broken, Topology

PAIRS = re.compile(r"decide every connection alike \((\d+) pairs? of zones")
MATCH = re.compile(r" -m set --match-set (\S+) (src|dst)")
LAST = ('<entry name="last"><from><member>any</member></from><to><member>any</member></to><source><member>any</member></source>'
        "<destination><member>any</member></destination><application><member>any</member></application>"
        "<service><member>any</member></service><action>deny</action></entry>")
PRODUCTS = ("nftables", "iptables", "palo-alto-set", "palo-alto-xml")


def expanded(rules, sets):
    """`iptables-save` with prefixes in place of sets: one line for each pair of them."""
    members = {}
    for line in sets.splitlines():
        words = line.split()
        if words[:1] == ["create"]:
            members[words[1]] = []
        elif words[:1] == ["add"]:
            members[words[1]].append(words[2])
    lines = []
    for line in rules.splitlines():
        found = MATCH.findall(line)
        rest = MATCH.sub("", line)
        choices = [[(side, prefix) for prefix in members[name]] for name, side in found]
        for choice in itertools.product(*choices):
            ends = "".join(f" {'-s' if side == 'src' else '-d'} {prefix}" for side, prefix in choice)
            chain = re.match(r"-A \S+", rest)
            lines.append(f"{chain[0]}{ends}{rest[chain.end():]}" if chain and choice else rest)
    return "\n".join(lines) + "\n"


def kernel(portbook, case, desk, family, generate):
    """What the kernel holds of nftables and iptables, and the two files of Palo Alto."""
    folder = desk / f"compare-{family}"
    options = ["--family", str(family), "--option=nftables.form=standalone", "--option=iptables.form=standalone",
               "--option=palo-alto-set.names=addresses", "--option=palo-alto-xml.names=addresses"]
    generate(portbook, case, PRODUCTS, folder, *options)
    files = {"palo-alto-set": folder / "palo-alto/portbook.set", "palo-alto-xml": folder / "palo-alto/portbook.xml"}
    # Both are lines for a rulebase that ends in a deny, as their headers say; this is it.
    with files["palo-alto-set"].open("a") as rulebase:
        rulebase.write("set rulebase security rules last from any to any source any destination any application any service any action deny\n")
    text = files["palo-alto-xml"].read_text()
    if text.count("</rules></security>") != 1:
        text = re.sub(r"</rules>(\s*)</security>", r"</rules></security>", text)
    if text.count("</rules></security>") != 1:
        raise Broken("the XML has no end of its security rules")
    files["palo-alto-xml"].write_text(text.replace("</rules></security>", f"{LAST}</rules></security>"))
    with Topology(set(), set()) as topology:
        load_nftables(topology, folder, "standalone")
        listing = topology.run("router", ["nft", "list", "ruleset"])
    with Topology(set(), set()) as topology:
        load_iptables(topology, folder, "standalone")
        save = "iptables-save" if family == 4 else "ip6tables-save"
        rules = expanded(topology.run("router", [save]), topology.run("router", ["ipset", "save"]))
    for name, text in (("nftables", listing), ("iptables", rules)):
        files[name] = folder / f"{name}.kernel"
        files[name].write_text(text)
    return files


def formats(family):
    """What fwshift calls each of them."""
    return {"nftables": "nftables", "iptables": "iptables" if family == 4 else "ip6tables", "palo-alto-set": "panos",
            "palo-alto-xml": "panos"}


def alike(fwshift, files, one, other, names):
    """Whether two files decide every connection alike; what fwshift says if they do not."""
    words = [fwshift, "compare", "--fail-on", "low", "--from", names[one], "--from-second", names[other],
             str(files[one]), str(files[other])]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    said = (done.stdout + done.stderr).strip()
    if done.returncode == 0 and PAIRS.search(said):
        return [], {"pairs of zones": int(PAIRS.search(said)[1])}
    return [f"status {done.returncode}: {said[-1500:]}"], {}


def case(portbook, case, desk, generate, results):
    """Every product against nftables, in both families."""
    fwshift = shutil.which("fwshift")
    for family in (4, 6):
        made = {}

        def make(family=family, made=made):
            if fwshift is None:
                raise Broken("fwshift is not installed")
            made.update(kernel(portbook, case, desk, family, generate))
            return [], {"files": len(made)}

        results.add("all", "fwshift", f"{case.name} IPv{family} files", make)
        for other in PRODUCTS[1:] if made else ():
            results.add(other, "fwshift", f"{case.name} IPv{family} as nftables",
                        lambda o=other, m=made, f=family: alike(fwshift, m, "nftables", o, formats(f)))
