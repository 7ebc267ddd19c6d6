"""Old runs go, and nothing else does."""

import os
from pathlib import Path

from tests.graph.conftest import Project

from rockets_graph.trace.retention import forget_old_runs
from rockets_tools.files import ProjectFiles


def make_runs(project: Project, *names: str) -> Path:
    """Runs of one second after the other."""
    folder = project.root / ".rockets/runs"
    for age, name in enumerate(names):
        run = folder / name
        (run / "blobs").mkdir(parents=True)
        (run / "blobs/1.pack").write_bytes(b"x")
        (run / "trace.jsonl").write_bytes(b"{}\n")
        os.utime(run / "trace.jsonl", (1_000_000 + age, 1_000_000 + age))
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_oldest_go_until_enough_are_left(project: Project) -> None:
    folder = make_runs(project, "d", "c", "b", "a")
    assert forget_old_runs(ProjectFiles(project.root), keep=3, current="new") == 2
    assert names(folder) == {"b", "a"}


def test_the_run_that_goes_on_stays_however_old(project: Project) -> None:
    folder = make_runs(project, "d", "c", "b", "a")
    assert forget_old_runs(ProjectFiles(project.root), keep=1, current="d") == 3
    assert names(folder) == {"d"}


def test_the_option_of_a_run(project: Project) -> None:
    for _ in range(3):
        assert project.run(keep_runs=2).success
    assert len(names(project.root / ".rockets/runs")) == 2


def test_nothing_outside_is_touched(project: Project, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "trace.jsonl").write_text("{}\n", encoding="utf-8")
    os.utime(precious / "trace.jsonl", (1, 1))
    folder = make_runs(project, "a", "b")
    (folder / "link").symlink_to(precious)
    (folder / "b/link").symlink_to(precious)
    (folder / "-odd name").mkdir()
    (folder / "file").write_text("mine", encoding="utf-8")
    assert forget_old_runs(ProjectFiles(project.root), keep=1, current="new") == 2
    assert names(folder) == {"link", "-odd name", "file"}
    assert (precious / "trace.jsonl").exists()


def test_a_folder_of_runs_that_is_a_link_is_left_alone(project: Project) -> None:
    inside = project.root / "src/runs"
    (inside / "a").mkdir(parents=True)
    (project.root / ".rockets").mkdir()
    (project.root / ".rockets/runs").symlink_to(inside)
    assert forget_old_runs(ProjectFiles(project.root), keep=1, current="new") == 0
    assert names(inside) == {"a"}
