"""The team at work: what is asked of whom, and what the project looks like afterwards."""

from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import (
    CLEAN,
    MAIN,
    SERVICE,
    STOP,
    TeamProject,
    answers,
    diagnosed,
    edits,
    fixed,
    found,
    repaired,
)

from rockets_agents.tester import Diagnosis


def test_clean_plan_spends_on_one_review_per_wave_only(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team()
    assert (report.exit_code, report.success) == (0, True)
    assert team.asked() == [("reviewer", f"review:wave-{wave}:part-1") for wave in (1, 2, 3)]
    assert set(report.as_json()["usage"]["byRole"]) == {"reviewer"}
    assert report.as_json()["usage"]["cost"] > 0
    server.assert_complete()


def test_finding_is_fixed_without_the_lead(team: TeamProject, server: MessagesServer) -> None:
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(
        *edits(SERVICE, "{}", "{ deny(): void {} }"),
        fixed(),
        role="generator",
        task="fix:wave-1:round-1",
    )
    report = team.run_team()
    assert report.success
    assert "deny" in team.read(SERVICE)
    assert [role for role, _ in team.asked()][:3] == ["reviewer", "generator", "reviewer"]
    assert "lead" not in {role for role, _ in team.asked()}
    assert team.told() == [
        ("reviewer", "generator", "finding"),
        ("generator", "reviewer", "answer"),
    ]
    assert report.edited == (SERVICE,)
    server.assert_complete()


def test_rounds_used_up_end_with_the_lead(team: TeamProject, server: MessagesServer) -> None:
    server.on(answers(found(SERVICE)), role="reviewer", always=True)
    server.on(fixed(), role="generator", always=True)
    server.on(answers(STOP), role="lead")
    report = team.run_team()
    assert (report.exit_code, report.failed_gate) == (1, "review")
    assert [role for role, _ in team.asked()].count("generator") == 3
    assert report.verdict is not None
    assert report.verdict["cause"] == "It stays red."
    assert report.next_command is not None
    server.assert_complete()


def test_build_is_mended_at_the_first_try(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester")
    server.on(*edits(MAIN, " // BROKEN", ""), repaired(), role="builder")
    report = team.run_team()
    assert report.success
    assert team.read(MAIN) == "start();\n"
    assert report.edited == (MAIN,)
    assert not (team.root / ".rockets/builder/before.json").exists()
    server.assert_complete()


def test_build_is_mended_at_the_third_try(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(repaired("Nothing."), role="builder", task="repair:migrate:try-1")
    server.on(
        *edits(MAIN, "start();", "start(); // BROKEN\nagain();"),
        repaired("Worse."),
        role="builder",
        task="repair:migrate:try-2",
    )
    server.on(
        *edits(MAIN, " // BROKEN", ""), repaired(), role="builder", task="repair:migrate:try-3"
    )
    report = team.run_team()
    assert report.success
    assert team.read(MAIN) == "start();\n"
    last = next(call for call in server.calls if call.task == "repair:migrate:try-3")
    said = str(last.body)
    assert "rolled back" in said
    assert "Worse." in said


def test_three_failures_leave_the_tree_as_it_was(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(diagnosed(), role="tester", always=True)
    server.on(
        *edits(MAIN, "start", "begin"),
        repaired("Renamed."),
        role="builder",
        task="repair:migrate:try-1",
    )
    server.on(repaired("Nothing."), role="builder", task="repair:migrate:try-2")
    server.on(use_bad := repaired("Nothing again."), role="builder", task="repair:migrate:try-3")
    server.on(answers(STOP), role="lead")
    report = team.run_team()
    assert use_bad is not None
    assert (report.exit_code, report.failed_gate) == (1, "migrate")
    assert team.read(MAIN) == "start(); // BROKEN\n"
    assert report.next_command is not None
    assert [role for role, _ in team.asked()].count("builder") == 3
    server.assert_complete()


def test_what_cannot_be_fixed_is_not_tried(team: TeamProject, server: MessagesServer) -> None:
    team.write(MAIN, "start(); // BROKEN\n")
    server.on(answers(CLEAN), role="reviewer", always=True)
    hopeless = Diagnosis(fixable=False, cause="A package is missing.", requests=())
    server.on(answers(hopeless), role="tester")
    server.on(answers(STOP), role="lead")
    report = team.run_team()
    assert report.exit_code == 1
    assert "builder" not in {role for role, _ in team.asked()}
    assert ("tester", "lead", "failure") in team.told()
