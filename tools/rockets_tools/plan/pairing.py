"""The two sides of a relation: found where both are written, made where one is."""

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft, RelationDraft
from rockets_tools.plan.model import RelationType
from rockets_tools.plan.relations import usable_name

_INVERSE_TYPE = {
    RelationType.MANY_TO_ONE: RelationType.ONE_TO_MANY,
    RelationType.ONE_TO_ONE: RelationType.ONE_TO_ONE,
    RelationType.ONE_TO_MANY: RelationType.MANY_TO_ONE,
}


def pair(drafts: Drafts) -> None:
    """Find, or make, the other side of every relation that has one."""
    written = [
        (entity, relation) for entity in drafts.entities.values() for relation in entity.relations
    ]
    for entity, relation in written:
        _settle_one_to_one(drafts, entity, relation)
    for entity, relation in written:
        if not relation.owning and (relation.raw.mapped_by or relation.raw.inverse_side):
            _pair_named_inverse(drafts, entity, relation)
    for entity, relation in written:
        if relation.owning and relation.inverse is None:
            _pair_owning(drafts, entity, relation)
    for entity, relation in written:
        if not relation.owning and relation.inverse is None:
            _pair_unnamed_inverse(drafts, entity, relation)
    for _, relation in written:
        _ignored_options(drafts, relation)


def _settle_one_to_one(drafts: Drafts, entity: EntityDraft, relation: RelationDraft) -> None:
    """Two entities that both declare the one `oneToOne` between them: one of them owns it."""
    if not _undecided(relation) or relation.sdk or relation.target == entity.name:
        return
    target = drafts.entities[relation.target]
    mine = [r for r in entity.relations if _undecided(r) and r.target == target.name]
    others = [r for r in target.relations if _undecided(r) and r.target == entity.name]
    if len(mine) != 1 or len(others) != 1:
        return
    other = others[0]
    if relation.raw.owner and other.raw.owner:
        return  # two relations, said so
    first_owns = entity.name < target.name
    if relation.raw.owner or other.raw.owner:
        first_owns = bool(relation.raw.owner)
    inverse, owner = (other, entity) if first_owns else (relation, target)
    inverse.owning = inverse.unique = False
    relation.link(other)
    drafts.problems.warning(
        "one-to-one-owner",
        inverse.pointer,
        f"{entity.name} and {target.name} both declare this oneToOne; {owner.name} holds "
        "the foreign key.",
        'Write "mappedBy" on the side without the foreign key.',
    )


def _undecided(relation: RelationDraft) -> bool:
    return (
        relation.type is RelationType.ONE_TO_ONE
        and relation.owning
        and relation.inverse is None
        and relation.written
    )


def _pair_named_inverse(drafts: Drafts, entity: EntityDraft, relation: RelationDraft) -> None:
    if relation.inverse is not None:
        return
    key = "mappedBy" if relation.raw.mapped_by else "inverseSide"
    written = relation.raw.mapped_by or relation.raw.inverse_side or ""
    pointer = f"{relation.pointer}/{key}"
    if not usable_name(drafts, pointer, key, written):
        return
    name, target = drafts.camel(written), drafts.entities[relation.target]
    owner = target.relation(name) or next(
        (r for r in target.owning if r.raw.foreign_key and names.camel(r.raw.foreign_key) == name),
        None,
    )
    if owner is None:
        _make_owner(drafts, entity, relation, name)
    elif _fits(owner, relation, entity, target):
        owner.link(relation)
    else:
        _mismatch(drafts, pointer, relation, target, owner)


