"""What passes is waited for: every form of it, as long as told, and only so long."""

import asyncio
import time

import pytest
from tests.agents.conftest import Client, a_request
from tests.agents.messages_replies import Reply, broken, error, say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import Delta, ModelUnreachableError
from rockets_agents.model.anthropic_model import Timeouts

LONG = say("A long answer, in several pieces, that breaks off somewhere.")

PASSING = {
    "429": error(429),
    "529": error(529),
    "500": error(500),
    "502 of a proxy": Reply(status=502, body=b"<html>Bad Gateway</html>"),
    "503": error(503),
    "504": error(504),
    "408": error(408),
    "409": error(409),
    "overloaded, before anything was said": broken(LONG, after=0, then="error"),
    "overloaded, in the middle": broken(LONG, after=4, then="error"),
    "connection cut before the answer": broken(LONG, after=0, then="cut"),
    "connection cut in the middle": broken(LONG, after=5, then="cut"),
    "polite end before the answer did": broken(LONG, after=5, then="end"),
    "end before anything": broken(LONG, after=0, then="end"),
    "half an event": broken(LONG, after=4, then="half"),
    "200 that is not a stream": Reply(body=b"<html>please log in</html>"),
}


@pytest.mark.parametrize("failing", PASSING.values(), ids=PASSING)
def test_it_is_tried_again_and_the_sdk_does_not_try_as_well(
    client: Client, server: MessagesServer, failing: Reply
) -> None:
    server.on(failing, failing, LONG)
    response = client.ask()
    assert response.text == LONG.content[0]["text"]
    assert len(server.calls) == response.timing.attempts == 3
    assert client.clock.slept == [1.0, 2.0]
    server.assert_complete()


def test_nobody_is_there(client: Client) -> None:
    with pytest.raises(ModelUnreachableError, match="Connect call failed") as caught:
        client.ask(base_url="http://127.0.0.1:9")
    assert caught.value.problems[0].code == "model-unreachable"


def test_no_socket_leads_elsewhere(client: Client) -> None:
    client.policy = {"tries": 1}
    with pytest.raises(ModelUnreachableError, match=r"socket.*127\.0\.0\.2"):
        client.ask(base_url="http://127.0.0.2:9")


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("retry_after", "7", 7.0),
        ("retry_after", "0.25", 0.5),
        ("retry_after_ms", "2500", 2.5),
        ("retry_after", "Wed, 21 Oct 2026 07:28:00 GMT", 40.0),
        ("retry_after", "soon", 1.0),
        ("retry_after", "nan", 1.0),
        ("retry_after", "-5", 1.0),
        ("retry_after", "inf", 1.0),
    ],
)
def test_retry_after_is_honoured_and_nonsense_ignored(
    client: Client, server: MessagesServer, header: str, value: str, seconds: float
) -> None:
    told = {header: value, "date": "Wed, 21 Oct 2026 07:27:20 GMT"}
    server.on(error(429, **told), say("ok"))
    client.ask()
    assert client.clock.slept == [seconds]


def test_a_date_without_the_servers_clock_is_taken_by_ours(
    client: Client, server: MessagesServer
) -> None:
    server.on(error(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), say("ok"))
    client.ask()
    assert client.clock.slept == [0.5]


