"""SIGKILL while Node, the database and the application run; then `--resume`."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.graph.conftest import plan_of

RUN = [sys.executable, "-c", "from rockets_graph.cli import main; main()", "orchestrate"]


def tree(project: Path) -> dict[str, str]:
    outside = {".rockets", "node_modules", "dist", ".data"}
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if outside.isdisjoint(path.parts) and path.is_file()
    }


def command(project: Path, *options: str) -> list[str]:
    return [*RUN, "--project", str(project), "--sequential", "--verbose", *options]


def kill_when(argv: list[str], said: str) -> None:
    """Start a run and end it by SIGKILL when it prints a line that starts so."""
    with subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        seen = []
        for line in run.stderr:
            seen.append(line)
            if line.startswith(said):
                os.kill(run.pid, signal.SIGKILL)
                break
        else:
            pytest.fail(f"never said {said!r}: {''.join(seen)}")


def processes_about(project: Path) -> list[str]:
    """Command lines of processes that name the project."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, UnicodeDecodeError):
                continue
            if str(project) in words:
                found.append(words)
    return found


@pytest.mark.node
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_killed_in_migrate_and_in_smoke(
    tmp_path: Path, warm_project: Callable[[str], Path]
) -> None:
    spec = tmp_path / "plan.json"
    spec.write_text(json.dumps(plan_of(Category=[], Product=["Category"])), encoding="utf-8")
    calm = warm_project("calm/shop")
    subprocess.run(command(calm, "--spec", str(spec)), check=True, capture_output=True)

    disturbed = warm_project("disturbed/shop")
    kill_when(command(disturbed, "--spec", str(spec)), "migrate …")
    kill_when(command(disturbed, "--resume"), "smoke …")
    done = subprocess.run(command(disturbed, "--resume", "--json"), check=True, capture_output=True)
    report = json.loads(done.stdout)
    assert report["success"]
    assert report["migration"]["proven"]
    assert tree(disturbed) == tree(calm)
    assert processes_about(disturbed) == []
