import asyncio

import pytest
from tests.agents.conftest import KEY, a_request
from tests.agents.messages_replies import say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model.connect import connect
from rockets_agents.model.errors import KeyMissingError
from rockets_agents.settings import load_settings


def test_environment_is_all_it_takes(
    server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "another")
    server.on(say("ok"), role="reviewer")

    async def run() -> str:
        async with connect(load_settings()) as model:
            return (await model.complete(a_request())).text

    assert asyncio.run(run()) == "ok"
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


def test_no_key_is_said_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(KeyMissingError):
        connect(load_settings())
