"""PowerShell scripts as syntax trees: their calls, and the values of their data."""

from __future__ import annotations

import re
from functools import cache

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from ..outcome import Outcome
from .cmdlets import CMDLETS, ERROR_ACTIONS

GRAMMAR = Language(tree_sitter_powershell.language())
PARSER = Parser(GRAMMAR)
FOUND = Query(GRAMMAR, "(command) @command (assignment_expression) @assignment (function_statement (function_name) @function)")
#: What Set-NetFirewallRule is not given of a rule.
NOT_SET = {"Name", "DisplayName", "RemoteDynamicKeywordAddresses"}


class Script:
    """One script as a syntax tree."""

    def __init__(self, data: bytes):
        self.data = data
        self.root = PARSER.parse(data).root_node
        captured = QueryCursor(FOUND).captures(self.root)
        self.commands = captured.get("command", [])
        self.functions = {self.text(node) for node in captured.get("function", [])}
        self.lists: dict[str, list[str]] = {}
        self.data_of: dict[str, Node] = {}
        for node in captured.get("assignment", []):
            self._assign(node)

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8")

    def _assign(self, node: Node) -> None:
        """Notes where data stands: the last assignment of a name, and the shared lists of addresses."""
        target, value = self.text(node.children[0]).strip(), node.children[-1]
        shared = re.fullmatch(r"\$Addresses\[('(?:[^']|'')*')\]", target)
        if shared:
            self.lists[verbatim(shared[1])] = self.value(value)
        self.data_of[target] = value

    def values(self, name: str) -> list[dict]:
        """The hash tables that a variable is given; none if there is no such variable."""
        return self.value(self.data_of[f"${name}"]) if f"${name}" in self.data_of else []

    def value(self, node: Node):  # noqa: ANN201
        """Data: a string, a list of values, a hash table, or an element of the shared lists. Anything else is refused, since
        only PowerShell knows what it comes to."""
        node = plain(node)
        if node.type == "verbatim_string_characters":
            return verbatim(self.text(node))
        if node.type == "array_expression":
            statements = [child for holder in node.named_children for child in holder.named_children]
            return [self.value(each) for each in statements if each.type != "comment"]
        if node.type == "hash_literal_expression":
            return self._table(node)
        shared = re.fullmatch(r"\$Addresses\[('(?:[^']|'')*')\]", self.text(node))
        if shared:
            return self.lists[verbatim(shared[1])]
        raise ValueError(f"line {node.start_point.row + 1}: {self.text(node)[:60]} is no plain data")

    def _table(self, node: Node) -> dict:
        found: dict = {}
        for body in node.named_children:
            for entry in body.named_children:
                if entry.type != "hash_entry":
                    continue
                key, value = entry.named_children
                name = self.text(key)
                # A key twice, in whatever case, is a parse error in PowerShell.
                if name.lower() in {known.lower() for known in found}:
                    raise ValueError(f"line {entry.start_point.row + 1}: {name} stands twice")
                found[name] = self.value(value)
        return found

    def check(self, name: str, answer: Outcome) -> None:
        """Syntax, encoding, line ends, and every call."""
        answer.expect(f"{name} parses", [], (faults(self.root) or ["somewhere"]) if self.root.has_error else [])
        answer.expect(f"{name} is ASCII", True, self.data.isascii())
        answer.expect(f"{name} has CRLF only", self.data.count(b"\n"), self.data.count(b"\r\n"))
        for command in self.commands:
            call = Call(self, command)
            answer.expect(f"{name}: line {command.start_point.row + 1}: {call.name}", [], call.faults())

    def keys(self, variable: str) -> set[str] | None:
        """The keys of the hash table in a variable that is splatted; None if that cannot be told."""
        if variable in ("rule", "change"):
            every = {key for rule in self.values("Rules") for key in rule}
            return every - NOT_SET if variable == "change" else every
        node = self.data_of.get(f"${variable}")
        node = plain(node) if node is not None else None
        if node is None or node.type != "hash_literal_expression":
            return None
        direct = {self.text(entry.named_children[0]) for body in node.named_children for entry in body.named_children}
        later = {target.partition(".")[2] for target in self.data_of if target.startswith(f"${variable}.")}
        return direct | later


class Call:
    """One command with what it is given."""

    def __init__(self, script: Script, node: Node):
        self.script = script
        name = node.child_by_field_name("command_name") or next(
            (each for each in node.named_children if each.type == "command_name"), None
        )
        self.name = script.text(name) if name is not None else ""
        self.given: list[tuple[str, str]] = []
        self.positional = 0
        self.unread: list[str] = []
        elements = [each for holder in node.named_children if holder.type == "command_elements" for each in holder.named_children]
        self._read([each for each in elements if each.type not in ("command_argument_sep", "redirection")])

    def _read(self, elements: list[Node]) -> None:
        cmdlet = CMDLETS.get(self.name)
        waiting = ""
        for element in elements:
            text = self.script.text(element)
            if element.type == "command_parameter":
                waiting = text.removeprefix("-").rstrip(":")
                self.given.append((waiting, ""))
                waiting = "" if cmdlet and waiting in cmdlet.switches else waiting
            elif text.startswith("@") and not text.startswith(("@(", "@{")):
                keys = self.script.keys(text[1:])
                self.given += [(key, text) for key in keys or ()]
                self.unread += [text] if keys is None else []
            elif waiting:
                self.given[-1], waiting = (waiting, text), ""
            else:
                self.positional += 1

    def faults(self) -> list[str]:
        """What the documented syntax does not know, or what is missing."""
        if self.name in self.script.functions:
            return []
        cmdlet = CMDLETS.get(self.name)
        if cmdlet is None:
            return ["not among the commands that a script may call"]
        names = [name for name, _ in self.given]
        found = [f"no parameter -{name}" for name in names if name not in cmdlet.parameters]
        found += [f"-{name} twice" for name in set(names) if names.count(name) > 1]
        found += [f"-{name} is missing" for name in cmdlet.mandatory if name not in names]
        if cmdlet.selector and not cmdlet.selector & set(names):
            found.append("nothing says which")
        found += [f"-ErrorAction {value}" for name, value in self.given if name == "ErrorAction" and value not in ERROR_ACTIONS]
        found += [f"{text} cannot be told" for text in self.unread]
        if self.name == "New-NetFirewallDynamicKeywordAddress" and dict(self.given).get("AutoResolve") != "$true":
            found.append("a keyword that nothing resolves")
        return found + (["a value without a parameter"] if self.positional > cmdlet.positional else [])


def plain(node: Node) -> Node:
    """What stands below the levels of the grammar that add nothing."""
    while node.named_child_count == 1 and node.type not in (
        "array_expression",
        "hash_literal_expression",
        "command",
        "element_access",
    ):
        node = node.named_children[0]
    return node


@cache
def verbatim(text: str) -> str:
    """The value of a single-quoted string: a doubled quote is one, and everything else is what it is."""
    return text[1:-1].replace("''", "'")


def faults(node: Node) -> list[str]:
    """Where the grammar stumbled."""
    if node.type == "ERROR" or node.is_missing:
        return [f"line {node.start_point.row + 1}:{node.start_point.column + 1}"]
    return [each for child in node.children if child.has_error for each in faults(child)]
