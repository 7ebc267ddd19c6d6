"""Runs with models in them: what was asked, answered, called and said, and what it cost."""

import json
from decimal import Decimal

from tests.agents.messages_replies import error, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import (
    CLEAN,
    KEY,
    SERVICE,
    TeamProject,
    answers,
    edits,
    fixed,
    found,
)
from tests.graph.trace.conftest import events_of, only, run_folder

from rockets_graph.trace.reader import open_trace
from rockets_graph.trace.runs import summary


def mended(team: TeamProject, server: MessagesServer) -> None:
    """A run in which the Reviewer finds something that the Generator mends."""
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(
        *edits(SERVICE, "{}", "{ deny(): void {} }"),
        fixed(),
        role="generator",
        task="fix:wave-1:round-1",
    )
    assert team.run_team().success


def test_every_request_and_answer_is_recorded_as_it_was(
    team: TeamProject, server: MessagesServer
) -> None:
    mended(team, server)
    with open_trace(run_folder(team)) as trace:
        recorded = list(trace.events())
        asked = only(recorded, "model-request")
        assert [(e.role, e.task) for e in asked] == [(c.role, c.task) for c in server.calls]
        for event, call in zip(asked, server.calls, strict=True):
            said = [trace.value(body) for body in event.messages]
            assert len(said) == len(call.body["messages"])
            assert event.model == call.body["model"]
            assert trace.value(event.system[0])["text"] == call.body["system"][0]["text"]
            (answer,) = only(recorded, "model-response", of=event.seq)
            assert (answer.role, answer.task, answer.node) == (event.role, event.task, event.node)
            assert answer.usage.total > 0
            assert Decimal(answer.cost) > 0
    assert recorded[0].models.keys() == {"lead", "generator", "reviewer", "tester", "builder"}


def test_a_conversation_is_stored_once_however_long(
    team: TeamProject, server: MessagesServer
) -> None:
    mended(team, server)
    turns = only(events_of(run_folder(team)), "model-request", role="generator")
    assert [len(e.messages) for e in turns] == [1, 3, 5]
    # All but the newest, whose mark for the cache has moved on.
    assert turns[2].messages[1:2] == turns[1].messages[1:2]
    assert turns[0].tools == turns[1].tools == turns[2].tools
    assert len({e.content for e in turns}) == 3


def test_what_an_agent_does_is_inside_of_its_job(team: TeamProject, server: MessagesServer) -> None:
    mended(team, server)
    recorded = events_of(run_folder(team))
    by_seq = {event.seq: event for event in recorded}
    (job,) = only(recorded, "job-started", role="generator")
    assert (by_seq[job.parent].node, job.job, job.task) == (
        "generator", "fix", "fix:wave-1:round-1",
    )  # fmt: skip
    (done,) = only(recorded, "job-finished", of=job.seq)
    assert (done.passed, done.turns) == (True, 3)
    inside = [e for e in recorded if e.parent == job.seq]
    assert [e.kind for e in inside] == [
        "model-request", "model-response", "agent-tool-call", "agent-tool-result",
        "model-request", "model-response", "agent-tool-call", "agent-tool-result",
        "model-request", "model-response",
    ]  # fmt: skip
    assert {e.task for e in inside} == {"fix:wave-1:round-1"}
    assert {e.node for e in inside} == {"generator"}


def test_a_change_has_the_file_before_and_after(team: TeamProject, server: MessagesServer) -> None:
    mended(team, server)
    with open_trace(run_folder(team)) as trace:
        read, edit = only(list(trace.events()), "agent-tool-result", role="generator")
        (seen,), (change,) = read.files, edit.files
        assert (seen.path, seen.changed) == (SERVICE, False)
        before, after = trace.blobs.read(change.before), trace.blobs.read(change.after)
    assert before.replace(b"{}", b"{ deny(): void {} }") == after
    assert after.decode() == team.read(SERVICE)


def test_messages_between_teammates_are_told_once(
    team: TeamProject, server: MessagesServer
) -> None:
    mended(team, server)
    said = only(events_of(run_folder(team)), "message")
    assert [(e.sender, e.receiver, e.about) for e in said] == [
        ("reviewer", "generator", "finding"),
        ("generator", "reviewer", "answer"),
    ]


def test_a_tool_that_an_agent_calls_encloses_what_it_runs(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(use("validate", {}), fixed(), role="generator")
    team.run_team()
    recorded = events_of(run_folder(team))
    (call,) = only(recorded, "agent-tool-call", tool="validate")
    (inside,) = only(recorded, "tool-call", parent=call.seq)
    assert (inside.tool, inside.node, inside.task) == ("validate", "generator", call.task)
    (result,) = only(recorded, "agent-tool-result", of=call.seq)
    assert not result.is_error


def test_an_answer_that_does_not_hold_is_told(team: TeamProject, server: MessagesServer) -> None:
    server.on(say("no JSON"), answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    team.run_team()
    (rejected,) = only(events_of(run_folder(team)), "answer-rejected")
    assert (rejected.role, rejected.task) == ("reviewer", "review:wave-1:part-1")
    assert "schema" in rejected.feedback.value


def test_what_a_run_cost_is_in_its_summary(team: TeamProject, server: MessagesServer) -> None:
    mended(team, server)
    usage = json.loads((team.root / ".rockets/state.json").read_text(encoding="utf-8"))["usage"]
    with open_trace(run_folder(team)) as trace:
        run = summary(trace)
    assert run.tokens == sum(one["tokens"] for one in usage.values())
    assert run.roles == {role: one["tokens"] for role, one in usage.items()}
    assert run.cost is not None
    assert abs(float(run.cost) - sum(one["cost"] for one in usage.values())) < 1e-9
    assert (run.mode, run.outcome, run.attempts, run.entities) == ("team", "completed", 1, 4)


def test_what_was_waited_for_and_what_failed_is_told(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(error(529, retry_after="0.01"), role="reviewer", task="review:wave-1:part-1")
    server.on(error(401), role="reviewer", task="review:wave-2:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team()
    assert not report.success
    recorded = events_of(run_folder(team))
    waited, *_ = only(recorded, "model-response")
    assert waited.attempts == len(waited.waits) + 1 >= 2
    assert waited.waits[0] > 0
    (failed,) = only(recorded, "model-failed")
    assert (failed.error, failed.status) == ("KeyRefusedError", 401)
    assert failed.problems[0].fix
    assert recorded[-1].outcome == "failed"


def test_the_key_is_in_no_file_of_the_run(team: TeamProject, server: MessagesServer) -> None:
    team.write("notes.txt", f"the key is {KEY}\n")
    mended(team, server)
    for file in (team.root / ".rockets").rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes(), file
