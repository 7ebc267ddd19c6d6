"""Checkpoints grow with the plan and no more; what a node costs, the same benchmark measures."""

import json
import statistics
import subprocess
import sys

from tests.command import ROOT, environment

BENCHMARK = """
import json, sys
sys.path.insert(0, "benchmarks")
from graph_overhead import measure
measure(10, None)
print(json.dumps([[n, *vars(measure(n, None)).values()] for n in map(int, sys.argv[1:])]))
"""


def test_checkpoints_are_linear() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BENCHMARK, "20", "200", "400", "800"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row[1] for row in rows} == {37}
    sizes = [(row[0], row[4]) for row in rows]
    slope, start = statistics.linear_regression(*zip(*sizes, strict=True))
    assert all(abs(stored / (start + slope * n) - 1) < 0.02 for n, stored in sizes)
