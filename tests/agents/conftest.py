"""The real client against a server on loopback, time that does not pass, and no other socket."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_socket import socket_allow_hosts
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import Delta, ModelRequest, ModelResponse, user
from rockets_agents.model.anthropic_model import AnthropicModel, Timeouts
from rockets_agents.model.limiter import Limiter
from rockets_agents.model.retry import Failure, RetryPolicy

KEY = "sk-test-MARKED-0123456789"
"""Must be seen nowhere but in the header that carries it."""


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    """Taken back by the plugin after each test."""
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@dataclass
class Clock:
    """Time that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Client:
    """Makes calls through a fresh `AnthropicModel`; keeps what it was told on the way."""

    server: MessagesServer
    clock: Clock
    waits: list[tuple[Failure, float]] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    policy: dict[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    concurrency: int = 4

    def model(self, **options: Any) -> AnthropicModel:
        defaults: dict[str, Any] = {
            "api_key": SecretStr(KEY),
            "base_url": self.server.url,
            "limiter": Limiter(self.concurrency, clock=self.clock, sleep=self.clock.sleep),
            "retry": RetryPolicy(
                sleep=self.clock.sleep, clock=self.clock, jitter=lambda: 1.0, **self.policy
            ),
            "timeouts": self.timeouts,
            "on_wait": lambda _, failure, seconds: self.waits.append((failure, seconds)),
        }
        return AnthropicModel(**{**defaults, **options})

    def ask(self, request: ModelRequest | None = None, **options: Any) -> ModelResponse:
        return self.ask_all([request or a_request()], **options)[0]

    def ask_all(self, requests: list[ModelRequest], **options: Any) -> list[ModelResponse]:
        """All at once, on one model."""

        async def run() -> list[ModelResponse]:
            async with self.model(**options) as model:
                calls = (model.complete(one, on_delta=self.deltas.append) for one in requests)
                return list(await asyncio.gather(*calls))

        return asyncio.run(run())


@pytest.fixture
def client(server: MessagesServer, clock: Clock) -> Client:
    return Client(server, clock)


def a_request(words: str = "Review this.", **fields: Any) -> ModelRequest:
    given = {"role": "reviewer", "task": "wave-1", "model": "claude-haiku-5-5"}
    return ModelRequest(**{**given, "messages": (user(words),), "max_tokens": 1000, **fields})
