"""Who may do what: guessed from who a row belongs to, and said so."""

from collections.abc import Iterable, Sequence

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping.draft import USER, EntityDraft, RelationDraft
from rockets_tools.documents.schema import Span
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.waves import Edge, order

_OWNERS = (
    "user", "owner", "author", "creator", "createdby", "customer", "account",
    "member", "reporter", "reportedby", "requester", "requestedby", "applicant", "uploader",
    "uploadedby", "submittedby", "submitter", "postedby", "poster", "sender", "organizer", "host",
    "buyer", "seller", "student", "patient", "client", "person", "profile", "login", "writer",
    "addedby",
)  # fmt: skip
"""Names of a relation to User whose user a row belongs to, the surest first."""

_RIGHTS = frozenset({"role", "permission", "privilege"})
"""In the name of what says what a user may do: he must not write it himself."""

_MAX_STEPS = 8


def owners(entities: Sequence[EntityDraft], found: Findings) -> None:
    """Give every entity its owner, where one can be guessed."""
    ownable = [entity for entity in entities if not _gives_rights(entity)]
    for entity in ownable:
        _direct(entity)
    by_name = {entity.name: entity for entity in entities}
    for _ in range(_MAX_STEPS):
        changed = [entity for entity in ownable if _through_parent(entity, by_name)]
        if not changed:
            break
    for entity in entities:
        if entity.owner_field is not None and entity.owner_span is not None:
            entity.guesses.append(
                f"a row belongs to the user in {entity.owner_field}: user has own scope"
            )
            found.notice(
                "guess-owner",
                entity.owner_span,
                f"Rows of {entity.name} are taken to belong to the user in {entity.owner_field}: "
                "user may do all with his own, admin with any.",
                "Change ownerField and acl in the plan if that is wrong.",
            )
    _nobody([entity for entity in ownable if entity.owner_field is None], found)
    for entity in filter(_gives_rights, entities):
        entity.guesses.append("it says what users may do, so only admin may use it")
        found.notice(
            "guess-rights",
            entity.table.span,
            f"{entity.name} says what users may do, so only admin may use it.",
            "Change ownerField and acl in the plan if rows are a user's own.",
        )


def _gives_rights(entity: EntityDraft) -> bool:
    return not _RIGHTS.isdisjoint(names.words(entity.name))


def _nobody(entities: Sequence[EntityDraft], found: Findings) -> None:
    for entity in entities:
        entity.guesses.append("no owner was found, so only admin may use it")
    if entities:
        found.notice(
            "guess-no-owner",
            entities[0].table.span,
            f"Nothing says whom rows belong to, so only admin may use "
            f"{', '.join(entity.name for entity in entities)}.",
            "Write ownerField and acl in the plan for those that others may use.",
        )


def _direct(entity: EntityDraft) -> None:
    to_user = {names.key(r.name): r for r in entity.relations if r.target == USER}
    for name in _OWNERS:
        relation = to_user.get(name) or to_user.get(f"{name}user")
        if relation is not None:
            _own(entity, relation.foreign_key, relation.span)
            return
    for made in entity.fields:
        if made.type.type is FieldType.UUID and made.name in ("userId", "ownerId", "authorId"):
            _own(entity, made.name, made.column.span)
            return


def _own(entity: EntityDraft, path: str, span: Span) -> None:
    entity.owner_field, entity.owner_span = path, span


def _through_parent(entity: EntityDraft, by_name: dict[str, EntityDraft]) -> bool:
    """A part of something owned: `OrderItem` of `Order`, by its name and a required relation."""
    if entity.owner_field is not None:
        return False
    for relation in sorted(entity.relations, key=lambda made: -len(made.target)):
        parent = by_name.get(relation.target)
        if (
            parent is not None
            and parent is not entity
            and parent.owner_field is not None
            and not relation.nullable
            and entity.name.startswith(parent.name)
            and parent.owner_field.count(".") < _MAX_STEPS
        ):
            _own(entity, f"{relation.name}.{parent.owner_field}", relation.span)
            return True
    return False


def junctions(entities: Iterable[EntityDraft], *, keys_are_written: bool) -> None:
    """A table of just two references, unique together or without a key, joins their targets."""
    for entity in entities:
        pair = {relation.foreign_key for relation in entity.relations}
        joined = any(set(columns) == pair for columns in entity.unique)
        keyless = (
            keys_are_written and not entity.table.primary_key and entity.table.column("id") is None
        )
        if (
            len(entity.relations) == 2
            and not entity.fields
            and not entity.joins
            and not any(r.one_to_one for r in entity.relations)
            and (joined or keyless)
            and (keyless or not any(r.nullable for r in entity.relations))
        ):
            entity.is_junction = True
            for relation in entity.relations:
                relation.nullable = False
            entity.unique = [columns for columns in entity.unique if set(columns) != pair]


def break_cycles(entities: Sequence[EntityDraft], found: Findings) -> None:
    """Required references in a circle let no first row in: one of each circle is made optional."""
    by_name = {entity.name: entity for entity in entities}
    for _ in range(len(entities) + 1):
        edges = [
            Edge(
                source=entity.name,
                relation=relation.name,
                target=relation.target,
                nullable=relation.nullable,
                explicit=False,
            )
            for entity in entities
            for relation in entity.relations
            if relation.target in by_name
        ]
        stuck = order(by_name, edges).stuck
        if not stuck:
            return
        for cycle in stuck:
            _loosen(by_name, cycle, found)


def _loosen(by_name: dict[str, EntityDraft], cycle: Sequence[Edge], found: Findings) -> None:
    candidates: list[tuple[EntityDraft, RelationDraft]] = [
        (by_name[edge.source], relation)
        for edge in cycle
        for relation in by_name[edge.source].relations
        if relation.name == edge.relation
    ]
    entity, relation = min(
        candidates,
        key=lambda pair: (pair[0].is_junction, pair[1].on_delete == "CASCADE", pair[0].name),
    )
    way = ", ".join(f"{edge.source}.{edge.relation}" for edge in cycle)
    relation.nullable = True
    relation.guesses.append("it is required in the document, and closes a circle")
    found.notice(
        "guess-optional",
        relation.span,
        f"{entity.name}.{relation.name} becomes optional: required, it closes a circle in which no "
        f"first row can be stored ({way}).",
        "Make another relation of the circle optional in the plan if that suits better.",
    )
