"""What the documents themselves offer where a target cannot hold a name or should hold a program.

Read from the catalog's files (its `address-fallback`, `hosted-in` and `software`) as docs/catalog.md describes them, not by
Portbook. The addresses come from the range files that the corpus was made with.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from .corpus import HOSTILE_PAGE
from .rules import Flow, Network

CATALOG = Path(__file__).resolve().parents[3] / "catalog"
#: Accounts that have one identifier everywhere, in the spellings of the documents.
ACCOUNTS = {
    "networkservice": "S-1-5-20",
    "localservice": "S-1-5-19",
    "localsystem": "S-1-5-18",
    "ntauthoritysystem": "S-1-5-18",
    "ntauthoritynetworkservice": "S-1-5-20",
}


@cache
def _file(path: Path) -> list | dict:
    """A file of the catalog with every scalar as text, so that dates and versions stay as they are written."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


@cache
def _hosting() -> dict[str, str]:
    """The cloud that hosts a pattern, by its text as the `json` target writes it."""
    lists = {each["id"]: each.get("addresses", {}) for each in _file(CATALOG / "address-lists.yaml")}
    hosting = {}
    for each in _file(CATALOG / "hosts.yaml"):
        if "typo-of" in each:
            continue
        text = each.get("normalized", each["host"])
        if each.get("apex", {}).get("included") == "true" and text.startswith("*."):
            text = "[*.]" + text[2:]
        addresses = each.get("addresses") or lists.get(each.get("listed-in", ""), {})
        if "hosted-in" in addresses:
            hosting[text] = addresses["hosted-in"]
    return hosting


@cache
def _edition(document: str, edition: str | None) -> dict:
    """One edition, the newest if none is named. The page that the corpus makes up offers nothing."""
    if document == HOSTILE_PAGE:
        return {"requirements": []}
    folder = CATALOG / "documents" / document
    if edition:
        return _file(folder / f"{edition}.yaml")
    newest = max((path for path in folder.glob("*.yaml") if path.stem != "document"), key=lambda path: path.stem)
    return _file(newest)


def _lists(requirement: dict) -> list[str]:
    """The documents to whose lists a requirement refers, and those whose hosts are taken where it states none."""
    flows = requirement.get("flows", [])
    ends = [end for flow in flows for end in flow.get("to", [])]
    taken = [flow.get("interpreted", {}).get("to") for flow in flows]
    stated = [end["list"]["document"] for end in ends if isinstance(end, dict) and "list" in end]
    return stated + [name for each in taken if isinstance(each, dict) for name in each.get("hosts-of", [])]


def _offers(document: str, edition: str | None, requirement_id: str | None) -> bool:
    """Whether the text offers the Azure datacenter ranges in place of names: as a whole, in this requirement, or in the
    list to which it refers."""
    text = _edition(document, edition)
    if "address-fallback" in text:
        return True
    found = [each for each in text["requirements"] if each["id"] == requirement_id]
    return any("address-fallback" in each or any(_offers(name, None, None) for name in _lists(each)) for each in found)


@cache
def _whole_file(path: Path) -> tuple[Network, ...]:
    values = json.loads(path.read_text(encoding="utf-8"))["values"]
    prefixes = {ipaddress.ip_network(text) for each in values for text in each["properties"]["addressPrefixes"]}
    families = ([each for each in prefixes if each.version == version] for version in (4, 6))
    return tuple(each for family in families for each in ipaddress.collapse_addresses(family))


def addresses_for(flow: Flow, range_file: Callable[[str], Path]) -> tuple[Network, ...] | None:
    """The addresses, of the range file of a cloud, that stand for the name of a flow with `--ip-fallback documented`; None if no document offers any,
    and the rule is refused as `name-needs-address`."""
    end = flow.both["to"]
    text = end.get("host") or end.get("url", "").partition("/")[0]
    offered = any(_offers(each["document"], each.get("edition"), each["requirement"]) for each in flow.both["citations"])
    cloud = _hosting().get(text)
    if not offered or cloud is None:
        return None
    return _whole_file(range_file(cloud))


def software(flow: Flow, kind: str) -> list[str]:
    """What is documented today of the programs, services or accounts (as identifiers) behind the role that opens a flow."""
    role = flow.both["from"].get("role")
    for each in _file(CATALOG / "roles.yaml"):
        if each["id"] == role:
            values = [entry[kind] for entry in each.get("software", []) if kind in entry and "until" not in entry]
            return _identifiers(values) if kind == "account" else sorted(set(values))
    return []


def _identifiers(accounts: list[str]) -> list[str]:
    plain = ["".join(letter for letter in each.lower() if letter.isalnum()) for each in accounts]
    return sorted({ACCOUNTS[each] for each in plain if each in ACCOUNTS})