def test_waits_double_up_to_a_minute_and_end_with_the_time(
    client: Client, server: MessagesServer
) -> None:
    server.on(error(529), always=True)
    with pytest.raises(ModelUnreachableError) as caught:
        client.ask()
    slept = client.clock.slept
    assert slept[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert 14 * 60 < sum(slept) <= 15 * 60
    assert caught.value.attempts == len(server.calls) == len(slept) + 1
    assert caught.value.status == 529
    assert caught.value.exit_code == 1
    assert "--resume" in caught.value.problems[0].fix


def test_tries_end_it_too(client: Client, server: MessagesServer) -> None:
    client.policy = {"tries": 3}
    server.on(error(500), always=True)
    with pytest.raises(ModelUnreachableError):
        client.ask()
    assert len(server.calls) == 3
    assert client.clock.slept == [1, 2]


def test_a_wait_that_ends_after_the_time_is_not_begun(
    client: Client, server: MessagesServer
) -> None:
    server.on(error(429, retry_after="3600"), always=True)
    with pytest.raises(ModelUnreachableError):
        client.ask()
    assert client.clock.slept == []
    assert len(server.calls) == 1


def test_jitter_shortens_a_wait_by_half_at_most(client: Client, server: MessagesServer) -> None:
    client.policy = {"tries": 2}
    server.on(error(500), say("ok"))
    from rockets_agents.model.retry import RetryPolicy

    sleep = client.clock.sleep
    client.ask(retry=RetryPolicy(sleep=sleep, clock=client.clock, jitter=lambda: 0.0))
    assert client.clock.slept == [0.5]


def test_watchers_are_told_to_forget_what_broke_off(client: Client, server: MessagesServer) -> None:
    server.on(broken(LONG, after=5, then="cut"), LONG)
    client.ask()
    restart = client.deltas.index(Delta(kind="restart"))
    before, after = client.deltas[:restart], client.deltas[restart + 1 :]
    assert 0 < len(before) < len(after)
    assert "".join(delta.text for delta in after) == LONG.content[0]["text"]
    [(failure, seconds)] = client.waits
    assert seconds == 1.0
    assert failure.what


def test_what_broke_off_is_billed_and_counted(client: Client, server: MessagesServer) -> None:
    server.on(broken(LONG, after=5, then="cut"), error(529), LONG)
    response = client.ask(a_request("word " * 400))
    assert response.lost.input_tokens == response.usage.input_tokens > 400
    assert response.lost.output_tokens > 1


def test_what_broke_off_is_told_with_the_error(client: Client, server: MessagesServer) -> None:
    client.policy = {"tries": 2}
    server.on(broken(LONG, after=5, then="cut"), always=True)
    with pytest.raises(ModelUnreachableError) as caught:
        client.ask()
    assert caught.value.lost.output_tokens > 20
    assert caught.value.request_id is None


def test_silence_is_ended(client: Client, server: MessagesServer) -> None:
    client.timeouts = Timeouts(silence=0.15)
    server.on(say("late", delay=2), say("in time"))
    assert client.ask().text == "in time"


def test_a_stream_that_only_drips_is_ended(client: Client, server: MessagesServer) -> None:
    client.timeouts = Timeouts(silence=5, answer=0.3)
    server.on(say("x" * 2000, drip=0.03), say("in time"))
    began = time.monotonic()
    assert client.ask().text == "in time"
    assert time.monotonic() - began < 2
    assert "no whole answer in 0.3 s" in client.waits[0][0].what


def test_a_cancelled_call_ends_at_once_and_hangs_up(client: Client, server: MessagesServer) -> None:
    server.on(say("x" * 5000, drip=0.02))

    async def run() -> None:
        async with client.model() as model:
            call = asyncio.create_task(model.complete(a_request(), on_delta=client.deltas.append))
            while not client.deltas:
                await asyncio.sleep(0.01)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(run())
    began = time.monotonic()
    while not server.calls[0].hung_up and time.monotonic() - began < 2:
        time.sleep(0.01)
    assert server.calls[0].hung_up
    assert len(server.calls) == 1
    assert client.clock.slept == []


def test_a_wait_can_be_cancelled(client: Client, server: MessagesServer) -> None:
    server.on(error(529), always=True)

    async def run() -> None:
        from rockets_agents.model.retry import RetryPolicy

        async with client.model(retry=RetryPolicy(first_wait=60)) as model:
            call = asyncio.create_task(model.complete(a_request()))
            while not client.waits:
                await asyncio.sleep(0.01)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(run())
    assert len(server.calls) == 1


def test_a_mistake_of_a_watcher_is_not_taken_for_a_broken_stream(
    client: Client, server: MessagesServer
) -> None:
    server.on(LONG)

    def watcher(_: Delta) -> None:
        raise ValueError("mine")

    async def run() -> None:
        async with client.model() as model:
            await model.complete(a_request(), on_delta=watcher)

    with pytest.raises(ValueError, match="mine"):
        asyncio.run(run())
    assert len(server.calls) == 1
