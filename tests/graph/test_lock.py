"""One run per project."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.graph.conftest import Project

from rockets_graph.lock import LOCK_FILE, run_lock
from rockets_tools.errors import InputError, MachineError
from rockets_tools.files import ProjectFiles

HOLDER = """
import sys, time
from pathlib import Path
from rockets_graph.lock import run_lock
from rockets_tools.files import ProjectFiles
with run_lock(ProjectFiles(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(project: Project):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_second_run_is_refused_with_the_pid_of_the_first(
    project: Project, holder: subprocess.Popen[str]
) -> None:
    before = project.tree(state=True)
    with pytest.raises(InputError, match=f"process {holder.pid}") as caught:
        project.run()
    assert caught.value.problems[0].code == "project-busy"
    assert project.tree(state=True) == before
    assert project.calls() == []


def test_dry_run_and_validate_only_need_no_lock(
    project: Project, holder: subprocess.Popen[str]
) -> None:
    assert project.run(dry_run=True).exit_code == 0
    assert project.run(validate_only=True, skip_build=True).exit_code == 0


def test_killed_holder_leaves_no_lock(project: Project, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert (project.root / LOCK_FILE).exists()
    assert project.run().success
    assert not (project.root / LOCK_FILE).exists()


def test_lock_goes_with_its_holder_and_leaves_nothing(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path)
    with run_lock(files):
        text = (tmp_path / LOCK_FILE).read_text(encoding="ascii")
        assert text == f"{os.getpid()}\n"
    assert list(tmp_path.iterdir()) == []
    with run_lock(files):
        pass


def test_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    project, target = tmp_path / "project", tmp_path / "precious.txt"
    (project / ".rockets").mkdir(parents=True)
    target.write_text("mine", encoding="utf-8")
    (project / LOCK_FILE).symlink_to(target)
    with pytest.raises(InputError, match="not a plain path"), run_lock(ProjectFiles(project)):
        pass
    (project / LOCK_FILE).unlink()
    (project / LOCK_FILE).symlink_to(project / "inside.txt")
    with pytest.raises(MachineError), run_lock(ProjectFiles(project)):
        pass
    assert target.read_text(encoding="utf-8") == "mine"
    assert not (project / "inside.txt").exists()


def test_project_that_cannot_be_written_is_3(tmp_path: Path) -> None:
    (tmp_path / ".rockets").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(MachineError) as caught, run_lock(ProjectFiles(tmp_path)):
        pass
    assert caught.value.exit_code == 3
