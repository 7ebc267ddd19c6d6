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

from rockets_agents.errors import AnswerUnusableError, ContextFullError
from rockets_agents.loop import Seat, work
from rockets_agents.model import RequestTooLargeError
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


THOUGHT = {"type": "thinking", "thinking": "First the service.", "signature": "c2lnbmVk"}
HALF_A_THOUGHT = {"type": "thinking", "thinking": "Then", "signature": ""}
HALF_A_CALL = {"type": "tool_use", "id": "t", "name": "write_file", "partial": '{"path": "src/a'}
BLANKS = {"type": "text", "text": "\n\n"}


def cut(*content: dict[str, Any], reason: str = "max_tokens") -> Reply:
    return Reply(content=content, stop_reason=reason)


@pytest.mark.parametrize(
    "broken",
    [
        cut(HALF_A_THOUGHT),
        cut(THOUGHT, HALF_A_CALL),
        cut(THOUGHT, {"type": "text", "text": '{"changes": ['}),
        cut(THOUGHT, {"type": "text", "text": "I can"}, reason="refusal"),
        cut(THOUGHT, reason="end_turn"),
        cut(BLANKS, reason="end_turn"),
        cut(reason="end_turn"),
    ],
    ids=["thought", "call", "answer", "refused", "only-thought", "blanks", "nothing"],
)
def test_a_turn_that_broke_off_is_not_sent_back(
    broken: Reply, tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    look = use("read_file", {"path": HEALTH})
    first = Reply(content=(THOUGHT, BLANKS, *look.content), stop_reason="tool_use")
    done = run("builder.repair", tmp_path, client, server, first, broken, says("builder.repair"))
    assert done.answer == ANSWERS["builder.repair"]
    assert len(done.work.rejected) == 1
    sent = server.calls[-1].body["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user", "user"]
    assert sent[1]["content"] == [THOUGHT, *look.content], "thoughts go back as they came"


def test_a_call_that_was_cut_off_is_told_to_be_made_smaller(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    run("builder.repair", tmp_path, client, server, cut(HALF_A_CALL), says("builder.repair"))
    assert "one file at a time" in server.calls[1].body["messages"][-1]["content"][0]["text"]


def test_a_long_talk_only_grows_at_its_end_and_stays_in_the_cache(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    turns: list[Reply] = []
    for number in range(58):
        calls = [use("search", {"text": f"w{number}-{n}"}).content[0] for n in range(15)]
        thought = {**THOUGHT, "signature": f"signed-{number}"}
        turns.append(Reply(content=(thought, *calls), stop_reason="tool_use"))
    done = run("builder.repair", tmp_path, client, server, *turns, says("builder.repair"))
    assert done.work.turns == 59
    used = done.work.usage
    # Each turn reads what all turns before have written, and writes its own part once.
    assert used.cache_write_tokens + used.input_tokens < used.cache_read_tokens / 20


def test_a_job_that_read_too_much_has_failed_and_the_run_goes_on(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    full = error(400, message="prompt is too long: 210000 tokens > 200000 maximum")
    look = use("read_file", {"path": HEALTH})
    with pytest.raises(ContextFullError) as caught:
        run("builder.repair", tmp_path, client, server, look, full)
    assert caught.value.work.turns == 2


def test_a_brief_that_is_too_long_is_told_as_such(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    with pytest.raises(RequestTooLargeError):
        run("builder.repair", tmp_path, client, server, error(413))


def test_an_answer_that_stays_wrong_is_an_error_of_the_gate(
    tmp_path: Path, client: Client, server: MessagesServer
) -> None:
    wrong = say(json.dumps({"findings": [{"rule": 99}]}))
    with pytest.raises(AnswerUnusableError):
        run("reviewer.review", tmp_path, client, server, wrong, wrong, wrong)
