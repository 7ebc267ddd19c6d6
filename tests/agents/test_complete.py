"""A call that goes well: what is sent, what comes back."""

import asyncio

import anthropic
import pytest
from tests.agents.conftest import KEY, Client, a_request
from tests.agents.messages_replies import say, use
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import ModelRequest, ModelResponse, Text, ToolResult, ToolSpec, user

READ = ToolSpec(
    name="read_file",
    description="Reads a file.",
    input_schema={"type": "object", "properties": {"path": {"type": "string"}}},
)


def test_text_comes_back_streamed_and_whole(client: Client, server: MessagesServer) -> None:
    server.on(say("All nine rules are kept.", output_tokens=7))
    response = client.ask()
    assert response.text == "All nine rules are kept."
    assert response.stop_reason == "end_turn"
    assert response.model == "claude-haiku-5-5"
    assert response.request_id == "req_ok"
    assert response.usage.output_tokens == 7
    assert "".join(delta.text for delta in client.deltas) == response.text
    assert len(client.deltas) > 1
    assert {delta.kind for delta in client.deltas} == {"text"}
    assert server.calls[0].body["stream"] is True


def test_role_and_task_go_along_in_headers_that_cannot_be_broken(
    client: Client, server: MessagesServer
) -> None:
    server.on(say("ok"), task="naïve\r\nx-evil: 1")
    client.ask(a_request(task="naïve\r\nx-evil: 1"))
    assert server.calls[0].role == "reviewer"
    assert "x-evil" not in server.calls[0].headers
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_tool_is_called_and_its_result_sent_back(client: Client, server: MessagesServer) -> None:
    server.on(use("read_file", {"path": "src/main.ts"}, text="I look."), says="Fix")
    first = client.ask(a_request("Fix the build.", tools=(READ,)))
    assert first.stop_reason == "tool_use"
    [call] = first.tool_calls
    assert (call.name, call.arguments) == ("read_file", {"path": "src/main.ts"})
    assert {delta.kind for delta in client.deltas} == {"text", "tool"}
    assert first.message is not None

    server.on(say("Done."))
    result = ToolResult(call_id=call.id, text="export {}")
    turns = (user("Fix the build."), first.message, user(result, "Go on."))
    second = client.ask(a_request(messages=turns, tools=(READ,)))
    assert second.text == "Done."
    sent = server.calls[1].body["messages"]
    assert [turn["role"] for turn in sent] == ["user", "assistant", "user"]
    assert sent[2]["content"][0]["tool_use_id"] == sent[1]["content"][1]["id"]
    server.assert_complete()


def test_a_call_cut_off_in_the_middle_is_not_carried_out(
    client: Client, server: MessagesServer
) -> None:
    half = {"type": "tool_use", "id": "t", "name": "write", "partial": '{"path": "a", "text": "ab'}
    reply = say("I write.", stop_reason="max_tokens")
    server.on(type(reply)(content=(*reply.content, half), stop_reason="max_tokens"))
    response = client.ask()
    assert response.tool_calls == ()
    assert response.message is None, "half a turn is not sent back"
    assert [part.type for part in response.content] == ["text", "tool_call"]


def test_thinking_is_kept_to_be_sent_back_unchanged(client: Client, server: MessagesServer) -> None:
    thought = {"type": "thinking", "thinking": "Hm, rule 6.", "signature": "c2ln"}
    reply = say("Rule 6 is broken.")
    server.on(type(reply)(content=(thought, *reply.content)))
    response = client.ask(a_request(thinking=True))
    assert server.calls[0].body["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert response.text == "Rule 6 is broken."
    assert response.message is not None

    server.on(say("ok"))
    client.ask(a_request(messages=(user("Review this."), response.message, user("b"))))
    assert server.calls[1].body["messages"][1]["content"][0] == thought


@pytest.mark.parametrize(
    ("model", "thinks", "effort", "sent"),
    [
        ("claude-opus-5-5", False, None, None),
        ("claude-opus-5-5", True, "high", "adaptive"),
        ("claude-sonnet-5-5", False, None, "between_tools"),
        ("claude-sonnet-5-5", False, "max", None),
        ("claude-haiku-5-5", False, "low", "disabled"),
        ("claude-opus-4-8", False, None, None),
        ("claude-haiku-4-5-20251001", True, None, "enabled"),
        ("claude-haiku-4-5", False, None, None),
        ("some-gateway/model", True, None, None),
    ],
)
def test_thinking_is_asked_for_as_the_model_takes_it(
    client: Client, model: str, thinks: bool, effort: str | None, sent: str | None
) -> None:
    client.server.on(say("ok"))
    client.ask(a_request(model=model, thinking=thinks, effort=effort, max_tokens=4000))
    body = client.server.calls[0].body
    assert body.get("thinking", {}).get("type") == sent
    assert body.get("output_config") == ({"effort": effort} if effort else None)


@pytest.mark.parametrize("model", ["claude-haiku-4-5", "some-gateway/model"])
def test_effort_is_not_asked_of_a_model_that_does_not_know_it(client: Client, model: str) -> None:
    client.server.on(say("ok"))
    client.ask(a_request(model=model, effort="high"))
    assert "output_config" not in client.server.calls[0].body


def test_the_stable_prefix_is_cached_and_billed_so(client: Client, server: MessagesServer) -> None:
    server.on(say("ok"), always=True)
    rules = Text(text="The nine rules. " * 300, cache="5m")
    requests = [a_request(f"Wave {n}", system=(rules,), tools=(READ,)) for n in (1, 2)]
    first, second = [client.ask(request) for request in requests]
    block = server.calls[0].body["system"][0]
    assert block["cache_control"] == {"type": "ephemeral", "ttl": "5m"}
    assert first.usage.cache_write_tokens == second.usage.cache_read_tokens > 1000
    assert second.usage.cache_write_tokens == first.usage.cache_read_tokens == 0
    assert second.usage.input_tokens < 20


def test_an_hour_in_the_cache_is_counted_apart(client: Client, server: MessagesServer) -> None:
    server.on(say("ok"))
    rules = Text(text="The nine rules. " * 300, cache="1h")
    usage = client.ask(a_request(system=(rules,))).usage
    assert usage.cache_write_1h_tokens == usage.cache_write_tokens > 1000


def test_more_marks_than_the_api_keeps_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="5 cache marks"):
        a_request(system=tuple(Text(text=f"{n}", cache="5m") for n in range(5)))


def test_requests_and_responses_survive_json(client: Client, server: MessagesServer) -> None:
    server.on(use("read_file", {"path": "a"}))
    request = a_request(tools=(READ,), system=(Text(text="Rules", cache="5m"),), effort="low")
    response = client.ask(request)
    assert ModelRequest.model_validate_json(request.model_dump_json()) == request
    assert ModelResponse.model_validate_json(response.model_dump_json()) == response


def test_the_server_answers_a_plain_call_and_counts_tokens(server: MessagesServer) -> None:
    server.on(say("plain"))

    async def ask() -> tuple[str, int]:
        async with anthropic.AsyncAnthropic(
            api_key=KEY, base_url=server.url, max_retries=0
        ) as plain:
            turns: list[anthropic.types.MessageParam] = [{"role": "user", "content": "hello"}]
            message = await plain.messages.create(
                model="claude-haiku-5-5", max_tokens=5, messages=turns
            )
            counted = await plain.messages.count_tokens(model="claude-haiku-5-5", messages=turns)
            [block] = message.content
            assert block.type == "text"
            return block.text, counted.input_tokens

    text, tokens = asyncio.run(ask())
    assert text == "plain"
    assert tokens > 0
