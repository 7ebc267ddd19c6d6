"""Runs that did not come to their end, and those that went on from there."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.agents.messages_server import MessagesServer
from tests.command import ROOT
from tests.graph.conftest import SHOP, Project, make_project
from tests.graph.fake_tools import FakeTools
from tests.graph.replay.scenarios import SCENARIOS
from tests.graph.team.conftest import TeamProject
from tests.graph.team.test_same_bytes import broken_shop, end, mended, mending, start
from tests.graph.trace.conftest import events_of, only, run_folder

from rockets_graph.replay.replay import ReplayResult, Wish, replay
from rockets_graph.replay.tape import Tape
from rockets_graph.trace.reader import open_trace
from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash

__all__ = ["mending"]

KILLED = """
import sys
from pathlib import Path
from typing import Any
from tests.graph.conftest import Project
Project(Path(sys.argv[1])).run(trouble={sys.argv[2]: "kill"}, workers=int(sys.argv[3]))
"""


def again(run: Path, into: Path, **wish: Any) -> ReplayResult:
    tools = SCENARIOS["clean"].tools
    return replay(run, Wish(into=into, **wish), make_tools=tools)


@pytest.mark.parametrize(("step", "workers"), [("migrate", 1), ("integrate", 3), ("build", 1)])
def test_a_killed_run_replays_to_its_last_event(step: str, workers: int, tmp_path: Path) -> None:
    project = make_project(tmp_path / "shop", SHOP)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(project.root), step, str(workers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    run = run_folder(project)
    tools = only(events_of(run), "tool-call")
    result = replay(run, Wish(into=tmp_path / "again"), make_tools=lambda f, _: FakeTools(f))
    assert (result.same, result.stopped) == (True, "recording-ends")
    assert result.last == tools[-1].seq
    assert tools[-1].tool == step
    assert result.tree == tree_hash(ProjectFiles(project.root))


@pytest.mark.parametrize("step", ["integrate", "validate", "smoke"])
def test_an_interrupted_run_replays_to_where_it_was(step: str, tmp_path: Path) -> None:
    project = make_project(tmp_path / "shop", SHOP)
    assert project.run(trouble={step: "interrupt"}).exit_code == 130
    run = run_folder(project)
    result = replay(run, Wish(into=tmp_path / "again"), make_tools=lambda f, _: FakeTools(f))
    assert (result.same, result.stopped) == (True, "recording-ends")
    assert result.tree == tree_hash(ProjectFiles(project.root))


@pytest.mark.parametrize("kill", [0, 6, 10])
def test_the_run_that_goes_on_replays_from_the_trace(
    kill: int, tmp_path: Path, mending: MessagesServer
) -> None:
    """Its second attempt, with what the first left; and the first, to where it was killed."""
    project = broken_shop(tmp_path / "shop")
    assert end(start(project, mending, kill_at=kill)) == ""
    assert end(start(project, mending, resume=True)) == "0"
    run = run_folder(project)
    second = again(run, tmp_path / "second")
    assert second.divergence is None, second.divergence.as_json()
    assert (second.same, second.stopped, second.tree) == (True, None, mended(project))
    first = again(run, tmp_path / "first", attempt=1)
    assert first.divergence is None, first.divergence.as_json()
    assert (first.same, first.stopped) == (True, "recording-ends")


def test_a_run_killed_while_a_model_answers(tmp_path: Path, mending: MessagesServer) -> None:
    project = broken_shop(tmp_path / "shop")
    mending.hold(7)
    first = start(project, mending)
    mending.wait_for(7)
    first.kill()
    end(first)
    mending.release()
    result = again(run_folder(project), tmp_path / "half")
    assert (result.same, result.stopped) == (True, "recording-ends")
    asked = only(events_of(run_folder(project)), "model-request")
    assert result.last == asked[-1].seq
    assert end(start(project, mending, resume=True)) == "0"
    result = again(run_folder(project), tmp_path / "whole")
    assert result.divergence is None, result.divergence.as_json()
    assert result.tree == mended(project)


def test_cut_at_any_line_it_replays_to_there(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    """As a kill at any moment leaves it, in the middle of a line, too."""
    scenario = SCENARIOS["modules"]
    scenario.play(team, server)
    run = run_folder(team)
    lines = (run / "trace.jsonl").read_bytes().splitlines(keepends=True)
    for count in range(1, len(lines), 7):
        torn = b"".join(lines[:count]) + lines[count][:-5]
        (run / "trace.jsonl").write_bytes(torn)
        wish = Wish(into=tmp_path / f"cut-{count}")
        result = replay(run, wish, make_tools=scenario.tools)
        assert result.divergence is None, (count, result.divergence.as_json())
        assert result.stopped == "recording-ends", count
        with open_trace(run) as trace:
            assert result.last == Tape(trace).seqs()[-1]


def test_only_attempts_that_there_are(project: Project, tmp_path: Path) -> None:
    from rockets_graph.trace.errors import TraceError

    project.run()
    with open_trace(run_folder(project)) as trace:
        assert trace.header.attempt == 1
    with pytest.raises(TraceError, match="no attempt 2"):
        again(run_folder(project), tmp_path / "again", attempt=2)
    assert not (tmp_path / "again").exists()
