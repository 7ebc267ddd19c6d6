"""The SQL that sets a scene and looks at it afterwards: one text, one round trip each.

Simple queries only: the embedded database has one session for all clients, and a statement with
parameters would get between the application's own.
"""

import json
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Plan
from rockets_tools.smoke.model import Row
from rockets_tools.smoke.uniqueness import is_cut

DELETED_AT = "2001-02-03T04:05:06.000Z"
_ROW = '"a row"'
"""A whole row of a table, under a name that no column has."""


def columns(entity: Entity) -> dict[str, str]:
    """Property to column, for all the plan names."""
    names = {field.name: field.column for field in entity.fields}
    names |= {r.foreign_key: r.column or "" for r in entity.owning_relations if r.foreign_key}
    return names


def set_scene(plan: Plan, rows: Iterable[Row], dirty: Iterable[str]) -> str:
    """Empty the tables that have been used, then put the rows there. All or nothing."""
    used = set(dirty)
    entities = [entity for entity in plan.entities.values() if entity.name in used]
    statements = [statement for e in entities if (statement := _cut(plan, e))]
    statements += [" ".join(("DELETE FROM", name(entity.table))) for entity in reversed(entities)]
    by_entity: dict[str, list[Row]] = {}
    for row in rows:
        by_entity.setdefault(row.entity, []).append(row)
    ties: list[str] = []
    for entity_name, entity in plan.entities.items():
        if entity_name in by_entity:
            statements.append(_insert(plan, entity, by_entity[entity_name]))
            ties += _ties(plan, entity, by_entity[entity_name])
    return ";\n".join([*statements, *ties])


def look(plan: Plan, names: Iterable[str]) -> str:
    """All rows of these entities: a row `(entity, rows)` for each, `rows` JSON by column."""
    selects = [
        " ".join(
            (
                f"SELECT {text(entity)} AS entity,",
                f"(SELECT coalesce(json_agg({_ROW}), '[]') FROM",
                f"{name(plan.entities[entity].table)} AS {_ROW}) AS rows",
            )
        )
        for entity in names
    ]
    return " UNION ALL ".join(selects)


def _insert(plan: Plan, entity: Entity, rows: list[Row]) -> str:
    """One statement for all rows: JSON becomes whatever type each column has."""
    own = columns(entity)
    for relation in entity.owning_relations:
        if is_cut(plan, entity, relation):
            own.pop(relation.foreign_key or "", None)
    records: list[JsonValue] = [
        {
            "id": row.id,
            **{column: row.values.get(prop) for prop, column in own.items()},
            "version": 1,
            "dateDeleted": DELETED_AT if row.deleted else None,
        }
        for row in rows
    ]
    names = ", ".join(map(name, ("id", *own.values(), "version", "dateDeleted")))
    table = name(entity.table)
    # Not `NULL::table`: as the name of a type, "date" is the database's own.
    kind = " ".join(("(SELECT", _ROW, "FROM", table, "AS", _ROW, "WHERE false)"))
    source = f"json_populate_recordset({kind}, {text(json.dumps(records))})"
    return " ".join(("INSERT INTO", table, f"({names})", "SELECT", names, "FROM", source))


def _cut(plan: Plan, entity: Entity) -> str | None:
    """Takes away what leads back, so that rows can go children first."""
    keys = [r.column for r in entity.owning_relations if r.column and is_cut(plan, entity, r)]
    if not keys:
        return None
    sets = ", ".join(f"{name(key)} = NULL" for key in keys)
    return " ".join(("UPDATE", name(entity.table), "SET", sets))


def _ties(plan: Plan, entity: Entity, rows: list[Row]) -> list[str]:
    """Foreign keys that lead back, set once all rows are there."""
    statements: list[str] = []
    for relation in entity.owning_relations:
        if relation.column is None or not is_cut(plan, entity, relation):
            continue
        for row in rows:
            target = row.values.get(relation.foreign_key or "")
            if isinstance(target, str):
                sets = f"{name(relation.column)} = {text(target)}"
                where = f"id = {text(row.id)}"
                statements.append(
                    " ".join(("UPDATE", name(entity.table), "SET", sets, "WHERE", where))
                )
    return statements


def name(identifier: str) -> str:
    """Quoted as an identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quoted as a literal; a backslash means itself (`E''` strings are never written)."""
    return "'" + value.replace("'", "''") + "'"


def by_property(entity: Entity, record: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """A record of `look`, by TypeScript property."""
    return {prop: record.get(column) for prop, column in columns(entity).items()}
