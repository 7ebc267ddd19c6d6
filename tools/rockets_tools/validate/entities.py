"""Entity classes and their tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import arguments, line_of, property_of, string_value, unwrap

_QUICK = re.compile(
    r"^@Entity\((?:\{ name: )?'([^'\\]+)'[^\n]*\n(?:@[^\n]*\n| [^\n]*\n|[)}\]][^\n]*\n)*"
    r"export class (\w+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class EntityClass:
    """A class with `@Entity`."""

    name: str
    table: str
    line: int


def entity_classes(source: Source) -> Iterator[EntityClass]:
    """Every entity the file declares."""
    if source.is_plain and source.text.count("@Entity(") == 1:
        found = _QUICK.search(source.text)
        if found is not None:
            line = source.text.count("\n", 0, found.start(2)) + 1
            yield EntityClass(found[2], found[1], line)
            return
    if "Entity" not in source.text:
        return
    for owner in source.module.classes:
        decorator = owner.decorator("Entity")
        if decorator is not None:
            given = [unwrap(a) for a in arguments(decorator.call)]
            names = [string_value(a) for a in given]
            names += [string_value(property_of(a, "name")) for a in given]
            table = next((n for n in names if n), None) or _snake_case(owner.name)
            yield EntityClass(owner.name, table, line_of(owner.node))


def _snake_case(name: str) -> str:
    """The table TypeORM takes for a class that names none."""
    parted = re.sub(r"([A-Z])([A-Z])([a-z])", r"\1_\2\3", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parted).lower()
