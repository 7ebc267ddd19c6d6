"""A team's run that stops on one machine goes on on another, with the rounds it has used up."""

import shutil
from pathlib import Path
from typing import Any

from tests.agents.messages_server import MessagesServer
from tests.graph.fake_tools import FakeTools
from tests.graph.team.conftest import SERVICE, STOP, TeamProject, answers, fixed, found

from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.state import FIX_ROUNDS


class StopsAt(FakeTools):
    """Ctrl-C in the `looks`-th look at the first wave."""

    looks = 2
    _seen = 0

    def validate(self, *arguments: Any, **options: Any) -> Any:
        self._seen += 1
        if self._seen == self.looks:
            raise KeyboardInterrupt
        return super().validate(*arguments, **options)


def test_fix_rounds_are_shared(
    team: TeamProject, server: MessagesServer, postgres_url: str, tmp_path: Path
) -> None:
    server.on(answers(found(SERVICE)), role="reviewer", always=True)
    server.on(fixed(), role="generator", always=True)
    server.on(answers(STOP), role="lead", always=True)
    stopped = orchestrate(
        Options(project=team.root, spec=team.spec, mode="team", checkpoints=postgres_url),
        make_tools=lambda files, _: StopsAt(files, services=True),
        environment={},
    )
    assert stopped.exit_code == 130
    assert [role for role, _ in team.asked()].count("generator") == 1

    there = TeamProject(tmp_path / "elsewhere", server=server)
    shutil.copytree(team.root, there.root)
    report = there.run_team(resume=True, checkpoints=postgres_url)
    assert report.exit_code == 1
    assert report.failed_gate == "review"
    assert [role for role, _ in team.asked()].count("generator") == FIX_ROUNDS
    assert not any("checkpoint" in note for note in there.notes()), there.notes()
