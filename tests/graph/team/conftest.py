"""Runs of the team on a small project: the real client, a server that is told what to answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pytest_socket import socket_allow_hosts
from tests.agents.messages_replies import Reply, say, use
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP, Project, make_project
from tests.graph.fake_tools import FakeTools

from rockets_agents.builder import Repair
from rockets_agents.generator import FixDone, FixSummary, ModuleAccess
from rockets_agents.lead import Escalation
from rockets_agents.reviewer import ReviewFinding, ReviewReport
from rockets_graph.events import JobFinished, MessageSent
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.report import Report

KEY = "sk-test-MARKED-0123456789"
"""Must be seen nowhere but in the header that carries it."""
SERVICE = "src/modules/category/category-access-query.service.ts"
"""Of the first wave of the shop."""
MAIN = "src/main.ts"
CLEAN = ReviewReport(findings=())
STOP = Escalation(decision="stop", cause="It stays red.", evidence="TS1", steps=("Look at it.",))


@dataclass
class TeamProject(Project):
    """A project whose team speaks to a server of the test."""

    server: MessagesServer = field(default_factory=MessagesServer)

    def run_team(self, *, trouble: Mapping[str, str] | None = None, **options: Any) -> Report:
        self.events.clear()
        spec = None if options.get("resume") else self.spec
        return orchestrate(
            Options(project=self.root, **{"mode": "team", "spec": spec, **options}),
            self.events.append,
            make_tools=lambda files, _: FakeTools(
                files, trouble=trouble or {}, services=True, workers=options.get("workers", 1)
            ),
            environment={},
        )

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def asked(self) -> list[tuple[str, str]]:
        """Role and task of each call, in order; a job of several turns once."""
        calls = [(call.role, call.task) for call in self.server.calls]
        return [one for at, one in enumerate(calls) if at == 0 or calls[at - 1] != one]

    def told(self) -> list[tuple[str, str, str]]:
        """Who told whom, and what kind of thing."""
        return [(e.sender, e.receiver, e.about) for e in self.events if isinstance(e, MessageSent)]

    def jobs(self) -> list[tuple[str, str, bool]]:
        return [(e.role, e.job, e.passed) for e in self.events if isinstance(e, JobFinished)]


def answers(value: BaseModel) -> Reply:
    return say(value.model_dump_json())


def found(*files: str, fix: str = "Remove it.") -> ReviewReport:
    return ReviewReport(
        findings=tuple(
            ReviewFinding(rule=5, severity="critical", file=f, line=1, message="Open.", fix=fix)
            for f in files
        )
    )


def fixed(requests: int = 1, *access: ModuleAccess) -> Reply:
    done = tuple(FixDone(request=n, done=True, what="Closed it.") for n in range(requests))
    return answers(FixSummary(fixes=done, access=access, summary="Closed."))


def edits(path: str, old: str, new: str) -> tuple[Reply, Reply]:
    """A model reads a file and replaces something in it."""
    return (
        use("read_file", {"path": path}),
        use("edit_file", {"path": path, "old": old, "new": new}),
    )


def repaired(summary: str = "Mended.") -> Reply:
    return answers(Repair(changes=(), summary=summary, unsolved=()))


def diagnosed(file: str = MAIN) -> Reply:
    request = {"file": file, "line": 1, "problem": "Broken.", "fix": "Mend.", "evidence": "TS1"}
    return say(json.dumps({"fixable": True, "cause": "A word.", "requests": [request]}))


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    """Taken back by the plugin after each test."""
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as server:
        yield server


@pytest.fixture
def team(tmp_path: Path, server: MessagesServer, monkeypatch: pytest.MonkeyPatch) -> TeamProject:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
    plain = make_project(tmp_path / "shop", SHOP)
    return TeamProject(root=plain.root, server=server)
