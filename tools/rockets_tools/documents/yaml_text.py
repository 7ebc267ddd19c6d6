"""YAML and JSON as values that know their lines; aliases are shared, never copied out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import yaml
from pydantic import JsonValue

_MAX_DEPTH = 60
_MAX_NODES = 400_000


class BrokenYamlError(ValueError):
    """The text is no YAML (or no document we read); `line` says where."""

    def __init__(self, reason: str, line: int) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)


@dataclass(slots=True)
class Value:
    """A value with the lines it is written on. Mappings keep their order."""

    line: int
    last: int
    scalar: JsonValue = None
    items: list["Value"] = field(default_factory=list["Value"])
    keys: dict[str, "Value"] = field(default_factory=dict[str, "Value"])

    def get(self, *path: str) -> "Value | None":
        """The value under a path of keys."""
        value: Value | None = self
        for key in path:
            value = value.keys.get(key) if value is not None else None
        return value

    def text(self, key: str) -> str | None:
        value = self.keys.get(key)
        return value.scalar if value is not None and isinstance(value.scalar, str) else None

    def number(self, key: str) -> float | int | None:
        value = self.keys.get(key)
        scalar = value.scalar if value is not None else None
        fits = isinstance(scalar, int | float) and not isinstance(scalar, bool)
        return scalar if fits and isinstance(scalar, int | float) else None

    def flag(self, key: str) -> bool:
        value = self.keys.get(key)
        return value is not None and value.scalar is True

    def texts(self, key: str) -> list[str]:
        value = self.keys.get(key)
        return [i.scalar for i in value.items if isinstance(i.scalar, str)] if value else []

    def entries(self, *path: str) -> Iterator[tuple[str, "Value"]]:
        value = self.get(*path)
        if value is not None:
            yield from value.keys.items()


def parse(text: str) -> Value:
    """The first document of a text; raises `BrokenYamlError`."""
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = cast("type[yaml.SafeLoader]", type("BoundedLoader", (_Bounded, base), {}))
    try:
        # JSON may be indented with tabs, YAML may not.
        node = yaml.compose(text.replace("\t", "  "), Loader=loader)
    except BrokenYamlError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise BrokenYamlError(error.problem or "it cannot be read", line) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BrokenYamlError("it cannot be read", 1) from error
    if node is None:
        raise BrokenYamlError("it is empty", 1)
    return _Reader().value(node, 0)


class _Bounded:
    """Stops a loader at a depth: the one in C recurses until the process dies.

    The two methods are called around each node; we have no paths to resolve, their usual work.
    """

    depth = 0

    def descend_resolver(self, parent: yaml.Node | None, _: object) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH + 2:
            line = parent.start_mark.line + 1 if parent is not None else 1
            raise BrokenYamlError("it is nested too deep", line)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _Reader:
    def __init__(self) -> None:
        self._seen: dict[int, Value] = {}

    def value(self, node: yaml.Node, depth: int) -> Value:
        line = node.start_mark.line + 1
        if depth > _MAX_DEPTH or len(self._seen) > _MAX_NODES:
            raise BrokenYamlError("it is nested too deep or too large", line)
        known = self._seen.get(id(node))
        if known is not None:
            return known
        made = Value(line, max(line, node.end_mark.line + (node.end_mark.column > 0)))
        self._seen[id(node)] = made
        if isinstance(node, yaml.MappingNode):
            pairs: Sequence[tuple[yaml.Node, yaml.Node]] = node.value
            for key, item in pairs:
                value = self.value(item, depth + 1)
                if key.tag == "tag:yaml.org,2002:merge":
                    for source in (value, *value.items):
                        made.keys = {**source.keys, **made.keys}
                elif isinstance(key, yaml.ScalarNode):
                    made.keys[str(key.value)] = value
        elif isinstance(node, yaml.SequenceNode):
            made.items = [self.value(item, depth + 1) for item in node.value]
        else:
            made.scalar = self._scalar(node)
        return made

    def _scalar(self, node: yaml.Node) -> JsonValue:
        text = str(node.value)
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if node.tag == "tag:yaml.org,2002:bool":
            return _BOOLEANS.get(text.lower(), text)
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float") and len(text) < 40:
            for read in (int, float):
                try:
                    return read(text)
                except ValueError:
                    continue
        return text


_BOOLEANS: Mapping[str, bool] = {
    "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
}  # fmt: skip
