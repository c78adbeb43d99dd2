"""Slips in files for what a Linux machine runs: nftables, iptables, HAProxy."""

from __future__ import annotations

from .slip import Slip

ALONE = "form=standalone"


def nft(name: str, find: str, put: str, settings: str = "") -> Slip:
    """A slip in a `portbook.nft`."""
    return Slip(name, "nftables", find, put, ("nft",), settings=settings)


def ipt(name: str, find: str, put: str, settings: str = "", file: str = "") -> Slip:
    """A slip in one of the three files."""
    return Slip(name, "iptables", find, put, ("iptables-save",), settings=settings, file=file)


def haproxy(name: str, find: str, put: str, check: bool = False) -> Slip:
    """A slip in a `portbook.cfg`; `check` where HAProxy itself has to refuse it."""
    return Slip(name, "haproxy", find, put, ("haproxy-check",) if check else ("haproxy-live",))


NFT = [
    nft("a neighbour port", r"dport \{ 443 \}", "dport { 444 }"),
    nft("every port above", r"dport \{ 443 \}", "dport { 443-65535 }"),
    nft("no port", r" tcp dport \{ [^}]* \} accept", " meta l4proto tcp accept"),
    nft("UDP for TCP", r"tcp dport", "udp dport"),
    nft("no source", r"ip saddr @\S+ (ip daddr)", r"\1"),
    nft("ends swapped", r"ip saddr (@\S+) ip daddr (@\S+)", r"ip saddr \2 ip daddr \1"),
    nft("the lines of IPv6 are lost", r"\t\tip6 saddr .*\n", ""),
    nft("a client is lost", r"\t\t\t10\.20\.\d+\.12,\n", ""),
    nft("a wider network", r"(\t10\.21\.\d+\.0)/28", r"\1/24"),
    nft("a wider IPv6 network", r"(\t2001:db8:20:\S+::)/64", r"\1/48"),
    nft("a line too much", r"(chain portbook \{\n)(\t\t\S|\n)", r"\1\t\tip daddr 192.0.2.1 tcp dport 443 accept\n\2"),
    nft("a line that drops", r"accept comment", "drop comment"),
    nft("a set that is nowhere", r"saddr @(\S+)", r"saddr @\1-s"),
    nft("bits behind the network are no prefix", r"(\t10\.21\.\d+\.0)/28", r"\1/33"),
    nft("a header without its sign", r"\A# ", ""),
    nft("the base chain accepts", r"policy drop", "policy accept", ALONE),
    nft("another hook", r"hook forward", "hook input", ALONE),
    nft("answers are dropped", r"\t\tct state established,related accept\n", "", ALONE),
    nft("new connections are answers", r"ct state established,related", "ct state established,related,new", ALONE),
    nft("no last line", r"\t\tcounter drop comment [^\n]*\n", "", ALONE),
    nft("the chain is not emptied", r"flush chain inet \S+ \S+\n", "", "table=perimeter"),
]
IPT = [
    ipt("a neighbour port", r"--dports 443 ", "--dports 444 "),
    ipt("a range for two ports", r"--dports (\d+),(\d+)", r"--dports \1:\2"),
    ipt("no port", r" -m multiport --dports \S+", ""),
    ipt("UDP for TCP", r"-p tcp", "-p udp"),
    ipt("no source", r" -m set --match-set \S+ src( -m set)", r"\1"),
    ipt("ends swapped", r"--match-set (\S+) src -m set --match-set (\S+) dst", r"--match-set \2 src -m set --match-set \1 dst"),
    ipt("a source taken for a destination", r"(--match-set \S+) src -m set --match-set \S+ dst", r"\1 dst"),
    ipt("a line of IPv6 is lost", r"-A portbook .*\n", "", file="v6"),
    ipt("the set of IPv4 in IPv6", r"(--match-set \S+)-v6 ", r"\1-v4 ", file="v6"),
    ipt("a client is lost", r"add \S+ 10\.20\.\d+\.12\n", "", file="ipset"),
    ipt("a wider network", r"(add \S+ 10\.21\.\d+\.0)/28", r"\1/24", file="ipset"),
    ipt("a set is not swapped in", r"swap \S+ \S+\n", "", file="ipset"),
    ipt("a set that is nowhere", r"create (pb-\S+)-v4 ", r"create \1-4 ", file="ipset"),
    ipt("no COMMIT", r"\nCOMMIT\n", "\n", file="v4"),
    ipt("a line that returns", r"\" -j ACCEPT", "\" -j RETURN", file="v4"),
    ipt("a header without its sign", r"\A# ", "", file="v4"),
    ipt("FORWARD accepts the rest", r"(?s):FORWARD DROP \[0:0\]", ":FORWARD ACCEPT [0:0]", ALONE, "v6"),
    ipt("no last line", r"-A FORWARD -m comment [^\n]*-j DROP\n", "", ALONE, "v4"),
    ipt("answers are dropped", r"-A FORWARD -m conntrack [^\n]*\n", "", ALONE, "v6"),
    ipt("nothing is asked of the chain", r"-A FORWARD -j portbook\n", "", ALONE, "v4"),
]
HAPROXY = [
    haproxy("the apex of a wildcard", r"_sni req\.ssl_sni -m end -i \.(\S+)", r"_sni req.ssl_sni -m end -i \1"),
    haproxy("a wildcard for one name", r"_sni req\.ssl_sni -m end -i \.(\S+)", r"_sni req.ssl_sni -i \1"),
    haproxy("what is below an exact name", r"_host req\.fhdr\(host\),host_only -i (\S+)", r"_host req.fhdr(host),host_only -m end -i \1"),
    haproxy("a name is lost", r"    acl \S+_sni req\.ssl_sni -i \S+\n", ""),
    haproxy("a part of a name", r"_sni req\.ssl_sni -i ", "_sni req.ssl_sni -m sub -i "),
    haproxy("case decides", r"_host req\.fhdr\(host\),host_only -i (\S+)", r"_host req.fhdr(host) \1"),
    haproxy("everybody's clients pass", r"(req\.ssl_sni,lower if )!portbook_ipv6 \S+_v4 ", r"\1"),
    haproxy("clients of IPv6 are lost", r"    tcp-request content set-var\S+ req\.ssl_sni,lower if portbook_ipv6 [^\n]*\n", ""),
    haproxy("an IPv6 client counts as IPv4", r"if !portbook_ipv6 ", "if "),
    haproxy("a client is lost", r"    acl \S+ src 10\.20\.\d+\.12\n", ""),
    haproxy("a wider network", r"(src 10\.21\.\d+\.0)/28", r"\1/24"),
    haproxy("it listens elsewhere", r"bind 0\.0\.0\.0:443", "bind 0.0.0.0:8443"),
    haproxy("IPv6 is not listened to", r"    bind \[::\]:443 v6only\n", ""),
    haproxy("everything is let through", r"http-request deny if !\{ var\(txn\.portbook_name\) -m found \}", "http-request set-var(txn.portbook_name) req.fhdr(host),host_only,lower"),
    haproxy("it connects where the client dialled", r"    tcp-request content set-dst var[^\n]*\n", ""),
    haproxy("it connects to another port", r"set-dst-port int\(443\)", "set-dst-port int(80)"),
    haproxy("the other family is preferred", r"portbook,ipv4\)", "portbook,ipv6)"),
    haproxy("another DNS server", r"    parse-resolv-conf\n", "    nameserver given 192.0.2.53:53\n"),
    haproxy("plain text on the port of TLS", r"    tcp-request content reject if !\{ req\.ssl_hello_type 1 \}\n", "    tcp-request content accept if HTTP\n"),
    haproxy("a header without its sign", r"\A# ", "", check=True),
    haproxy("a list that is nowhere", r"(req\.ssl_sni,lower if [^\n]*_443)_sni", r"\1_snis", check=True),
    haproxy("a network that is none", r"(src 10\.21\.\d+\.0)/28", r"\1/33", check=True),
    haproxy("a defaults section that is nowhere", r"(frontend \S+) from portbook", r"\1 from elsewhere", check=True),
]
SLIPS = [*NFT, *IPT, *HAPROXY]
