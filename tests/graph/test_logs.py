"""Logs: bound with run, node and wave; nothing when nobody asked."""

import io
import json

import pytest
import structlog
from tests.graph.conftest import Project

from rockets_graph import logs


@pytest.fixture(autouse=True)
def _unconfigured():
    yield
    structlog.reset_defaults()


def test_every_node_is_logged_with_run_node_and_wave(project: Project) -> None:
    stream = io.StringIO()
    logs.configure(stream, verbose=True)
    report = project.run()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {line["run"] for line in lines} == {report.run_id}
    assert [line["node"] for line in lines if line["event"] == "leave"][:5] == [
        "lead_plan",
        "approve",
        "bootstrap",
        "lead_dispatch",
        "generate",
    ]
    assert {line["wave"] for line in lines if line["node"] == "validate"} == {0, 1, 2}


def test_quiet_unless_asked(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run()
    stream = io.StringIO()
    logs.configure(stream)
    project.run()
    assert stream.getvalue() == ""
    assert capsys.readouterr() == ("", "")
