"""What the team is for: modules with behaviour and a broken source, green at the end; the same
project in sequential mode is red, resumable, and says what is left to write."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.agents.messages_replies import Reply, say, use
from tests.agents.messages_server import MessagesServer
from tests.command import environment, rockets

BEHAVIOUR = Path(__file__).parent / "data/behaviour"
BROKEN = "src/modules/health/health.controller.ts"
"""A file of the user's own, with one wrong type."""
SOURCE = """\
import { Controller } from '@nestjs/common';

@Controller('health')
export class HealthController {
  private readonly started: string = Date.now();
}
"""


def module(name: str) -> tuple[Reply, ...]:
    """The Generator writes the files as they are in the data, and says so."""
    folder = BEHAVIOUR / name
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    writes = [
        use("write_file", {"path": path, "text": (folder / path).read_text(encoding="utf-8")})
        for path in answer["files"]
    ]
    return (*writes, say(json.dumps(answer)))


def breakdown() -> Reply:
    handler = {"method": "GET", "path": "/x", "roles": ["admin", "support", "user"], "does": "It."}
    tasks = [
        {
            "module": name,
            "kind": kind,
            "blocked_by": [],
            "uses": ["Order"],
            "handlers": [handler],
            "instructions": "As the plan says.",
            "test_cases": ["It works."],
        }
        for name, kind in (("OrderFulfilment", "state-machine"), ("OrderReminder", "notification"))
    ]
    return say(json.dumps({"tasks": tasks}))


def repair() -> tuple[Reply, ...]:
    fix = {"path": BROKEN, "old": "started: string", "new": "started: number"}
    changes = [{"file": BROKEN, "what": "number", "why": "Date.now() is a number."}]
    answer = {"changes": changes, "summary": "The field is a number.", "unsolved": []}
    return (
        use("read_file", {"path": BROKEN}),
        use("edit_file", fix),
        use("build", {}),
        say(json.dumps(answer)),
    )


def diagnosis() -> Reply:
    request = {
        "file": BROKEN,
        "line": 5,
        "problem": "A number is assigned to a string.",
        "fix": "Declare it as a number.",
        "evidence": "TS2322",
    }
    return say(json.dumps({"fixable": True, "cause": "A wrong type.", "requests": [request]}))


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        server.on(say('{"findings": []}'), role="reviewer", always=True)
        server.on(breakdown(), role="lead")
        server.on(*module("order-fulfilment"), role="generator", task="module:order-fulfilment")
        server.on(*module("order-reminder"), role="generator", task="module:order-reminder")
        server.on(diagnosis(), role="tester")
        server.on(*repair(), role="builder")
        yield server


@pytest.mark.node
def test_team_ends_green_where_a_sequential_run_is_red(
    server: MessagesServer, warm_project: Callable[[str], Path]
) -> None:
    project = warm_project("orders")
    broken = project / BROKEN
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text(SOURCE, encoding="utf-8")
    plan = BEHAVIOUR / "orders.plan.json"
    alone = rockets("orchestrate", "--project", project, "--spec", plan, "--sequential")
    assert alone.code == 1
    assert "TS2322" in json.dumps(alone.json["issues"])
    assert len(alone.json["summary"]["followUps"]) == 2
    assert "--resume" in alone.json["next"]
    run = rockets(
        *("orchestrate", "--project", project, "--resume", "--team"),
        env=environment(ANTHROPIC_API_KEY="sk-test-MARKED", ANTHROPIC_BASE_URL=server.url),
    )
    report = run.json
    assert report["success"], run.err
    assert report["summary"]["followUps"] == []
    assert [module["name"] for module in report["modules"]] == ["OrderFulfilment", "OrderReminder"]
    assert report["edited"] == [BROKEN]
    assert report["smoke"]["failed"] == 0
    assert set(report["usage"]["byRole"]) == {"lead", "generator", "reviewer", "tester", "builder"}
    server.assert_complete()
