"""What the tables promise: unique values, foreign keys, and what happens on delete."""

from collections.abc import Iterator

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, OnDelete, Operation, Possession, Relation
from rockets_tools.smoke import routes
from rockets_tools.smoke.bodies import create_body, created
from rockets_tools.smoke.cast import possession, scope
from rockets_tools.smoke.cells import Caller
from rockets_tools.smoke.foreign import guarded_relations
from rockets_tools.smoke.model import After, Case, Kind, Row, Scene, State, Step
from rockets_tools.smoke.stage import Stage, stable_id
from rockets_tools.smoke.uniqueness import one_per_owner, owner_column, scarce_keys, unique_sets
from rockets_tools.smoke.wrong_bodies import able

NOWHERE = stable_id("smoke/nowhere")
"""The id of no row."""


def constraint_scenes(new: Stage, entity: Entity) -> Iterator[Scene]:
    """Every promise of one table, each kept by whoever may try to break it."""
    creator = able(entity, new.people, Operation.CREATE_ONE)
    if creator is not None:
        yield from _taken_values(new, entity, creator)
        yield from _missing_targets(new, entity, creator)
    remover = able(entity, new.people, Operation.DELETE_ONE)
    if remover is not None:
        for child in new.plan.entities.values():
            for relation in child.owning_relations:
                if relation.target == entity.name and not relation.sdk_target:
                    yield _delete_parent(new.empty(), entity, remover, child, relation)
    yield from _missing_rows(new, entity)


def _taken_values(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """A value that is taken is refused; after a soft delete it is free again."""
    for names in unique_sets(entity):
        for deleted in (False, True) if entity.soft_delete else (False,):
            stage = new.empty()
            row = stage.row(entity, caller.me, deleted=deleted)
            body = _same(stage, entity, caller, row, names)
            if body is None:
                break
            steps = [_post(entity, caller, body, (201,) if deleted else (409,))]
            if deleted:
                became = created(entity, body, stage.people.users[caller.me])
                steps = [_post(entity, caller, body, (201,), became)]
                if able(entity, stage.people, Operation.RECOVER_ONE) == caller:
                    steps.append(
                        Step(
                            person=caller.person,
                            method="PATCH",
                            path=routes.recover(entity, row.id),
                            status=(409,),
                        )
                    )
            what = "free after a soft delete" if deleted else "taken"
            made = _case(
                entity, caller, Operation.CREATE_ONE, f"{'+'.join(names)} is {what}", *steps
            )
            yield stage.scene(entity, f"{entity.name}: {made.title}", made)


def _same(
    stage: Stage, entity: Entity, caller: Caller, row: Row, names: tuple[str, ...]
) -> dict[str, JsonValue] | None:
    """A body equal to the row in these properties only; None where no body can be."""
    same = {name: row.values[name] for name in names if name != owner_column(entity)}
    accepted = create_body(entity, row.values)
    if not same.keys() <= accepted.keys():
        return None
    other = stage.values(entity, caller.me)
    scarce = {owner_column(entity), *scarce_keys(stage.plan, entity)}
    if one_per_owner(stage.plan, entity) and scarce.isdisjoint(names):
        return None
    return create_body(entity, other | same)


def _missing_targets(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """A foreign key to no row is the caller's mistake, not the server's."""
    stage = new.empty()
    body = create_body(entity, stage.values(entity, caller.me))
    guarded = tuple(guarded_relations(stage.plan, entity, caller))
    cases = [
        _case(
            entity,
            caller,
            Operation.CREATE_ONE,
            f"{relation.foreign_key} of no row",
            _post(
                entity,
                caller,
                body | {relation.foreign_key: NOWHERE},
                (400, 409, *((403, 404) if relation in guarded else ())),
            ),
        )
        for relation in entity.owning_relations
        if relation.foreign_key is not None and relation.foreign_key != owner_column(entity)
    ]
    if cases:
        yield stage.scene(entity, f"{entity.name}: foreign keys to no row", *cases)


def _missing_rows(new: Stage, entity: Entity) -> Iterator[Scene]:
    """No row: 404; no UUID: 400. In own scope, where nobody looks further, 403 too."""
    cases: list[Case] = []
    for operation, method, path in (
        (Operation.READ_ONE, "GET", routes.one),
        (Operation.UPDATE_ONE, "PATCH", routes.one),
        (Operation.DELETE_ONE, "DELETE", routes.one),
        (Operation.RECOVER_ONE, "PATCH", routes.recover),
    ):
        caller = able(entity, new.people, operation)
        if caller is None:
            continue
        blind = possession(entity, caller.role, operation) is Possession.OWN
        for row_id, status in ((NOWHERE, 404), ("no-uuid", 400)):
            step = Step(
                person=caller.person,
                method=method,
                path=path(entity, row_id),
                body={} if operation is Operation.UPDATE_ONE else None,
                status=(status, 403) if blind else (status,),
            )
            what = "no row" if row_id == NOWHERE else "no UUID"
            cases.append(_case(entity, caller, operation, f"{operation} of {what}", step))
    if cases:
        yield new.empty().scene(entity, f"{entity.name}: no such row", *cases)


def _delete_parent(
    stage: Stage, entity: Entity, caller: Caller, child: Entity, relation: Relation
) -> Scene:
    """Deleting what a row refers to does what the plan says, also when only marked."""
    key = relation.foreign_key or ""
    alone = one_per_owner(stage.plan, entity)
    parent = (stage.parent if alone else stage.row)(entity, caller.me)
    # Where a user can have one row only, the child and whatever else it needs are another's.
    person = caller.other if alone else caller.me
    row = stage.row(child, person, values={key: parent.id})
    rule = relation.on_delete or OnDelete.RESTRICT
    refused = rule is OnDelete.RESTRICT
    gone: State = "deleted" if entity.soft_delete else "gone"
    after = () if refused else (After(row=parent, state=gone), _child_after(row, rule, key))
    step = Step(
        person=caller.person,
        method="DELETE",
        path=routes.one(entity, parent.id),
        status=(409,) if refused else (200, 204),
    )
    title = f"{rule} of {child.name}.{relation.name}"
    made = _case(entity, caller, Operation.DELETE_ONE, title, step, after=after)
    return stage.scene(entity, f"{entity.name}: {title}", made)


def _child_after(row: Row, rule: OnDelete, key: str) -> After:
    if rule is OnDelete.CASCADE:
        return After(row=row, state="removed")
    return After(row=row, state="live", values=dict(row.values) | {key: None})


def _post(
    entity: Entity,
    caller: Caller,
    body: dict[str, JsonValue],
    status: tuple[int, ...],
    *stored: dict[str, JsonValue],
) -> Step:
    return Step(
        person=caller.person,
        method="POST",
        path=routes.many(entity),
        body=body,
        status=status,
        stored=stored,
    )


def _case(
    entity: Entity,
    caller: Caller,
    operation: Operation,
    title: str,
    *steps: Step,
    after: tuple[After, ...] = (),
) -> Case:
    return Case(
        entity=entity.name,
        role=caller.role,
        operation=operation.value,
        ownership=scope(entity, caller.role, operation),
        kind=Kind.CONSTRAINT,
        title=title,
        steps=steps,
        after=after,
    )
