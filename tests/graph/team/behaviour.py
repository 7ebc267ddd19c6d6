"""A plan with three modules with behaviour, and how the team writes them."""

import json
from collections.abc import Iterable

from tests.agents.messages_replies import Reply, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP
from tests.graph.team.conftest import CLEAN, TeamProject, answers

from rockets_agents.lead import Breakdown, Handler, ModuleTask

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


def written(name: str, *more: Reply, says: str = "import 'node:test';\n") -> tuple[Reply, ...]:
    """The Generator writes a module and a spec with this text, and says so."""
    file, spec = f"src/modules/{name}/{name}.module.ts", f"test/{name}.test.mjs"
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
        use("write_file", {"path": spec, "text": says}),
        *more,
        say(json.dumps(answer)),
    )


def prepare(
    team: TeamProject,
    server: MessagesServer,
    *,
    names: Iterable[str] = FILES,
    reviewed: bool = True,
) -> None:
    """The plan, and answers to everything that is asked once about these modules."""
    team.write_plan(PLAN)
    server.on(answers(BREAKDOWN), role="lead", task="breakdown")
    for name in names:
        server.on(*written(name), role="generator", task=f"module:{name}")
    if reviewed:
        server.on(answers(CLEAN), role="reviewer", always=True)
