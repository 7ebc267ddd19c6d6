"""Strings behind names: enum members and properties of constant objects."""

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from rockets_tools.validate.project import Project
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import children, properties, string_value, text_of, unwrap

_ENUM = re.compile(r"^export enum (\w+) \{\n((?:  \w+ = '[^'\\\n]*',\n)*)\}$", re.MULTILINE)
_MEMBER = re.compile(r"^  (\w+) = '([^'\\\n]*)',$", re.MULTILINE)
_OBJECT = re.compile(r"\bconst \w+(?:: [^=\n]+)? = (?:Object\.freeze\()?[({]")


def named_values(source: Source) -> Iterator[tuple[str, str]]:
    """`Enum.Member` and value, of enums and of constant objects."""
    quick = _quick_enums(source)
    if quick is not None:
        yield from quick
        return
    for child in source.module.root.named_children:
        inner = child.child_by_field_name("declaration") or child
        if inner.type == "enum_declaration":
            yield from _enum_values(inner)
        elif inner.type == "lexical_declaration":
            for declarator in inner.named_children:
                yield from _object_values(declarator)


def _enum_values(declaration: Node) -> Iterator[tuple[str, str]]:
    name = text_of(declaration.child_by_field_name("name"))
    body = declaration.child_by_field_name("body")
    for member in children(body):
        value = string_value(member.child_by_field_name("value"))
        if value is not None:
            yield f"{name}.{text_of(member.child_by_field_name('name'))}", value


def _object_values(declarator: Node) -> Iterator[tuple[str, str]]:
    name = text_of(declarator.child_by_field_name("name"))
    held = declarator.child_by_field_name("value")
    for key, node in () if held is None else properties(unwrap(held)):
        value = string_value(unwrap(node))
        if value is not None:
            yield f"{name}.{key}", value


def resource_value(
    project: Project, source: Source, written: str, known: Mapping[str, str]
) -> str | None:
    """The string a decorator names, e.g. by `ProductResource.Many`; None when it cannot be told.

    `known` are members that need no search.
    """
    if written[:1] in {"'", '"'}:
        return written[1:-1]
    head, _, key = written.partition(".")
    origin = source.origin(head)
    if origin is None or not key:
        return dict(named_values(source)).get(written)
    member = f"{origin.name}.{key}"
    if member in known:
        return known[member]
    path = project.resolve(source.path, origin.module)
    where = None if path is None else project.definition(path, origin.name)
    home = None if where is None else project.source(where[0])
    if where is None or home is None:
        return None
    member = f"{where[1]}.{key}"
    quick = _quick(home, where[1], key)
    return dict(named_values(home)).get(member) if quick is None else quick


def _quick(home: Source, name: str, key: str) -> str | None:
    """The same without a parse, for a declaration laid out by prettier."""
    text = home.text
    for head, sign in (
        (f"\nexport enum {name} {{\n", " ="),
        (f"\nexport const {name} = {{\n", ":"),
    ):
        start = text.find(head)
        if start >= 0 and home.is_plain:
            before = f"\n  {key}{sign} '"
            begin = text.find(before, start, text.find("\n}", start))
            value, quote, rest = text[begin + len(before) :].partition("'")
            if begin >= 0 and quote and rest[:1] in {",", "\n"} and "\\" not in value:
                return value
    return None


def _quick_enums(source: Source) -> list[tuple[str, str]] | None:
    """All values without a parse, for a file whose only constants are enums by prettier."""
    text = source.text
    enums = _ENUM.findall(text) if source.is_plain else []
    if not enums or len(enums) != text.count("enum ") or _OBJECT.search(text):
        return None
    return [(f"{n}.{key}", value) for n, body in enums for key, value in _MEMBER.findall(body)]
