"""Scenes are a pure function of the plan: complete, deterministic, possible to set."""

import json
from itertools import product

from tests.tools.smoke.plans import ALL, plan_of, shop

from rockets_tools.plan.model import Entity, Operation, Plan
from rockets_tools.smoke.cast import STRANGER, cast, possession
from rockets_tools.smoke.model import Case, Kind, People, Scene
from rockets_tools.smoke.scenes import scenes
from rockets_tools.smoke.stage import stable_id
from rockets_tools.smoke.uniqueness import unique_sets


def people_of(plan: Plan) -> People:
    return People(
        users={person.key: stable_id(person.key) for person in cast(plan)},
        roles={role: stable_id(role) for role in ("admin", "user", STRANGER, *plan.roles)},
    )


def scenes_of(plan: Plan) -> list[Scene]:
    return list(scenes(plan, people_of(plan)))


def cells_of(plan: Plan) -> dict[tuple[str, str, str, str], list[Case]]:
    found: dict[tuple[str, str, str, str], list[Case]] = {}
    for scene in scenes_of(plan):
        for case in scene.cases:
            if case.kind is Kind.CELL:
                place = (case.entity, case.role, case.operation, case.ownership.value)
                found.setdefault(place, []).append(case)
    return found


def expected_scopes(entity: Entity, role: str, operation: Operation) -> set[str]:
    held = possession(entity, role, operation) if entity.offers(operation) else None
    return {None: {"none"}, "any": {"any"}, "own": {"own", "other"}}[held]


def test_every_cell_of_the_matrix_is_asked() -> None:
    plan = shop()
    cells = cells_of(plan)
    roles = (*plan.roles, STRANGER, "anonymous")
    for entity, role, operation in product(plan.entities.values(), roles, Operation):
        names = [operation.value]
        if operation is Operation.CREATE_ONE:
            names.append("createMany")
        for name in names:
            asked = {o for e, r, n, o in cells if (e, r, n) == (entity.name, role, name)}
            assert asked == expected_scopes(entity, role, operation), (entity.name, role, name)


def test_what_is_expected_where_nothing_is_granted() -> None:
    cells = cells_of(shop())
    statuses = {
        place: {step.status for case in cases for step in case.steps}
        for place, cases in cells.items()
    }
    assert statuses["Category", "user", "createOne", "none"] == {(403,)}
    assert statuses["Category", STRANGER, "readMany", "none"] == {(403,)}
    assert statuses["Category", "anonymous", "readMany", "none"] == {(401,)}
    assert statuses["Vault", "admin", "updateOne", "none"] == {(404,)}
    assert statuses["Vault", "anonymous", "updateOne", "none"] == {(404,)}
    assert statuses["Product", "user", "readOne", "other"] == {(403,)}


def test_the_same_plan_makes_the_same_scenes() -> None:
    assert repr(scenes_of(shop())) == repr(scenes_of(shop()))


def test_a_user_with_two_roles_is_tried_where_own_and_any_meet() -> None:
    cells = cells_of(shop())
    assert ("Product", "user+admin", "readOne", "any") in cells


def check_settable(plan: Plan, scene: Scene) -> None:
    """What the database would refuse: keys to no row, unique values twice."""
    users = set(people_of(plan).users.values())
    roles = set(people_of(plan).roles.values())
    ids = {row.id: row.entity for row in scene.rows}
    assert len(ids) == len(scene.rows)
    for row in scene.rows:
        entity = plan.entities[row.entity]
        for field in entity.fields:
            assert row.values[field.name] is not None or not field.required
        for relation in entity.owning_relations:
            value = row.values[relation.foreign_key or ""]
            if value is None:
                assert relation.nullable
            elif relation.sdk_target:
                assert value in (roles if relation.target == "Role" else users)
            else:
                assert ids[str(value)] == relation.target
        for names in unique_sets(entity):
            twins = [
                other
                for other in scene.rows
                if other.entity == row.entity
                and not other.deleted
                and all(other.values[n] == row.values[n] is not None for n in names)
            ]
            assert row.deleted or twins == [row], (scene.title, names)


def awkward() -> Plan:
    """Little room: unique owners, flags and enums, junctions, cycles, chains of one-to-ones."""
    admin = {"possession": "any", "operations": ALL}
    own = {"possession": "own", "operations": ALL}
    return plan_of(
        {
            "entityName": "Profile",
            "fields": [{"name": "bio", "type": "text", "required": False}],
            "relations": [
                {"targetEntity": "User", "type": "oneToOne", "nullable": False},
                {"name": "mentor", "targetEntity": "Profile"},
            ],
            "acl": {"admin": admin, "user": own},
        },
        {
            "entityName": "Badge",
            "ownerField": "profile.userId",
            "relations": [{"targetEntity": "Profile", "type": "oneToOne", "nullable": False}],
            "acl": {"admin": admin, "user": own},
        },
        {
            "entityName": "Setting",
            "fields": [
                {"name": "userId", "type": "uuid"},
                {"name": "kind", "type": "enum", "enumValues": ["a", "b", "c"]},
            ],
            "uniqueConstraint": ["userId", "kind"],
            "acl": {"user": own},
        },
        {
            "entityName": "Flag",
            "fields": [{"name": "on", "type": "boolean", "unique": True}],
            "acl": {"admin": admin},
        },
        {
            "entityName": "Store",
            "fields": [{"name": "name"}],
            "relations": [{"name": "manager", "targetEntity": "Staff"}],
            "acl": {"admin": admin},
        },
        {
            "entityName": "Staff",
            "fields": [{"name": "name"}],
            "relations": [{"targetEntity": "Store", "nullable": False, "onDelete": "CASCADE"}],
            "acl": {"admin": admin},
        },
        {
            "entityName": "Membership",
            "isJunction": True,
            "relations": [
                {"targetEntity": "User", "nullable": False},
                {"targetEntity": "Store", "onDelete": "CASCADE"},
            ],
            "acl": {"admin": admin, "user": own},
        },
    )


def test_scenes_of_awkward_plans_can_be_set() -> None:
    for plan in (shop(), awkward()):
        for scene in scenes_of(plan):
            check_settable(plan, scene)


def test_what_changes_a_row_is_asked_alone_and_what_does_not_may_be_asked_side_by_side() -> None:
    for scene in scenes_of(shop()):
        for case in scene.cases:
            if case.after or any(step.stored for step in case.steps):
                assert not scene.quiet


def test_every_entity_is_attacked_where_it_can_be_read() -> None:
    plan = shop()
    titles = {
        entity: {
            case.title
            for scene in scenes_of(plan)
            if scene.entity == entity
            for case in scene.cases
            if case.kind is Kind.ATTACK
        }
        for entity in plan.entities
    }
    for entity, asked in titles.items():
        text = json.dumps(sorted(asked))
        for what in ("injected by filter", "injected by sort", "prototype", "limit=", "token: "):
            assert what in text, (entity, what)
    assert any("passwordHash" in title for title in titles["Product"])
    assert any("hidden secret" in title for title in titles["Product"])
    assert any("DELETE with a query" in title for title in titles["Product"])
