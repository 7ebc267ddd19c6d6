"""The loop through the real client: what it asks for is what the Messages API takes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from tests.agents.briefs import ANSWERS, BRIEFS, JOBS
from tests.agents.conftest import Client
from tests.agents.desks import PROJECT, make_desk, make_project
from tests.agents.messages_replies import Reply, error, say, use
from tests.agents.messages_server import MessagesServer

from rockets_agents.errors import AnswerUnusableError
from rockets_agents.loop import Seat, work
from rockets_agents.model.aliases import resolve
from rockets_agents.work import Done

HEALTH = "src/modules/health/health.service.ts"


def run(name: str, root: Path, client: Client, server: MessagesServer, *replies: Reply) -> Any:
    job = JOBS[name]
    server.on(*replies, role=job.role.name, task="task-1")

    async def go() -> Done[BaseModel]:
        async with client.model() as model:
            seat = Seat(model=model, model_id=resolve(job.role.model), task="task-1")
            return await work(job, BRIEFS[name], desk=make_desk(make_project(root)), seat=seat)

    done = asyncio.run(go())
    server.assert_complete()
    return done


def says(name: str) -> Reply:
    return say(ANSWERS[name].model_dump_json())


@pytest.mark.parametrize("name", sorted(set(JOBS) - {"generator.write_module"}))
def test_the_api_takes_every_job(
    name: str, tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    done = run(name, tmp_path, client, server, says(name))
    assert done.answer == ANSWERS[name]
    body = server.calls[0].body
    assert [tool["name"] for tool in body.get("tools", [])] == sorted(JOBS[name].tools)
    assert body["system"][0]["cache_control"]["type"] == "ephemeral"


def test_tools_errors_and_repairs_in_one_job(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    done = run(
        "builder.repair",
        tmp_path,
        client,
        server,
        use("read_file", {"path": HEALTH}, text="I look first."),
        error(529),
        use("edit_file", {"path": HEALTH, "old": "'ok'", "new": "'fine'"}),
        use("build", {}),
        say("All done!"),
        says("builder.repair"),
    )
    assert done.answer == ANSWERS["builder.repair"]
    assert done.work.turns == 5
    assert (tmp_path / HEALTH).read_text() == PROJECT[HEALTH].replace("'ok'", "'fine'")
    assert len(client.waits) == 1
    results = [
        block
        for message in server.calls[-1].body["messages"]
        if message["role"] == "user"
        for block in message["content"]
        if block["type"] == "tool_result"
    ]
    assert [block.get("is_error", False) for block in results] == [False] * 3
    assert done.work.usage.cache_read_tokens > 0, "later turns find the earlier ones in the cache"


def test_an_answer_that_stays_wrong_is_an_error_of_the_gate(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    wrong = say(json.dumps({"findings": [{"rule": 99}]}))
    with pytest.raises(AnswerUnusableError):
        run("reviewer.review", tmp_path, client, server, wrong, wrong, wrong)
