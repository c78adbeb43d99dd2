"""Slips in files for Squid."""

from __future__ import annotations

from .slip import Slip

PARSE, LIVE = ("squid-parse",), ("squid-live",)
ALONE, SPLICE = "form=standalone", "splice=yes"


def squid(name: str, find: str, put: str, caught_by: tuple[str, ...], settings: str = "") -> Slip:
    """A slip in a `portbook.conf`."""
    return Slip(name, "squid", find, put, caught_by, settings=settings)


LOADING = [
    squid("a comment without its sign", r"\n# From ", "\nFrom ", PARSE),
    squid("a name in front of the wildcard above it", r"(acl \S+ dstdomain -n )(\.\S+)", r"\1a\2\n\1\2", PARSE),
    squid("an apex in the list of its wildcard", r"(acl \S+ dstdomain -n )\.(\S+)", r"\1.\2\n\1\2", PARSE),
    squid("a client given twice", r"(acl \S+ src 10\.20\.\d+\.11\n)", r"\1\1", PARSE),
    squid("bits behind the network", r"(src 10\.21\.\d+)\.0/28", r"\1.5/28", PARSE),
    squid("a network that is none", r"(src 10\.21\.\d+\.0)/28", r"\1/33", PARSE),
    squid("a list that is nowhere", r"(http_access allow \S+ portbook_ports_443 \S+_hosts)", r"\1s", PARSE),
    squid("a kind of list that is none", r"acl (\S+) dstdomain -n", r"acl \1 dstdomains -n", PARSE),
    squid("a port that is none", r"port 443\n", "port 443/tcp\n", PARSE),
]
MEANING = [
    squid("one port more", r"port 443\n", "port 443 8443\n", LIVE),
    squid("no port", r"(http_access allow \S+) portbook_ports_443", r"\1", LIVE),
    squid("another port", r"port 80\n", "port 81\n", LIVE),
    squid("the line of a port is lost", r"http_access allow \S+ portbook_ports_80 .*\n", "", LIVE),
    squid("the apex included", r"(http_access allow \S+ \S+ \S+) !\S+_apex", r"\1", LIVE),
    squid("one apex included", r"acl \S+_apex dstdomain -n \S+\n", "", LIVE),
    squid("a wildcard without its dot", r"dstdomain -n \.", "dstdomain -n ", LIVE),
    squid("a documented star, copied", r"dstdomain -n \.", "dstdomain -n *.", LIVE),
    squid("what is below an exact name", r"dstdomain -n login\.live\.com", "dstdomain -n .login.live.com", LIVE),
    squid("a name is lost", r"acl \S+ dstdomain -n login\.live\.com\n", "", LIVE),
    squid("an expression without its end", r"dstdomain -n login\.live\.com", r"dstdom_regex -i ^login\\.live\\.com", PARSE + LIVE),
    Slip("an address asked back for its name", "squid", "dstdomain -n", "dstdomain", LIVE, everywhere=True),
    squid("no client", r"http_access allow (?!portbook_ports)\S+ ", "http_access allow ", LIVE),
    squid("a client is lost", r"acl \S+ src 10\.20\.\d+\.12\n", "", LIVE),
    squid("IPv6 is lost", r"acl \S+ src 2001:\S+\n", "", LIVE),
    squid("a wider network", r"(src 10\.21\.\d+\.0)/28", r"\1/27", LIVE),
    squid("a wider IPv6 network", r"(src 2001:\S+)/64", r"\1/63", LIVE),
    squid("clients for destinations", r"acl (\S+) src ", r"acl \1 dst ", LIVE),
    squid("a denial for a permission", r"http_access allow portbook", "http_access deny portbook", LIVE),
    squid("tunnels only", r"http_access allow portbook", "http_access allow CONNECT portbook", LIVE),
    squid("no final denial", r"http_access deny all\n", "", LIVE, ALONE),
    squid("the denial first", r"\nhttp_access allow", "\nhttp_access deny all\nhttp_access allow", LIVE, ALONE),
    squid("a final denial in a fragment", r"\Z", "\nhttp_access deny all\n", LIVE, "splice=yes"),
    squid("it listens elsewhere", r"http_port \d+", "http_port 3130", LIVE, ALONE),
]
INSPECTION = [
    squid("nothing is spliced", r"ssl_bump splice", "ssl_bump bump", LIVE, SPLICE),
    squid("everybody's tunnels are spliced", r"ssl_bump splice (?!portbook_ports)\S+ ", "ssl_bump splice ", LIVE, SPLICE),
    squid("tunnels to all ports are spliced", r"(ssl_bump splice \S+) portbook_ports_\S+", r"\1", LIVE, SPLICE),
    squid("the apex is spliced", r"(ssl_bump splice .*) !\S+", r"\1", LIVE, SPLICE),
    squid("a spliced name is lost", r"acl \S+ ssl::server_name [^.]\S+\n", "", LIVE, SPLICE),
    squid("what is below is spliced", r"ssl::server_name login\.", "ssl::server_name .login.", LIVE, SPLICE),
]
SLIPS = [*LOADING, *MEANING, *INSPECTION]
