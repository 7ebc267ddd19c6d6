"""Every cell of role by operation by ownership, as scenes: what is granted works, the rest not."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Possession
from rockets_tools.smoke import routes
from rockets_tools.smoke.bodies import create_body, update_body
from rockets_tools.smoke.cast import STRANGER, key, possession
from rockets_tools.smoke.checks import Lacks, Lists, Shows
from rockets_tools.smoke.model import (
    ANONYMOUS,
    After,
    Case,
    Kind,
    Ownership,
    People,
    Row,
    Scene,
    Step,
)
from rockets_tools.smoke.stage import Stage

CREATE_MANY = "createMany"
"""`POST /bulk`, which comes with createOne; a name of its own in the result."""
ORDER = (
    Operation.READ_MANY,
    Operation.READ_ONE,
    Operation.CREATE_ONE,
    Operation.UPDATE_ONE,
    Operation.DELETE_ONE,
    Operation.RECOVER_ONE,
)
FOREIGN = (403,)
"""Another user's row, which the guard refuses before anybody looks whether it is there."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and whose rows are there for him to find."""

    role: str
    person: str | None
    """None: nobody, without a token."""
    other: str
    """Another person, of the same role where it has own scope."""

    @property
    def me(self) -> str:
        """For whom rows are made that are the caller's, where there is one."""
        return self.person or self.other


def callers(roles: tuple[str, ...], people: People) -> Iterator[Caller]:
    """Each role of the plan, a role without any grant, and nobody."""
    for role in (*roles, STRANGER):
        person = key(role, "a")
        same, first = key(role, "b"), next(k for k in people.users if k != person)
        yield Caller(role, person, same if same in people.users else first)
    yield Caller(ANONYMOUS, None, key(roles[0], "a"))


def quiet_scene(stage: Stage, entity: Entity, caller: Caller) -> Scene:
    """All cells of a caller that change nothing: what he reads, and all he is refused."""
    mine, theirs = _two_rows(stage, entity, caller, deleted=False)
    gone = _two_rows(stage, entity, caller, deleted=True) if entity.soft_delete else ()
    live = tuple(row for row in stage.rows_of(entity) if not row.deleted)
    cases: list[Case] = []
    for operation in ORDER:
        held = possession(entity, caller.role, operation)
        offered = entity.offers(operation)
        if caller.person is None or held is None or not offered:
            status = (404,) if not offered else (401,) if caller.person is None else (403,)
            target = gone[1] if gone and operation is Operation.RECOVER_ONE else theirs
            cases += [
                case(entity, caller, name, Ownership.NONE, step)
                for name, step in attempts(stage, entity, caller, operation, (target, status))
            ]
        elif operation is Operation.READ_MANY:
            cases.append(_list_case(entity, caller, held, live))
            if held is Possession.OWN:
                step = Step(
                    person=caller.person,
                    method="GET",
                    path=routes.many(entity, [("limit", "100")]),
                    status=(200,),
                    checks=(Lacks((theirs.id,)),),
                )
                cases.append(case(entity, caller, operation, Ownership.OTHER, step))
        elif operation is Operation.READ_ONE:
            readable = theirs if held is Possession.ANY else mine
            step = Step(
                person=caller.person,
                method="GET",
                path=routes.one(entity, readable.id),
                status=(200,),
                checks=(Shows(entity, readable.values, readable.id),),
            )
            cases.append(case(entity, caller, operation, Ownership(held), step))
        if (
            held is Possession.OWN
            and offered
            and operation
            not in {
                Operation.READ_MANY,
                Operation.CREATE_ONE,
            }
        ):
            target = gone[1] if gone and operation is Operation.RECOVER_ONE else theirs
            cases += [
                case(entity, caller, name, Ownership.OTHER, step)
                for name, step in attempts(stage, entity, caller, operation, (target, FOREIGN))
            ]
    return stage.scene(entity, f"{entity.name}: {caller.role} reads and is refused", *cases)


def attempts(
    stage: Stage,
    entity: Entity,
    caller: Caller,
    operation: Operation,
    refusal: tuple[Row, tuple[int, ...]],
) -> Iterator[tuple[str, Step]]:
    """The requests of an operation that would be right if the caller were allowed to; `refusal`
    is the row they are about and the statuses to come."""
    target, status = refusal
    method, path = {
        Operation.READ_MANY: ("GET", routes.many(entity)),
        Operation.READ_ONE: ("GET", routes.one(entity, target.id)),
        Operation.CREATE_ONE: ("POST", routes.many(entity)),
        Operation.UPDATE_ONE: ("PATCH", routes.one(entity, target.id)),
        Operation.DELETE_ONE: ("DELETE", routes.one(entity, target.id)),
        Operation.RECOVER_ONE: ("PATCH", routes.recover(entity, target.id)),
    }[operation]
    body: JsonValue = None
    if operation is Operation.CREATE_ONE:
        body = create_body(entity, stage.values(entity, caller.me))
        many: JsonValue = {"bulk": [body]}
        yield (
            CREATE_MANY,
            Step(
                person=caller.person,
                method="POST",
                path=routes.bulk(entity),
                body=many,
                status=status,
            ),
        )
    elif operation is Operation.UPDATE_ONE:
        body = update_body(entity, stage.values(entity, caller.me))
    yield operation, Step(person=caller.person, method=method, path=path, body=body, status=status)


def _two_rows(stage: Stage, entity: Entity, caller: Caller, *, deleted: bool) -> tuple[Row, Row]:
    """A row of the caller's and one of somebody else; nobody has none of his own."""
    theirs = stage.row(entity, caller.other, deleted=deleted)
    if caller.person is None:
        return theirs, theirs
    return stage.row(entity, caller.person, deleted=deleted), theirs


def _list_case(entity: Entity, caller: Caller, held: Possession, live: tuple[Row, ...]) -> Case:
    """The list has exactly the rows the caller may read, page by page."""
    rows = tuple(
        Shows(entity, row.values, row.id)
        for row in live
        if held is Possession.ANY or row.person == caller.person
    )
    pages: tuple[tuple[routes.Query, Lists], ...] = (
        ((), Lists(rows)),
        ((("limit", "1"), ("page", "1")), Lists(rows, page=1, limit=1)),
        ((("limit", "1"), ("page", "2")), Lists(rows, page=2, limit=1)),
    )
    steps = [
        Step(
            person=caller.person,
            method="GET",
            path=routes.many(entity, query),
            status=(200,),
            checks=(check,),
        )
        for query, check in pages
        if check.page <= len(rows)
    ]
    return case(entity, caller, Operation.READ_MANY, Ownership(held), *steps)


def case(
    entity: Entity,
    caller: Caller,
    operation: str,
    ownership: Ownership,
    *steps: Step,
    title: str = "",
    after: tuple[After, ...] = (),
) -> Case:
    """A case of kind cell."""
    return Case(
        entity=entity.name,
        role=caller.role,
        operation=str(operation),
        ownership=ownership,
        kind=Kind.CELL,
        title=title or f"{caller.role} {operation} {ownership}",
        steps=steps,
        after=after,
    )
