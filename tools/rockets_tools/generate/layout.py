"""Prints expressions the way prettier does: on one line if they fit, else broken inside out.

A node is a piece of finished text, or an `Object`, `Array` or `Call` of nodes. Only what the
templates need is here; everything emitted is checked against prettier by the tests.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 100
"""printWidth of the generated project."""

_LITERALS = frozenset({"null", "true", "false"})
_NUMBER = re.compile(r"-?\d[\d.e-]*")
_SHORT_KEY = 5
"""prettier never breaks after a key that saves less than three columns by it (2 + 3)."""


@dataclass(slots=True)
class Object:
    entries: Mapping[str, "Node"]


@dataclass(slots=True)
class Array:
    items: Sequence["Node"]


@dataclass(slots=True)
class Call:
    function: str
    arguments: Sequence["Node"] = ()


Node = str | Object | Array | Call


def width(text: str) -> int:
    """Columns, as prettier counts them: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)  # finished source has no control characters
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0x300 <= code <= 0x36F or 0xFE00 <= code <= 0xFE0F:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def flat(node: Node) -> str | None:
    """The node on one line, or None when prettier would break it at any width."""
    if isinstance(node, str):
        return node
    if isinstance(node, Call):
        arguments = _flat_all(node.arguments)
        return None if arguments is None else f"{node.function}({', '.join(arguments)})"
    if isinstance(node, Array):
        if _is_matrix(node.items):
            return None
        items = _flat_all(node.items)
        return None if items is None else f"[{', '.join(items)}]"
    values = _flat_all(list(node.entries.values()))
    if values is None:
        return None
    pairs = ", ".join(map(_pair, node.entries, values))
    return f"{{ {pairs} }}" if pairs else "{}"


def fit(node: Node, indent: int, before: int = 0, after: int = 0) -> str:
    """The node, starting `before` columns into a line indented by `indent`.

    `after` is the number of columns that must stay free behind it.
    """
    line = flat(node)
    if line is not None and indent + before + width(line) + after <= WIDTH:
        return line
    if isinstance(node, str):
        return node
    if isinstance(node, Call):
        return _broken_call(node, indent, before)
    if isinstance(node, Array):
        return _broken_array(node.items, indent)
    return _broken_object(node.entries, indent)


def _flat_all(nodes: Sequence[Node]) -> list[str] | None:
    lines: list[str] = []
    for node in nodes:
        line = node if isinstance(node, str) else flat(node)
        if line is None:
            return None
        lines.append(line)
    return lines


def _pair(name: str, value: str) -> str:
    return name if _is_shorthand(name, value) else f"{name}: {value}"


def _is_shorthand(name: str, value: Node) -> bool:
    """A variable of the property's name; `'a b'` or `null` alone would be no property."""
    return name == value and name not in _LITERALS and name[:1] not in {"'", '"', "["}


def _is_matrix(items: Sequence[Node]) -> bool:
    """More than one object, or array, each with more than one element: always one per line."""
    if len(items) < 2:
        return False
    return all(isinstance(item, Object) and len(item.entries) > 1 for item in items) or all(
        isinstance(item, Array) and len(item.items) > 1 for item in items
    )


def _broken_object(entries: Mapping[str, Node], indent: int) -> str:
    inner = indent + 2
    lines = [f"{' ' * inner}{_entry(name, value, inner)}," for name, value in entries.items()]
    return "\n".join(["{", *lines, f"{' ' * indent}}}"]) if lines else "{}"


def _entry(name: str, value: Node, indent: int) -> str:
    if _is_shorthand(name, value):
        return name
    if isinstance(value, Object) and indent + width(name) + 3 > WIDTH:
        pad = " " * (indent + 2)
        return f"{name}:\n{pad}{fit(value, indent + 2, 0, 1)}"
    text = fit(value, indent, width(name) + 2, 1)
    too_long = indent + width(name) + 2 + width(text) + 1 > WIDTH
    if isinstance(value, str) and value[:1] in "'\"" and too_long and width(name) >= _SHORT_KEY:
        return f"{name}:\n{' ' * (indent + 2)}{text}"
    return f"{name}: {text}"


def _broken_array(items: Sequence[Node], indent: int) -> str:
    inner = indent + 2
    pad = " " * inner
    if len(items) > 1 and all(isinstance(i, str) and _NUMBER.fullmatch(i) for i in items):
        return f"[\n{_filled([str(i) for i in items], pad)}\n{' ' * indent}]"
    lines = [f"{pad}{fit(item, inner, 0, 1)}," for item in items]
    return "\n".join(["[", *lines, f"{' ' * indent}]"]) if lines else "[]"


def _filled(numbers: Sequence[str], pad: str) -> str:
    """As many numbers to a line as go."""
    lines = [pad]
    for number in numbers:
        separator = "" if lines[-1] == pad else " "
        if lines[-1] != pad and len(lines[-1]) + len(separator) + len(number) + 1 > WIDTH:
            lines.append(pad)
            separator = ""
        lines[-1] += f"{separator}{number},"
    return "\n".join(lines)


def _broken_call(call: Call, indent: int, before: int) -> str:
    *first, last = call.arguments
    leading = _flat_all(first)
    is_nested = isinstance(last, Object | Array)
    if is_nested and leading is not None and not any(isinstance(a, type(last)) for a in first[-1:]):
        head = f"{call.function}({''.join(f'{argument}, ' for argument in leading)}"
        if indent + before + width(head) + 1 <= WIDTH:
            entries = _broken_object(last.entries, indent) if isinstance(last, Object) else None
            return f"{head}{entries or fit_broken(last, indent)})"
    lines = [f"{' ' * (indent + 2)}{fit(node, indent + 2, 0, 1)}," for node in call.arguments]
    return "\n".join([f"{call.function}(", *lines, f"{' ' * indent})"])


def fit_broken(node: Node, indent: int) -> str:
    """The node with its outermost level broken, whether it fits or not."""
    if isinstance(node, Array):
        return _broken_array(node.items, indent)
    return _broken_object(node.entries, indent) if isinstance(node, Object) else fit(node, indent)
