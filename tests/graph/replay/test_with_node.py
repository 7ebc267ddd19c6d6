"""Runs with a real build, a real database and a real smoke test, replayed without any of them."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.agents.messages_server import MessagesServer
from tests.command import ROOT, environment, rockets
from tests.graph.replay.conftest import replayed
from tests.test_team_end_to_end import BEHAVIOUR, BROKEN, SOURCE, server

from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash

__all__ = ["server"]


@pytest.mark.node
def test_the_sequential_demo(
    warm_project: Callable[[str], Path], offline: Mapping[str, str], tmp_path: Path
) -> None:
    project = warm_project("shop")
    started = time.monotonic()
    plan = ROOT / "examples/shop.plan.json"
    run = rockets("orchestrate", "--project", project, "--spec", plan, "--sequential")
    took = time.monotonic() - started
    assert run.json["success"], run.err
    started = time.monotonic()
    done = replayed(project / ".rockets/runs" / run.json["runId"], tmp_path / "again", offline)
    assert time.monotonic() - started < took / 3  # a tenth where nothing else is to be done
    assert done.json["same"], done.err
    assert done.json["tree"] == tree_hash(ProjectFiles(project))


@pytest.mark.node
def test_a_team_that_writes_modules_and_mends_a_source(
    server: MessagesServer,
    warm_project: Callable[[str], Path],
    offline: Mapping[str, str],
    tmp_path: Path,
) -> None:
    project = warm_project("orders")
    broken = project / BROKEN
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(SOURCE, encoding="utf-8")
    run = rockets(
        *("orchestrate", "--project", project, "--spec", BEHAVIOUR / "orders.plan.json", "--team"),
        env=environment(ANTHROPIC_API_KEY="sk-test-MARKED", ANTHROPIC_BASE_URL=server.url),
    )
    assert run.json["success"], run.err
    asked = len(server.calls)
    done = replayed(project / ".rockets/runs" / run.json["runId"], tmp_path / "again", offline)
    assert done.json["same"], done.err
    assert done.json["tree"] == tree_hash(ProjectFiles(project))
    assert len(server.calls) == asked
