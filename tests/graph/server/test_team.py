"""The team over HTTP: the real client of the server's process, against a server of the test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.agents.messages_server import MessagesServer
from tests.command import fresh_project
from tests.graph.conftest import SHOP
from tests.graph.server.conftest import Server
from tests.graph.team.conftest import CLEAN, KEY, answers


@pytest.fixture
def models() -> Iterator[MessagesServer]:
    with MessagesServer() as one:
        yield one


@pytest.fixture
def staffed(tmp_path: Path, models: MessagesServer) -> Iterator[Server]:
    env = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": models.url}
    one = Server(tmp_path, env=env, flags=("--allow-blocking",))
    one.start()
    yield one
    one.end()


def test_the_team_works_over_http(staffed: Server, models: MessagesServer) -> None:
    fresh_project(staffed.projects / "shop")
    models.on(answers(CLEAN), role="reviewer", always=True)
    thread = staffed.thread()
    order = {"project": "shop", "plan": SHOP, "mode": "team", "skipBuild": True}
    question = staffed.order(thread, **order)
    assert models.calls == []
    parts: Any = staffed.client.runs.stream(
        thread,
        "rockets",
        command={"resume": question["planHash"]},
        stream_mode=["custom", "values"],
    )
    seen = list(parts)
    assert "report" in seen[-1].data, seen[-1]
    report = seen[-1].data["report"]
    assert report["success"] is True, report
    assert set(report["usage"]["byRole"]) == {"reviewer"}
    jobs = [p.data for p in seen if p.event == "custom" and p.data["kind"] == "job-finished"]
    assert [job["role"] for job in jobs] == ["reviewer"] * 3
    assert KEY not in str(seen)
    staffed.end()
    assert not staffed.spoken_to.exists()
    kept = [p for p in staffed.folder.rglob("*") if p.is_file() and "projects" not in p.parts]
    assert kept
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]
