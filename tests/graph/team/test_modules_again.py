"""Modules with behaviour over several runs: paid for once, proven whenever they changed, and what
a person made of them stays."""

import json

import pytest
from tests.agents.messages_replies import error, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.team.behaviour import FILES, PLAN, prepare, task, written
from tests.graph.team.conftest import (
    CLEAN,
    MAIN,
    STOP,
    TeamProject,
    answers,
    diagnosed,
    edits,
    repaired,
)

from rockets_agents.lead import Breakdown
from rockets_agents.tester import Diagnosis

REFUND = FILES["refund"]


def asked_of(team: TeamProject, role: str, since: int = 0) -> list[str]:
    calls = team.server.calls[since:]
    return list(dict.fromkeys(call.task for call in calls if call.role == role))


def leave_digest_unread(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model cannot be reached for the last review."""
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")
    prepare(team, server, reviewed=False)
    server.on(*[answers(CLEAN)] * 4, role="reviewer")
    server.on(error(529), role="reviewer", says="digest.module.ts")


def test_a_red_spec_stays_red_over_a_resume(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    hopeless = Diagnosis(fixable=False, cause="No idea.", requests=())
    server.on(answers(hopeless), role="tester", always=True)
    server.on(answers(STOP), role="lead", task="escalate:test", always=True)
    red = {"test-red": "yes"}
    assert team.run_team(trouble=red).failed_gate == "test"
    again = team.run_team(trouble=red, resume=True)
    assert (again.exit_code, again.failed_gate) == (1, "test")
    alone = team.run_team(trouble=red, resume=True, mode="sequential")
    assert (alone.exit_code, alone.failed_gate) == (1, "test")
    team.calls()
    assert team.run_team(resume=True).success
    assert team.calls()[-2:] == ["build", f"test {','.join(f'test/{n}.test.mjs' for n in FILES)}"]


def test_a_wrong_spec_is_put_right_by_the_builder(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, names=["notice", "digest"])
    spec = "test/refund.test.mjs"
    says = "it('refunds', async () => assert.equal(await refund(), 'WRONG'));\n"
    server.on(*written("refund", says=says), role="generator", task="module:refund")
    server.on(diagnosed(spec), role="tester", says="Refunds an order.")
    server.on(
        *edits(spec, "assert.equal(await refund(), 'WRONG')", "true"),
        use("edit_file", {"path": "test/notice.test.mjs", "old": "node", "new": "none"}),
        use("edit_file", {"path": spec, "old": "'WRONG'", "new": "201"}),
        repaired(),
        role="builder",
        says="Refunds an order.",
    )
    report = team.run_team()
    assert report.success
    assert team.read(spec) == says.replace("'WRONG'", "201")
    assert report.as_json()["edited"] == [spec]
    results = [json.dumps(call.body) for call in server.calls if call.role == "builder"]
    assert "This would take an expectation out" in results[2]
    server.assert_complete()


def test_what_a_sequential_run_proved_was_without_the_modules(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    assert team.run_team(mode="sequential").success
    team.calls()
    assert team.run_team(resume=True).success
    calls = team.calls()
    assert calls.index("build") > calls.index("integrate-modules digest")
    assert "smoke" in calls


def test_one_of_several_that_fails_does_not_cost_the_others(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, names=["refund", "digest"])
    server.on(*[say("I would rather not.")] * 3, role="generator", task="module:notice")
    server.on(answers(STOP), role="lead", task="escalate:generate")
    report = team.run_team()
    assert (report.exit_code, report.failed_gate) == (1, "generate")
    paid = len(server.calls)
    server.on(*written("notice"), role="generator", task="module:notice")
    assert team.run_team(resume=True).success
    assert set(asked_of(team, "generator", paid)) == {"module:notice", "module:digest"}
    assert asked_of(team, "lead", paid) == []
    server.assert_complete()


def test_a_module_nobody_could_read_is_read_by_the_next_run(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_digest_unread(team, server, monkeypatch)
    first = team.run_team()
    assert first.success
    assert first.open_tasks == ("the review of Digest",)
    paid = len(server.calls)
    server.on(answers(CLEAN), role="reviewer")
    again = team.run_team(resume=True)
    assert again.success
    assert again.open_tasks == ()
    assert [call.role for call in server.calls[paid:]] == ["reviewer"]
    assert team.run_team(resume=True).next_command is None
    assert "nothing to do" in team.notes()[-1]
    server.assert_complete()


def test_an_edited_module_is_looked_at_and_not_written_again(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    assert team.run_team().success
    mine = "export class RefundModule {} // mine\n"
    team.write(REFUND, mine)
    team.write("src/modules/refund/more.ts", "export const more = 1;\n")
    paid = len(server.calls)
    team.calls()
    assert team.run_team(resume=True).success
    assert "smoke" in team.calls()
    assert [call.role for call in server.calls[paid:]] == ["reviewer"]
    assert "more.ts" in json.dumps(server.calls[-1].body)
    assert team.read(REFUND) == mine
    assert team.run_team(resume=True).success
    assert "nothing to do" in team.notes()[-1]


def test_an_edited_module_is_proven_again_without_a_team(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    assert team.run_team().success
    team.write(REFUND, "export class RefundModule {} // BROKEN\n")
    report = team.run_team(resume=True, mode="sequential")
    assert report.failed_gate == "migrate"
    team.write(REFUND, "export class RefundModule {} // mine\n")
    assert team.run_team(resume=True, mode="sequential").success
    assert team.run_team(resume=True, mode="sequential").follow_ups == ()
    assert "nothing to do" in team.notes()[-1]


def test_a_run_that_starts_over_does_not_write_modules_again(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    assert team.run_team().success
    team.write(REFUND, "export class RefundModule {} // mine\n")
    paid = len(server.calls)
    assert team.run_team().success
    assert {call.role for call in server.calls[paid:]} == {"reviewer"}
    assert "mine" in team.read(REFUND)


def test_a_folder_of_somebody_else_is_left_alone(team: TeamProject, server: MessagesServer) -> None:
    team.write_plan(PLAN)
    server.on(answers(Breakdown(tasks=(task("Notice"), task("Digest")))), role="lead")
    for name in ("notice", "digest"):
        server.on(*written(name), role="generator", task=f"module:{name}")
    server.on(answers(CLEAN), role="reviewer", always=True)
    mine = "export class RefundModule {} // by hand\n"
    team.write(REFUND, mine)
    report = team.run_team()
    assert report.success
    assert team.read(REFUND) == mine
    assert report.follow_ups == ("Refund (workflow): Refunds an order.",)
    assert any("Refund is left alone" in note for note in team.notes())
    assert team.run_team(resume=True).success
    assert "nothing to do" in team.notes()[-1]
    server.assert_complete()


def test_a_model_out_of_reach_leaves_no_half_a_module(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never worse than a sequential run: green, and the module is left to write."""
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")
    prepare(team, server, names=["notice"])
    server.on(written("refund")[0], role="generator", task="module:refund")
    server.on(error(529), role="generator", task="module:refund")
    report = team.run_team()
    assert report.success, report.as_json()
    assert [line.partition(" ")[0] for line in report.follow_ups] == ["Refund", "Digest"]
    assert "the module Refund" in report.open_tasks
    assert not (team.root / REFUND).exists()
    kept = [
        p.relative_to(team.root).as_posix() for p in team.root.glob(".rockets/undone/1/**/*.ts")
    ]
    assert kept == [f".rockets/undone/1/{REFUND}"]
    assert "smoke" in team.calls()
    server.on(*written("refund"), role="generator", task="module:refund")
    server.on(*written("digest"), role="generator", task="module:digest")
    paid = len(server.calls)
    again = team.run_team(resume=True)
    assert again.success
    assert again.follow_ups == ()
    assert asked_of(team, "lead", paid) == []
    assert set(asked_of(team, "generator", paid)) == {"module:refund", "module:digest"}


def test_what_is_wrong_elsewhere_is_for_the_last_gates(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    team.write(MAIN, "start(); // UNRULY\n")
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, " // UNRULY", ""), repaired(), role="builder")
    report = team.run_team()
    assert report.success, report.as_json()
    assert set(asked_of(team, "generator")) == {f"module:{name}" for name in FILES}
    server.assert_complete()


