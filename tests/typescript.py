"""Looking at TypeScript as a compiler does: what is code, and what only looks like it."""

from collections.abc import Iterator
from functools import cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

DOES = {"decorator", "method_definition", "public_field_definition", "assignment_expression"}
"""What does something, besides statements, declarations and calls."""


@cache
def parser() -> Parser:
    return Parser(Language(tree_sitter_typescript.language_typescript()))


def parse(text: str) -> Node:
    """The tree of a text that must be correct."""
    root = parser().parse(text.encode()).root_node
    assert not root.has_error, text
    return root


def nodes(root: Node, kind: str) -> Iterator[Node]:
    """Every node of a kind, in order."""
    if root.type == kind:
        yield root
    for child in root.children:
        yield from nodes(child, kind)


def text_of(node: Node | None) -> str:
    assert node is not None
    assert node.text is not None
    return node.text.decode()


def behaviour(text: str) -> list[str]:
    """All that a program does, in order: statements, declarations, members, and whom it calls.

    Values, names and comments do not matter, so a text that stays a text changes nothing.
    """

    def walk(node: Node) -> Iterator[str]:
        if node.type in {"call_expression", "new_expression"}:
            called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
            yield f"call {text_of(called)}"
        elif node.type in DOES or node.type.endswith(("_statement", "_declaration")):
            yield node.type
        for child in node.named_children:
            yield from walk(child)

    return list(walk(parse(text)))


def elements(text: str, name: str) -> list[str]:
    """What the array literals of a property or variable hold, comments left out."""
    found: list[str] = []
    for array in nodes(parse(text), "array"):
        holder = array.parent
        while holder is not None and holder.type in {"as_expression", "satisfies_expression"}:
            holder = holder.parent
        key = holder and (holder.child_by_field_name("key") or holder.child_by_field_name("name"))
        if key is not None and text_of(key) == name:
            found += [text_of(n) for n in array.named_children if n.type != "comment"]
    return found


def members(text: str, enum: str) -> dict[str, str]:
    """Members of an enum or of a constant object, each with its value as written."""
    for kind in ("enum_declaration", "variable_declarator"):
        for declaration in nodes(parse(text), kind):
            if text_of(declaration.child_by_field_name("name")) == enum:
                return {
                    text_of(node.children[0]): text_of(node.children[-1])
                    for entry in ("enum_assignment", "pair")
                    for node in nodes(declaration, entry)
                }
    raise AssertionError(f"there is no {enum} in {text}")


def imported(text: str) -> dict[str, str]:
    """Local name of each named import, with the file it comes from."""
    names: dict[str, str] = {}
    for statement in nodes(parse(text), "import_statement"):
        source = text_of(statement.child_by_field_name("source"))[1:-1]
        for one in nodes(statement, "import_specifier"):
            local = one.child_by_field_name("alias") or one.child_by_field_name("name")
            names[text_of(local)] = source
    return names
