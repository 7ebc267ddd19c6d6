"""Plans as text, with the line of every pointer known from the printing itself."""

import json
from collections.abc import Mapping
from typing import Any


def entity(name: str = "Book", **keys: Any) -> dict[str, Any]:
    """An entity that gives no warning of its own."""
    return {"entityName": name, "acl": {}, **keys}


def plan(*entities: Any, **keys: Any) -> dict[str, Any]:
    return {"entities": list(entities), **keys}


def field(name: str = "title", **keys: Any) -> dict[str, Any]:
    return {"name": name, **keys}


def relation(target: str, **keys: Any) -> dict[str, Any]:
    return {"targetEntity": target, **keys}


def printed(value: Any) -> tuple[str, Mapping[str, int]]:
    """(JSON text, 1-based line of each pointer); one key or item a line."""
    lines: list[str] = []
    places: dict[str, int] = {}

    def put(value: Any, pointer: str, before: str, after: str) -> None:
        places[pointer] = len(lines) + 1
        if isinstance(value, dict) and value:
            lines.append(f"{before}{{")
            for index, (key, item) in enumerate(value.items()):
                comma = "," if index + 1 < len(value) else ""
                step = key.replace("~", "~0").replace("/", "~1")
                put(item, f"{pointer}/{step}", f"{json.dumps(key)}: ", comma)
            lines.append(f"}}{after}")
        elif isinstance(value, list) and value:
            lines.append(f"{before}[")
            for index, item in enumerate(value):
                put(item, f"{pointer}/{index}", "", "," if index + 1 < len(value) else "")
            lines.append(f"]{after}")
        else:
            lines.append(f"{before}{json.dumps(value)}{after}")

    put(value, "", "", "")
    return "\n".join(lines), places


def line_of(places: Mapping[str, int], pointer: str) -> int:
    """The line of a pointer, or of the nearest value around it that is there."""
    while pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return places[pointer]
