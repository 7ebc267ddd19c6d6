"""A run in another process, as on another machine: `python -m tests.graph.elsewhere WHAT …`.

run ROOT URL [STEP=TROUBLE]   orchestrate --resume with the fake tools; prints exit code, notes
ask ROOT URL                  the graph up to its question; prints the plan's hash
hold URL RUN                  has the run until its stdin closes; prints `held`
"""

import json
import sys
from pathlib import Path

from tests.graph.conftest import Project
from tests.graph.contexts import context_of
from tests.graph.fake_tools import FakeTools

from rockets_graph.build import build_graph
from rockets_graph.checkpoints import open_checkpoints
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.state import RunState
from rockets_tools.files import ProjectFiles


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(root: str, url: str, *trouble: str) -> None:
    project = Project(Path(root))
    report = orchestrate(
        Options(project=project.root, mode="sequential", resume=True, checkpoints=url),
        project.events.append,
        make_tools=lambda files, _: FakeTools(
            files, trouble=dict(pair.split("=") for pair in trouble)
        ),
        environment={},
    )
    say(json.dumps({"code": report.exit_code, "notes": project.notes()}))


def ask(root: str, url: str) -> None:
    context = context_of(Project(Path(root)))
    state = RunState(run_id="asked", plan_hash=context.plan.hash)
    with (
        open_checkpoints(context.files, url) as checkpoints,
        checkpoints.fresh("asked") as saver,
    ):
        asked = build_graph(saver).invoke(
            state, {"configurable": {"thread_id": "asked"}}, context=context, durability="sync"
        )
    say(json.dumps(asked["__interrupt__"][0].value["planHash"]))


def hold(url: str, run_id: str) -> None:
    files = ProjectFiles(Path.cwd())
    with open_checkpoints(files, url) as checkpoints, checkpoints.kept(run_id):
        say("held")
        sys.stdin.read()


if __name__ == "__main__":
    {"run": run, "ask": ask, "hold": hold}[sys.argv[1]](*sys.argv[2:])
