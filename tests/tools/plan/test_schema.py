"""The JSON Schema: valid itself, complete, and of the same opinion as the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.tools.plan.test_errors import SHAPES

from rockets_tools.errors import InputError
from rockets_tools.plan import plan_schema, read_plan

EXAMPLES = Path(__file__).parents[3] / "examples"
VALIDATOR = Draft202012Validator(plan_schema())


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(plan_schema())
    assert plan_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", ["shop", "chinook"])
def test_the_examples_are_valid(name: str) -> None:
    VALIDATOR.validate(json.loads((EXAMPLES / f"{name}.plan.json").read_text()))


@pytest.mark.parametrize(
    "document", [document for _, _, document in SHAPES], ids=lambda d: json.dumps(d)[:60]
)
def test_misshapen_plans_are_refused_by_both(document: Any) -> None:
    assert list(VALIDATOR.iter_errors(document))
    with pytest.raises(InputError):
        read_plan(json.dumps(document))


def test_own_keys_are_allowed_anywhere() -> None:
    VALIDATOR.validate(
        {
            "x-note": 1,
            "entities": [
                {
                    "entityName": "A",
                    "x-source": {},
                    "fields": [{"name": "b", "x-guess": True}],
                    "paths": {"x-a": 1},
                }
            ],
        }
    )


def test_every_property_says_what_it_is() -> None:
    definitions: dict[str, Any] = dict(plan_schema()["$defs"])  # type: ignore[arg-type]
    for name in ("RawEntity", "RawField", "RawRelation"):
        properties: dict[str, Any] = definitions[name]["properties"]
        silent = [key for key, value in properties.items() if "description" not in value]
        assert silent in ([], ["fields", "relations"], ["unique"], ["joinType"])
