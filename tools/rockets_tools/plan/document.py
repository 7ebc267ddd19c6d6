"""The text of a plan: JSON in, values out, and the line of any pointer when somebody asks."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_tools.errors import InputError, Problem

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_BYTES = 10_000_000
MAX_DEPTH = 40


class _DuplicateKeyError(ValueError):
    """An object has one key twice; JSON readers disagree on what that means."""


def parse(text: str, *, file: str | None) -> JsonValue:
    """The value of a JSON text (a byte order mark is fine), else `InputError` with the line."""
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        raise _broken(
            f"The plan is larger than {MAX_BYTES // 1_000_000} MB.",
            "Split the plan; this is far more than one backend.",
            file=file,
        )
    if not text.strip():
        raise _broken("The plan is empty.", 'Write {"entities": [ ... ]}.', file=file, line=1)
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise _broken(
            f"The plan is not valid JSON: {error.msg} (column {error.colno}).",
            "Correct the JSON at this line.",
            file=file,
            line=error.lineno,
        ) from error
    except _DuplicateKeyError as error:
        line, key = _duplicate(text)
        raise _broken(
            f'One object has the key "{key}" twice.',
            "Keep one of the two.",
            file=file,
            line=line,
            code="plan-duplicate-key",
        ) from error
    except ValueError as error:  # a number no JSON reader agrees on
        raise _broken(
            f"The plan is not valid JSON: {error}.", "Write an ordinary number.", file=file
        ) from error
    except RecursionError as error:
        raise _too_deep(file) from error
    if _depth(value) > MAX_DEPTH:
        raise _too_deep(file)
    try:
        text.encode()
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _broken(
            "The plan has half of a surrogate pair, which is no character.",
            r"Remove the lone \\ud800-\\udfff escape.",
            file=file,
        ) from error
    return value


def canonical(value: JsonValue) -> str:
    """One text per value: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def lines(text: str, pointers: Iterable[str]) -> Mapping[str, int]:
    """1-based line of each pointer; of the nearest enclosing value where it does not exist."""
    root = _tree(text.removeprefix("\ufeff"))
    children: dict[int, dict[str, tuple[Node, Node]]] = {}

    def line(pointer: str) -> int:
        value = shown = root
        for part in pointer.split("/")[1:]:
            if value.id not in children:
                children[value.id] = _children(value)
            step = children[value.id].get(part.replace("~1", "/").replace("~0", "~"))
            if step is None:
                break
            shown, value = step
        return shown.start_point.row + 1

    return {pointer: line(pointer) for pointer in pointers}


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _DuplicateKeyError
    return value


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")


def _depth(value: JsonValue) -> int:
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [
            child
            for item in level
            if isinstance(item, list | dict)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _tree(text: str) -> "Node":
    import tree_sitter_json
    from tree_sitter import Language, Parser

    document = Parser(Language(tree_sitter_json.language())).parse(text.encode()).root_node
    return next((child for child in document.named_children if child.type != "comment"), document)


def _children(node: "Node") -> dict[str, tuple["Node", "Node"]]:
    """Key or index to (the node a reader looks at, the value) of an object or array."""
    if node.type == "array":
        return {str(index): (child, child) for index, child in enumerate(node.named_children)}
    return {key: (pair, value) for key, pair, value in _pairs(node)}


def _pairs(node: "Node") -> Iterator[tuple[str, "Node", "Node"]]:
    for pair in node.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is not None and value is not None and key.text is not None:
            yield json.loads(key.text), pair, value


def _duplicate(text: str) -> tuple[int, str]:
    """Line and name of the first key that its object has already."""
    todo = [_tree(text)]
    while todo:
        node = todo.pop()
        seen: set[str] = set()
        for key, pair, _ in _pairs(node) if node.type == "object" else ():
            if key in seen:
                return pair.start_point.row + 1, key
            seen.add(key)
        todo.extend(reversed(node.named_children))
    return 1, ""


def _broken(
    message: str, fix: str, *, file: str | None, line: int | None = None, code: str = "plan-json"
) -> InputError:
    return InputError(Problem(code=code, message=message, fix=fix, file=file, line=line))


def _too_deep(file: str | None) -> InputError:
    return _broken(
        f"The plan is nested deeper than {MAX_DEPTH} levels.",
        "Flatten the value; a default or example is data, not a document.",
        file=file,
        code="plan-too-deep",
    )
