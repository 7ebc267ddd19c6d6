"""Attacks on routes of one record: a query that leads to another row, odd methods and bodies."""

from collections.abc import Iterator
from typing import get_args

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation
from rockets_tools.smoke import routes
from rockets_tools.smoke.attacks.target import attack, compact, get
from rockets_tools.smoke.bodies import update_body
from rockets_tools.smoke.cast import possession
from rockets_tools.smoke.cells import Caller
from rockets_tools.smoke.checks import Lacks, OnlyRow
from rockets_tools.smoke.model import After, Case, Row, Scene, Step, WrongToken
from rockets_tools.smoke.stage import Stage, stable_id

HARMLESS = (200, 204, 400, 403, 404, 409)
_ANY_ID = stable_id("smoke/any")
POLLUTED = '{"__proto__":{"version":99,"dateDeleted":"2001-01-01T00:00:00.000Z"}}'


def record_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """The path names one row, the query another: only the path counts."""
    stage = new.empty()
    mine, theirs = stage.row(entity, caller.me), stage.row(entity, caller.other)
    if possession(entity, caller.role, Operation.READ_ONE) and entity.offers(Operation.READ_ONE):
        cases = [
            attack(
                entity,
                caller,
                Operation.READ_ONE,
                f"GET with {query[0][0]} of another row",
                get(
                    caller,
                    routes.one(entity, mine.id, query),
                    (200, 400, 403),
                    OnlyRow(mine.id),
                    Lacks((theirs.id,)),
                ),
            )
            for query in _queries(theirs)
        ]
        yield stage.scene(entity, f"{entity.name}: {caller.role} reads past the path", *cases)
    for operation, method in (
        (Operation.UPDATE_ONE, "PATCH"),
        (Operation.DELETE_ONE, "DELETE"),
        (Operation.RECOVER_ONE, "PATCH"),
    ):
        if entity.offers(operation) and possession(entity, caller.role, operation):
            yield _write_scene(new.empty(), entity, caller, operation, method)


def _write_scene(
    stage: Stage, entity: Entity, caller: Caller, operation: Operation, method: str
) -> Scene:
    deleted = operation is Operation.RECOVER_ONE
    mine = stage.row(entity, caller.me, deleted=deleted)
    theirs = stage.row(entity, caller.other, deleted=deleted)
    path = routes.recover if deleted else routes.one
    body: JsonValue = None
    if operation is Operation.UPDATE_ONE:
        body = update_body(entity, stage.values(entity, caller.me))
    cases = [
        _write(
            entity,
            caller,
            operation,
            mine,
            Step(
                person=caller.person,
                method=method,
                path=path(entity, mine.id, query),
                body=body,
                status=HARMLESS,
                checks=(OnlyRow(mine.id),),
            ),
        )
        for query in _queries(theirs)
    ]
    if operation is Operation.UPDATE_ONE:
        step = Step(
            person=caller.person,
            method=method,
            path=path(entity, mine.id),
            raw=POLLUTED,
            status=(200, 400),
        )
        after = (After(row=mine, state="free"),)
        cases.append(attack(entity, caller, operation, "prototype by body", step, after=after))
    return stage.scene(entity, f"{entity.name}: {caller.role} {operation} past the path", *cases)


def _write(entity: Entity, caller: Caller, operation: Operation, mine: Row, step: Step) -> Case:
    after = (After(row=mine, state="free"),)
    title = f"{step.method} with a query for another row: {step.path.partition('?')[2][:40]}"
    return attack(entity, caller, operation, title, step, after=after)


def _queries(theirs: Row) -> tuple[tuple[tuple[str, str], ...], ...]:
    found: JsonValue = {"id": {"$eq": theirs.id}}
    both: JsonValue = {"id": {"$or": {"$eq": theirs.id, "$in": [theirs.id]}}}
    return (
        (("s", compact(found)),),
        (("s", compact(both)), ("sort", "id,ASC")),
        (("s", compact({"$or": [found, found]})),),
        (("filter", f"id||$eq||{theirs.id}"),),
        (("or", f"id||$eq||{theirs.id}"),),
    )


def method_scene(stage: Stage, entity: Entity, caller: Caller) -> Scene:
    """Methods nobody offers have no handler: one without a guard would be open."""
    row = stage.row(entity, caller.me)
    body: JsonValue = update_body(entity, row.values)
    cases = [
        attack(
            entity,
            caller,
            Operation.UPDATE_ONE if method != "DELETE" else Operation.DELETE_ONE,
            f"{method} {what}",
            Step(person=caller.person, method=method, path=path, body=body, status=(404, 405)),
        )
        for method, path, what in (
            ("PUT", routes.one(entity, row.id), "of a record"),
            ("PUT", routes.many(entity), "of the list"),
            ("PATCH", routes.many(entity), "of the list"),
            ("DELETE", routes.many(entity), "of the list"),
            ("PATCH", routes.bulk(entity) + "/all", "of a bulk"),
        )
    ]
    return stage.scene(entity, f"{entity.name}: methods that are not offered", *cases)


def token_scene(stage: Stage, entity: Entity) -> Scene | None:
    """Tokens that are none."""
    operation = next((o for o in Operation if entity.offers(o)), None)
    if operation is None:
        return None
    method, path = {
        Operation.READ_MANY: ("GET", routes.many(entity)),
        Operation.READ_ONE: ("GET", routes.one(entity, _ANY_ID)),
        Operation.CREATE_ONE: ("POST", routes.many(entity)),
        Operation.UPDATE_ONE: ("PATCH", routes.one(entity, _ANY_ID)),
        Operation.DELETE_ONE: ("DELETE", routes.one(entity, _ANY_ID)),
        Operation.RECOVER_ONE: ("PATCH", routes.recover(entity, _ANY_ID)),
    }[operation]
    admin = Caller("admin", "admin.a", "admin.a")
    cases = [
        attack(
            entity,
            admin,
            operation,
            f"token: {kind}",
            Step(person=admin.person, method=method, path=path, token=kind, status=(401,)),
        )
        for kind in get_args(WrongToken)
    ]
    return stage.scene(entity, f"{entity.name}: wrong tokens", *cases)
