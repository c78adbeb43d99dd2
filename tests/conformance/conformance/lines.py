"""The lines that a change request should have: one for each hop of the `json` target."""

from __future__ import annotations

import re

from .rules import Rules

KINDS = {"service-tag": "service-tag", "cloud-ranges": "ranges", "role": "role", "outside": "outside"}
#: The columns that are compared. The others are prose about the same, or follow from these.
COLUMNS = (
    "rule action via source_role source source_addresses source_zone destination_type destination destination_addresses "
    "destination_zone final_destination protocol port source_port need phase assumed tls_inspection purpose documents "
    "requirements documented_as"
).split()

Line = tuple[str, ...]


def expected(rules: Rules) -> list[Line]:
    """One line for each hop, in the order of the file."""
    document = rules.document
    return [tuple(_line(rule, hop, document)[column] for column in COLUMNS) for rule in document["rules"] for hop in rule["hops"]]


def _line(rule: dict, hop: dict, document: dict) -> dict[str, str]:
    to_proxy, from_proxy = hop["via"] == "to-proxy", hop["via"] == "from-proxy"
    proxy = hop.get("proxy", {}).get("address", "")
    citations = rule["citations"]
    return {
        "rule": rule["id"],
        "action": "allow",
        "via": hop["via"],
        "source_role": _marked(rule["from"]),
        "source": proxy if from_proxy else _name(rule["from"]),
        "source_addresses": _addresses(hop["source"], document),
        "source_zone": hop["source"].get("zone", ""),
        "destination_type": "proxy" if to_proxy else kind(rule["to"]),
        "destination": proxy if to_proxy else _name(rule["to"]),
        "destination_addresses": _addresses(hop["destination"], document),
        "destination_zone": hop["destination"].get("zone", ""),
        "final_destination": _marked(rule["to"]),
        "protocol": hop["transport"].upper(),
        "port": hop["ports"],
        "source_port": hop.get("source-ports", ""),
        "need": rule["need"],
        "phase": "; ".join(rule["phases"]) or "always",
        "assumed": "; ".join(rule.get("assumed", [])),
        "tls_inspection": rule["tls-inspection"],
        "purpose": _joined(each["purpose"] for each in citations),
        "documents": _joined(edition(each) for each in citations),
        "requirements": _joined(each["requirement"] for each in citations),
        "documented_as": _joined(each["documented-as"] for each in citations),
    }


def edition(citation: dict) -> str:
    """A document and its edition; what Portbook adds by itself has none."""
    return " ".join(each for each in (citation["document"], citation.get("edition")) if each)


def _joined(values) -> str:  # noqa: ANN001
    """Each value once, in the order of the citations."""
    return "; ".join(dict.fromkeys(values))


def _name(end: dict) -> str:
    return next(end[key] for key in ("host", "url", "role", "outside", "service-tag", "cloud-ranges") if key in end)


def _marked(end: dict) -> str:
    """The name with what tells tags, ranges and the outside from roles and hosts, and with the role that a host leads to."""
    marks = {"service-tag": "tag:", "cloud-ranges": "ranges:", "outside": "outside:"}
    return next((marks[key] for key in marks if key in end), "") + _name(end) + (f"@{end['at']}" if "at" in end else "")


def kind(end: dict) -> str:
    """The kind of a destination, as docs/targets/csv.md names it."""
    host = end.get("host")
    if host is None:
        return "url" if "url" in end else KINDS[next(key for key in KINDS if key in end)]
    return "wildcard-and-apex" if host.startswith("[*.]") else "wildcard" if host.startswith("*.") else "exact"


def resolved(cell: str, lists: dict[str, list[str]]) -> str:
    """A cell of addresses with the prefixes of a large set in place of its name: `NAME (COUNT prefixes: where)`."""
    named = re.fullmatch(r"(\S+) \((\d+) prefixes: [^)]+\)", cell)
    if not named:
        return cell
    prefixes = lists[named[1]]
    if len(prefixes) != int(named[2]):
        raise ValueError(f"{cell} has {len(prefixes)} prefixes")
    return "; ".join(bare(prefix) for prefix in prefixes)


def bare(prefix: str) -> str:
    """A single address without its length."""
    return prefix.removesuffix("/32") if "." in prefix else prefix.removesuffix("/128")


def _addresses(side: dict, document: dict) -> str:
    """Prefixes, single addresses bare; `any`; nothing where a name decides."""
    if side.get("any"):
        return "any"
    prefixes = document["address-sets"][side["addresses"]]["prefixes"] if "addresses" in side else []
    return "; ".join(bare(prefix) for prefix in prefixes)
