"""Appending to what stands between brackets: arrays, object literals, enum bodies."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from rockets_tools.integrate.wiring.source import PRINT_WIDTH, Source

SEPARATORS = frozenset({",", "comment"})
STATEMENTS = frozenset({"expression_statement", "decorator", "lexical_declaration"})


def append(source: Source, node: Node, items: Sequence[str]) -> None:
    """Add `items` behind the last element of a bracketed list, laid out as the list is.

    A list on one line stays on it while it fits, else every element gets its own line. What is
    there is kept to the byte, comments included; only white space between elements may change.
    """
    if not items:
        return
    inner = node.children[1:-1]
    elements = [child for child in inner if child.type not in SEPARATORS]
    if not inner:
        _fill(source, node, items)
    elif node.start_point.row == node.end_point.row and elements and _no_comment(inner):
        _extend_line(source, node, inner, elements[-1], items)
    else:
        _extend_block(source, node, inner, elements, items)


def property_value(source: Source, obj: Node, name: str) -> Node | None:
    """The value of a property of an object literal; a shorthand is its own value."""
    for child in obj.named_children:
        if child.type == "pair":
            key = child.child_by_field_name("key")
            if key is not None and source.text(key).strip("'\"") == name:
                return child.child_by_field_name("value")
        elif child.type == "shorthand_property_identifier" and source.text(child) == name:
            return child
    return None


def refuse_spread(source: Source, obj: Node, name: str) -> None:
    """Raise `WiringError` where a spread may bring a list that takes the place of the literal's.

    That is any spread while the literal itself has no such property, else those behind it.
    """
    value = property_value(source, obj, name)
    decided = -1 if value is None else value.start_byte
    for child in obj.named_children:
        if (
            child.type == "spread_element"
            and child.start_byte > decided
            and _may_bring(source, child.named_children[0], name)
        ):
            raise source.error(
                child,
                "wiring-spread-options",
                f"`{name}` may come out of this spread, and one of the two would hide the other.",
                f"Write `{name}: […]` into the object literal itself, behind the spread.",
            )


def _may_bring(source: Source, node: Node, name: str) -> bool:
    """Spreading the expression may set the property, for all that this file tells."""
    node = source.value_of(node)
    if node.type == "object":
        spreads = (child for child in node.named_children if child.type == "spread_element")
        return property_value(source, node, name) is not None or any(
            _may_bring(source, spread.named_children[0], name) for spread in spreads
        )
    sides: tuple[str, ...] = ()
    if node.type == "ternary_expression":
        sides = ("consequence", "alternative")
    elif node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        # What is not true has no properties to spread.
        is_and = operator is not None and operator.type == "&&"
        sides = ("right",) if is_and else ("left", "right")
    parts = [part for side in sides if (part := node.child_by_field_name(side)) is not None]
    return not parts or any(_may_bring(source, part, name) for part in parts)


def _no_comment(inner: Sequence[Node]) -> bool:
    return all(child.type != "comment" for child in inner)


def _padding(node: Node) -> str:
    return "" if node.children[0].type == "[" else " "


def _fill(source: Source, node: Node, items: Sequence[str]) -> None:
    """Into an empty list."""
    opening, closing = node.children[0], node.children[-1]
    pad, line = _padding(node), ", ".join(items)
    text = f"{pad}{line}{pad}"
    more = len(text) - (closing.start_byte - opening.end_byte)
    if node.type == "enum_body" or not _fits(source, node, more):
        base, opened = _open_enclosing(source, node)
        if not opened or len(opened) + more >= PRINT_WIDTH:
            text = "".join(f"\n{base}{source.indent}{item}," for item in items) + f"\n{base}"
    source.replace(opening.end_byte, closing.start_byte, text)


def _extend_line(
    source: Source, node: Node, inner: Sequence[Node], last: Node, items: Sequence[str]
) -> None:
    """Into a list on one line, without comments."""
    addition = "".join(f", {item}" for item in items)
    if node.type != "enum_body" and _fits(source, node, len(addition)):
        source.insert(last.end_byte, addition)
        return
    base, opened = _open_enclosing(source, node)
    if node.type != "enum_body" and opened and len(opened) + len(addition) < PRINT_WIDTH:
        source.insert(last.end_byte, addition)
        return
    indent = f"{base}{source.indent}"
    position = node.children[0].end_byte
    for child in inner:
        if child.type not in SEPARATORS:
            source.replace(position, child.start_byte, f"\n{indent}")
        position = child.end_byte
    comma = "" if inner[-1].type == "," else ","
    text = comma + "".join(f"\n{indent}{item}," for item in items) + f"\n{base}"
    source.replace(position, node.children[-1].start_byte, text)


def _extend_block(
    source: Source,
    node: Node,
    inner: Sequence[Node],
    elements: Sequence[Node],
    items: Sequence[str],
) -> None:
    """Into a list over several lines, or one with comments."""
    last, closing = inner[-1], node.children[-1]
    trailing_comma = not elements
    if elements:
        trailing_comma = any(
            c.type == "," and c.start_byte > elements[-1].start_byte for c in inner
        )
        if not trailing_comma:
            source.insert(elements[-1].end_byte, ",")
    line_comment = last.type == "comment" and source.data.startswith(b"//", last.start_byte)
    if last.end_point.row == closing.start_point.row and not line_comment:
        text = ", ".join(items) + ("," if trailing_comma and elements else "")
        source.insert(last.end_byte, f" {text}")
        return
    if elements and _begins_line(source, elements[-1]):
        indent = source.line_indent(elements[-1].start_byte)
    elif _begins_line(source, last):
        indent = source.line_indent(last.start_byte)
    else:
        indent = source.line_indent(node.start_byte) + source.indent
    text = ",".join(f"\n{indent}{item}" for item in items) + ("," if trailing_comma else "")
    source.insert(last.end_byte, text)


def _begins_line(source: Source, node: Node) -> bool:
    start = source.line_start(node.start_byte)
    return source.data[start : node.start_byte].strip() == b""


def _open_enclosing(source: Source, node: Node) -> tuple[str, str]:
    """Break the one-line object literals around `node` first, as the formatter would.

    Returns the indentation of the line that `node` is on then, and that line up to its end, empty
    when there was nothing to break.
    """
    outer: list[Node] = []
    child, parent = node, node.parent
    property_of: dict[int, Node] = {}
    while parent is not None and parent.start_point.row == node.start_point.row:
        if parent.type == "object" and parent.end_point.row == parent.start_point.row:
            outer.append(parent)
            property_of[parent.id] = child
        if parent.type in STATEMENTS:
            break
        child, parent = parent, parent.parent
    base, line = source.line_indent(node.start_byte), ""
    for obj in reversed(outer):
        inner = obj.children[1:-1]
        if not _no_comment(inner):
            break
        position = obj.children[0].end_byte
        for part in inner:
            if part.type != ",":
                source.replace(position, part.start_byte, f"\n{base}{source.indent}")
            position = part.end_byte
        comma = "" if inner[-1].type == "," else ","
        source.replace(position, obj.children[-1].start_byte, f"{comma}\n{base}")
        base += source.indent
        start = property_of[obj.id].start_byte
        line = base + source.data[start : node.end_byte].decode()
        if len(line) < PRINT_WIDTH:
            break
    return base, line


def _fits(source: Source, node: Node, more: int) -> bool:
    """The line that `node` is on still fits with `more` characters."""
    line = source.data[source.line_start(node.start_byte) : source.line_end(node.end_byte)].decode()
    code = re.sub(r"\s*//[^'\"]*$", "", line).replace("\t", "    ")
    return len(code) + more <= PRINT_WIDTH
