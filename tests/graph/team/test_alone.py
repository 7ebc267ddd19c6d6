"""The sequential cast needs nothing of the team, and other programs do not keep a team away."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import Project
from tests.graph.team.behaviour import PLAN
from tests.graph.team.conftest import CLEAN, TeamProject, answers, fixed, found
from tests.graph.test_scripts import GENERATE, INTEGRATE, VALIDATE, put

from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate

ROOT = Path(__file__).resolve().parents[3]
RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.graph.fake_tools import FakeTools
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate

for resume in (False, True):
    spec = None if resume else Path(sys.argv[3])
    options = Options(project=Path(sys.argv[2]), spec=spec, mode="sequential", resume=resume)
    report = orchestrate(options, make_tools=lambda files, _: FakeTools(files), environment={})
    assert report.success
    assert len(report.follow_ups) == 3
print(*sorted(name for name in sys.modules if name.startswith(("rockets_agents", "anthropic"))))
print(*sorted(name for name in sys.modules if name.startswith("rockets_graph.crew.")))
"""


def test_a_sequential_run_loads_nothing_of_the_team(project: Project) -> None:
    project.write_plan(PLAN)
    said = [sys.executable, "-c", RUN, ROOT, project.root, project.spec]
    done = subprocess.run(list(map(str, said)), capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == ["", "rockets_graph.crew.tasks"]


def test_a_team_works_with_other_programs(
    team: TeamProject, server: MessagesServer, tmp_path: Path
) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    service = "src/modules/category-access-query.service.ts"
    generate = GENERATE.replace(".ts", "-access-query.service.ts")
    for name, text in (("generate", generate), ("integrate", INTEGRATE), ("validate", VALIDATE)):
        put(scripts / name, text)
    server.on(answers(found(service)), answers(CLEAN), role="reviewer", task="review:wave-1:part-1")
    server.on(answers(CLEAN), role="reviewer", always=True)
    server.on(fixed(), role="generator")
    report = orchestrate(
        Options(project=team.root, spec=team.spec, scripts=scripts, skip_build=True, mode="team"),
        team.events.append,
        environment={},
    )
    assert report.success, report.as_json()
    assert [role for role, _ in team.asked()] == ["reviewer", "generator", *["reviewer"] * 3]
    server.assert_complete()


def test_looking_at_a_project_needs_no_key(
    team: TeamProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert team.run_team(validate_only=True).status == "validated"
    planned = team.run_team(dry_run=True)
    assert (planned.status, planned.exit_code) == ("planned", 0)
    assert planned.estimate is not None
    assert not (team.root / ".rockets").exists()
