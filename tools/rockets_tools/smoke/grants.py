"""What a role is granted works: created, changed, deleted and recovered rows are as asked for."""

from collections.abc import Iterator

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Possession
from rockets_tools.smoke import routes
from rockets_tools.smoke.bodies import create_body, created, least_body, update_body
from rockets_tools.smoke.cast import key, possession, two_roles, widened
from rockets_tools.smoke.cells import CREATE_MANY, Caller, case
from rockets_tools.smoke.checks import Shows, ShowsAll
from rockets_tools.smoke.model import After, Case, Ownership, Row, Scene, Step
from rockets_tools.smoke.stage import Stage
from rockets_tools.smoke.uniqueness import (
    is_cut,
    most_created,
    most_rows,
    one_per_owner,
    owner_column,
    scarce_keys,
)


def granted_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """One scene for each thing that changes a row and that the caller may do."""
    makers = {
        Operation.CREATE_ONE: (_create_full, _create_least, _create_many, _create_for_other),
        Operation.UPDATE_ONE: (_update,),
        Operation.DELETE_ONE: (_delete,),
        Operation.RECOVER_ONE: (_recover,),
    }
    for operation, ways in makers.items():
        held = possession(entity, caller.role, operation)
        if held is None or not entity.offers(operation):
            continue
        for make in ways:
            stage = new.empty()
            made = make(stage, entity, caller, held)
            if made is not None:
                yield stage.scene(entity, f"{entity.name}: {made.title}", made)


def two_role_scene(stage: Stage, entity: Entity) -> Scene | None:
    """A user with two roles may what either may: an operation that only the second grants."""
    pair = two_roles(entity)
    operation = None if pair is None else widened(entity, *pair)
    if pair is None or operation is None:
        return None
    caller = Caller("+".join(pair), key("+".join(pair), "a"), key(pair[0], "a"))
    if operation is Operation.READ_ONE:
        row = stage.row(entity, caller.other)
        made = case(entity, caller, operation, Ownership.ANY, _read(entity, caller, row))
    else:
        make = _update if operation is Operation.UPDATE_ONE else _delete
        made = make(stage, entity, caller, Possession.ANY)
    return stage.scene(entity, f"{entity.name}: {made.title}", made)


