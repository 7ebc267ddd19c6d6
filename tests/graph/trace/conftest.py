"""Recorded runs to look at, and the team's project for those with models in them."""

from pathlib import Path
from typing import Any

import pytest
from tests.graph.conftest import Project
from tests.graph.team.conftest import server, team

from rockets_graph.trace.events import AnyEvent
from rockets_graph.trace.reader import open_trace

__all__ = ["server", "team"]


def run_folder(project: Project, number: int = -1) -> Path:
    """Of the run with this number, the newest by default."""
    folders = sorted(
        (project.root / ".rockets/runs").iterdir(),
        key=lambda f: (f / "trace.jsonl").stat().st_mtime,
    )
    return folders[number]


def events_of(folder: Path) -> list[AnyEvent]:
    """Every event; the trace is whole."""
    with open_trace(folder) as trace:
        found = list(trace.events())
        assert trace.problem is None
    return found


def only(found: list[AnyEvent], kind: str, **having: Any) -> list[Any]:
    """Those of a kind with these values."""
    return [
        event
        for event in found
        if event.kind == kind and all(getattr(event, k) == v for k, v in having.items())
    ]


@pytest.fixture
def recorded_run(project: Project) -> Path:
    """The folder of a run that completed."""
    assert project.run().success
    return run_folder(project)
