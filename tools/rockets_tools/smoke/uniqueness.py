"""What keeps two rows of an entity apart: which values, and which foreign keys must differ."""

from math import prod

from rockets_tools.plan.model import Entity, Field, Plan, Relation
from rockets_tools.plan.values import capacity

PLENTY = 12
"""Values a field must be able to take to count as unlimited: more than a scene has rows."""
UNLIMITED = 2**31
"""Rows of a table that can hold as many as anybody wants."""


def unlimited(field: Field) -> bool:
    """The field has enough values for all rows of a scene; a flag or a short enum has not."""
    return capacity(field) >= PLENTY


def unique_sets(entity: Entity) -> tuple[tuple[str, ...], ...]:
    """Properties that are unique together, single ones included, in a stable order."""
    fields = tuple((field.name,) for field in entity.fields if field.unique)
    keys = tuple((r.foreign_key,) for r in entity.owning_relations if r.unique and r.foreign_key)
    return (*fields, *keys, *entity.unique)


def distinct_keys(entity: Entity) -> frozenset[str]:
    """Foreign keys that must have a target of their own in each row.

    One per unique set whose fields cannot keep the rows apart; the owner only where nothing else
    can, and then a user has one row (`one_per_owner`).
    """
    fields = {field.name: field for field in entity.fields}
    relations = {relation.foreign_key: relation for relation in entity.owning_relations}
    chosen: set[str] = set()
    for names in unique_sets(entity):
        if any(name in fields and unlimited(fields[name]) for name in names):
            continue
        keys = [name for name in names if name in relations and name != owner_column(entity)]
        keys.sort(key=lambda name: (relations[name].sdk_target, relations[name].self_reference))
        chosen.update(keys[:1])
    return frozenset(chosen)


def most_rows(entity: Entity) -> int:
    """Rows the table can hold at most, where only fields with few values keep them apart."""
    fields = {field.name: field for field in entity.fields}
    return min(
        (
            prod(capacity(fields[name]) for name in names)
            for names in unique_sets(entity)
            if all(name in fields for name in names)
        ),
        default=UNLIMITED,
    )


def most_created(entity: Entity) -> int:
    """Rows that create bodies alone can make; what they may not hold is then always the same."""
    fields = {field.name: field for field in entity.fields}
    return min(
        (
            prod(capacity(fields[name]) for name in names if fields[name].creatable)
            for names in unique_sets(entity)
            if all(name in fields and _is_filled(fields[name]) for name in names)
        ),
        default=UNLIMITED,
    )


def _is_filled(field: Field) -> bool:
    """Not NULL, which equals nothing, in a row made from a full body."""
    return field.creatable or field.has_default


def strides(entity: Entity) -> dict[str, int]:
    """Rows after which a field takes its next value; fields that are not in it do at every row.

    Where only fields with few values keep rows apart, they count like the digits of a number;
    those that a create body may hold come first, since the others cannot keep its rows apart.
    """
    fields = {field.name: field for field in entity.fields}
    found: dict[str, int] = {}
    for names in unique_sets(entity):
        if any(name not in fields or unlimited(fields[name]) for name in names):
            continue
        stride = 1
        for name in sorted(names, key=lambda name: not fields[name].creatable):
            stride = found.setdefault(name, stride) * capacity(fields[name])
    return found


def one_per_owner(plan: Plan, entity: Entity) -> bool:
    """A user can have one row only: the owner is unique, or the row needs a target of its own of
    which a user can have one only."""
    owner = owner_column(entity)
    distinct = distinct_keys(entity)
    fields = {field.name: field for field in entity.fields}
    unique_owner = any(
        owner in names
        and distinct.isdisjoint(names)
        and not any(name in fields and unlimited(fields[name]) for name in names if name != owner)
        for names in unique_sets(entity)
    )
    return unique_owner or bool(scarce_keys(plan, entity))


def scarce_keys(plan: Plan, entity: Entity) -> frozenset[str]:
    """Foreign keys that need a target of their own of which a user can have one only."""
    distinct = distinct_keys(entity)
    return frozenset(
        relation.foreign_key
        for relation in entity.owning_relations
        if relation.foreign_key in distinct
        and not relation.sdk_target
        and not is_cut(plan, entity, relation)
        and one_per_owner(plan, plan.entities[relation.target])
    )


def owner_column(entity: Entity) -> str | None:
    """The property of the row itself that holds its owner's id."""
    return entity.owner.column if entity.owner is not None and not entity.owner.path else None


def is_cut(plan: Plan, entity: Entity, relation: Relation) -> bool:
    """A first row must leave this foreign key empty: it leads back to where it came from."""
    return relation.self_reference or any(
        edge.source == entity.name and edge.relation == relation.name for edge in plan.cut_edges
    )
