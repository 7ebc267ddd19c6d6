"""Modules with behaviour: cut by the Lead, written beside each other, gated like a wave."""

import json
from typing import Any

from tests.agents.messages_replies import Reply, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP
from tests.graph.team.conftest import (
    CLEAN,
    STOP,
    TeamProject,
    answers,
    fixed,
    found,
)

from rockets_agents.lead import Breakdown, Handler, ModuleTask
from rockets_agents.tester import Diagnosis

PLAN = {
    **SHOP,
    "nonCrud": [
        {"name": "Refund", "type": "workflow", "description": "Refunds an order."},
        {"name": "Notice", "type": "notification", "description": "Tells the customer."},
        {"name": "Digest", "type": "report", "description": "Sums refunds up."},
    ],
}
FILES = {name: f"src/modules/{name}/{name}.module.ts" for name in ("refund", "notice", "digest")}


def task(name: str, *after: str) -> ModuleTask:
    handler = Handler(method="POST", path=f"/{name.lower()}", roles=("admin",), does="It.")
    return ModuleTask(
        module=name,
        kind="workflow",
        blocked_by=after,
        uses=("Product",),
        handlers=(handler,),
        instructions="Do it.",
        test_cases=("It does it.",),
    )


BREAKDOWN = Breakdown(tasks=(task("Refund"), task("Notice"), task("Digest", "Refund")))


def written(name: str, *more: Reply) -> tuple[Reply, ...]:
    """The Generator writes a module and a spec, and says so."""
    file, spec = FILES[name], f"test/{name}.test.mjs"
    answer = {
        "module": {"name": f"{name.title()}Module", "file": file},
        "files": [file, spec],
        "resources": [name.title()],
        "grants": [
            {
                "resource": name.title(),
                "role": "admin",
                "possession": "any",
                "operations": ["create"],
            }
        ],
        "summary": f"{name} works.",
        "open": [],
    }
    text = f"export class {name.title()}Module {{}}\n"
    return (
        use("write_file", {"path": file, "text": text}),
        use("write_file", {"path": spec, "text": "import 'node:test';\n"}),
        *more,
        say(json.dumps(answer)),
    )


def prepare(team: TeamProject, server: MessagesServer) -> None:
    team.write_plan(PLAN)
    server.on(answers(BREAKDOWN), role="lead", task="breakdown")
    for name in FILES:
        server.on(*written(name), role="generator", task=f"module:{name}")


def modules(report: Any) -> list[str]:
    return [module["name"] for module in report.as_json()["modules"]]


def test_modules_are_written_wired_and_tested(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    server.on(answers(CLEAN), role="reviewer", always=True)
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
    server.assert_complete()


def test_sequential_lists_them_as_follow_ups(team: TeamProject) -> None:
    team.write_plan(PLAN)
    report = team.run_team(mode="sequential")
    assert report.success
    assert len(report.follow_ups) == 3


def test_review_of_a_module_goes_back_to_the_generator(
    team: TeamProject, server: MessagesServer
) -> None:
    prepare(team, server)
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


def test_finished_modules_are_not_paid_for_again(team: TeamProject, server: MessagesServer) -> None:
    prepare(team, server)
    server.on(answers(CLEAN), role="reviewer", always=True)
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
    server.on(answers(CLEAN), role="reviewer", always=True)
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
