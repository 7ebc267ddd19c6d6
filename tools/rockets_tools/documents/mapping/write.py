"""Drafts as the JSON of a plan, with the lines every element comes from."""

from collections import Counter
from collections.abc import Sequence

from pydantic import JsonValue

from rockets_tools.documents.mapping.draft import (
    EntityDraft,
    FieldDraft,
    JoinDraft,
    RelationDraft,
)
from rockets_tools.documents.schema import Span
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType

_ALL = ("create", "read", "update", "delete")
_JOINED = ("create", "read", "delete")
_JUNCTION_ROUTES = ("readMany", "readOne", "createOne", "deleteOne")


def write(entities: Sequence[EntityDraft]) -> tuple[dict[str, JsonValue], dict[str, Span]]:
    """The plan, and a span per JSON pointer of entity, field, relation and grant."""
    spans: dict[str, Span] = {}
    written: list[JsonValue] = []
    for index, entity in enumerate(entities):
        written.append(_entity(entity, f"/entities/{index}", spans))
    return {"entities": written}, spans


def _entity(entity: EntityDraft, pointer: str, spans: dict[str, Span]) -> JsonValue:
    spans[pointer] = entity.table.span
    result: dict[str, JsonValue] = {"entityName": entity.name}
    if entity.plural_name is not None:
        result["pluralName"] = entity.plural_name
    if entity.table_name != names.snake(entity.name):
        result["tableName"] = entity.table_name
    if entity.is_junction:
        result["isJunction"] = True
        result["operations"] = list(_JUNCTION_ROUTES)
    if entity.fields:
        result["fields"] = [_field(made) for made in entity.fields]
        for index, made in enumerate(entity.fields):
            spans[f"{pointer}/fields/{index}"] = made.column.span
    relations = _relations(entity, pointer, spans)
    if relations:
        result["relations"] = relations
    if entity.unique:
        result["uniqueConstraint"] = (
            list(entity.unique[0])
            if len(entity.unique) == 1
            else [list(columns) for columns in entity.unique]
        )
    _access(entity, result, pointer, spans)
    if entity.key:
        result["x-source"] = {"key": list(entity.key)}
    if entity.guesses:
        result["x-guess"] = list(entity.guesses)
    return result


def _relations(entity: EntityDraft, pointer: str, spans: dict[str, Span]) -> list[JsonValue]:
    per_target = Counter(relation.target for relation in entity.relations)
    written: list[JsonValue] = []
    for relation in entity.relations:
        spans[f"{pointer}/relations/{len(written)}"] = relation.span
        alone = per_target[relation.target] == 1 and relation.target != entity.name
        written.append(_relation(relation, alone=alone, junction=entity.is_junction))
    for join in entity.joins:
        spans[f"{pointer}/relations/{len(written)}"] = join.span
        written.append(_join(join))
    return written


def _access(
    entity: EntityDraft, result: dict[str, JsonValue], pointer: str, spans: dict[str, Span]
) -> None:
    actions: list[JsonValue] = list(_JOINED if entity.is_junction else _ALL)
    acl: dict[str, JsonValue] = {"admin": {"possession": "any", "operations": actions}}
    spans[f"{pointer}/acl/admin"] = entity.table.span
    if entity.owner_field is not None and entity.owner_span is not None:
        if entity.owner_field != "userId":
            result["ownerField"] = entity.owner_field
        acl["user"] = {"possession": "own", "operations": list(actions)}
        spans[f"{pointer}/acl/user"] = entity.owner_span
    result["acl"] = acl


def _field(made: FieldDraft) -> JsonValue:
    kind, column = made.type, made.column
    is_text = kind.type in (FieldType.STRING, FieldType.TEXT)
    is_number = kind.type in (FieldType.NUMBER, FieldType.FLOAT)
    is_float = kind.type is FieldType.FLOAT
    optional: dict[str, JsonValue] = {
        "columnName": made.column_name,
        "type": None if kind.type is FieldType.STRING else kind.type.value,
        "required": None if made.required else False,
        "unique": made.unique or None,
        "minLength": kind.min_length if is_text else None,
        "maxLength": kind.max_length if is_text else None,
        "pattern": kind.pattern if is_text else None,
        "isEmail": (kind.is_email and is_text) or None,
        "isUrl": (kind.is_url and is_text) or None,
        "min": kind.min if is_number else None,
        "max": kind.max if is_number else None,
        "precision": kind.precision if is_float else None,
        "scale": kind.scale if is_float else None,
        "enumValues": list(kind.enum) or None,
        "default": made.default,
        "apiDescription": column.description,
        "expose": None if made.expose else False,
        "x-guess": list[JsonValue](made.guesses) or None,
    }
    return {"name": made.name, **{k: v for k, v in optional.items() if v is not None}}


def _relation(relation: RelationDraft, *, alone: bool, junction: bool) -> JsonValue:
    far = names.camel(relation.target)
    usual = f"{far}Id" if alone else f"{relation.name}Id"
    optional: dict[str, JsonValue] = {
        "name": None if relation.name == far else relation.name,
        "type": "oneToOne" if relation.one_to_one else None,
        "foreignKey": None if relation.foreign_key == usual else relation.foreign_key,
        "columnName": relation.column_name,
        "nullable": relation.nullable if relation.nullable or not junction else None,
        "onDelete": relation.on_delete,
        "inverseSide": relation.inverse,
        "apiDescription": relation.description,
        "x-guess": list[JsonValue](relation.guesses) or None,
    }
    return {
        "targetEntity": relation.target,
        **{key: value for key, value in optional.items() if value is not None},
    }


def _join(join: JoinDraft) -> JsonValue:
    result: dict[str, JsonValue] = {"targetEntity": join.target, "type": "manyToMany"}
    if join.name != names.camel(join.target):
        result["name"] = join.name
    return result
