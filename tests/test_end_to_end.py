"""The main job on plans of every kind: from plan.json to a green smoke test, no hand edits."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command import rockets

ROOT = Path(__file__).resolve().parents[1]
PLANS = [
    ROOT / "examples" / "shop.plan.json",
    ROOT / "examples" / "chinook.plan.json",
    ROOT / "tests" / "data" / "hospital.plan.json",
    ROOT / "tests" / "data" / "one-per-owner.plan.json",
]


@pytest.mark.node
@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.name.split(".")[0])
def test_a_plan_becomes_a_proven_project(plan: Path, warm_project: Callable[[str], Path]) -> None:
    project = warm_project("api")
    run = rockets("orchestrate", "--project", project, "--spec", plan, "--sequential")
    report = run.json
    assert report["success"], run.err
    assert report["migration"]["proven"]
    assert report["summary"]["smokeTestPassed"]
    assert report["smoke"]["failed"] == 0
    assert report["smoke"]["attacks"] > 0