def _create_full(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case:
    values = stage.values(entity, caller.me)
    if not one_per_owner(stage.plan, entity) and most_rows(entity) > 1:
        values |= stage.back_references(entity, caller.me)
    body = create_body(entity, values)
    return _create_case(stage, entity, caller, held, body, title="creates with every value")


def _create_least(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case | None:
    values = stage.values(entity, caller.me)
    body = least_body(entity, values)
    if body == create_body(entity, values):
        return None
    return _create_case(stage, entity, caller, held, body, title="creates with the least")


def _create_for_other(
    stage: Stage, entity: Entity, caller: Caller, held: Possession
) -> Case | None:
    """Who may create any rows may name the owner."""
    owner = owner_column(entity)
    if held is Possession.OWN or owner is None:
        return None
    values = stage.values(entity, caller.me) | {owner: stage.people.users[caller.other]}
    body = create_body(entity, values, owner=True)
    return _create_case(stage, entity, caller, held, body, title="creates for another user")


def _create_case(
    stage: Stage,
    entity: Entity,
    caller: Caller,
    held: Possession,
    body: dict[str, JsonValue],
    *,
    title: str,
) -> Case:
    row = created(entity, body, stage.people.users[caller.me])
    step = Step(
        person=caller.person,
        method="POST",
        path=routes.many(entity),
        body=body,
        status=(201,),
        checks=(Shows(entity, row),),
        stored=(row,),
    )
    return case(entity, caller, Operation.CREATE_ONE, Ownership(held), step, title=title)


def _create_many(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case:
    alone = one_per_owner(stage.plan, entity) or most_created(entity) < 2
    count = 1 if alone else 2
    bodies = [create_body(entity, stage.values(entity, caller.me)) for _ in range(count)]
    rows = tuple(created(entity, body, stage.people.users[caller.me]) for body in bodies)
    many: JsonValue = {"bulk": list[JsonValue](bodies)}
    step = Step(
        person=caller.person,
        method="POST",
        path=routes.bulk(entity),
        body=many,
        status=(201,),
        checks=(ShowsAll(tuple(Shows(entity, row) for row in rows)),),
        stored=rows,
    )
    return case(entity, caller, CREATE_MANY, Ownership(held), step, title="creates in bulk")


def _update(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case:
    """All values at once, then a few alone: the others must stay."""
    row = _target(stage, entity, caller, held)
    values = stage.values(entity, caller.me) | _moves(stage, entity, caller)
    scarce = scarce_keys(stage.plan, entity)
    changes = update_body(entity, {k: v for k, v in values.items() if k not in scarce})
    changed = dict(row.values) | changes
    less = _nulls(entity, changes)
    bodies = [(changes, changed), (less, changed | less)] if less else [(changes, changed)]
    steps = tuple(
        Step(
            person=caller.person,
            method="PATCH",
            path=routes.one(entity, row.id),
            body=dict(body),
            status=(200,),
            checks=(Shows(entity, values, row.id),),
        )
        for body, values in bodies
    )
    return case(
        entity,
        caller,
        Operation.UPDATE_ONE,
        Ownership(held),
        *steps,
        title="changes values",
        after=(After(row=row, state="live", values=bodies[-1][1]),),
    )


def _moves(stage: Stage, entity: Entity, caller: Caller) -> dict[str, JsonValue]:
    """Another target for each foreign key; the caller's own, since he may hold only such."""
    moves: dict[str, JsonValue] = {}
    for relation in entity.owning_relations:
        name = relation.foreign_key
        if name is None or relation.sdk_target or name == owner_column(entity):
            continue
        target = stage.plan.entities[relation.target]
        if not one_per_owner(stage.plan, target) and not (
            is_cut(stage.plan, entity, relation) and one_per_owner(stage.plan, entity)
        ):
            free = stage.row if stage.has_room(target) else stage.parent
            moves[name] = free(target, caller.me).id
    return moves


def _nulls(entity: Entity, changes: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """NULL for whatever of these may be empty."""
    nullable = {field.name for field in entity.fields if not field.required}
    nullable |= {r.foreign_key for r in entity.owning_relations if r.nullable and r.foreign_key}
    return {name: None for name in changes if name in nullable}


def _delete(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case:
    row = _target(stage, entity, caller, held)
    steps = [
        Step(
            person=caller.person,
            method="DELETE",
            path=routes.one(entity, row.id),
            status=(200, 204),
        )
    ]
    reads = _reads(entity, caller)
    if reads is not None:
        steps.append(
            Step(
                person=caller.person,
                method="GET",
                path=routes.one(entity, row.id),
                status=(404,) if reads is Possession.ANY else (403, 404),
            )
        )
    return case(
        entity,
        caller,
        Operation.DELETE_ONE,
        Ownership(held),
        *steps,
        title="deletes, then there is none",
        after=(After(row=row, state="deleted" if entity.soft_delete else "gone"),),
    )


def _recover(stage: Stage, entity: Entity, caller: Caller, held: Possession) -> Case:
    row = _target(stage, entity, caller, held, deleted=True)
    steps = [
        Step(
            person=caller.person,
            method="PATCH",
            path=routes.recover(entity, row.id),
            status=(200,),
        )
    ]
    if _reads(entity, caller) in {Possession.ANY, held}:
        steps.append(_read(entity, caller, row))
    return case(
        entity,
        caller,
        Operation.RECOVER_ONE,
        Ownership(held),
        *steps,
        title="recovers, then it is back",
        after=(After(row=row, state="live", values=row.values),),
    )


def _target(
    stage: Stage, entity: Entity, caller: Caller, held: Possession, *, deleted: bool = False
) -> Row:
    """The caller's own row, or another's where he may touch any."""
    person = caller.me if held is Possession.OWN else caller.other
    return stage.row(entity, person, deleted=deleted)


def _reads(entity: Entity, caller: Caller) -> Possession | None:
    """The widest of what the caller's roles let him read."""
    if not entity.offers(Operation.READ_ONE):
        return None
    held = {possession(entity, role, Operation.READ_ONE) for role in caller.role.split("+")}
    return next((scope for scope in (Possession.ANY, Possession.OWN) if scope in held), None)


def _read(entity: Entity, caller: Caller, row: Row) -> Step:
    return Step(
        person=caller.person,
        method="GET",
        path=routes.one(entity, row.id),
        status=(200,),
        checks=(Shows(entity, row.values, row.id),),
    )
