"""From a recorded run to a live one: steps done for real, another model, an edited prompt."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agents.messages_server import MessagesServer
from tests.command import ROOT
from tests.graph.fake_tools import calls
from tests.graph.replay.scenarios import SCENARIOS
from tests.graph.team.conftest import KEY, SERVICE, TeamProject, fixed
from tests.graph.trace.conftest import events_of, only, run_folder

from rockets_agents.model.errors import KeyMissingError
from rockets_graph.replay.fork import Fork, prompt_from
from rockets_graph.replay.replay import ReplayResult, Wish, replay
from rockets_tools.errors import InputError

NODE_STEPS = {"install", "migrate", "build", "smoke"}
NEW_LINE = "{% block system %}\nBe kind to the Generator.\n"


def recorded(name: str, team: TeamProject, server: MessagesServer) -> Path:
    SCENARIOS[name].play(team, server)
    return run_folder(team)


def again(name: str, run: Path, into: Path, **wish: Any) -> ReplayResult:
    return replay(run, Wish(into=into, **wish), make_tools=SCENARIOS[name].tools)


def test_steps_are_only_done_where_it_is_said(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    run = recorded("first-try", team, server)
    assert again("first-try", run, tmp_path / "plain").same
    assert not NODE_STEPS & {line.split()[0] for line in calls(tmp_path / "plain")}
    asked = len(server.calls)
    assert again("first-try", run, tmp_path / "live", live_tools=True).same
    assert {line.split()[0] for line in calls(tmp_path / "live")} >= NODE_STEPS
    assert len(server.calls) == asked


def test_a_step_that_answers_otherwise_now_is_seen(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    run = recorded("clean", team, server)
    tools = SCENARIOS["smoke-red"].tools
    result = replay(run, Wish(into=tmp_path / "again", live_tools=True), make_tools=tools)
    assert result.divergence is not None
    smoke = only(events_of(run), "tool-call", tool="smoke")[0]
    assert (result.divergence.kind, result.divergence.event) == ("tool-result", smoke.seq + 2)
    assert {f.path.split(".")[0] for f in result.divergence.fields} == {"result"}


def test_an_edited_prompt_goes_on_live(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    run = recorded("fix-round", team, server)
    recording = (run / "trace.jsonl").read_bytes()
    second = only(events_of(run), "model-request", task="review:wave-2:part-1")[0]
    page = tmp_path / "reviewer.md"
    ours = (ROOT / "prompts/rockets_prompts/reviewer.md").read_text(encoding="utf-8")
    page.write_text(ours.replace("{% block system %}\n", NEW_LINE), encoding="utf-8")
    asked = len(server.calls)
    fork = Fork(
        at=second.seq,
        models={"reviewer": "claude-opus-4-1"},
        prompts={"reviewer": prompt_from("reviewer", page)},
    )
    result = again("fix-round", run, tmp_path / "fork", fork=fork)
    assert result.same
    assert result.report is not None
    assert result.report.success
    assert result.last < second.seq  # the conversation began anew
    live = server.calls[asked:]
    assert [call.task for call in live] == ["review:wave-2:part-1", "review:wave-3:part-1"]
    for call in live:
        assert "Be kind to the Generator." in call.body["system"][0]["text"]
        assert call.body["model"] == "claude-opus-4-1"
    assert "deny" in (tmp_path / "fork" / SERVICE).read_text(encoding="utf-8")
    assert {line.split()[0] for line in calls(tmp_path / "fork")} >= NODE_STEPS - {"install"}
    assert (run / "trace.jsonl").read_bytes() == recording
    own = tmp_path / "fork/.rockets/runs" / result.run_id
    assert only(events_of(own), "run-ended")
    files = [path for path in (tmp_path / "fork").rglob("*") if path.is_file()]
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_without_a_change_it_goes_on_at_the_very_event(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    run = recorded("fix-round", team, server)
    turns = only(events_of(run), "model-request", role="generator")
    asked = len(server.calls)
    last = turns[-1]
    server.on(fixed(), role="generator")
    result = again("fix-round", run, tmp_path / "fork", fork=Fork(at=last.seq))
    assert result.report is not None
    assert result.report.success
    first, *others = server.calls[asked:]
    assert (first.role, len(first.body["messages"])) == ("generator", len(last.messages))
    assert {call.role for call in others} == {"reviewer"}


def test_what_is_wrong_with_a_fork_is_said_before_a_write(
    team: TeamProject,
    server: MessagesServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = recorded("clean", team, server)
    page = tmp_path / "page.md"
    for text in ("no front matter", "+++\nrole = 1\n+++\n", "+++\n", "\xff{% block"):
        page.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="no prompt"):
            prompt_from("reviewer", page)
    with pytest.raises(InputError):
        again("clean", run, tmp_path / "a", fork=Fork(at=3, models={"cook": "haiku"}))
    with pytest.raises(InputError):
        again("clean", run, tmp_path / "a", fork=Fork(at=3, models={"reviewer": "no model"}))
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(KeyMissingError):
        again("clean", run, tmp_path / "a", fork=Fork(at=3))
    assert not (tmp_path / "a").exists()


def test_a_sequential_run_forks_without_a_key(
    team: TeamProject, server: MessagesServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded("sequential", team, server)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    build = only(events_of(run), "tool-call", tool="build")[0]
    result = again("sequential", run, tmp_path / "fork", fork=Fork(at=build.seq))
    assert result.report is not None
    assert result.report.success
    done = [line.split()[0] for line in calls(tmp_path / "fork")]
    assert [step for step in done if step in NODE_STEPS] == ["build", "smoke"]
    assert json.loads((tmp_path / "fork/.rockets/state.json").read_text())["status"] == "completed"
