"""The tables of entities: what TypeORM reads from the decorators of the generated classes."""

from collections.abc import Iterable, Mapping

from rockets_tools.generate.defaults import decimal, document, moment, text
from rockets_tools.generate.entity_members import unique_indexes
from rockets_tools.generate.fields import DEFAULT_LENGTH
from rockets_tools.generate.typescript import number
from rockets_tools.migrate.static import names
from rockets_tools.migrate.static.model import ENUM, Column, ForeignKey, Schema, Table
from rockets_tools.migrate.static.sql import literal
from rockets_tools.plan.model import Entity, Field, FieldType, Relation, RelationType

_TYPES: Mapping[FieldType, str] = {
    FieldType.STRING: "character varying",
    FieldType.TEXT: "text",
    FieldType.NUMBER: "integer",
    FieldType.FLOAT: "numeric",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "TIMESTAMP WITH TIME ZONE",
    FieldType.UUID: "uuid",
    FieldType.JSON: "jsonb",
    FieldType.ENUM: ENUM,
}
_SDK_TABLES: Mapping[str, str] = {"User": "user", "Role": "role"}

_INHERITED = (
    Column(name="dateCreated", type=_TYPES[FieldType.DATE], default="now()"),
    Column(name="dateUpdated", type=_TYPES[FieldType.DATE], default="now()"),
    Column(name="dateDeleted", type=_TYPES[FieldType.DATE], nullable=True),
    Column(name="version", type=_TYPES[FieldType.NUMBER]),
    Column(name="id", type=_TYPES[FieldType.UUID], default="gen_random_uuid()"),
)
"""Of the SDK's `CommonPostgresEntity`."""


def tables_of(entities: Mapping[str, Entity]) -> Schema:
    """By table name; an entity takes a table from one that is named before it."""
    return {entity.table: _table(entity, entities) for entity in entities.values()}


def _table(entity: Entity, entities: Mapping[str, Entity]) -> Table:
    columns = {column.name: column for column in _INHERITED}
    columns |= {field.column: _column(field) for field in entity.fields}
    column_of = {field.name: field.column for field in entity.fields}
    foreign_keys: dict[str, ForeignKey] = {}
    for relation in entity.owning_relations:
        column = _column_of(relation)
        column_of[relation.foreign_key or column] = column
        columns[column] = Column(
            name=column, type=_TYPES[FieldType.UUID], nullable=relation.nullable
        )
        foreign_keys[names.foreign_key(entity.table, column)] = ForeignKey(
            column=column,
            table=_SDK_TABLES[relation.target]
            if relation.sdk_target
            else entities[relation.target].table,
            on_delete=relation.on_delete.value if relation.on_delete else "NO ACTION",
        )
    groups = [[column_of[name] for name in group] for group in unique_indexes(entity)]
    return Table(
        name=entity.table,
        columns=columns,
        uniques={} if entity.soft_delete else _uniques(entity, groups),
        indexes={names.index(entity.table, group): tuple(group) for group in groups}
        if entity.soft_delete
        else {},
        foreign_keys=foreign_keys,
    )


def _uniques(entity: Entity, groups: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    """The constraints of an entity whose rows are really deleted."""
    single = [field.column for field in entity.fields if field.unique]
    one_to_one: list[str] = []
    for relation in entity.owning_relations:
        if relation.type is RelationType.ONE_TO_ONE:
            one_to_one.append(_column_of(relation))
        elif relation.unique:
            single.append(_column_of(relation))
    return {
        **{names.unique(entity.table, [column]): (column,) for column in single},
        **{names.unique(entity.table, group): tuple(group) for group in groups},
        **{names.one_to_one(entity.table, column): (column,) for column in one_to_one},
    }


def _column_of(relation: Relation) -> str:
    if relation.column is None:
        raise ValueError(f"{relation.name} is no owning relation")
    return relation.column


def _column(field: Field) -> Column:
    size: tuple[int, ...] = ()
    if field.type is FieldType.STRING:
        size = (field.max_length or DEFAULT_LENGTH,)
    elif field.type is FieldType.FLOAT:
        size = (field.precision, field.scale)
    return Column(
        name=field.column,
        type=_TYPES[field.type],
        size=size,
        nullable=not field.required,
        default=_default(field) if field.has_default else None,
        enum_values=field.enum_values,
    )


def _default(field: Field) -> str | None:
    """SQL of a default, in the words in which the entity gives it to TypeORM."""
    value = field.default
    if value is None:
        return None
    if field.type is FieldType.JSON:
        return document(value)
    if field.type is FieldType.DATE:
        return "now()" if value == "now()" else moment(str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return decimal(value) if field.type is FieldType.FLOAT else literal(number(value))
    return literal(str(value)) if field.type is FieldType.ENUM else text(str(value))
