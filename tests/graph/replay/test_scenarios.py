"""Every scripted scenario of the team replays: same nodes, same state, same tree."""

from pathlib import Path

import pytest
from pytest_socket import disable_socket
from tests.agents.messages_server import MessagesServer
from tests.graph.replay.scenarios import SCENARIOS
from tests.graph.team.conftest import TeamProject
from tests.graph.trace.conftest import run_folder

from rockets_graph.replay.replay import Wish, replay
from rockets_tools.files import ProjectFiles
from rockets_tools.tree import tree_hash


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_replays(
    name: str,
    team: TeamProject,
    server: MessagesServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    scenario = SCENARIOS[name]
    reports = scenario.play(team, server)
    assert tuple(report.exit_code for report in reports) == scenario.ends
    run, tree = run_folder(team), tree_hash(ProjectFiles(team.root))
    asked = len(server.calls)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    disable_socket(allow_unix_socket=True)  # asyncio's own; nothing else is let through
    result = replay(run, Wish(into=tmp_path / "again"), make_tools=scenario.tools)
    assert result.divergence is None, result.divergence.as_json()
    assert (result.same, result.stopped) == (True, None)
    assert result.tree == tree
    assert len(server.calls) == asked
