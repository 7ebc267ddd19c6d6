"""The plan: what people write (`schema`), what it means (`model`), everything wrong with it."""

from rockets_tools.plan.generation import (
    config_hash,
    config_hashes,
    entity_config,
    generation_input,
    parse_generation_input,
)
from rockets_tools.plan.model import Plan
from rockets_tools.plan.read import CheckedPlan, load_plan, read_plan
from rockets_tools.plan.schema import plan_schema

__all__ = [
    "CheckedPlan",
    "Plan",
    "config_hash",
    "config_hashes",
    "entity_config",
    "generation_input",
    "load_plan",
    "parse_generation_input",
    "plan_schema",
    "read_plan",
]
