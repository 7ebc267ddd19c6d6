"""One door for the team."""

import asyncio

from tests.agents.conftest import Client, Clock, a_request
from tests.agents.messages_replies import error, say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model.limiter import Limiter
from rockets_agents.model.retry import RetryPolicy


def test_no_more_calls_at_once_than_allowed(client: Client, server: MessagesServer) -> None:
    client.concurrency = 3
    server.on(say("ok", delay=0.05), always=True)
    answers = client.ask_all([a_request(task=f"{n}") for n in range(12)])
    assert len(answers) == 12
    assert server.most_at_once == 3


def test_after_a_429_everybody_waits(client: Client, server: MessagesServer) -> None:
    server.on(error(429, retry_after="30"), say("ok"), task="first")
    server.on(say("ok"), task="second")
    door = Clock()

    async def run() -> None:
        told = asyncio.Event()

        async def until_told(_: float) -> None:
            await told.wait()

        limiter = Limiter(4, clock=door, sleep=door.sleep)
        retry = RetryPolicy(sleep=until_told)
        async with client.model(limiter=limiter, retry=retry) as model:
            first = asyncio.create_task(model.complete(a_request(task="first")))
            while not client.waits:
                await asyncio.sleep(0.005)
            await model.complete(a_request(task="second"))
            told.set()
            await first

    asyncio.run(run())
    assert door.slept == [30]
    assert [call.task for call in server.calls] == ["first", "second", "first"]


def test_the_door_stays_shut_for_the_longest_time_told() -> None:
    clock = Clock()
    limiter = Limiter(2, clock=clock, sleep=clock.sleep)

    async def run() -> float:
        limiter.close_for(20)
        limiter.close_for(5)
        async with limiter.slot():
            return clock.now

    assert asyncio.run(run()) == 1020


def test_a_door_shut_again_while_waiting_is_waited_for_again() -> None:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        if len(clock.slept) == 1:
            limiter.close_for(7)

    limiter = Limiter(1, clock=clock, sleep=sleep)

    async def run() -> float:
        limiter.close_for(20)
        async with limiter.slot():
            return clock.now

    assert asyncio.run(run()) == 1027
    assert clock.slept == [20, 7]


def test_a_failed_or_cancelled_call_gives_its_place_back() -> None:
    limiter = Limiter(1)

    async def fail() -> None:
        async with limiter.slot():
            raise ValueError

    async def stay() -> None:
        async with limiter.slot():
            await asyncio.sleep(60)

    async def run() -> str:
        await asyncio.gather(fail(), return_exceptions=True)
        staying = asyncio.create_task(stay())
        await asyncio.sleep(0)
        staying.cancel()
        await asyncio.gather(staying, return_exceptions=True)
        async with asyncio.timeout(1), limiter.slot():
            return "in"

    assert asyncio.run(run()) == "in"


def test_overload_shuts_the_door_and_a_cut_line_does_not(
    client: Client, server: MessagesServer
) -> None:
    server.on(error(529), error(500), say("ok"))
    client.ask()
    assert [failure.for_all for failure, _ in client.waits] == [True, False]
