"""`AppRole` and `AppResource`: enums or constant objects whose members have string values."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from rockets_tools.integrate.wiring.lists import append
from rockets_tools.integrate.wiring.source import Source, string_value

ROLES = "AppRole"
RESOURCES = "AppResource"
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
MEMBER = re.compile(
    rb"(?:([\w$]+)|'([^'\\\n]+)'|\"([^\"\\\n]+)\")\s*[=:]\s*(?:'([^'\\\n]*)'|\"([^\"\\\n]*)\")"
)
"""A member with a plain string value, the way nearly all are written."""


class Names:
    """The members of one of the two, by value; new ones are gathered and inserted in one edit.

    In a file that has no such declaration (`missing`), values are written as plain strings.
    """

    def __init__(self, source: Source, name: str, *, imported: Node | None) -> None:
        self._source = source
        self.name = name
        self._body: Node | None = None
        self._member_of: dict[str, str] = {}
        """Value to member."""
        self._value_of: dict[str, str] = {}
        """Member to value, where that is a plain string."""
        self._members: set[str] = set()
        self._new: list[str] = []
        self._separator = " ="
        declaration = source.declarations.get(name)
        if declaration is not None:
            self._read(declaration)
        elif imported is not None:
            raise source.error(
                imported,
                "wiring-acl-names",
                f"{name} is imported here, so its members cannot be added to this file.",
                f"Declare {name} in {source.file}.",
            )

    @property
    def missing(self) -> bool:
        return self._body is None

    def expression(self, value: str) -> str:
        """How the file says this value; its member must exist or have been added."""
        if self.missing:
            return self._source.quoted(value)
        member = self._member_of[value]
        if IDENTIFIER.fullmatch(member):
            return f"{self.name}.{member}"
        return f"{self.name}[{self._source.quoted(member)}]"

    def add(self, member: str, value: str) -> None:
        """Have a member with this value, whatever it is called when it is there already."""
        if self.missing or value in self._member_of:
            return
        candidate, number = member, 2
        while candidate in self._members:
            candidate, number = f"{member}{number}", number + 1
        self._member_of[value] = candidate
        self._members.add(candidate)
        self._new.append(f"{candidate}{self._separator} {self._source.quoted(value)}")

    def value(self, expression: Node) -> str | None:
        """The value a member access or a string literal stands for."""
        source = self._source
        literal = string_value(source, expression)
        if literal is not None:
            return literal
        if expression.type == "member_expression":
            key = expression.child_by_field_name("property")
            member = None if key is None else source.text(key)
        elif expression.type == "subscript_expression":
            key = expression.child_by_field_name("index")
            member = None if key is None else string_value(source, key)
        else:
            return None
        owner = expression.child_by_field_name("object")
        if owner is None or member is None or source.text(owner) != self.name:
            return None
        return self.value_of_member(member)

    def value_of_member(self, member: str) -> str | None:
        """None for a member that is unknown or has no plain string value."""
        return self._value_of.get(member)

    def member_of(self, value: str) -> str | None:
        """The member with this value; None where there is none."""
        return self._member_of.get(value)

    def flush(self) -> None:
        if self._body is not None:
            append(self._source, self._body, self._new)

    def _read(self, declaration: Node) -> None:
        source, body = self._source, declaration.child_by_field_name("body")
        if declaration.type == "variable_declarator":
            value = declaration.child_by_field_name("value")
            body = None if value is None else source.value_of(value)
            if body is not None and body.type == "call_expression":  # Object.freeze({…})
                arguments = body.child_by_field_name("arguments")
                inner = [] if arguments is None else arguments.named_children
                body = source.value_of(inner[0]) if len(inner) == 1 else body
            self._separator = ":"
        if body is None or body.type not in {"enum_body", "object"}:
            raise source.error(
                declaration,
                "wiring-acl-names",
                f"{self.name} is neither an enum nor an object literal.",
                f"Write it as an enum: export enum {self.name} {{ … }}.",
            )
        self._body = body
        for child in body.named_children:
            self._read_member(child)

    def _read_member(self, node: Node) -> None:
        source = self._source
        match = MEMBER.fullmatch(source.data, node.start_byte, node.end_byte)
        if match:
            member = (match[1] or match[2] or match[3]).decode()
            value = (match[4] if match[4] is not None else match[5]).decode()
            self._value_of[member] = value
            self._member_of.setdefault(value, member)
        elif node.type in {"enum_assignment", "pair"}:
            key = node.child_by_field_name("name") or node.child_by_field_name("key")
            given = node.child_by_field_name("value")
            member = "" if key is None else string_value(source, key) or source.text(key)
            text = None if given is None else string_value(source, given)
            if text is not None:
                self._value_of[member] = text
                self._member_of.setdefault(text, member)
        elif node.type in {"property_identifier", "shorthand_property_identifier"}:
            member = source.text(node)
        elif node.type == "spread_element":
            raise source.error(
                node,
                "wiring-acl-names",
                f"{self.name} takes members out of a spread, so what it has cannot be told.",
                f"Write the members of {self.name} one by one.",
            )
        else:
            return
        self._members.add(member)


def member_name(value: str) -> str:
    """`StoreManager` for `store-manager`."""
    words: Sequence[str] = re.findall(r"[A-Za-z0-9]+", value)
    name = "".join(word[0].upper() + word[1:] for word in words)
    return name if name and not name[0].isdigit() else f"Role{name}"
