"""What will not heal fails at once and says what to do."""

import pytest
from tests.agents.conftest import Client, a_request
from tests.agents.messages_replies import Reply, broken, error, say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import ModelError
from rockets_agents.model import errors as kinds

REFUSALS = {
    "400": (error(400), kinds.RequestRefusedError, 1),
    "400 too long": (
        error(400, message="prompt is too long: 210000 tokens > 200000 maximum"),
        kinds.RequestTooLargeError,
        1,
    ),
    "400 spend limit": (
        error(400, message="You have reached your specified API usage limits."),
        kinds.SpendLimitError,
        3,
    ),
    "401": (error(401), kinds.KeyRefusedError, 3),
    "402": (error(402), kinds.SpendLimitError, 3),
    "403": (error(403), kinds.AccessRefusedError, 3),
    "403 of a firewall": (Reply(status=403, body=b"Forbidden"), kinds.AccessRefusedError, 3),
    "404": (error(404), kinds.ModelNotFoundError, 3),
    "404 of another server": (Reply(status=404, body=b"<html>"), kinds.ModelNotFoundError, 3),
    "413": (error(413), kinds.RequestTooLargeError, 1),
    "422": (error(422, "invalid_request_error"), kinds.RequestRefusedError, 1),
    "429 spend cap": (
        error(429, code="enforced_spend_limit_reached"),
        kinds.SpendLimitError,
        3,
    ),
    "429 contract": (error(429, code="contract_spend_limit_reached"), kinds.SpendLimitError, 3),
    "500 that says do not": (error(500, x_should_retry="false"), kinds.RequestRefusedError, 1),
}


@pytest.mark.parametrize(("reply", "kind", "exit_code"), REFUSALS.values(), ids=REFUSALS)
def test_it_fails_at_once_with_what_to_do(
    client: Client, server: MessagesServer, reply: Reply, kind: type[ModelError], exit_code: int
) -> None:
    server.on(reply, always=True)
    with pytest.raises(ModelError) as caught:
        client.ask()
    refused = caught.value
    assert type(refused) is kind
    assert refused.exit_code == exit_code
    assert (refused.role, refused.task, refused.model) == (
        "reviewer",
        "wave-1",
        "claude-haiku-5-5",
    )
    assert refused.status == reply.status
    assert refused.attempts == len(server.calls) == 1
    assert client.clock.slept == []
    [problem] = refused.problems
    assert problem.fix.endswith(".")
    assert problem.code.startswith("model-")


def test_a_refusal_inside_a_stream_is_one_too(client: Client, server: MessagesServer) -> None:
    refusal = {"type": "authentication_error", "message": "key was revoked"}
    stream = broken(say("x"), after=2, then="error")
    server.on(type(stream)(content=stream.content, after=2, then="error", error=refusal))
    with pytest.raises(kinds.KeyRefusedError, match="key was revoked") as caught:
        client.ask()
    assert caught.value.lost.input_tokens > 0
    assert len(server.calls) == 1


def test_what_the_api_said_is_shown_on_one_line_and_not_without_end(
    client: Client, server: MessagesServer
) -> None:
    server.on(error(400, message="messages.0:\n\n" + "very " * 500 + "wrong"))
    with pytest.raises(kinds.RequestRefusedError, match=r"messages\.0: very") as caught:
        client.ask()
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_without_a_key_nothing_is_sent(client: Client, server: MessagesServer) -> None:
    with pytest.raises(kinds.KeyMissingError) as caught:
        client.ask(api_key=None)
    assert "ANTHROPIC_API_KEY" in caught.value.problems[0].fix
    assert caught.value.exit_code == 3
    assert server.calls == []


def test_a_schema_the_api_cannot_take_is_our_mistake(client: Client) -> None:
    with pytest.raises(ValueError, match="Schema must have"):
        client.ask(a_request(output_schema={"type": "object", "properties": {"any": {}}}))
