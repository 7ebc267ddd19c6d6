"""Recorded runs through the tools."""

import shutil
from pathlib import Path

import pytest
from tests.command import ROOT, fresh_project, rockets
from tests.graph.mcp.serving import Session, talk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    project = fresh_project(folder / "api")
    run = ("orchestrate", "--project", project, "--sequential", "--skip-build")
    answer = rockets(*run, "--spec", ROOT / "examples/shop.plan.json")
    assert answer.code == 0, answer.err
    return folder


def test_a_run_is_listed_and_shown(root: Path) -> None:
    async def work(server: Session) -> None:
        (run,) = (await server.call("trace_list", project="api"))["runs"]
        assert (run["outcome"], run["entities"], run["tokens"]) == ("completed", 5, 0)
        shown = await server.call("trace_show", project="api", run=run["run"])
        texts = [row["text"] for row in shown["rows"]]
        assert any("node generate" in text for text in texts)
        assert shown["run"] == run["run"]
        last = await server.call("trace_show", project="api")
        assert last["rows"] == shown["rows"]
        rest = await server.call("trace_show", project="api", skip=3)
        assert rest["rows"] == shown["rows"][3:]

    talk(root, work)


def test_a_run_is_named_by_its_id_only(root: Path, tmp_path: Path) -> None:
    (folder,) = (root / "api/.rockets/runs").iterdir()
    outside = shutil.copytree(folder, tmp_path / "outside")
    (folder.parent / "2026-01-01T00:00:00Z-00000000").symlink_to(outside)

    async def work(server: Session) -> None:
        for run in (
            str(outside),
            "../../../outside",
            f"./{folder.name}",
            "2026-01-01T00:00:00Z-00000000",
            "",
        ):
            error = await server.refused("trace_show", project="api", run=run)
            assert error["code"] == "trace-unknown", run
        assert len((await server.call("trace_list", project="api"))["runs"]) == 1

    talk(root, work)


def test_a_project_without_runs(root: Path) -> None:
    fresh_project(root / "empty")

    async def work(server: Session) -> None:
        assert (await server.call("trace_list", project="empty"))["runs"] == []
        assert (await server.refused("trace_show", project="empty"))["code"] == "trace-unknown"

    talk(root, work)
