"""Modules with behaviour: cut by the Lead, written beside each other, gated like a wave."""

import json
from typing import Any, Literal

import pytest
from tests.agents.messages_replies import say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP, make_project
from tests.graph.team.behaviour import FILES, PLAN, prepare, task, written
from tests.graph.team.conftest import (
    CLEAN,
    STOP,
    TeamProject,
    answers,
    fixed,
    found,
)

from rockets_agents.generator import ModuleAccess, ResourceGrant
from rockets_agents.lead import Breakdown
from rockets_agents.tester import Diagnosis
from rockets_graph.events import JobFinished, JobStarted


def modules(report: Any) -> list[str]:
    return [module["name"] for module in report.as_json()["modules"]]


def test_modules_are_written_wired_and_tested(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    report = team.run_team()
    assert report.success
    assert modules(report) == ["Refund", "Notice", "Digest"]
    assert report.follow_ups == ()
    calls = team.calls()
    assert "integrate-modules refund,notice" in calls
    assert "integrate-modules digest" in calls
    specs = ",".join(f"test/{name}.test.mjs" for name in FILES)
    assert calls[-1] == f"test {specs}"
    tasks = {task["id"]: task["status"] for task in team.state()["tasks"]}
    assert tasks["module:digest"] == "done"
    assert tasks["product"] == "done"
    assert [tasks[gate] for gate in ("migrate", "build", "smoke", "test")] == ["done"] * 4
    server.assert_complete()


def test_sequential_lists_them_as_follow_ups(team: TeamProject) -> None:
    team.write_plan(PLAN)
    report = team.run_team(mode="sequential")
    assert report.success
    assert len(report.follow_ups) == 3


def test_review_of_a_module_goes_back_to_the_generator(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, reviewed=False)
    server.on(
        answers(found(FILES["refund"])),
        answers(CLEAN),
        role="reviewer",
        says="refund.module.ts",
    )
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(fixed(), role="generator", task="fix:wave-4:round-1")
    report = team.run_team()
    assert report.success
    assert ("generator", "fix:wave-4:round-1") in team.asked()
    assert [task for role, task in team.asked() if role == "lead"] == ["breakdown"]
    server.assert_complete()


def access(role: str, *operations: Literal["create", "read"]) -> ModuleAccess:
    grant = ResourceGrant(resource="Refund", role=role, possession="any", operations=operations)
    return ModuleAccess(module="Refund", resources=("Refund",), grants=(grant,))


def test_a_review_may_change_what_a_module_grants(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server, reviewed=False)
    server.on(
        answers(found(FILES["refund"], fix="Grant read.")),
        answers(CLEAN),
        role="reviewer",
        says="refund.module.ts",
    )
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(
        fixed(1, access("everybody", "read")),  # for whom the task has no handler
        fixed(1, access("admin", "read")),
        role="generator",
        task="fix:wave-4:round-1",
    )
    report = team.run_team()
    assert report.success
    granted = [call for call in team.calls() if call.startswith("granted Refund")]
    assert granted == ["granted Refund admin create", "granted Refund admin read"]
    record = team.state()["modules"]["refund"]
    assert record["written"]["grants"][0]["operations"] == ["read"]
    told = json.dumps([call.body for call in server.calls if call.task == "fix:wave-4:round-1"])
    assert "granted to everybody, for whom the task has no handler" in told
    server.assert_complete()


def test_finished_modules_are_not_paid_for_again(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    hopeless = Diagnosis(fixable=False, cause="No idea.", requests=())
    server.on(answers(hopeless), role="tester")
    server.on(answers(STOP), role="lead", task="escalate:smoke")
    assert team.run_team(trouble={"smoke-red": "yes"}).failed_gate == "smoke"
    paid = len(server.calls)
    report = team.run_team(resume=True)
    assert report.success
    assert server.calls[paid:] == []
    assert modules(report) == ["Refund", "Notice", "Digest"]


def test_a_changed_description_is_written_again(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    assert team.run_team().success
    plan = json.loads(json.dumps(PLAN))
    plan["nonCrud"][0]["description"] = "Refunds half of an order."
    team.write_plan(plan)
    server.on(answers(Breakdown(tasks=(task("Refund"),))), role="lead", task="breakdown")
    file = FILES["refund"]
    again = list(written("refund"))
    again[0] = use("read_file", {"path": file})
    again[1] = use("edit_file", {"path": file, "old": "{}", "new": "{ half(): void {} }"})
    server.on(*again, role="generator", task="module:refund")
    report = team.run_team(resume=True, spec=team.spec)
    assert report.success
    assert "half" in team.read(file)
    server.assert_complete()


def test_an_answer_that_never_holds_is_a_red_gate(
    team: TeamProject, server: MessagesServer
) -> None:
    team.write_plan({**PLAN, "nonCrud": PLAN["nonCrud"][:1]})
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(answers(Breakdown(tasks=(task("Refund"),))), role="lead", task="breakdown")
    server.on(say("I would rather not."), role="generator", always=True)
    server.on(answers(STOP), role="lead", task="escalate:generate")
    report = team.run_team()
    assert (report.exit_code, report.failed_gate) == (1, "generate")
    assert report.next_command is not None


def test_breakdown_that_never_holds_leaves_the_modules_open(
    team: TeamProject, server: MessagesServer
) -> None:
    """Never worse than a sequential run, which is green and lists them."""
    team.write_plan(PLAN)
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(say("{}"), role="lead", always=True)
    report = team.run_team()
    assert report.success
    assert len(report.follow_ups) == 3
    assert report.open_tasks == ("the modules with behaviour",)
    assert report.next_command is not None


def test_no_more_generators_at_once_than_calls(
    team: TeamProject, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Report{number}" for number in range(6)]
    for most in (1, 3):
        monkeypatch.setenv("ROCKETS_CONCURRENCY", str(most))
        shop = TeamProject(make_project(team.root.parent / f"shop{most}", SHOP).root, server=server)
        shop.write_plan({**SHOP, "nonCrud": [{"name": name} for name in names]})
        server.on(answers(Breakdown(tasks=tuple(map(task, names)))), role="lead")
        for name in map(str.lower, names):
            server.on(*written(name), role="generator", task=f"module:{name}")
        server.on(answers(CLEAN), role="reviewer", always=True)
        assert shop.run_team().success
        under_way, seen = 0, 0
        for event in shop.events:
            if isinstance(event, JobStarted | JobFinished) and event.role == "generator":
                under_way += 1 if isinstance(event, JobStarted) else -1
                seen = max(seen, under_way)
        assert 1 <= seen <= most
    server.assert_complete()