def _pair_owning(drafts: Drafts, entity: EntityDraft, relation: RelationDraft) -> None:
    key = "mappedBy" if relation.raw.mapped_by else "inverseSide"
    written = relation.raw.inverse_side or relation.raw.mapped_by
    if not written or not relation.written:
        return
    pointer = f"{relation.pointer}/{key}"
    if relation.sdk:
        drafts.problems.warning(
            "sdk-inverse-ignored",
            pointer,
            f"{relation.target} belongs to the SDK and gets no inverse side.",
            f'Remove "{key}".',
        )
        return
    if not usable_name(drafts, pointer, key, written):
        return
    name, target = drafts.camel(written), drafts.entities[relation.target]
    inverse = target.relation(name)
    if inverse is None:
        inverse = RelationDraft(
            name=name,
            type=_INVERSE_TYPE[relation.type],
            owning=False,
            target=entity.name,
            sdk=False,
            pointer=pointer,
            raw=relation.raw,
            written=False,
        )
        target.relations.append(inverse)
        relation.link(inverse)
    elif _fits(relation, inverse, target, entity) and not inverse.raw.mapped_by:
        relation.link(inverse)
    else:
        _mismatch(drafts, pointer, relation, target, inverse)


def _pair_unnamed_inverse(drafts: Drafts, entity: EntityDraft, relation: RelationDraft) -> None:
    if relation.raw.mapped_by or relation.raw.inverse_side:
        return  # its mistake was reported
    target = drafts.entities[relation.target]
    fitting = [r for r in target.owning if _fits(r, relation, entity, target)]
    if relation.raw.foreign_key:
        key = names.key(relation.raw.foreign_key)
        fitting = [r for r in fitting if names.key(r.raw.foreign_key or f"{r.name}Id") == key]
    if len(fitting) > 1:
        drafts.problems.error(
            "ambiguous-inverse",
            relation.pointer,
            f"{target.name} has several relations to {entity.name}: "
            f"{', '.join(r.name for r in fitting)}.",
            'Say which one with "mappedBy".',
        )
    elif fitting:
        fitting[0].link(relation)
    else:
        _make_owner(drafts, entity, relation, names.camel(entity.name))


def _ignored_options(drafts: Drafts, relation: RelationDraft) -> None:
    """The foreign key's options, written on the side that does not hold it."""
    owner = relation.inverse
    if relation.owning or owner is None or not owner.written:
        return
    for key, written in (
        ("onDelete", relation.raw.on_delete),
        ("nullable", relation.raw.nullable),
        ("columnName", relation.raw.column_name),
    ):
        if written is not None:
            drafts.problems.warning(
                "inverse-option",
                f"{relation.pointer}/{key}",
                f'"{key}" has no effect here: {relation.target}.{owner.name} holds the '
                "foreign key.",
                f"Write it there, in {relation.target}.",
            )


def _make_owner(drafts: Drafts, entity: EntityDraft, relation: RelationDraft, name: str) -> None:
    """A one-sided inverse: the side with the foreign key is added to the target."""
    target = drafts.entities[relation.target]
    kind = _INVERSE_TYPE[relation.type]
    owner = RelationDraft(
        name=name,
        type=kind,
        owning=True,
        target=entity.name,
        sdk=False,
        pointer=relation.pointer,
        raw=relation.raw,
        written=False,
        unique=kind is RelationType.ONE_TO_ONE,
    )
    target.relations.append(owner)
    owner.link(relation)
    drafts.problems.warning(
        "owning-side-added",
        relation.pointer,
        f"{target.name} has no {kind.value} to {entity.name}, so it gets one called {name}.",
        f"Write the relation in {target.name}, where its foreign key is.",
    )


def _fits(
    owner: RelationDraft, inverse: RelationDraft, entity: EntityDraft, holder: EntityDraft
) -> bool:
    """`owner` on `holder` can be the other side of `inverse` on `entity`."""
    return (
        owner.owning
        and not inverse.owning
        and owner.target == entity.name
        and inverse.target == holder.name
        and owner.inverse is None
        and inverse.inverse is None
        and _INVERSE_TYPE[owner.type] is inverse.type
    )


def _mismatch(
    drafts: Drafts, pointer: str, relation: RelationDraft, target: EntityDraft, other: RelationDraft
) -> None:
    wanted = _INVERSE_TYPE[relation.type].value
    drafts.problems.error(
        "inverse-mismatch",
        pointer,
        f"{target.name}.{other.name} is not the other side of {relation.name}: it would have "
        f"to be a {wanted} back here that no other relation uses.",
        f"Name another relation of {target.name}, or change {other.name}.",
    )
