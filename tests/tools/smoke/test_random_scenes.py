"""Whatever the plan, the rows of every scene can be stored: no case fails by its staging."""

import json
import uuid
from collections import Counter
from math import prod
from typing import Any

from hypothesis import HealthCheck, given, settings
from tests.strategies import plans

from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan
from rockets_tools.plan.values import capacity
from rockets_tools.smoke.cast import STRANGER, cast
from rockets_tools.smoke.model import People, Row, Scene
from rockets_tools.smoke.scenes import scenes
from rockets_tools.smoke.uniqueness import PLENTY, unique_sets


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plans(max_entities=6))
def test_the_rows_of_every_scene_can_be_stored(raw: dict[str, Any]) -> None:
    plan = read_plan(json.dumps(raw)).plan
    people = People(
        users={person.key: identity(person.key) for person in cast(plan)},
        roles={role: identity(role) for role in {*plan.roles, "user", STRANGER}},
    )
    outside = {*people.users.values(), *people.roles.values()}
    for scene in scenes(plan, people):
        ids = Counter((row.entity, row.id) for row in scene.rows)
        assert max(ids.values(), default=1) == 1, scene.title
        for row in scene.rows:
            _refers_to_what_is_there(plan, scene, row, outside)
        _is_unique(plan, scene)


def identity(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def _refers_to_what_is_there(plan: Plan, scene: Scene, row: Row, outside: set[str]) -> None:
    entity = plan.entities[row.entity]
    for field in entity.fields:
        assert row.values[field.name] is not None or not field.required, (scene.title, field)
    for relation in entity.owning_relations:
        key = row.values[relation.foreign_key or ""]
        assert key is not None or relation.nullable, (scene.title, row, relation.name)
        if relation.sdk_target:
            assert key is None or key in outside
        elif key is not None:
            there = {other.id for other in scene.rows if other.entity == relation.target}
            assert key in there, (scene.title, row, relation.name)


def _is_unique(plan: Plan, scene: Scene) -> None:
    """As the database sees it: a NULL equals nothing, a deleted row frees what it had."""
    for name in {row.entity for row in scene.rows}:
        entity = plan.entities[name]
        rows = [row for row in scene.rows if row.entity == name]
        fields = {field.name: field for field in entity.fields}
        for names in unique_sets(entity):
            if prod(capacity(fields[n]) if n in fields else PLENTY for n in names) < PLENTY:
                continue  # a table that can never hold more than a handful of rows
            # A constraint of several columns is partial, too, where rows are only marked.
            values = Counter(
                tuple(repr(row.values[n]) for n in names)
                for row in rows
                if not (entity.soft_delete and row.deleted)
                and all(row.values[n] is not None for n in names)
            )
            assert max(values.values(), default=1) == 1, (scene.title, names, rows)
