"""Recorded runs to do again: of fake tools here, of the real command on a real project."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.agents.messages_replies import use
from tests.agents.messages_server import MessagesServer
from tests.command import Answer, environment, rockets
from tests.graph.conftest import plan_of
from tests.graph.team.conftest import (
    CLEAN,
    KEY,
    SERVICE,
    _loopback_only,
    answers,
    fixed,
    found,
    server,
    team,
)

__all__ = ["_loopback_only", "server", "team"]

GUARD = """
import socket

def refuse(*_args, **_options):
    raise RuntimeError("a replay wants to speak to somebody")

for name in ("connect", "connect_ex", "bind", "sendto"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = socket.create_connection = refuse
"""
"""A sitecustomize: every process of Python runs it first."""


@pytest.fixture(autouse=True)
def _short_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROCKETS_RETRY_MINUTES", "0.001")


@pytest.fixture
def offline(tmp_path: Path) -> Mapping[str, str]:
    """An environment with nothing on the path, no key, and no network."""
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    kept = ("LANG", "LC_ALL", "TMPDIR")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": str(tmp_path / "empty"),
        "HOME": str(tmp_path / "empty"),
        "PYTHONPATH": str(guard),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture(scope="session")
def shop_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of the real command with a team: real tools, no Node."""
    root = tmp_path_factory.mktemp("recorded") / "shop"
    assert rockets("new", root).code == 0
    spec = root.with_suffix(".plan.json")
    spec.write_text(_plan(), encoding="utf-8")
    with MessagesServer() as server:
        server.on(
            answers(found(SERVICE)), answers(CLEAN), role="reviewer", task="review:wave-1:part-1"
        )
        server.on(answers(CLEAN), role="reviewer", always=True)
        server.on(use("read_file", {"path": SERVICE}), fixed(), role="generator")
        done = rockets(
            *("orchestrate", "--project", root, "--spec", spec, "--team", "--skip-build", "--json"),
            env=environment(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url),
        )
        assert done.code == 0, done.err
        server.assert_complete()
    (folder,) = (root / ".rockets/runs").iterdir()
    kept = root.parent / "run"
    shutil.copytree(folder, kept)
    shutil.rmtree(root)  # a replay needs nothing but the trace
    return kept


def _plan() -> str:
    return json.dumps(plan_of(Category=[], Product=["Category"]))


def replayed(run: Path, into: Path, env: Mapping[str, str], *more: object) -> Answer:
    """The command, with nothing to reach."""
    return rockets("replay", run, "--into", into, *more, env=env)
