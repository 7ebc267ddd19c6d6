"""The scripted scenarios as fixtures: `make record` writes `recorded/<scenario>.zip` anew.

What a scenario records depends on prompts, briefs, the tools of the roles and the graph, not on
templates: its steps are fake. A recording that still replays is left alone; of another one it is
said where it parts, so that a change is looked at before it is the new truth.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.agents.messages_server import MessagesServer
from tests.graph.conftest import SHOP, make_project
from tests.graph.replay.scenarios import SCENARIOS
from tests.graph.team.conftest import KEY, TeamProject
from tests.graph.trace.conftest import run_folder

from rockets_graph.cli.replay import divergence_lines
from rockets_graph.replay.divergence import Divergence
from rockets_graph.replay.replay import Wish, replay
from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.bundle import write_bundle
from rockets_tools.errors import InputError

FOLDER = Path(__file__).parent / "recorded"


def recording(name: str) -> Path:
    return FOLDER / f"{name}.zip"


def parts(name: str, into: Path) -> Divergence | None:
    """Where the recording and the code of today part."""
    result = replay(recording(name), Wish(into=into), make_tools=SCENARIOS[name].tools)
    return result.divergence


def record(name: str, folder: Path) -> None:
    """Play it against a server, and keep its trace."""
    with MessagesServer() as server:
        os.environ |= {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": server.url,
            "ROCKETS_RETRY_MINUTES": "0.001",
        }
        project = make_project(folder / "shop", SHOP)
        team = TeamProject(root=project.root, server=server)
        SCENARIOS[name].play(team, server)
    with open_trace(run_folder(team)) as trace:
        write_bundle(trace, recording(name))


def why(name: str, folder: Path) -> Iterator[str]:
    """In lines; none when there is no reason to record it again."""
    if not recording(name).exists():
        yield "it is new"
        return
    try:
        found = parts(name, folder / "again")
    except InputError as error:
        yield f"it cannot be read: {error}"
        return
    if found is not None:
        yield from divergence_lines(found)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.zip"):
        if old.stem not in SCENARIOS:
            old.unlink()
    for name in SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            reasons = list(why(name, Path(folder)))
            if reasons:
                record(name, Path(folder))
                sys.stdout.write("\n  ".join([f"{name}: recorded", *reasons]) + "\n")


if __name__ == "__main__":
    main()
