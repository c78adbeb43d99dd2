"""Artifacts that were made wrong: a check that does not notice them proves nothing."""

import shutil

import compare
import expected
import names
import packets

# Target, what is done, file, text, its replacement.
CHANGES = (
    ("nftables", "the last line accepts", "nftables/portbook.nft", "counter drop", "counter accept"),
    ("nftables", "a neighbour is in", "nftables/portbook.nft", "10.10.0.0/28,", "10.10.0.0/27,"),
    ("nftables", "a port is gone", "nftables/portbook.nft", "dport { 80, 443, 5985 }", "dport { 80, 443 }"),
    ("iptables", "IPv6 accepts the rest", "iptables/portbook.v6.rules", "-j DROP", "-j ACCEPT"),
    ("iptables", "a neighbour is in", "iptables/portbook.ipset", "10.10.0.0/28", "10.10.0.0/27"),
)
NAME_CHANGES = (
    ("a wildcard holds its apex and its look-alikes", "-m end -i .msappproxy.net", "-m end -i msappproxy.net"),
    ("the address that was dialled is used", "set-dst var(sess.portbook_to)", "set-var(sess.unused) var(sess.portbook_to)"),
    ("an IPv6 client counts as the IPv4 address in it", "!portbook_ipv6 ", ""),
)


def changed(folder, desk, file, text, other):
    """A copy of a folder with one text of one file replaced."""
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(folder, desk)
    before = (desk / file).read_text()
    if text not in before:
        raise ValueError(f"{file} has no {text!r} to change")
    (desk / file).write_text(before.replace(text, other))
    return desk


def noticed(check):
    """Nothing wrong if a check finds something wrong."""
    wrong, _ = check()
    return ([], {"connections told as wrong": len(wrong)}) if wrong else (["a wrong artifact was not noticed"], {})


def addresses(folder, desk, results):
    """Of the case `ad-fs`, standalone."""
    for target, what, file, text, other in CHANGES:
        def check(target=target, file=file, text=text, other=other):
            wrong = changed(folder, desk, file, text, other)
            return noticed(lambda: packets.check(target, "standalone", wrong, expected.flows(folder / "rules.json")))

        results.add(target, "packets, sabotaged", what, check)


def files(folder, fwshift, results):
    """Of what the kernel held of `ad-fs`: fwshift has to tell a port that is gone."""
    def check():
        held = folder / "nftables.kernel"
        (folder / "nftables.wrong").write_text(held.read_text().replace("5985", "5986"))
        both = {"nftables": held, "iptables": folder / "nftables.wrong"}
        words = {"nftables": "nftables", "iptables": "nftables"}
        return noticed(lambda: compare.alike(fwshift, both, "nftables", "iptables", words))

    results.add("nftables", "fwshift, sabotaged", "a port is another", check)


def filters(folder, desk, results):
    """Of a selection with names."""
    for what, text, other in NAME_CHANGES:
        def check(text=text, other=other):
            wrong = changed(folder, desk, "haproxy/portbook.cfg", text, other)
            return noticed(lambda: names.through(wrong, expected.named(folder / "rules.json")))

        results.add("haproxy", "TLS, sabotaged", what, check)
