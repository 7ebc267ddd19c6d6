"""Fix rounds: three a wave, whoever found something, and over a resume."""

import json

from tests.agents.messages_replies import say
from tests.agents.messages_server import MessagesServer
from tests.graph.team.conftest import (
    CLEAN,
    SERVICE,
    STOP,
    TeamProject,
    answers,
    edits,
    fixed,
    found,
)
from tests.graph.team.process import end, start

REVIEW = "review:wave-1:part-1"


def unruly(team: TeamProject) -> None:
    """A person broke a rule in a generated file after a green run."""
    assert team.run_team(mode="sequential").success
    team.write(SERVICE, team.read(SERVICE) + "// UNRULY\n")


def test_what_validate_finds_goes_to_the_generator(
    team: TeamProject, server: MessagesServer
) -> None:
    unruly(team)
    server.on(
        *edits(SERVICE, "UNRULY", "tame"), fixed(), role="generator", task="fix:wave-1:round-1"
    )
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team(resume=True)
    assert report.success
    assert team.told()[0] == ("validate", "generator", "finding")
    assert report.edited == (SERVICE,)
    assert [role for role, _ in team.asked()] == ["generator", "reviewer"]
    assert team.run_team(resume=True).success
    assert "nothing to do" in team.notes()[-1]
    server.assert_complete()


def test_rounds_of_validate_and_of_the_reviewer_are_the_same_three(
    team: TeamProject, server: MessagesServer
) -> None:
    unruly(team)
    server.on(fixed(), role="generator", task="fix:wave-1:round-1")  # it edits nothing
    server.on(
        *edits(SERVICE, "UNRULY", "tame"), fixed(), role="generator", task="fix:wave-1:round-2"
    )
    server.on(answers(found(SERVICE)), role="reviewer", always=True)
    server.on(fixed(), role="generator", task="fix:wave-1:round-3")
    server.on(answers(STOP), role="lead")
    report = team.run_team(resume=True)
    assert (report.exit_code, report.failed_gate) == (1, "review")
    server.assert_complete()


def test_every_round_is_known_in_the_next_review(team: TeamProject, server: MessagesServer) -> None:
    server.on(
        answers(found(SERVICE, fix="First.")),
        answers(found(SERVICE, fix="Second.")),
        answers(CLEAN),
        role="reviewer",
        task=REVIEW,
    )
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(*edits(SERVICE, "{}", "{ one(): void {} }"), fixed(), role="generator")
    server.on(*edits(SERVICE, "one", "two"), fixed(), role="generator")
    assert team.run_team().success
    third = [call for call in server.calls if call.task == REVIEW][2]
    assert json.dumps(third.body).count("done: Closed it.") == 2


def test_a_killed_run_has_used_its_rounds_and_knows_them(
    team: TeamProject, server: MessagesServer
) -> None:
    """And what was fixed before the kill is proven when the run is green."""
    server.on(*[answers(found(SERVICE))] * 2, role="reviewer", task=REVIEW)
    server.on(*edits(SERVICE, "{}", "{ deny(): void {} }"), fixed(), role="generator")
    server.on(fixed(), role="generator", task="fix:wave-1:round-2")
    server.hold(7)
    first = start(team, server)
    server.wait_for(7)
    assert server.calls[-1].task == REVIEW
    first.kill()
    end(first)
    server.release()
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task=REVIEW)
    server.on(fixed(), role="generator", task="fix:wave-1:round-3")
    server.on(answers(CLEAN), role="reviewer", always=True)
    report = team.run_team(resume=True)
    assert report.success
    again = next(call for call in server.calls[7:] if call.task == REVIEW)
    assert "done: Closed it." in json.dumps(again.body)
    assert report.edited == (SERVICE,)
    assert team.run_team(resume=True).success
    assert "nothing to do" in team.notes()[-1]


def test_edits_of_a_fix_without_an_answer_are_told(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(found(SERVICE)), answers(CLEAN), role="reviewer", task=REVIEW)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(*edits(SERVICE, "{}", "{ deny(): void {} }"), *[say("Well.")] * 3, role="generator")
    report = team.run_team()
    assert report.success
    assert report.edited == (SERVICE,)


def test_hundreds_of_findings_are_not_told_at_once(
    team: TeamProject, server: MessagesServer
) -> None:
    server.on(answers(CLEAN), role="reviewer", always=True)
    assert team.run_team(mode="sequential").success
    team.write(SERVICE, team.read(SERVICE) + "// UNRULY\n" * 200)
    server.on(fixed(40), role="generator", always=True)
    server.on(answers(STOP), role="lead")
    assert team.run_team(resume=True).failed_gate == "validate"
    assert json.dumps(server.calls[0].body).count("UNRULY.") == 40
    assert [role for role, _ in team.asked()].count("generator") == 3