def test_a_state_file_from_elsewhere_is_no_ground_to_stand_on(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
    server.on(error(529), role="tester", always=True)
    assert team.run_team(trouble={"smoke": "machine"}).exit_code == 3
    state = team.state()
    state["modules"]["refund"]["task"] = {"module": "Refund", "kind": "a door"}
    state["modules"]["refund"]["proven"] = False
    state["modules"]["notice"]["written"]["files"] = ["../../outside.ts", "src/app.acl.ts"]
    state["modules"]["notice"]["proven"] = False
    (team.root / ".rockets/state.json").write_text(json.dumps(state), encoding="utf-8")
    server.on(answers(Breakdown(tasks=(task("Refund"),))), role="lead")
    reading = use("read_file", {"path": REFUND})
    server.on(reading, *written("refund")[2:], role="generator", task="module:refund")
    assert team.run_team(resume=True).success
    server.assert_complete()


def test_what_a_person_wrote_after_a_failure_is_theirs(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, names=["notice"])
    server.on(written("refund")[0], *[say("Well.")] * 3, role="generator", task="module:refund")
    server.on(answers(STOP), role="lead", task="escalate:generate")
    assert team.run_team().failed_gate == "generate"
    assert not (team.root / REFUND).exists()
    mine = "export class RefundModule {} // by hand\n"
    team.write(REFUND, mine)
    server.on(*written("digest"), role="generator", task="module:digest")
    paid = len(server.calls)
    report = team.run_team(resume=True)
    assert report.success
    assert team.read(REFUND) == mine
    assert asked_of(team, "generator", paid) == ["module:digest"]
    assert [line.partition(" ")[0] for line in report.follow_ups] == ["Refund"]


def test_an_open_review_is_done_by_a_run_that_starts_over(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_digest_unread(team, server, monkeypatch)
    assert team.run_team().open_tasks == ("the review of Digest",)
    paid = len(server.calls)
    server.on(answers(CLEAN), role="reviewer", always=True)
    assert team.run_team().success
    assert "digest.module.ts" in json.dumps(server.calls[-1].body)
    assert {call.role for call in server.calls[paid:]} == {"reviewer"}
