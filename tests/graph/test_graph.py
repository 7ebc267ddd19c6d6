"""The compiled graph: its shape is pinned, and what it costs is bounded."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.graph.conftest import Project, make_project, plan_of
from tests.graph.contexts import context_of

from rockets_graph.build import build_graph
from rockets_graph.nodes.integrate import render_again
from rockets_graph.picture import draw, mermaid
from rockets_graph.state import Mode, RunState
from rockets_tools.errors import GateError, InputError, MachineError

NODES = [
    "lead_plan",
    "approve",
    "bootstrap",
    "lead_dispatch",
    "generate",
    "integrate",
    "validate",
    "generator",
    "reviewer",
    "noncrud",
    "migrate",
    "tester",
    "builder",
    "lead_report",
]


@pytest.mark.parametrize("cast", ["team", "sequential"])
def test_mermaid(cast: Mode, snapshot: SnapshotAssertion) -> None:
    assert mermaid(cast) == snapshot


def test_node_names_are_those_of_the_design() -> None:
    assert [name for name in build_graph().nodes if not name.startswith("__")] == NODES


def test_both_casts_are_one_graph() -> None:
    team, sequential = (mermaid(cast).split("classDef model")[0] for cast in ("team", "sequential"))
    assert sequential.startswith(team.rstrip())


def test_rendered_differently_in_another_process_is_red(project: Project) -> None:
    """The artefact store is gone and the digest in the state does not fit what comes now."""
    context = context_of(project)
    batch = {"0": {"digest": "of something else", "findings": []}}
    state = RunState(wave=0, batches=batch)
    with pytest.raises(GateError, match="again gave other files"):
        render_again(context, state)


def test_a_hundred_waves_are_within_the_limit_of_steps(tmp_path: Path) -> None:
    names = [f"Item{chr(65 + i // 26)}{chr(97 + i % 26)}" for i in range(100)]
    chain = {name: names[i - 1 : i] if i else [] for i, name in enumerate(names)}
    report = make_project(tmp_path / "chain", plan_of(**chain)).run(skip_build=True)
    assert report.success
    assert len(report.waves) == 100


def test_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="neither"):
        draw("team", tmp_path / "graph.gif")
    if shutil.which("dot"):
        draw("team", tmp_path / "graph.png")
        assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")
        draw("sequential", tmp_path / "graph.svg")
        assert "lead_dispatch" in (tmp_path / "graph.svg").read_text(encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="Graphviz"):
        draw("team", tmp_path / "graph.png")


def test_dry_run_does_not_import_langgraph(project: Project) -> None:
    code = (
        "import sys; from pathlib import Path; from rockets_graph.options import Options;"
        "from rockets_graph.orchestrate import orchestrate;"
        "r = orchestrate(Options(project=Path(sys.argv[1]), spec=Path(sys.argv[2]), dry_run=True));"
        "assert r.exit_code == 0; print([m for m in sys.modules if m.startswith('lang')])"
    )
    out = subprocess.check_output(
        [sys.executable, "-c", code, str(project.root), str(project.spec)], text=True
    )
    assert out == "[]\n"
