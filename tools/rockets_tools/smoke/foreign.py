"""Own scope holds: no row for another user, none moved to him, none hung below what is his."""

from collections.abc import Iterator

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Plan, Possession, Relation
from rockets_tools.smoke import routes
from rockets_tools.smoke.bodies import create_body, created
from rockets_tools.smoke.cast import has_own_scope, possession
from rockets_tools.smoke.cells import CREATE_MANY, Caller, case
from rockets_tools.smoke.model import Case, Ownership, Scene, Step
from rockets_tools.smoke.stage import Stage
from rockets_tools.smoke.uniqueness import owner_column

REFUSALS = (400, 403, 404)


def foreign_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """What a caller must not reach through a body."""
    if possession(entity, caller.role, Operation.CREATE_ONE) is Possession.OWN:
        yield from _smuggled_owner(new, entity, caller)
    if possession(entity, caller.role, Operation.UPDATE_ONE) is Possession.OWN:
        yield from _given_away(new, entity, caller)
    for relation in guarded_relations(new.plan, entity, caller):
        yield from _foreign_target(new, entity, caller, relation)


def _smuggled_owner(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """Another owner in a create body: forced to the caller, or refused."""
    owner = owner_column(entity)
    if owner is None or not entity.offers(Operation.CREATE_ONE):
        return
    for operation, in_bulk in ((Operation.CREATE_ONE, False), (CREATE_MANY, True)):
        stage = new.empty()
        values = stage.values(entity, caller.me)
        row = created(entity, create_body(entity, values), stage.people.users[caller.me])
        body: JsonValue = create_body(
            entity, values | {owner: stage.people.users[caller.other]}, owner=True
        )
        step = Step(
            person=caller.person,
            method="POST",
            path=routes.bulk(entity) if in_bulk else routes.many(entity),
            body={"bulk": [body]} if in_bulk else body,
            status=(201, 400, 403),
            stored=(row,),
        )
        title = f"{caller.role} cannot create a row owned by another ({operation})"
        made = case(entity, caller, operation, Ownership.OTHER, step, title=title)
        yield stage.scene(entity, f"{entity.name}: {title}", made)


def _given_away(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """Another owner in an update body: refused."""
    owner = owner_column(entity)
    if owner is None or not entity.offers(Operation.UPDATE_ONE):
        return
    stage = new.empty()
    row = stage.row(entity, caller.me)
    step = Step(
        person=caller.person,
        method="PATCH",
        path=routes.one(entity, row.id),
        body={owner: stage.people.users[caller.other]},
        status=(400, 403),
    )
    title = f"{caller.role} cannot move a row to another"
    made = case(entity, caller, Operation.UPDATE_ONE, Ownership.OTHER, step, title=title)
    yield stage.scene(entity, f"{entity.name}: {title}", made)


def guarded_relations(plan: Plan, entity: Entity, caller: Caller) -> Iterator[Relation]:
    """Relations whose target must be the caller's: the way to the owner, and what he holds only
    by own scope."""
    for relation in entity.owning_relations:
        if relation.sdk_target or relation.foreign_key is None:
            continue
        target = plan.entities[relation.target]
        leads = (
            entity.owner is not None
            and entity.owner.path[:1] == (relation.name,)
            and has_own_scope(entity, caller.role)
        )
        if leads or has_own_scope(target, caller.role):
            yield relation


def _foreign_target(
    new: Stage, entity: Entity, caller: Caller, relation: Relation
) -> Iterator[Scene]:
    """A foreign key to another user's row: refused in create, bulk and update."""
    key = relation.foreign_key or ""
    stage = new.empty()
    target = stage.plan.entities[relation.target]
    mine = stage.row(entity, caller.me)
    theirs = stage.row(target, caller.other)
    cases: list[Case] = []
    title = f"{caller.role} cannot point {key} at another's {target.name}"
    if _holds(entity, caller, Operation.CREATE_ONE):
        body: JsonValue = create_body(entity, stage.values(entity, caller.me) | {key: theirs.id})
        bodies: tuple[tuple[str, str, JsonValue], ...] = (
            (Operation.CREATE_ONE, routes.many(entity), body),
            (CREATE_MANY, routes.bulk(entity), {"bulk": [body]}),
        )
        for operation, path, sent in bodies:
            step = Step(person=caller.person, method="POST", path=path, body=sent, status=REFUSALS)
            cases.append(case(entity, caller, operation, Ownership.OTHER, step, title=title))
    if _holds(entity, caller, Operation.UPDATE_ONE):
        step = Step(
            person=caller.person,
            method="PATCH",
            path=routes.one(entity, mine.id),
            body={key: theirs.id},
            status=REFUSALS,
        )
        made = case(entity, caller, Operation.UPDATE_ONE, Ownership.OTHER, step, title=title)
        cases.append(made)
    if cases:
        yield stage.scene(entity, f"{entity.name}: {title}", *cases)


def _holds(entity: Entity, caller: Caller, operation: Operation) -> bool:
    return entity.offers(operation) and possession(entity, caller.role, operation) is not None
