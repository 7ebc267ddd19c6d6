"""Questions to ask of a piece of TypeScript syntax. Nothing here resolves a name or a type."""

from collections.abc import Iterator
from functools import cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
_WRAPPERS = frozenset(
    {
        "parenthesized_expression",
        "await_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
    }
)


@cache
def _language() -> Language:
    return Language(tree_sitter_typescript.language_typescript())


@cache
def _parser() -> Parser:
    return Parser(_language())


@cache
def _class_query() -> Query:
    kinds = ("class_declaration", "abstract_class_declaration", "class")
    return Query(
        _language(), f"[{' '.join(f'({kind} body: (class_body))' for kind in kinds)}] @class"
    )


@cache
def _pair_query() -> Query:
    return Query(_language(), "[(pair) (shorthand_property_identifier)] @pair")


def parse(text: str) -> Node:
    """The root node; broken TypeScript still gives a tree, with `ERROR` nodes in it."""
    return _parser().parse(text.encode("utf-8", "surrogatepass")).root_node


def class_nodes(root: Node) -> list[Node]:
    """Every class of a file, nested ones included, in source order."""
    found = QueryCursor(_class_query()).captures(root).get("class", [])
    return sorted(found, key=lambda node: node.start_byte)


def pairs(node: Node) -> list[Node]:
    """Every `key: value`, or `key` alone, of an object literal inside a node, in source order."""
    found = QueryCursor(_pair_query()).captures(node).get("pair", [])
    return sorted(found, key=lambda pair: pair.start_byte)


def text_of(node: Node | None) -> str:
    """The source text of a node, empty for none."""
    text = None if node is None else node.text
    return "" if text is None else text.decode("utf-8", "surrogatepass")


def line_of(node: Node) -> int:
    """The 1-based line a node begins on."""
    return node.start_point.row + 1


def children(node: Node | None) -> list[Node]:
    """The named children, comments left out; none of nothing."""
    return [] if node is None else [c for c in node.named_children if c.type != "comment"]


def walk(node: Node, *, into_functions: bool = True) -> Iterator[Node]:
    """The node and all below it, in source order, comments left out."""
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "comment":
            continue
        yield current
        if into_functions or current is node or current.type not in FUNCTIONS:
            stack.extend(reversed(current.children))


def string_value(node: Node | None) -> str | None:
    """The value of a string literal (escapes resolved), or None for anything else."""
    if node is None:
        return None
    if node.type == "template_string" and all(
        c.type != "template_substitution" for c in node.children
    ):
        return text_of(node)[1:-1]
    if node.type != "string":
        return None
    return "".join(
        _unescape(text_of(part)) if part.type == "escape_sequence" else text_of(part)
        for part in node.children[1:-1]
    )


def _unescape(sequence: str) -> str:
    simple = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
    body = sequence[1:]
    if body[:1] in {"u", "x"}:
        return chr(int(body[1:].strip("{}"), 16))
    return simple.get(body, body)


def unwrap(node: Node) -> Node:
    """The expression without parentheses, `await`, `as`, `satisfies` and `!`."""
    while node.type in _WRAPPERS:
        inner = [c for c in node.named_children if c.type != "comment"]
        if not inner:
            return node
        node = inner[-1] if node.type == "type_assertion" else inner[0]
    return node


def property_of(node: Node, name: str) -> Node | None:
    """The value of a property of an object literal; the last one wins, as at run time."""
    found = None
    for key, value in properties(node):
        if key == name:
            found = value
    return found


def properties(node: Node) -> Iterator[tuple[str, Node]]:
    """Keys and values of an object literal; a shorthand is its own value, a method its node."""
    if node.type != "object":
        return
    for child in node.named_children:
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                yield string_value(key) or text_of(key), value
        elif child.type == "shorthand_property_identifier":
            yield text_of(child), child
        elif child.type == "method_definition":
            yield text_of(child.child_by_field_name("name")), child


def arguments(call: Node | None) -> list[Node]:
    """Argument nodes of a call or `new` expression."""
    return children(None if call is None else call.child_by_field_name("arguments"))
