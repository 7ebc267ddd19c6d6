"""Structural check: every table has a migration."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.entities import entity_classes
from rockets_tools.validate.project import Project
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import ProjectCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import ENTITY, Source
from rockets_tools.validate.syntax import (
    arguments,
    property_of,
    string_value,
    text_of,
    unwrap,
    walk,
)

TABLE_MIGRATED = Rule(
    id="table-migrated",
    severity=Severity.HIGH,
    summary="Every entity's table is created by a migration.",
    help="The database is made by migrations only. Run `rockets migrate`, or "
    "`npm run migration:generate`, and review the file it writes.",
)

_NAME = r'(?:(?:"(?:[^"]|"")+"|\w+)\.)?(?:"((?:[^"]|"")+)"|(\w+))'
_STATEMENT = re.compile(
    rf"(?:\A|;)\s*(?:"
    rf"(?P<create>CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME})"
    rf"|(?P<drop>DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME})"
    rf"|(?P<rename>ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}\s+RENAME\s+TO\s+{_NAME})"
    rf")",
    re.IGNORECASE,
)


def migrated_tables(project: Project) -> frozenset[str]:
    """Tables that exist after every migration ran, in the order of their file names."""
    tables = set[str]()
    for path in project.migrations:
        source = project.source(path)
        for node in () if source is None else _ups(source):
            text = string_value(node)
            if node.type == "template_string":
                text = text_of(node)[1:-1].replace("\\`", "`")
            if text is not None:
                _apply(text, tables)
            elif node.type == "call_expression":
                _apply_call(node, tables)
    return frozenset(tables)


def _ups(source: Source) -> Iterator[Node]:
    """Strings and calls in the `up` methods; what `down` says is not so."""
    for owner in source.module.classes:
        up = owner.method("up")
        body = None if up is None else up.node.child_by_field_name("body")
        if body is not None:
            kinds = {"string", "template_string", "call_expression"}
            yield from (n for n in walk(body) if n.type in kinds)


def _apply(sql: str, tables: set[str]) -> None:
    for found in _STATEMENT.finditer(sql):
        names = [
            (quoted.replace('""', '"') if quoted else plain.lower())
            for quoted, plain in zip(*[iter(_name_groups(found))] * 2, strict=True)
            if quoted or plain
        ]
        if found["create"]:
            tables.add(names[0])
        elif found["drop"]:
            tables.discard(names[0])
        elif len(names) == 2 and names[0] in tables:
            tables.remove(names[0])
            tables.add(names[1])


def _name_groups(found: re.Match[str]) -> list[str | None]:
    named = set(_STATEMENT.groupindex.values())
    return [found[i] for i in range(1, _STATEMENT.groups + 1) if i not in named]


def _apply_call(call: Node, tables: set[str]) -> None:
    """`createTable(new Table({ name }))`, `dropTable('x')`, `renameTable('x', 'y')`."""
    method = text_of(call.child_by_field_name("function")).rpartition(".")[2]
    given = [unwrap(a) for a in arguments(call)]
    if not given:
        return
    if method == "createTable":
        options = (
            next(iter(arguments(given[0])), None) if given[0].type == "new_expression" else given[0]
        )
        name = None if options is None else string_value(property_of(options, "name"))
        if name is not None:
            tables.add(name.rpartition(".")[2])
    elif method in {"dropTable", "renameTable"}:
        name = string_value(given[0])
        if name in tables:
            tables.remove(name)
            new = string_value(given[1]) if method == "renameTable" and len(given) > 1 else None
            tables.update([new] if new else [])


def _tables(shared: Shared) -> Iterator[Issue]:
    tables = migrated_tables(shared.project)
    for source in shared.project.sources_of(ENTITY):
        for entity in entity_classes(source):
            if entity.table.rpartition(".")[2] not in tables:
                message = f'No migration creates the table "{entity.table}" of {entity.name}.'
                yield TABLE_MIGRATED.at(source.path, entity.line, message)


CHECKS = (ProjectCheck(rules=(TABLE_MIGRATED,), check=_tables, needs_migrations=True),)
