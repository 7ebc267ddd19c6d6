"""Bodies made of a row's values, and what such a body must become."""

from collections.abc import Mapping

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, FieldType
from rockets_tools.smoke.uniqueness import owner_column

Values = Mapping[str, JsonValue]


def create_body(entity: Entity, values: Values, *, owner: bool = False) -> dict[str, JsonValue]:
    """Everything a create body may hold; the owner only on demand."""
    forbidden = {field.name for field in entity.fields if not field.creatable}
    return _without(values, forbidden | (set() if owner else {owner_column(entity)}))


def least_body(entity: Entity, values: Values) -> dict[str, JsonValue]:
    """Only what a create body must hold."""
    needed = {
        field.name
        for field in entity.fields
        if field.required and not field.has_default and field.creatable
    }
    needed |= {r.foreign_key for r in entity.owning_relations if not r.nullable and r.foreign_key}
    needed -= {owner_column(entity) or ""}
    return {name: value for name, value in values.items() if name in needed}


def update_body(entity: Entity, values: Values) -> dict[str, JsonValue]:
    """Everything an update body may hold, without the owner."""
    forbidden = {field.name for field in entity.fields if not field.updatable}
    return _without(values, forbidden | {owner_column(entity)})


def created(entity: Entity, body: Values, owner_id: str) -> dict[str, JsonValue]:
    """The row that a create body must become."""
    row: dict[str, JsonValue] = {
        field.name: body.get(field.name, field.default if field.has_default else None)
        for field in entity.fields
    }
    for relation in entity.owning_relations:
        if relation.foreign_key is not None:
            row[relation.foreign_key] = body.get(relation.foreign_key)
    owner = owner_column(entity)
    if owner is not None:
        row[owner] = body.get(owner, owner_id)
    return row


def visible(entity: Entity, values: Values) -> dict[str, JsonValue]:
    """What of a row is answered."""
    hidden = hidden_names(entity)
    return {name: value for name, value in values.items() if name not in hidden}


def hidden_names(entity: Entity) -> frozenset[str]:
    """Stored, never answered."""
    return frozenset(field.name for field in entity.fields if not field.expose)


def date_names(entity: Entity) -> frozenset[str]:
    """Compared as instants, since a time has many spellings."""
    return frozenset(field.name for field in entity.fields if field.type is FieldType.DATE)


def _without(values: Values, names: set[str | None] | set[str]) -> dict[str, JsonValue]:
    return {
        name: value for name, value in values.items() if name not in names and value is not None
    }
