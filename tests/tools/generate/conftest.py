"""The plans of this folder, resolved and rendered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.generate import render_entity
from rockets_tools.generate.result import Rendered
from rockets_tools.plan import Plan, load_plan

PLANS = Path(__file__).parent / "plans"


@pytest.fixture(scope="session")
def plan() -> Callable[[str], Plan]:
    """`plan("seed")`: the seed's example; `rules`: all access rules; `broad`: all forms."""

    def load(name: str) -> Plan:
        return load_plan(PLANS / f"{name}.json").plan

    return load


@pytest.fixture(scope="session")
def rendered(plan: Callable[[str], Plan]) -> Callable[[str], dict[str, Rendered]]:
    """Every entity of a plan, rendered, by name."""

    def render(name: str) -> dict[str, Rendered]:
        entities = plan(name).entities
        return {e.name: render_entity(e, entities) for e in entities.values()}

    return render
