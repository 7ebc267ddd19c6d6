"""One entity of a plan as plain JSON, so that `generate` can run on it alone, anywhere."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from rockets_tools.errors import InputError, Problem
from rockets_tools.plan import names
from rockets_tools.plan.document import canonical
from rockets_tools.plan.draft import Drafts
from rockets_tools.plan.folders import Folders
from rockets_tools.plan.model import (
    Entity,
    Field,
    FieldType,
    Operation,
    Plan,
    Relation,
    RelationType,
)
from rockets_tools.plan.problems import Problems, did_you_mean, quoted, token
from rockets_tools.plan.relations import sdk_entity
from rockets_tools.plan.resolve import declare, link
from rockets_tools.plan.schema import RawEntity
from rockets_tools.plan.sdk import CONCEPTA_5, Sdk
from rockets_tools.plan.shape import shape

_JUNCTION_MARK = "x-fromManyToMany"


def generation_input(plan: Plan, name: str) -> dict[str, JsonValue]:
    """`{entity, context}`: the entity in the plan's schema with every default written out, and
    the same of each entity it is related to or owned through."""
    return {
        "entity": entity_config(plan.entities[name]),
        "context": {other: entity_config(plan.entities[other]) for other in _around(plan, name)},
    }


def config_hash(plan: Plan, name: str) -> str:
    """sha256, hex, over everything the generated text of an entity depends on."""
    around = [_digest(plan.entities[other]) for other in _around(plan, name)]
    return _hash(_digest(plan.entities[name]), around)


def config_hashes(plan: Plan) -> Mapping[str, str]:
    """`config_hash` of every entity, each entity's text made only once."""
    digests = {name: _digest(entity) for name, entity in plan.entities.items()}
    return {
        name: _hash(digests[name], [digests[n] for n in _around(plan, name)])
        for name in plan.entities
    }


def entity_config(entity: Entity) -> dict[str, JsonValue]:
    """An entity in the plan's schema with every default written out."""
    unique_keys = [
        relation
        for relation in entity.owning_relations
        if relation.unique and relation.type is RelationType.MANY_TO_ONE
    ]
    config: dict[str, JsonValue] = {
        "entityName": entity.name,
        "pluralName": entity.plural,
        "tableName": entity.table,
        "paths": _base_paths(entity),
        "sharedPackage": entity.shared_package,
        "fields": [*map(_field_config, entity.fields), *map(_key_config, unique_keys)],
        "relations": [_relation_config(relation) for relation in entity.relations],
        "operations": [operation.value for operation in Operation if entity.offers(operation)],
        "acl": {
            role: {
                "possession": grant.possession.value,
                "operations": [*sorted(action.value for action in grant.actions)],
            }
            for role, grant in entity.acl.items()
        },
        "ownerField": entity.owner.dotted if entity.owner else None,
        "isJunction": entity.is_junction,
        "uniqueConstraint": [[*columns] for columns in entity.unique] or None,
        _JUNCTION_MARK: True if entity.from_many_to_many else None,
    }
    return _without_none(config)


def parse_generation_input(
    value: JsonValue, *, sdk: Sdk = CONCEPTA_5
) -> tuple[Entity, Mapping[str, Entity]]:
    """The entity and what is known around it, from `{entity, context?}` or a bare plan entity.

    A related entity that the context does not describe is taken to have only defaults. Raises
    `InputError` with every problem, each with a pointer into the value.
    """
    entities, prefixes, enveloped = _entities(value)
    problems = Problems()
    shaped = shape({"entities": list(entities)}, problems)
    drafts = Drafts(problems=problems, sdk=sdk, exact=enveloped)
    if shaped.plan is not None and not problems.errors:
        for index, raw in enumerate(shaped.plan.entities):
            declare(drafts, raw, f"/entities/{index}", Folders())
        for raw in shaped.plan.entities:
            _add_unknown_targets(drafts, raw)
        link(drafts)
    if problems.errors:
        raise InputError([_moved(problem, prefixes) for problem in problems.errors])
    frozen = {
        name: replace(
            draft.freeze(),
            from_many_to_many=_marked(entities, draft.pointer),
            pointer=_prefixed(draft.pointer, prefixes),
        )
        for name, draft in drafts.entities.items()
    }
    first = next(iter(frozen))
    return frozen.pop(first), frozen


def _entities(value: JsonValue) -> tuple[list[JsonValue], list[str], bool]:
    """The entity and those around it, the pointer of each, and whether an envelope held them."""
    if not isinstance(value, dict) or "entity" not in value:
        return [value], [""], False
    around = _context(value)
    entities = [value["entity"]]
    entities += [
        {"entityName": name, **known} if isinstance(known, dict) else known
        for name, known in around.items()
    ]
    return entities, ["/entity", *(f"/context/{token(name)}" for name in around)], True


