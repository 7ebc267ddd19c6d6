"""Entity classes into the TypeORM settings."""

from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.lists import append, property_value, refuse_spread
from rockets_tools.integrate.wiring.source import Source

NEIGHBOURS = ("type", "url", "host", "migrations", "database", "synchronize")
"""Properties that stand beside `entities` in settings of TypeORM and hardly anywhere else."""

FIX = "Write it as an array of entity classes: entities: [UserEntity, …]."


def wire_entities(
    text: str,
    entities: Sequence[ClassReference],
    *,
    file: str,
    moved: Mapping[str, str] | None = None,
) -> str | None:
    """The settings with every class of `entities` in their `entities` array; None: all there.

    `moved` maps the file of a class to the one it was generated into before. Raises `WiringError`.
    """
    source = Source(text, file)
    add_entities(source, Imports(source), entities, moved or {})
    return source.result()


def add_entities(
    source: Source,
    imports: Imports,
    entities: Sequence[ClassReference],
    moved: Mapping[str, str],
) -> None:
    """Gather the edits of `wire_entities`; they include flushing the imports."""
    array = entities_array(source)
    present = set(element_texts(source, array))
    missing: list[str] = []
    for entity in entities:
        name = imports.from_project(entity, moved.get(entity.file))
        if name not in present:
            present.add(name)
            missing.append(name)
    append(source, array, missing)
    imports.flush()


def entities_array(source: Source) -> Node:
    """The array literal behind `entities`, variables of the same file followed."""
    objects = settings_objects(source)
    for candidate in objects:
        refuse_spread(source, candidate, "entities")
    values = [
        source.value_of(value)
        for candidate in objects
        if (value := property_value(source, candidate, "entities")) is not None
    ]
    array = values[0]
    if any(value.start_byte != array.start_byte for value in values):
        raise source.error(
            values[1],
            "wiring-ambiguous-entities",
            f"{source.file} has several lists of `entities`.",
            "Keep the list of entities in one variable that all settings use.",
        )
    if array.type != "array":
        raise source.error(
            array, "wiring-entities-shape", "`entities` is not an array literal here.", FIX
        )
    return array


def settings_objects(source: Source) -> list[Node]:
    """The object literals with TypeORM settings, outermost first; at least one."""
    candidates = list(_objects_with_entities(source, source.root))
    if not candidates:
        raise source.error(
            0,
            "wiring-no-entities",
            f"{source.file} has no settings object with an `entities` property.",
            "Add `entities: []` to the TypeORM settings.",
        )
    candidates = [c for c in candidates if _is_list(source, c)] or candidates
    likely = [c for c in candidates if any(property_value(source, c, n) for n in NEIGHBOURS)]
    return likely or candidates


def has_entities(source: Source) -> bool:
    """Whether the file holds TypeORM settings at all."""
    return any(_is_list(source, each) for each in _objects_with_entities(source, source.root))


def _is_list(source: Source, settings: Node) -> bool:
    """Not what modules of the SDK are given: entities by key, in an object."""
    value = property_value(source, settings, "entities")
    return value is not None and source.value_of(value).type != "object"


def element_texts(source: Source, array: Node) -> Iterator[str]:
    """The elements of an array literal as written, spread same-file arrays included."""
    for element in array.named_children:
        if element.type == "spread_element":
            spread = source.value_of(element.named_children[0])
            if spread.type == "array":
                yield from element_texts(source, spread)
        elif element.type != "comment":
            yield source.text(element)


def _objects_with_entities(source: Source, node: Node) -> Iterator[Node]:
    """Object literals that have the property, outermost first.

    Branches whose text does not hold the word are not entered, which keeps the walk short.
    """
    if source.data.find(b"entities", node.start_byte, node.end_byte) < 0:
        return
    if node.type == "object" and property_value(source, node, "entities") is not None:
        yield node
    for child in node.named_children:
        if child.type not in {"comment", "string", "import_statement"}:
            yield from _objects_with_entities(source, child)
