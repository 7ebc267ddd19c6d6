"""Both sides of every relation: declared, paired with its other side, given a foreign key."""

from collections import Counter

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft, RelationDraft
from rockets_tools.plan.model import SDK_ENTITIES, RelationType
from rockets_tools.plan.problems import did_you_mean, quoted
from rockets_tools.plan.schema import RawRelation

_SDK_BY_KEY = {names.key(name): name for name in SDK_ENTITIES}


def sdk_entity(name: str) -> str | None:
    """The SDK entity a name means, in any case, with or without the suffix."""
    return _SDK_BY_KEY.get(names.key(names.entity_name(name)))


def target_of(drafts: Drafts, raw: RawRelation, pointer: str) -> tuple[str, bool] | None:
    """(name, belongs to the SDK) of a relation's target; None after saying why there is none."""
    written = raw.target_entity
    entity = drafts.find(written) if names.is_name(written) else None
    if entity is not None:
        return entity.name, False
    sdk = sdk_entity(written) if names.is_name(written) else None
    if sdk in drafts.sdk.related:
        return sdk, True
    if sdk is not None:
        drafts.problems.error(
            "sdk-target",
            f"{pointer}/targetEntity",
            f"{sdk} is an entity of the SDK that this target does not have.",
            f"Relate to {' or '.join(sorted(drafts.sdk.related, reverse=True))}, "
            "or to an entity of the plan.",
        )
    elif not drafts.lost_entities:
        drafts.problems.error(
            "unknown-target",
            f"{pointer}/targetEntity",
            f"The plan has no entity {quoted(written)}.",
            did_you_mean(written, [*drafts.entities, *drafts.sdk.related]),
        )
    return None


def declare(drafts: Drafts, entity: EntityDraft, raw: RawRelation, pointer: str) -> None:
    """Take in one written relation that is not a `manyToMany`."""
    target = target_of(drafts, raw, pointer)
    if target is None or not well_named(drafts, raw, pointer):
        return
    name, sdk = target
    kind = RelationType(raw.type)
    one_to_one_owner = raw.owner if raw.owner is not None else not raw.mapped_by
    owning = kind is RelationType.MANY_TO_ONE or (
        kind is RelationType.ONE_TO_ONE and one_to_one_owner
    )
    if sdk and not owning:
        drafts.problems.error(
            "sdk-inverse",
            pointer,
            f"{name} belongs to the SDK and cannot hold a foreign key to {entity.name}.",
            f"Let {entity.name} hold it: a manyToOne or owning oneToOne to {name}.",
        )
        return
    entity.relations.append(
        RelationDraft(
            name=drafts.camel(raw.name if raw.name is not None else name),
            type=kind,
            owning=owning,
            target=name,
            sdk=sdk,
            pointer=pointer,
            raw=raw,
            unique=owning and kind is RelationType.ONE_TO_ONE,
            description=raw.api_description,
        )
    )


def well_named(drafts: Drafts, raw: RawRelation, pointer: str) -> bool:
    """The written names of a relation may be properties; says so if not."""
    for key, written in (("name", raw.name), ("foreignKey", raw.foreign_key)):
        if written is not None and not usable_name(drafts, f"{pointer}/{key}", key, written):
            return False
    return True


def usable_name(drafts: Drafts, pointer: str, key: str, written: str) -> bool:
    """A string may be the name of a property; says so if not."""
    if not names.is_name(written):
        drafts.problems.error(
            "bad-name",
            pointer,
            f"{quoted(written)} cannot be the {key} of a relation.",
            "Use letters and digits, words separated by case, `_` or `-`, a letter first.",
        )
        return False
    if names.is_dangerous(written):
        drafts.problems.error(
            "reserved-name",
            pointer,
            f"{written} is a property of every JavaScript object.",
            "Use another name.",
        )
        return False
    return True


def foreign_keys(drafts: Drafts, entity: EntityDraft) -> None:
    """Names, columns and nullability of an entity's foreign keys; declared ones are merged."""
    per_target = Counter(relation.target for relation in entity.owning)
    for relation in entity.owning:
        raw = relation.raw
        if raw.foreign_key:
            relation.foreign_key = drafts.camel(raw.foreign_key)
        elif relation.target == entity.name or per_target[relation.target] > 1:
            relation.foreign_key = f"{relation.name}Id"
        else:
            relation.foreign_key = f"{names.camel(relation.target)}Id"
        relation.nullable = True
        if raw.nullable is not None:
            relation.nullable = raw.nullable
        elif entity.raw.is_junction and relation.type is RelationType.MANY_TO_ONE:
            relation.nullable = False
        _merge_declared(drafts, entity, relation)
        relation.column = raw.column_name or relation.column or relation.foreign_key
        if raw.on_delete == "SET NULL" and not relation.nullable:
            drafts.problems.error(
                "set-null-required",
                f"{relation.pointer}/onDelete",
                f"{entity.name}.{relation.name} is required, so a delete cannot set it to null.",
                'Use CASCADE or RESTRICT, or write "nullable": true.',
            )


def _merge_declared(drafts: Drafts, entity: EntityDraft, relation: RelationDraft) -> None:
    """A field with the foreign key's name is that column."""
    field = next((f for f in entity.fields if f.name == relation.foreign_key), None)
    if field is None:
        return
    raw, pointer = entity.raw_fields[field.name]
    if raw.type != "uuid":
        drafts.problems.error(
            "foreign-key-type",
            f"{pointer}/type",
            f"{entity.name}.{field.name} is the foreign key of {relation.name} and must be uuid.",
            'Write "type": "uuid", or remove the field; the relation brings it.',
        )
    entity.fields.remove(field)
    relation.column = raw.column_name
    relation.unique |= raw.unique
    relation.description = relation.description or raw.api_description
    if relation.raw.nullable is None and raw.required is not None:
        relation.nullable = not raw.required
    for key, ignored in (
        ("default", raw.default is not None),
        ("creatable", not raw.creatable),
        ("updatable", not raw.updatable),
        ("expose", not raw.expose),
    ):
        if ignored:
            drafts.problems.warning(
                "foreign-key-option",
                f"{pointer}/{key}",
                f'"{key}" has no effect on {field.name}, which is the foreign key of '
                f"{relation.name}.",
                f'Remove "{key}".',
            )
