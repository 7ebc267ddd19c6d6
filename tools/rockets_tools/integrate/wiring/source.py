"""A TypeScript text, its syntax tree, and the edits collected for it."""

import re
from collections.abc import Iterator
from functools import cache, cached_property

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from rockets_tools.errors import InputError, Problem

WRAPPERS = frozenset(
    {
        "as_expression",
        "satisfies_expression",
        "parenthesized_expression",
        "non_null_expression",
        "type_assertion",
    }
)
"""Expressions that say something about the type of the one inside."""

PRINT_WIDTH = 100
"""Columns a generated line may take, as in the project template's formatter settings."""


class WiringError(InputError):
    """A shared file of the project cannot be wired safely; the problem says where and why."""


@cache
def _language() -> Language:
    return Language(tree_sitter_typescript.language_typescript())


class Source:
    """One shared file in memory. Offsets are bytes; texts given to it use `\\n`, whatever the file
    uses. `result()` is the new text, or None when nothing was to change.

    Raises `WiringError` (`wiring-syntax`) when the text is not TypeScript.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.data = text.encode()
        self._tree = Parser(_language()).parse(self.data)
        self.root = self._tree.root_node
        self._edits: list[tuple[int, int, str]] = []
        self.notes: list[Problem] = []
        """Warnings that came up while wiring."""
        if self.root.has_error:
            raise self.error(
                _first_error(self.root),
                "wiring-syntax",
                f"{file} is not valid TypeScript here.",
                "Correct the syntax, then run again.",
            )

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode()

    def insert(self, at: int, text: str) -> None:
        self._edits.append((at, at, text))

    def replace(self, start: int, end: int, text: str) -> None:
        if self.data[start:end].decode() != text:
            self._edits.append((start, end, text))

    def result(self) -> str | None:
        if not self._edits:
            return None
        parts: list[bytes] = []
        position = 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[0]):
            if start < position:
                raise AssertionError(f"edits overlap at byte {start} of {self.file}")
            parts += (self.data[position:start], text.replace("\n", self.newline).encode())
            position = end
        parts.append(self.data[position:])
        data = b"".join(parts)
        return None if data == self.data else data.decode()

    def error(self, where: Node | int, code: str, message: str, fix: str) -> WiringError:
        """The error to raise for a node or a byte offset of this file."""
        return WiringError(self.problem(where, code, message, fix))

    def problem(self, where: Node | int, code: str, message: str, fix: str) -> Problem:
        start = where if isinstance(where, int) else where.start_byte
        line = self.data.count(b"\n", 0, start) + 1
        return Problem(code=code, message=message, fix=fix, file=self.file, line=line)

    @cached_property
    def newline(self) -> str:
        return "\r\n" if self.data.count(b"\r\n") * 2 > self.data.count(b"\n") else "\n"

    @cached_property
    def quote(self) -> str:
        """The quote most strings of the file use."""
        single = self.data.count(b"'")
        return '"' if self.data.count(b'"') > single else "'"

    @cached_property
    def semicolon(self) -> str:
        """`;`, or nothing in a file that goes without."""
        for node in self.root.children:
            if node.type in {"import_statement", "expression_statement", "lexical_declaration"}:
                return ";" if self.data[node.end_byte - 1 : node.end_byte] == b";" else ""
        return ";"

    @cached_property
    def indent(self) -> str:
        """One level: the first indentation the file shows, else two spaces."""
        match = re.search(rb"^(\t|  +)(?=[^\s*])", self.data, re.MULTILINE)
        return match[1].decode() if match else "  "

    def line_start(self, at: int) -> int:
        return self.data.rfind(b"\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the text of the line ends, before its line break."""
        end = self.data.find(b"\n", at)
        end = len(self.data) if end < 0 else end
        return end - 1 if end > at and self.data[end - 1 : end] == b"\r" else end

    def line_indent(self, at: int) -> str:
        """The white space the line at `at` begins with."""
        start = self.line_start(at)
        match = re.compile(rb"[ \t]*").match(self.data, start)
        return match[0].decode() if match else ""

    def quoted(self, value: str) -> str:
        """A string literal in the quotes of the file."""
        escaped = value.replace("\\", "\\\\").replace(self.quote, f"\\{self.quote}")
        if not escaped.isprintable():
            escaped = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped)
        return f"{self.quote}{escaped}{self.quote}"

    @cached_property
    def declarations(self) -> dict[str, Node]:
        """Top-level names to what declares them: a declarator, class, function, enum, …"""
        found: dict[str, Node] = {}
        for statement in self.root.children:
            for declaration in _declared(statement):
                name = declaration.child_by_field_name("name")
                if name is None:
                    continue
                if name.type in {"object_pattern", "array_pattern"}:
                    for part in re.findall(r"[\w$]+", self.text(name)):
                        found.setdefault(part, declaration)
                else:
                    found.setdefault(self.text(name), declaration)
        return found

    def value_of(self, node: Node, seen: frozenset[str] = frozenset()) -> Node:
        """The expression itself: type annotations unwrapped, a same-file variable followed."""
        while node.type in WRAPPERS:
            inner = [child for child in node.named_children if child.type != "comment"]
            node = inner[-1] if node.type == "type_assertion" else inner[0]
        if node.type in {"identifier", "shorthand_property_identifier"}:
            name = self.text(node)
            declarator = self.declarations.get(name)
            if name not in seen and declarator and declarator.type == "variable_declarator":
                value = declarator.child_by_field_name("value")
                if value is not None:
                    return self.value_of(value, seen | {name})
        return node


def _declared(statement: Node) -> Iterator[Node]:
    """What a top-level statement declares."""
    if statement.type == "export_statement":
        declaration = statement.child_by_field_name("declaration")
        if declaration is not None:
            yield from _declared(declaration)
    elif statement.type in {"lexical_declaration", "variable_declaration"}:
        yield from (c for c in statement.named_children if c.type == "variable_declarator")
    elif statement.type.endswith("_declaration") or statement.type == "function_signature":
        yield statement


def _first_error(node: Node) -> Node:
    """The first place the parser could not read, as deep as it goes."""
    for child in node.children:
        if child.is_missing or child.is_error:
            return child
        if child.has_error:
            return _first_error(child)
    return node


SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
CODE_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")


def string_value(source: Source, node: Node) -> str | None:
    """What a string literal says; None when it is none."""
    if node.type != "string":
        return None
    return "".join(
        _unescaped(source.text(part)) if part.type == "escape_sequence" else source.text(part)
        for part in node.named_children
    )


def _unescaped(sequence: str) -> str:
    code = CODE_ESCAPE.fullmatch(sequence)
    if code:
        return chr(min(int(code[1] or code[2] or code[3], 16), 0x10FFFF))
    return SIMPLE_ESCAPES.get(sequence[1:], sequence[1:].lstrip("\r\n"))
