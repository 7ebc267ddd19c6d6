"""SIGKILL at any moment, then `--resume`: the bytes of an undisturbed run."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_killed_runs_end_in_the_same_bytes() -> None:
    """The short version; `python -m tests.graph.kill_loop` tries every moment."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.graph.kill_loop"),
            *("--every", "11", "--twice", "3", "--random", "3"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    result = json.loads(done.stdout)
    assert result["failures"] == []
    assert result["kills"] > 10
    assert done.returncode == 0
