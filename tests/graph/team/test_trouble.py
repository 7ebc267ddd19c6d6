"""When the model, the budget or the machine is gone in the middle of a run."""

import json

import pytest
from tests.agents.messages_replies import error, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import (
    CLEAN,
    KEY,
    MAIN,
    SERVICE,
    STOP,
    TeamProject,
    answers,
    diagnosed,
    edits,
    found,
    repaired,
)

from rockets_agents.model.errors import KeyMissingError
from rockets_tools.errors import InputError


def test_without_a_key_nothing_is_written(
    team: TeamProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(KeyMissingError):
        team.run_team()
    assert not (team.root / ".rockets").exists()


def test_a_refused_key_ends_the_run_as_the_machines(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(error(401), always=True)
    report = team.run_team()
    assert report.exit_code == 3
    assert len(server.calls) == 1
    assert report.next_command is not None


def test_unreachable_model_leaves_reviews_open_and_crud_done(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")
    server.on(error(529), always=True)
    report = team.run_team()
    assert (report.exit_code, report.success) == (0, True)
    assert report.open_tasks == tuple(f"the review of wave {wave}" for wave in (1, 2, 3))
    assert report.next_command is not None
    assert team.state()["unreviewed"] == ["category", "product", "product-tag", "tag"]


def test_open_reviews_are_done_by_the_next_run(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")
    server.on(answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(error(529), role="reviewer", task="review:wave-2:part-1")
    assert team.run_team().success
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team(resume=True)
    assert report.success
    assert report.open_tasks == ()
    assert [task for _, task in team.asked()][-2:] == [
        "review:wave-2:part-1",
        "review:wave-3:part-1",
    ]
    assert team.state()["unreviewed"] == []


def test_unreachable_model_with_a_red_build_ends_like_a_sequential_run(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(error(529), role="tester", always=True)
    report = team.run_team()
    assert (report.exit_code, report.failed_gate) == (1, "migrate")
    assert report.next_command is not None


def test_spent_budget_stops_the_run_and_a_raised_one_goes_on(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team(max_tokens=100)
    assert report.exit_code == 1
    assert [problem.code for problem in report.errors] == ["budget-spent"]
    assert server.calls == []
    report = team.run_team(resume=True, max_tokens=1_000_000)
    assert report.success


def test_what_was_spent_counts_in_the_next_run(team: TeamProject, server: MessagesServer) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    first = team.run_team(trouble={"smoke": "machine"})
    assert first.exit_code == 3
    spent = first.as_json()["usage"]["tokens"]
    assert spent > 0
    again = team.run_team(resume=True, max_tokens=spent + 100)
    assert again.success  # all reviews are done, nothing more is asked
    assert again.as_json()["usage"]["tokens"] == spent


def test_unknown_price_and_a_limit_of_cost_do_not_go_together(team: TeamProject) -> None:
    from decimal import Decimal

    with pytest.raises(InputError, match="No price"):
        team.run_team(max_cost=Decimal(1), models=(("reviewer", "claude-unheard-9"),))
    assert not (team.root / ".rockets").exists()


def test_cost_of_an_unknown_model_is_not_zero(team: TeamProject, server: MessagesServer) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team(models=(("reviewer", "claude-unheard-9"),))
    assert report.as_json()["usage"]["cost"] is None
    assert report.as_json()["usage"]["byRole"]["reviewer"]["cost"] is None


def test_reviewer_without_a_usable_answer_is_a_red_gate(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(say("All fine, trust me."), role="reviewer", always=True)
    server.on(answers(STOP), role="lead")
    report = team.run_team()
    assert (report.exit_code, report.failed_gate) == (1, "review")
    assert [role for role, _ in team.asked()] == ["reviewer", "lead"]


def test_finding_about_an_unknown_file_is_sent_back(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(
        answers(found("src/nowhere.ts")),
        answers(CLEAN),
        role="reviewer",
        task="review:wave-1:part-1",
    )
    server.on(answers(CLEAN), role="reviewer", always=True)
    assert team.run_team().success


def test_builder_that_leaves_the_project_or_loops_is_undone(
    team: TeamProject, server: MessagesServer
) -> None:
    outside = team.root.parent / "outside.ts"
    outside.write_text("mine\n", encoding="utf-8")
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(
        *edits(MAIN, "start", "begin"),
        use("write_file", {"path": "../outside.ts", "text": "yours"}),
        use("write_file", {"path": "src/app.acl.ts", "text": "yours"}),
        *[use("read_file", {"path": MAIN})] * 9,
        role="builder",
        task="repair:migrate:try-1",
    )
    server.on(
        *edits(MAIN, " // BROKEN", ""), repaired(), role="builder", task="repair:migrate:try-2"
    )
    report = team.run_team()
    assert report.success
    assert outside.read_text(encoding="utf-8") == "mine\n"
    assert not (team.root / "src/app.acl.ts").exists()
    assert team.read(MAIN) == "start();\n"


def test_a_fix_that_breaks_a_rule_is_rolled_back(team: TeamProject, server: MessagesServer) -> None:
    """Green gates do not buy a broken rule."""
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(
        *edits(MAIN, "BROKEN", "UNRULY"), repaired(), role="builder", task="repair:migrate:try-1"
    )
    server.on(
        *edits(MAIN, " // BROKEN", ""), repaired(), role="builder", task="repair:migrate:try-2"
    )
    report = team.run_team()
    assert report.success
    assert team.read(MAIN) == "start();\n"


def test_the_key_is_nowhere(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, " // BROKEN", ""), repaired(), role="builder")
    report = team.run_team()
    kept = [p.read_bytes() for p in team.root.rglob("*") if p.is_file()]
    said = json.dumps(report.as_json()) + repr(team.events)
    assert KEY in server.calls[0].headers["authorization"]
    assert not any(KEY.encode() in data for data in kept)
    assert KEY not in said
    assert not any(KEY in json.dumps(call.body) for call in server.calls)
    assert SERVICE in json.dumps(server.calls[0].body)
