"""Attacks through relations: what a role may not read must not come along with what it may."""

from collections.abc import Iterator

from rockets_tools.plan.model import Entity, Operation, Possession, Relation, RelationType
from rockets_tools.smoke import routes
from rockets_tools.smoke.attacks.queries import ANSWERED, REJECTED
from rockets_tools.smoke.attacks.target import attack, get
from rockets_tools.smoke.bodies import hidden_names
from rockets_tools.smoke.cast import possession
from rockets_tools.smoke.cells import Caller
from rockets_tools.smoke.checks import Joined
from rockets_tools.smoke.model import Case, Row, Scene
from rockets_tools.smoke.stage import Stage
from rockets_tools.smoke.uniqueness import is_cut, one_per_owner

SECRETS = ("passwordHash", "passwordSalt")
"""Columns of a user that nobody may see, nor guess by a filter."""


def join_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """Every relation, joined where the role may read its target and where it may not."""
    if not entity.offers(Operation.READ_ONE):
        return
    for relation in entity.relations:
        if relation.sdk_target:
            yield _outside(new.empty(), entity, caller, relation)
        elif not relation.self_reference:
            yield from _inside(new, entity, caller, relation)


def _outside(stage: Stage, entity: Entity, caller: Caller, relation: Relation) -> Scene:
    """Users and roles: at most what is public of them (`secrets_in` looks at every answer)."""
    row = stage.row(entity, caller.me)
    name = relation.name
    columns = SECRETS if relation.target == "User" else ()
    queries = [[("join", name)], *([("join", f"{name}||{column}")] for column in columns)]
    cases = [
        attack(
            entity,
            caller,
            Operation.READ_ONE,
            f"join {query[0][1]}",
            get(caller, routes.one(entity, row.id, query), ANSWERED),
        )
        for query in queries
    ]
    for column in columns:
        cases += _guesses(entity, caller, name, column)
    return stage.scene(entity, f"{entity.name}: {caller.role} joins {name}", *cases)


def _guesses(entity: Entity, caller: Caller, relation: str, column: str) -> Iterator[Case]:
    """A filter or an order is an answer too."""
    if not entity.offers(Operation.READ_MANY):
        return
    path = f"{relation}.{column}"
    for joined in (False, True):
        join = [("join", relation)] if joined else []
        for query in (
            [*join, ("filter", f"{path}||$notnull")],
            [*join, ("s", f'{{"{path}":{{"$notnull":true}}}}')],
            [*join, ("sort", f"{path},ASC")],
        ):
            yield attack(
                entity,
                caller,
                Operation.READ_MANY,
                f"guess {path} by {query[-1][0]}{' with join' if joined else ''}",
                get(caller, routes.many(entity, query), REJECTED),
            )


def _inside(new: Stage, entity: Entity, caller: Caller, relation: Relation) -> Iterator[Scene]:
    """Shown as far as the role may read the target."""
    target = new.plan.entities[relation.target]
    many = relation.type is RelationType.ONE_TO_MANY
    operation = Operation.READ_MANY if many else Operation.READ_ONE
    held = possession(target, caller.role, operation)
    # In own scope also a row that points to another's, as somebody with more rights may leave it.
    whose = (caller.me, caller.other) if held is Possession.OWN and not many else (caller.me,)
    for person in whose:
        stage = new.empty()
        pair = _linked(stage, entity, relation, caller, person)
        if pair is None:
            continue
        row, related = pair
        shown = held is not None and (held is Possession.ANY or person == caller.me)
        cases = [_join_case(entity, caller, relation, row, related if shown else None)]
        for column in ["id"] if held is None else sorted(hidden_names(target))[:1]:
            cases += _guesses(entity, caller, relation.name, column)
        title = f"{entity.name}: {caller.role} joins {relation.name} of {person}"
        yield stage.scene(entity, title, *cases)


def _join_case(
    entity: Entity, caller: Caller, relation: Relation, row: Row, related: Row | None
) -> Case:
    shown = related is not None
    return attack(
        entity,
        caller,
        Operation.READ_ONE,
        f"join {relation.name}, which the role may {'' if shown else 'not '}read",
        get(
            caller,
            routes.one(entity, row.id, [("join", relation.name)]),
            (200,) if shown else ANSWERED,
            Joined(relation.name, related.id if related is not None else None),
        ),
    )


def _linked(
    stage: Stage, entity: Entity, relation: Relation, caller: Caller, person: str
) -> tuple[Row, Row] | None:
    """A row of the caller's and the one of `person` its relation leads to; None where a first row
    can have none."""
    alone = one_per_owner(stage.plan, entity)
    if not relation.owning:
        child = stage.plan.entities[relation.target]
        back = next((r for r in child.owning_relations if r.name == relation.inverse), None)
        if back is None or back.foreign_key is None:
            return None
        row = (stage.parent if alone else stage.row)(entity, caller.me)
        return row, stage.row(child, person, values={back.foreign_key: row.id})
    leads = entity.owner is not None and entity.owner.path[:1] == (relation.name,)
    if is_cut(stage.plan, entity, relation) or (leads and person != caller.me):
        return None
    target = stage.plan.entities[relation.target]
    only = one_per_owner(stage.plan, target)
    related = (stage.parent if only else stage.row)(target, person)
    return stage.row(entity, caller.me, values={relation.foreign_key or "": related.id}), related
