"""Insertions into JSON that people wrote: order, comments and white space stay."""

import json
from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from tree_sitter import Node

from rockets_tools.errors import InputError, Problem
from rockets_tools.integrate.wiring.lists import property_value
from rockets_tools.integrate.wiring.source import Source, WiringError, string_value


class JsonText:
    """A JSON object, comments and trailing commas allowed, read as the TypeScript it nearly is."""

    def __init__(self, text: str, file: str) -> None:
        self._bom = "\ufeff" if text.startswith("\ufeff") else ""
        try:
            self._source = Source(f"({text.removeprefix(self._bom)})", file)
        except WiringError as error:
            raise _malformed(file) from error
        statement = next((c for c in self._source.root.named_children if c.type != "comment"), None)
        node = None if statement is None else self._source.value_of(statement.named_children[0])
        if node is None or node.type != "object":
            raise _malformed(file)
        self._object = node

    def value(self, *path: str) -> JsonValue:
        """What stands at the end of the path of properties; None when something is missing."""
        node = self._node(path)
        return None if node is None else self._json(node)

    def add(self, section: str, entries: Mapping[str, str]) -> None:
        """Append entries (values are JSON texts) to an object, which is made where it is missing.

        Call it once per section; what is there already is the caller's to leave out.
        """
        if not entries:
            return
        items = [f"{json.dumps(name)}: {value}" for name, value in entries.items()]
        node = self._node((section,))
        if node is None:
            self._new_section(section, items)
        else:
            _append(self._source, node, items)

    def result(self) -> str | None:
        """The new text; None when nothing was to change."""
        changed = self._source.result()
        return None if changed is None else self._bom + changed[1:-1]

    def _new_section(self, section: str, items: Sequence[str]) -> None:
        unit = self._source.indent
        inner = "".join(f"\n{unit}{unit}{item}," for item in items)[:-1]
        _append(self._source, self._object, [f"{json.dumps(section)}: {{{inner}\n{unit}}}"])

    def _node(self, path: Sequence[str]) -> Node | None:
        node: Node | None = self._object
        for name in path:
            if node is None or node.type != "object":
                return None
            node = property_value(self._source, node, name)
        return node

    def _json(self, node: Node) -> JsonValue:
        if node.type == "object":
            pairs = (child for child in node.named_children if child.type == "pair")
            found: dict[str, JsonValue] = {}
            for pair in pairs:
                key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if key is not None and value is not None:
                    name = string_value(self._source, key) or self._source.text(key)
                    found[name] = self._json(value)
            return found
        if node.type == "array":
            return [self._json(child) for child in node.named_children if child.type != "comment"]
        text = string_value(self._source, node)
        if text is not None:
            return text
        written = self._source.text(node)
        return {"true": True, "false": False, "null": None}.get(written, written)


def _append(source: Source, node: Node, items: Sequence[str]) -> None:
    """Behind the last entry, laid out as the entries before it; JSON has no comma at the end."""
    entries = [child for child in node.named_children if child.type == "pair"]
    base = source.line_indent(node.start_byte)
    if not entries:
        indent = base + source.indent
        inner = ",".join(f"\n{indent}{item}" for item in items)
        source.replace(node.start_byte + 1, node.end_byte - 1, f"{inner}\n{base}")
        return
    last = entries[-1]
    lines = node.start_point.row != node.end_point.row
    gap = f"\n{source.line_indent(last.start_byte)}" if lines else " "
    source.insert(last.end_byte, "".join(f",{gap}{item}" for item in items))


def _malformed(file: str) -> InputError:
    return InputError(
        Problem(
            code="project-malformed",
            message=f"{file} is not a JSON object.",
            fix=f"Repair {file}.",
            file=file,
        )
    )
