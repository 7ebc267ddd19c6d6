"""Bodies that must be refused with 400 and the name of what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Plan, Possession
from rockets_tools.plan.values import invalid_samples
from rockets_tools.smoke import routes
from rockets_tools.smoke.bodies import Values, create_body, least_body, update_body
from rockets_tools.smoke.cast import key, possession, scope
from rockets_tools.smoke.cells import CREATE_MANY, Caller
from rockets_tools.smoke.checks import Names
from rockets_tools.smoke.foreign import guarded_relations
from rockets_tools.smoke.model import Case, Kind, People, Scene, Step
from rockets_tools.smoke.stage import Stage, stable_id
from rockets_tools.smoke.uniqueness import owner_column

PER_FIELD = 4
"""Wrong values tried per field and body."""
UNKNOWN = "smokeUnknown"
"""A property no plan has."""

NO_OBJECTS = ("{", "[]", '"text"', "null")
"""Sent as they are, as JSON."""
NOTHING = ""
"""Sent likewise; the same as `{}`, so wrong only where something is required."""

Wrong = tuple[str, str, JsonValue]
"""What is wrong in a sentence, the property that must be named, its value."""


def wrong_body_scenes(new: Stage, entity: Entity) -> Iterator[Scene]:
    """All wrong bodies of an entity, asked by whoever may create, and may update."""
    for operation, make in (
        (Operation.CREATE_ONE, _wrong_creates),
        (Operation.UPDATE_ONE, _wrong_updates),
    ):
        caller = able(entity, new.people, operation)
        if caller is not None:
            stage = new.empty()
            cases = tuple(make(stage, entity, caller))
            yield stage.scene(entity, f"{entity.name}: wrong bodies of {operation}", *cases)


def able(entity: Entity, people: People, operation: Operation) -> Caller | None:
    """Somebody who may do it: to any row if there is such a role, else to his own."""
    if not entity.offers(operation):
        return None
    held = {possession(entity, role, operation): role for role in sorted(entity.acl, reverse=True)}
    role = held.get(Possession.ANY, held.get(Possession.OWN))
    if role is None:
        return None
    person = key(role, "a")
    return Caller(role, person, next(k for k in people.users if k != person))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The request that wrong bodies are put into."""

    entity: Entity
    caller: Caller
    operation: str
    needs: Operation
    method: str
    path: str

    def raw(self, text: str) -> Case:
        """A body that is not even an object."""
        made = self.case(text or "no body", None, "")
        step = replace(made.steps[0], raw=text, checks=())
        return replace(made, steps=(step,))

    def case(
        self, title: str, body: JsonValue, named: str, status: tuple[int, ...] = (400,)
    ) -> Case:
        """A body that is refused; where only 400 may come, with the name of what is wrong."""
        step = Step(
            person=self.caller.person,
            method=self.method,
            path=self.path,
            body=body,
            status=status,
            checks=(Names((named,)),) if status == (400,) else (),
        )
        return Case(
            entity=self.entity.name,
            role=self.caller.role,
            operation=self.operation,
            ownership=scope(self.entity, self.caller.role, self.needs),
            kind=Kind.BODY,
            title=f"{self.operation} with {title}",
            steps=(step,),
        )


def _wrong_creates(stage: Stage, entity: Entity, caller: Caller) -> Iterator[Case]:
    values = stage.values(entity, caller.me)
    body = create_body(entity, values)
    form = _Form(
        entity=entity,
        caller=caller,
        operation=Operation.CREATE_ONE.value,
        needs=Operation.CREATE_ONE,
        method="POST",
        path=routes.many(entity),
    )
    for title, name, value in (*_values(entity, body), *_extras(entity, values, "create")):
        yield form.case(title, body | {name: value}, name)
    required = least_body(entity, values)
    for name in required:
        yield form.case(f"no {name}", {k: v for k, v in body.items() if k != name}, name)
    yield from _wrong_keys(stage.plan, form, body)
    yield from map(form.raw, (*NO_OBJECTS, NOTHING) if required else NO_OBJECTS)
    yield from _wrong_bulks(entity, caller, body)


def _wrong_bulks(entity: Entity, caller: Caller, body: dict[str, JsonValue]) -> Iterator[Case]:
    """Nothing of a bulk is stored when one row is wrong."""
    form = _Form(
        entity=entity,
        caller=caller,
        operation=CREATE_MANY,
        needs=Operation.CREATE_ONE,
        method="POST",
        path=routes.bulk(entity),
    )
    bad: JsonValue = body | {UNKNOWN: 1}
    yield form.case("one wrong row", {"bulk": [body, bad]}, UNKNOWN)
    yield form.case("no array", {"bulk": body}, "bulk")
    yield form.case("an unknown property", {"bulk": [body], UNKNOWN: 1}, UNKNOWN)


def _wrong_updates(stage: Stage, entity: Entity, caller: Caller) -> Iterator[Case]:
    row = stage.row(entity, caller.me)
    form = _Form(
        entity=entity,
        caller=caller,
        operation=Operation.UPDATE_ONE.value,
        needs=Operation.UPDATE_ONE,
        method="PATCH",
        path=routes.one(entity, row.id),
    )
    body = update_body(entity, row.values)
    for title, name, value in (*_values(entity, body), *_extras(entity, row.values, "update")):
        yield form.case(title, {name: value}, name)
    yield from _wrong_keys(stage.plan, form, {})


def _values(entity: Entity, body: Values) -> Iterator[Wrong]:
    """Wrong values of what the body may hold."""
    for field in entity.fields:
        if field.name in body:
            for value, reason in invalid_samples(field)[:PER_FIELD]:
                if value is not None:
                    yield f"{field.name}: {reason}", field.name, value
            if field.required:
                yield f"{field.name}: null", field.name, None


def _extras(entity: Entity, values: Values, body: Literal["create", "update"]) -> Iterator[Wrong]:
    """Properties the body may not hold."""
    yield "an unknown property", UNKNOWN, 1
    yield "id", "id", stable_id("smoke/forged")
    yield "version", "version", 7
    for name in ("dateCreated", "dateUpdated", "dateDeleted"):
        yield name, name, "2001-01-01T00:00:00.000Z"
    for field in entity.fields:
        accepted = field.creatable if body == "create" else field.updatable
        if not accepted and field.name != owner_column(entity):
            yield f"{field.name}, which is not accepted", field.name, values[field.name]


def _wrong_keys(plan: Plan, form: _Form, body: dict[str, JsonValue]) -> Iterator[Case]:
    """Foreign keys that are none; where the target must be the caller's, 403 may come first."""
    guarded = tuple(guarded_relations(plan, form.entity, form.caller))
    for relation in form.entity.owning_relations:
        name = relation.foreign_key
        if name is None or name == owner_column(form.entity):
            continue
        status = (400, 403) if relation in guarded else (400,)
        for value in ("no-uuid",) if relation.nullable else ("no-uuid", None):
            yield form.case(f"{name}: {value or 'null'}", body | {name: value}, name, status)
