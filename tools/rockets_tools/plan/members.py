"""Clashes inside one entity: properties, columns, unique constraints."""

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft
from rockets_tools.plan.fields import INHERITED
from rockets_tools.plan.identifiers import identifier
from rockets_tools.plan.model import Action, FieldType, Operation, RelationType
from rockets_tools.plan.problems import did_you_mean, quoted


def check(drafts: Drafts, entity: EntityDraft) -> None:
    """Everything that can only be seen when the foreign keys are known."""
    _properties(drafts, entity)
    _columns(drafts, entity)
    _unique(drafts, entity)
    _never_set(drafts, entity)
    _inner_joins(drafts, entity)
    if entity.raw.is_junction:
        _junction(drafts, entity)


def _properties(drafts: Drafts, entity: EntityDraft) -> None:
    taken = {name.lower(): f"the inherited {name}" for name in INHERITED}
    taken |= {field.name.lower(): f"the field {field.name}" for field in entity.fields}
    for relation in entity.relations:
        for name, what in (
            (relation.name, f"the relation {relation.name}"),
            (relation.foreign_key, f"the foreign key of the relation {relation.name}"),
        ):
            if name is None:
                continue
            other = taken.setdefault(name.lower(), what)
            if other is not what:
                drafts.problems.error(
                    "name-clash",
                    relation.pointer,
                    f"{entity.name}.{name} would be both {other} and {what}.",
                    'Give the relation another "name" or "foreignKey".',
                )
                break  # the foreign key follows from the name


def _columns(drafts: Drafts, entity: EntityDraft) -> None:
    taken = {name.lower(): name for name in INHERITED}
    owners = [
        (field.column, field.name, f"{entity.raw_fields[field.name][1]}/columnName")
        for field in entity.fields
    ]
    owners += [
        (relation.column, relation.foreign_key or relation.name, f"{relation.pointer}/columnName")
        for relation in entity.owning
        if relation.column
    ]
    for column, name, pointer in owners:
        other = taken.setdefault(column.lower(), name)
        if other.lower() != name.lower():
            drafts.problems.error(
                "column-clash",
                pointer,
                f"{entity.name}.{name} and {entity.name}.{other} have one column, {column}.",
                'Give one of them another "columnName".',
            )
    for relation in entity.owning:
        if relation.raw.column_name is not None:
            pointer = f"{relation.pointer}/columnName"
            identifier(drafts.problems, pointer, "column", relation.raw.column_name)
        elif relation.column:
            identifier(drafts.problems, relation.pointer, "column", relation.column)


def _unique(drafts: Drafts, entity: EntityDraft) -> None:
    """Composite unique constraints; a junction has one over its first two foreign keys."""
    written = entity.raw.unique_constraint
    if not written:
        if entity.raw.is_junction:
            keys = [relation.foreign_key for relation in entity.owning if relation.foreign_key]
            entity.unique = (tuple(keys[:2]),) if len(keys) > 1 else ()
        return
    nested = [columns for columns in written if not isinstance(columns, str)]
    flat = [column for column in written if isinstance(column, str)]
    sets: list[tuple[str, ...]] = []
    for index, columns in enumerate(nested or [flat]):
        pointer = f"{entity.pointer}/uniqueConstraint" + (f"/{index}" if nested else "")
        found: list[str] = []
        for position, column in enumerate(columns):
            name = _property(entity, column)
            if name is None:
                drafts.problems.error(
                    "unknown-column",
                    f"{pointer}/{position}",
                    f"{entity.name} has no field or foreign key {quoted(column)}.",
                    did_you_mean(column, _columns_of(entity)),
                )
            elif name in found:
                drafts.problems.error(
                    "duplicate-column",
                    f"{pointer}/{position}",
                    f"The unique constraint of {entity.name} names {name} twice.",
                    "Name it once.",
                )
            else:
                found.append(name)
        if found and tuple(found) not in sets:
            sets.append(tuple(found))
    entity.unique = tuple(sets)


def _columns_of(entity: EntityDraft) -> list[str]:
    keys = [relation.foreign_key for relation in entity.owning if relation.foreign_key]
    return [*(field.name for field in entity.fields), *keys]


def _property(entity: EntityDraft, written: str) -> str | None:
    """The property a column of a unique constraint means, by any of its names."""
    spellings = {written, names.camel(written)} if names.is_name(written) else {written}
    for relation in entity.owning:
        if not spellings.isdisjoint({relation.name, relation.foreign_key, relation.column}):
            return relation.foreign_key
    for field in entity.fields:
        if not spellings.isdisjoint({field.name, field.column}):
            return field.name
    return None


def _never_set(drafts: Drafts, entity: EntityDraft) -> None:
    """A required field that no create body may carry: every create would fail."""
    if Operation.CREATE_ONE not in entity.operations:
        return
    if not any(Action.CREATE in grant.actions for grant in entity.acl.values()):
        return
    for field in entity.fields:
        forced = entity.owner is not None and entity.owner.column == field.name
        if (
            field.required
            and not field.creatable
            and not field.has_default
            and not (forced and field.type is FieldType.UUID)
        ):
            drafts.problems.error(
                "never-set",
                f"{entity.raw_fields[field.name][1]}/creatable",
                f"{entity.name}.{field.name} is required, and no create body may carry it.",
                'Give it a default, or write "required": false.',
            )


def _inner_joins(drafts: Drafts, entity: EntityDraft) -> None:
    """An inner join would hide rows that are there and that the caller may read."""
    for relation in entity.relations:
        if relation.written and relation.raw.join_type == "INNER" and relation.may_lack:
            drafts.problems.warning(
                "inner-join",
                f"{relation.pointer}/joinType",
                f"An inner join would hide each {entity.name} without {relation.name}, so it is a "
                "left join.",
                'Write "joinType": "LEFT", or "nullable": false where there always is one.',
            )


def _junction(drafts: Drafts, entity: EntityDraft) -> None:
    ends = [r for r in entity.owning if r.type is RelationType.MANY_TO_ONE]
    if len(ends) < 2:
        drafts.problems.error(
            "junction-relations",
            f"{entity.pointer}/isJunction",
            f"The junction {entity.name} has {len(ends)} manyToOne relations and needs two.",
            'Add the missing relation, or remove "isJunction".',
        )
