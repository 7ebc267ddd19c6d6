"""SIGKILL at any moment: the same command with --resume goes on, and ends in the same bytes."""

import subprocess
import time
from pathlib import Path

import pytest
from tests.command import ROCKETS, environment, snapshot
from tests.graph.from_doc.documents import SHOP, from_doc, write


def tree(project: Path) -> dict[str, str]:
    """What has to be the same: all but what knows times and runs."""
    return {
        path: what.split()[0]
        for path, what in snapshot(project).items()
        if not path.startswith((".rockets/state.json", ".rockets/scratch", ".rockets/runs"))
    }


def first_sight(project: Path, wanted: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while not (project / wanted).exists() and running.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.0005)


@pytest.mark.parametrize(
    "moment",
    [
        "src",
        "package.json",
        ".rockets/provenance.json",
        ".rockets/plan.json",
        "src/modules/category/category.module.ts",
    ],
)
def test_a_killed_call_is_gone_on_with(moment: str, tmp_path: Path) -> None:
    # Both folders have the same name, which the package is called by.
    whole, killed = tmp_path / "a/api", tmp_path / "b/api"
    for folder in (whole, killed):
        folder.parent.mkdir()
    write(tmp_path / "a/shop.sql", SHOP)
    write(tmp_path / "b/shop.sql", SHOP)
    assert from_doc(tmp_path / "a/shop.sql", whole, "--yes").code == 0
    running = subprocess.Popen(
        [
            ROCKETS,
            "from-doc",
            tmp_path / "b/shop.sql",
            "--project",
            killed,
            "--skip-build",
            "--yes",
        ],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    first_sight(killed, moment, running)
    running.kill()
    running.wait()
    answer = from_doc(tmp_path / "b/shop.sql", killed, "--yes", "--resume")
    assert answer.code == 0, answer.err
    assert tree(killed) == tree(whole)
