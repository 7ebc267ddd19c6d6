"""Team runs in processes of their own, which can be killed and interrupted."""

import os
import subprocess
import sys
from pathlib import Path

from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import Project
from tests.graph.team.conftest import KEY

ROOT = Path(__file__).resolve().parents[3]
RUN = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.graph.{tools} import {kind} as Tools
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate

project, spec = Path(sys.argv[1]), Path(sys.argv[2])
resume, at = sys.argv[3] == "resume", int(sys.argv[4])
report = orchestrate(
    Options(project=project, spec=None if resume else spec, resume=resume, mode="team"),
    make_tools=lambda files, _: Tools(files, services=True, kill_at=at),
    environment={{}},
)
print(report.exit_code)
"""


def start(
    project: Project,
    server: MessagesServer,
    *,
    resume: bool = False,
    kill_at: int = -1,
    tools: str = "fake_tools",
    kind: str = "FakeTools",
) -> subprocess.Popen[bytes]:
    """Begin a run; it prints its exit status when it comes to its end."""
    said = [project.root, project.spec, "resume" if resume else "fresh", kill_at]
    program = RUN.format(root=str(ROOT), tools=tools, kind=kind)
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, said)],
        env={**os.environ, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url},
        stdout=subprocess.PIPE,
    )


def end(process: subprocess.Popen[bytes]) -> str:
    """What it printed."""
    return process.communicate(timeout=120)[0].decode().strip()
