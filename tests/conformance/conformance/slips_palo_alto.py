"""Slips in PAN-OS artifacts."""

from __future__ import annotations

from .slip import Slip

BOTH = ("fwshift", "pan-os-python")
ALL = (*BOTH, "url-list")
EDL, SET, XML = "palo-alto-edl", "palo-alto-set", "palo-alto-xml"

SLIPS = [
    Slip("an IPv6 member of a group is lost", SET, r"(?m)^set address-group \S+ static pb-2001-\S+\n", "", BOTH),
    Slip("an IPv6 member of a group is lost", XML, r"\s*<member>pb-2001-[^<]*</member>", "", BOTH),
    Slip("another port", SET, r"protocol tcp port 443", "protocol tcp port 8443", BOTH),
    Slip("a wider port range", XML, r"<port>443</port>", "<port>443-444</port>", BOTH),
    Slip("TCP becomes UDP", XML, r"<tcp>(\s*<port>443</port>\s*)</tcp>", r"<udp>\1</udp>", BOTH),
    Slip("a final slash is lost", SET, r"(?m)( list \*\.\S+)/$", r"\1", ALL),
    Slip("a final slash is lost", XML, r"(<member>\*\.[^<]*)/</member>", r"\1</member>", ALL),
    Slip("the apex comes with its wildcard", SET, r"(?m)^(set .* list )\*\.(\S+)$", r"\1*.\2\n\1\2", ALL),
    Slip("a wildcard for an exact name", XML, r"<member>(login\.live\.com/)</member>", r"<member>*.\1</member>", ALL),
    Slip("a name is lost", SET, r"(?m)^set .* list login\.live\.com/\n", "", ALL),
    Slip("any source", SET, r" source \S+ destination", " source any destination", BOTH),
    Slip("any source zone", XML, r"(<from>\s*<member>)[^<]*", r"\1any", BOTH),
    Slip("any destination zone", SET, r" from (\S+) to \S+ ", r" from \1 to any ", BOTH),
    Slip("zones the wrong way round", SET, r" from (\S+) to (\S+) source", r" from \2 to \1 source", BOTH),
    Slip("any category", SET, r" category pb-\S+", " category any", BOTH),
    Slip("any service", XML, r"(<service>\s*)<member>[^<]*</member>(\s*</service>)", r"\1<member>any</member>\2", BOTH),
    Slip("application-default", SET, r" service \[ [^]]*\] action", " service application-default action", BOTH),
    Slip("one application", XML, r"(<application>\s*<member>)any", r"\1ssl", BOTH),
    Slip("deny for allow", XML, r"<action>allow</action>", "<action>deny</action>", BOTH),
    Slip("the rule is off", SET, r" action allow ", " action allow disabled yes ", BOTH),
    Slip("a wider network", SET, r"ip-netmask 10\.21\.(\d+)\.0/28", r"ip-netmask 10.21.\1.0/24", BOTH),
    Slip("a neighbour address", XML, r"<ip-netmask>10\.20\.(\d+)\.11/32", r"<ip-netmask>10.20.\1.13/32", BOTH),
    Slip(
        "a member that is no object",
        XML,
        r"<member>pb-10\.20\.(\d+)\.11</member>",
        r"<member>pb-10.20.\1.99</member>",
        ("fwshift",),
    ),
    Slip("a loss is not told", SET, r"(?m)^# name-needs-address.*\n", "", ("fwshift",)),
    Slip("a loss is not told", XML, r"<!-- any-azure-customer.*-->\n", "", ("fwshift",)),
    Slip("a prefix that is none", SET, r"ip-netmask 10\.21\.(\d+)\.0/28", r"ip-netmask 10.21.\1.0/33", ("fwshift",)),
    Slip("no-decrypt becomes decrypt", XML, r"<action>no-decrypt</action>", "<action>decrypt</action>", ("pan-os-python",)),
    Slip("an exclusion is lost", XML, r"(?s)<decryption>.*?</decryption>", "<decryption/>", ("pan-os-python",)),
    Slip("moved to the top", SET, r"(?m)^(move .*security rules .*) bottom$", r"\1 top", ("pan-os-python",)),
    Slip("a move is lost", SET, r"(?m)^move .*\n", "", ("pan-os-python",)),
    Slip("a final slash is lost", EDL, r"(?m)^(\*\..*)/$", r"\1", ("url-list",), file=".urls"),
    Slip("the apex comes with its wildcard", EDL, r"(?m)^\*\.(.*/)$", r"*.\1\n\1", ("url-list",), file=".urls"),
    Slip("one label instead of any", EDL, r"(?m)^\*\.", "^.", ("url-list",), file=".urls"),
    Slip("a wildcard inside a token", EDL, r"(?m)^\*\.", "*", ("url-list",), file=".urls"),
    Slip("a port in an entry", EDL, r"(?m)/$", ":443/", ("url-list",), file=".urls"),
    Slip("a name is lost", EDL, r"(?m)^login\.live\.com/\n", "", ("url-list",), file=".urls"),
    Slip("another name", EDL, r"(?m)^login\.live\.com/$", "login.live.com.evil.example/", ("url-list",), file=".urls"),
    Slip("an IPv6 address is lost", EDL, r"(?m)^2001:.*\n", "", ("url-list",), file="ips-v6"),
    Slip("a wider network", EDL, r"(?m)/28$", "/27", ("url-list",), file="ips-v4"),
    Slip("a loss is not told", EDL, r"(?m)^# name-needs-address.*\n", "", ("url-list",), file="index"),
    Slip("another service in the index", EDL, r"(?m)tcp 443$", "tcp 80", ("url-list",), file="index"),
    Slip(
        "another source in the index", EDL, r"(?m)provisioning-agent, tcp 443$", "connector, tcp 443", ("url-list",), file="index"
    ),
]
