"""Whom an attack runs as, and how its cases are written."""

import json
from collections.abc import Iterable

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Plan
from rockets_tools.smoke.cast import has_own_scope, key, possession, scope
from rockets_tools.smoke.cells import Caller
from rockets_tools.smoke.model import After, Case, Check, Kind, People, Step


def readers(plan: Plan, people: People, entity: Entity) -> tuple[Caller, ...]:
    """Every role that may read the entity, and somebody else to find rows of: of the same role
    where that ends at its own rows."""
    callers: list[Caller] = []
    for role in plan.roles:
        if possession(entity, role, Operation.READ_ONE) is not None:
            person, same = key(role, "a"), key(role, "b")
            other = next(k for k in people.users if k != person)
            own = has_own_scope(entity, role)
            callers.append(Caller(role, person, same if own else other))
    return tuple(callers)


def narrowest(entity: Entity, callers: Iterable[Caller]) -> tuple[Caller, ...]:
    """All with own scope, and of those with any the one who may do least."""
    own, free = _by_scope(entity, callers)
    return (*own, *free[:1])


def widest(entity: Entity, callers: Iterable[Caller]) -> tuple[Caller, ...]:
    """All with own scope, and of those with any the one who may do most."""
    own, free = _by_scope(entity, callers)
    return (*own, *free[-1:])


def _by_scope(entity: Entity, callers: Iterable[Caller]) -> tuple[list[Caller], list[Caller]]:
    """Callers with own scope; callers with any, those who may do least first."""
    own: list[Caller] = []
    free: list[Caller] = []
    for caller in callers:
        (own if has_own_scope(entity, caller.role) else free).append(caller)
    return own, sorted(free, key=lambda caller: len(entity.acl[caller.role].actions))


def attack(
    entity: Entity,
    caller: Caller,
    operation: Operation,
    title: str,
    *steps: Step,
    after: tuple[After, ...] = (),
) -> Case:
    """A case of kind attack, in the cell of what the caller may otherwise do."""
    return Case(
        entity=entity.name,
        role=caller.role,
        operation=operation.value,
        ownership=scope(entity, caller.role, operation),
        kind=Kind.ATTACK,
        title=title,
        steps=steps,
        after=after,
    )


def get(caller: Caller, path: str, status: tuple[int, ...], *checks: Check) -> Step:
    """A GET of the caller's."""
    return Step(person=caller.person, method="GET", path=path, status=status, checks=checks)


def compact(value: JsonValue) -> str:
    """As a client puts it into `?s=`."""
    return json.dumps(value, separators=(",", ":"))
