"""Whatever a valid plan looks like: it is accepted, ordered, and survives the way through JSON."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from tests.strategies import plans

from rockets_tools.plan import (
    Plan,
    config_hash,
    config_hashes,
    generation_input,
    parse_generation_input,
    plan_schema,
    read_plan,
)
from rockets_tools.plan.constraints import misfit
from rockets_tools.plan.values import capacity, sample

lenient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
VALIDATOR = Draft202012Validator(plan_schema())


@lenient
@given(plans())
def test_a_valid_plan_is_accepted_and_ordered(raw: dict[str, Any]) -> None:
    plan = read_plan(json.dumps(raw)).plan
    place = {name: index for index, wave in enumerate(plan.waves) for name in wave}
    assert list(plan.entities) == [name for wave in plan.waves for name in wave]
    cut = {(edge.source, edge.relation) for edge in plan.cut_edges}
    for entity in plan.entities.values():
        for relation in entity.owning_relations:
            if relation.sdk_target or relation.self_reference:
                continue
            if (entity.name, relation.name) not in cut:
                assert place[relation.target] < place[entity.name]
    for name, relation_name in cut:
        assert plan.entities[name].relation(relation_name).nullable
    _is_consistent(plan)


@lenient
@given(plans())
def test_the_schema_and_the_reader_agree(raw: dict[str, Any]) -> None:
    VALIDATOR.validate(raw)


@lenient
@given(plans(max_entities=10))
def test_an_entity_comes_back_from_its_generation_input(raw: dict[str, Any]) -> None:
    plan = read_plan(json.dumps(raw)).plan
    hashes = config_hashes(plan)
    for name, entity in plan.entities.items():
        text = json.dumps(generation_input(plan, name))
        back, related = parse_generation_input(json.loads(text))
        assert back == entity
        assert back.from_many_to_many is entity.from_many_to_many
        for relation in entity.relations:
            if not relation.sdk_target and relation.target != name:
                assert related[relation.target] == plan.entities[relation.target]
        assert config_hash(plan, name) == hashes[name]


@lenient
@given(plans(max_entities=8))
def test_every_field_has_valid_and_distinct_values(raw: dict[str, Any]) -> None:
    plan = read_plan(json.dumps(raw)).plan
    for entity in plan.entities.values():
        for field in entity.fields:
            size = min(12, capacity(field))
            made = [sample(field, ordinal) for ordinal in range(size)]
            assert [misfit(field, value) for value in made] == [None] * size, field
            assert len({json.dumps(value) for value in made}) == size, (field, made)


def _is_consistent(plan: Plan) -> None:
    for entity in plan.entities.values():
        members = [f.name for f in entity.fields] + [r.name for r in entity.relations]
        members += [str(r.foreign_key) for r in entity.owning_relations]
        assert len({m.lower() for m in members}) == len(members)
        for relation in entity.relations:
            if relation.inverse is not None:
                other = plan.entities[relation.target].relation(relation.inverse)
                assert other.inverse == relation.name
                assert other.target == entity.name
                assert other.owning is not relation.owning
            else:
                assert relation.owning
        for columns in entity.unique:
            assert set(columns) <= set(members)