def _context(envelope: dict[str, JsonValue]) -> dict[str, JsonValue]:
    for key in envelope:
        if key not in {"entity", "context"} and not key.startswith("x-"):
            raise InputError(
                Problem(
                    code="plan-unknown-key",
                    message=f"Input of generate has no key {quoted(key)}.",
                    fix=did_you_mean(key, ["entity", "context"]),
                    pointer=f"/{token(key)}",
                )
            )
    context = envelope.get("context")
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise InputError(
            Problem(
                code="plan-wrong-type",
                message='"context" must be an object of entities by name.',
                fix='Write {"Category": { ... }}, or leave it out.',
                pointer="/context",
            )
        )
    return context


def _add_unknown_targets(drafts: Drafts, raw: RawEntity) -> None:
    for relation in raw.relations:
        written = relation.target_entity
        if names.is_name(written) and not drafts.find(written) and not sdk_entity(written):
            stub = RawEntity.model_validate({"entityName": written, "acl": {}})
            declare(drafts, stub, "", Folders())


def _marked(entities: Sequence[JsonValue], pointer: str) -> bool:
    if not pointer:
        return False
    entity = entities[int(pointer.split("/")[2])]
    return isinstance(entity, dict) and entity.get(_JUNCTION_MARK) is True


def _prefixed(pointer: str, prefixes: Sequence[str]) -> str:
    """A pointer into the value given, from one into the plan made of it."""
    _, _, rest = pointer.partition("/entities/")
    index, slash, inside = rest.partition("/")
    return f"{prefixes[int(index)]}{slash}{inside}" if index else ""


def _moved(problem: Problem, prefixes: Sequence[str]) -> Problem:
    return replace(problem, pointer=_prefixed(problem.pointer or "", prefixes))


def _around(plan: Plan, name: str) -> list[str]:
    """Related entities of the plan, and those the owners of all these lead through; sorted."""
    found = {r.target for r in plan.entities[name].relations if not r.sdk_target} | {name}
    todo = list(found)
    while todo:
        owner = plan.entities[todo.pop()].owner
        new = set(owner.targets if owner else ()) - found
        found |= new
        todo += new
    return sorted(found - {name})


def _digest(entity: Entity) -> str:
    return hashlib.sha256(canonical(entity_config(entity)).encode()).hexdigest()


def _hash(own: str, around: Sequence[str]) -> str:
    return hashlib.sha256("\n".join([own, *around]).encode()).hexdigest()


def _base_paths(entity: Entity) -> dict[str, JsonValue]:
    own = f"/{entity.kebab}"
    in_module = entity.paths.shared == f"{entity.paths.module}/shared"
    return {
        "entity": entity.paths.entity.removesuffix(own),
        "module": entity.paths.module.removesuffix(own),
        "shared": None if in_module else entity.paths.shared.removesuffix(own),
    }


def _field_config(field: Field) -> dict[str, JsonValue]:
    is_float, is_enum = field.type is FieldType.FLOAT, field.type is FieldType.ENUM
    return _without_none(
        {
            "name": field.name,
            "columnName": field.column,
            "type": field.type.value,
            "required": field.required,
            "unique": field.unique,
            "minLength": field.min_length,
            "maxLength": field.max_length,
            "min": field.min,
            "max": field.max,
            "precision": field.precision if is_float else None,
            "scale": field.scale if is_float else None,
            "pattern": field.pattern,
            "isUrl": field.is_url,
            "isEmail": field.is_email,
            "default": field.default if field.has_default else None,
            "enumValues": list(field.enum_values) if is_enum else None,
            "enumName": field.enum_name,
            "apiDescription": field.description,
            "apiExample": field.example,
            "creatable": field.creatable,
            "updatable": field.updatable,
            "expose": field.expose,
        }
    )


def _relation_config(relation: Relation) -> dict[str, JsonValue]:
    return _without_none(
        {
            "name": relation.name,
            "type": relation.type.value,
            "targetEntity": relation.target,
            "owner": relation.owning if relation.type is RelationType.ONE_TO_ONE else None,
            "foreignKey": relation.foreign_key,
            "columnName": relation.column,
            "inverseSide": relation.inverse if relation.owning else None,
            "mappedBy": None if relation.owning else relation.inverse,
            "nullable": relation.nullable if relation.owning else None,
            "onDelete": relation.on_delete.value if relation.on_delete else None,
            "eager": relation.eager,
            "joinType": relation.join_type,
            "sdkManaged": relation.sdk_target,
            "apiDescription": relation.description,
        }
    )


def _key_config(relation: Relation) -> dict[str, JsonValue]:
    """A unique foreign key: only a declared field can say so."""
    return {"name": relation.foreign_key, "type": "uuid", "unique": True}


def _without_none(config: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in config.items() if value is not None}
