"""Ctrl-C and SIGTERM: the run ends at once, with 130, nothing works on, and a resume goes on."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.agents.messages_replies import use
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import Project
from tests.graph.team.behaviour import FILES, PLAN, prepare, task, written
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
from tests.graph.team.slow_tools import STARTED

from rockets_agents.lead import Breakdown


def interrupted(run: subprocess.Popen[bytes], number: int = signal.SIGINT) -> float:
    """Send the signal; how many seconds the run took to end with 130."""
    begun = time.monotonic()
    run.send_signal(number)
    assert end(run) == "130"
    return time.monotonic() - begun


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def started(project: Project) -> Path:
    return Path(STARTED.format(root=project.root))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_generators_beside_each_other_end_at_once(
    number: int, team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, names=["digest"])
    for name in ("refund", "notice"):
        first, *_ = written(name)
        server.on(first, role="generator", task=f"module:{name}")
        server.on(
            use("read_file", {"path": MAIN}, delay=60), role="generator", task=f"module:{name}"
        )
    run = start(team, server)
    deadline = time.monotonic() + 120
    while sum(call.role == "generator" for call in server.calls) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert interrupted(run, number) < 5
    assert not any((team.root / FILES[name]).exists() for name in ("refund", "notice"))
    for name in ("refund", "notice"):
        server.on(*written(name), role="generator", task=f"module:{name}")
    assert team.run_team(resume=True).success


def test_a_step_of_a_job_is_not_waited_for(team: TeamProject, server: MessagesServer) -> None:
    team.write_plan({**PLAN, "nonCrud": PLAN["nonCrud"][:1]})
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(answers(Breakdown(tasks=(task("Refund"),))), role="lead", task="breakdown")
    writing = written("refund")
    server.on(*writing[:2], use("build", {}), role="generator", task="module:refund")
    run = start(team, server, tools="team.slow_tools", kind="SlowBuild")
    wait_for(started(team))
    assert interrupted(run, signal.SIGTERM) < 5
    assert not (team.root / "src/built.ts").exists()
    server.on(*writing, role="generator", task="module:refund")
    assert team.run_team(resume=True).success


def test_what_the_builder_began_ends_before_it_is_undone(
    team: TeamProject, server: MessagesServer
) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(*edits(MAIN, " // BROKEN", ""), use("migrate", {}), role="builder")
    run = start(team, server, tools="team.slow_tools", kind="SlowMigration")
    wait_for(started(team))
    assert interrupted(run) < 8
    time.sleep(2)
    assert team.read(MAIN) == "start(); // BROKEN\n"
    assert not (team.root / "src/migrations/9.txt").exists()
    assert json.loads(team.read(".rockets/state.json"))["status"] == "interrupted"
    server.on(*edits(MAIN, " // BROKEN", ""), repaired(), role="builder")
    assert team.run_team(resume=True).success


def test_killed_while_one_of_two_is_written(team: TeamProject, server: MessagesServer) -> None:
    """The other one was answered: it is not paid for again, and what was spent stays spent."""
    prepare(team, server, names=["notice", "digest"])
    first, *_ = written("refund")
    server.on(first, role="generator", task="module:refund")
    server.on(use("read_file", {"path": MAIN}, delay=60), role="generator", task="module:refund")
    run = start(team, server)
    deadline = time.monotonic() + 60
    while not (kept(team, "notice") and (team.root / FILES["refund"]).exists()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run.kill()
    end(run)
    spent = sum(one["tokens"] for one in team.state()["usage"].values())
    paid = len(server.calls)
    server.on(*written("refund"), role="generator", task="module:refund")
    alone = team.run_team(resume=True, mode="sequential")
    assert alone.success
    assert [line.partition(" ")[0] for line in alone.follow_ups] == ["Refund", "Notice", "Digest"]
    assert not (team.root / FILES["refund"]).exists(), "half a module may keep all from compiling"
    assert any("half of Refund is undone" in note for note in team.notes())
    report = team.run_team(resume=True)
    assert report.success
    asked = {call.task for call in server.calls[paid:] if call.role == "generator"}
    assert asked == {"module:refund", "module:digest"}
    assert report.spent()[0] > spent + 16_000  # all that was set aside for the call in flight


def kept(project: Project, name: str) -> bool:
    """The state file has what the Generator said of a module."""
    try:
        modules = project.state()["modules"]
    except FileNotFoundError:
        return False
    return name in modules and modules[name]["written"] is not None
