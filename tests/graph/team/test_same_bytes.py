"""Whoever plays and however many work: the same bytes, and the same after a kill."""

import json
import signal
from pathlib import Path

import pytest
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP, Project, make_project
from tests.graph.team.conftest import (
    CLEAN,
    MAIN,
    TeamProject,
    answers,
    diagnosed,
    edits,
    repaired,
)
from tests.graph.team.process import end, start

from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash


@pytest.mark.parametrize("workers", [1, 8])
def test_team_and_sequential_write_the_same(
    workers: int, team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    assert team.run_team(workers=workers).success
    other = make_project(team.root.parent / "other", SHOP)
    alone = TeamProject(root=other.root, server=server)
    assert alone.run_team(mode="sequential", workers=workers).success
    assert tree_hash(ProjectFiles(team.root)) == tree_hash(ProjectFiles(alone.root))


@pytest.fixture
def mending(server: MessagesServer) -> MessagesServer:
    """Answers by what was said before, so that a killed run can be told the same again."""
    read, edit = edits(MAIN, " // BROKEN", "")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(repaired(), role="builder", says='"old": " // BROKEN"', always=True)
    server.on(edit, role="builder", says=f'"input": {{"path": "{MAIN}"}}', always=True)
    server.on(read, role="builder", always=True)
    return server


def broken_shop(folder: Path) -> Project:
    project = make_project(folder, SHOP)
    main = project.root / MAIN
    main.parent.mkdir(parents=True)
    main.write_text("start(); // BROKEN\n", encoding="utf-8")
    return project


def mended(project: Project) -> str:
    return tree_hash(ProjectFiles(project.root))


def test_killed_at_a_write_it_resumes_to_the_same(tmp_path: Path, mending: MessagesServer) -> None:
    whole = broken_shop(tmp_path / "whole")
    assert end(start(whole, mending)) == "0"
    for at in (0, 6, 10):
        project = broken_shop(tmp_path / f"shop{at}")
        first = start(project, mending, kill_at=at)
        assert end(first) == ""
        assert first.returncode == -signal.SIGKILL
        spent = spent_in(project.root)
        assert end(start(project, mending, resume=True)) == "0"
        assert spent_in(project.root) >= spent
        assert mended(project) == mended(whole), at


@pytest.mark.parametrize("number", [2, 4, 7])
def test_killed_while_a_model_answers_it_resumes_to_the_same(
    number: int, tmp_path: Path, mending: MessagesServer
) -> None:
    """In a review, in the diagnosis, and after the Builder's edit; what was in flight counts."""
    project = broken_shop(tmp_path / "shop")
    mending.hold(number)
    first = start(project, mending)
    mending.wait_for(number)
    first.kill()
    end(first)
    mending.release()
    assert end(start(project, mending, resume=True)) == "0"
    assert (project.root / MAIN).read_text(encoding="utf-8") == "start();\n"
    state = json.loads((project.root / ".rockets/state.json").read_text(encoding="utf-8"))
    # All that was set aside for the call in flight: nobody knows what it took.
    assert sum(one["tokens"] for one in state["usage"].values()) > 16_000


def spent_in(project: Path) -> int:
    file = project / ".rockets/state.json"
    if not file.exists():
        return 0
    usage = json.loads(file.read_text(encoding="utf-8"))["usage"]
    return sum(one["tokens"] for one in usage.values())
