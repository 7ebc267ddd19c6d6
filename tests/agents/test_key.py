"""The key is where it must be, in one header, and nowhere else."""

import asyncio
import logging
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.agents.conftest import KEY, Client, a_request
from tests.agents.messages_replies import Reply, broken, error, say
from tests.agents.messages_server import MessagesServer

from rockets_agents.model import ModelError
from rockets_agents.settings import load_settings
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

ECHO = f"you sent Authorization: Bearer {KEY}"

FAILING = {
    "401 that repeats it": error(401, message=ECHO),
    "400 that repeats it": error(400, message=ECHO),
    "429 that repeats it": error(429, message=ECHO),
    "proxy that repeats it": Reply(status=502, body=ECHO.encode()),
    "page that repeats it": Reply(status=403, body=f"<p>{ECHO}".encode()),
    "cut": broken(say("x" * 100), after=4, then="cut"),
    "nonsense": Reply(body=ECHO.encode()),
    "error in the stream": broken(say(ECHO), after=3, then="error"),
}


def everything(value: object, seen: set[int], depth: int = 0) -> Iterator[str]:
    """All text that can be reached from a value, as a debugger or a pickle would."""
    if id(value) in seen or depth > 12:
        return
    seen.add(id(value))
    if isinstance(value, str | bytes | int | float):
        yield str(value)
        return
    yield repr(value)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from everything(key, seen, depth + 1)
            yield from everything(item, seen, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from everything(item, seen, depth + 1)
    elif hasattr(value, "__dict__"):
        yield from everything(vars(value), seen, depth + 1)
    if isinstance(value, BaseException):
        for one in (value.args, value.__cause__, value.__context__):
            yield from everything(one, seen, depth + 1)


def locals_of_our_frames(error: BaseException) -> Iterator[object]:
    """What a traceback that shows variables would print."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "rockets_agents" in frame.f_code.co_filename:
            yield from frame.f_locals.values()


@pytest.mark.parametrize("reply", FAILING.values(), ids=FAILING)
def test_no_error_no_wait_and_no_log_holds_it(
    client: Client, server: MessagesServer, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.policy = {"tries": 2}
    server.on(reply, always=True)
    with pytest.raises(ModelError) as caught:
        client.ask()
    shown = [
        *traceback.format_exception(caught.value),
        *everything(caught.value, set()),
        *(repr(local) for local in locals_of_our_frames(caught.value)),
        *everything(client.waits, set()),
        *(record.getMessage() for record in caplog.records),
        caplog.text,
    ]
    assert not [text for text in shown if KEY in text]
    assert KEY.encode() not in pickle.dumps(caught.value.problems)
    assert server.calls[0].headers["authorization"].endswith(KEY)


def test_no_answer_no_request_and_no_model_holds_it(
    client: Client, server: MessagesServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on(say("ok"))
    request = a_request()

    async def run() -> list[str]:
        async with client.model() as model:
            response = await model.complete(request)
            return [repr(model), str(model), response.model_dump_json(), repr(response)]

    shown = [*asyncio.run(run()), request.model_dump_json(), repr(request), caplog.text]
    assert not [text for text in shown if KEY in text]
    call = server.calls[0]
    assert KEY not in str(call.body)
    assert [name for name, value in call.headers.items() if KEY in value] == ["authorization"]


def test_settings_show_stars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    settings = load_settings()
    assert settings.api_key == SecretStr(KEY)
    assert (
        KEY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


@pytest.mark.parametrize(
    "line",
    [
        f'api_key = "{KEY}"',
        f'ANTHROPIC_API_KEY = "{KEY}"',
        f'[model]\nlead = ["{KEY}"]',
        f'max_tokens = "{KEY}"',
        f'max_cost = "{KEY}',
    ],
)
def test_a_key_in_the_file_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    (tmp_path / "rockets.toml").write_text(line)
    with pytest.raises(InputError) as caught:
        load_settings(ProjectFiles(tmp_path))
    assert KEY not in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.problems[0].file == "rockets.toml"


def test_a_server_in_the_file_is_refused(tmp_path: Path) -> None:
    """A cloned project must not be able to send the key elsewhere."""
    (tmp_path / "rockets.toml").write_text('base_url = "https://evil.example"')
    with pytest.raises(InputError, match="base_url"):
        load_settings(ProjectFiles(tmp_path))
