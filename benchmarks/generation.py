"""How fast generate + integrate + validate are, graph included, and how that grows.

    .venv/bin/python benchmarks/generation.py [--node-scripts DIR] [--sizes 10 50 200 500]

See README.md beside this file for what the columns mean.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plans import classic

MEASURED_BEFORE = {200: 32.0, 500: 76.0}
"""Seconds the Node scripts needed without build, on a checkout of them."""

ROCKETS = str(Path(sys.executable).with_name("rockets"))


@dataclass(frozen=True, kw_only=True)
class Process:
    """What one process took."""

    wall: float
    cpu: float
    """User and system seconds: what the wall time would be if nobody else used the machine."""
    peak: float
    """MB."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One size: medians, the peak being the highest."""

    wall: float
    cpu: float
    writing: float
    dry_run: float
    peak: float
    scripts: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast a plan becomes a project.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 50, 200, 500])
    parser.add_argument("--runs", type=int, default=3, help="of which the median is shown")
    parser.add_argument("--dir", type=Path, help="where to work; by default the temporary folder")
    parser.add_argument(
        "--node-scripts",
        type=Path,
        metavar="DIR",
        help="checkout of the Node scripts, its starter project beside them",
    )
    options = parser.parse_args()

    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    state = "idle" if load < 0.5 else "loaded, so trust cpu more than wall"
    print(f"{cores} cores, load {load:.1f} ({state}); median of {options.runs}")
    print(
        f"{'N':>5} {'wall':>8} {'cpu':>8} {'writing':>8} {'dry run':>8} {'peak':>7} {'scripts':>8}"
    )
    rows: dict[int, Row] = {}
    # Nothing is removed before the end: ext4 spends longer on creating files for some seconds
    # after others were deleted.
    stack = contextlib.ExitStack()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.dir)))
    for size in sorted(options.sizes):
        row = rows[size] = measure(size, folder / str(size), options.runs, options.node_scripts)
        scripts = f"{row.scripts:>7.1f}s {row.scripts / row.wall:.0f}x" if row.scripts else ""
        print(
            f"{size:>5} {row.wall:>7.3f}s {row.cpu:>7.3f}s {row.writing:>7.3f}s"
            f" {row.dry_run:>7.3f}s {row.peak:>4.0f} MB {scripts}"
        )
    if len(rows) > 1:
        growth(rows)
    helps = [timed([ROCKETS, "--help"]).wall for _ in range(5)]
    print(f"rockets --help: {statistics.median(helps):.3f} s")
    stack.close()


def measure(size: int, folder: Path, runs: int, checkout: Path | None) -> Row:
    """Run a plan of `size` entities on fresh projects, writing the same bytes in between."""
    folder.mkdir()
    spec = folder / "plan.json"
    spec.write_text(json.dumps(classic(size)))
    ran, written = list[Process](), list[float]()
    for run in range(runs):
        project = folder / f"project{run}"
        command = [ROCKETS, "orchestrate", "--project", str(project), "--spec", str(spec)]
        subprocess.run([ROCKETS, "new", str(project)], check=True, capture_output=True)
        before = snapshot(project)
        ran.append(timed([*command, "--sequential", "--skip-build"]))
        written.append(write_same(project, before, folder / f"copy{run}"))
    return Row(
        wall=statistics.median(process.wall for process in ran),
        cpu=statistics.median(process.cpu for process in ran),
        writing=statistics.median(written),
        dry_run=statistics.median(timed([*command, "--dry-run"]).wall for _ in range(runs)),
        peak=max(process.peak for process in ran),
        scripts=node_scripts(checkout, spec, folder) if checkout else MEASURED_BEFORE.get(size),
    )


def timed(command: list[str]) -> Process:
    """Run a command that has to succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exited {process.returncode}")
    return Process(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)


def snapshot(project: Path) -> Mapping[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}


def write_same(project: Path, before: Mapping[Path, bytes], target: Path) -> float:
    """Seconds to write what the run wrote once more: files, base texts, state, shared files."""
    after = snapshot(project)
    texts = [
        (str(target / path.relative_to(project)), text)
        for path, text in after.items()
        if before.get(path) != text
    ]
    made = set[str]()
    started = time.perf_counter()
    for path, text in texts:
        folder = path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        with open(path, "wb", buffering=0) as stream:
            stream.write(text)
    return time.perf_counter() - started


def node_scripts(checkout: Path, spec: Path, folder: Path) -> float:
    """Seconds of their orchestrate.js on a copy of its starter, without build."""
    target = folder / "node"
    shutil.copytree(checkout / "starter", target, symlinks=True)
    script = next(checkout.rglob("orchestrate.js"))
    command = ["node", str(script), "--project", str(target), "--spec", str(spec)]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--skip-smoke", "--skip-migration", "--skip-build"],
        check=False,
        capture_output=True,
    )
    return time.perf_counter() - started


def growth(rows: Mapping[int, Row]) -> None:
    """What one more entity costs, start-up taken out, and how straight the line is."""
    start, wall = line(rows, lambda row: row.wall)
    _, writing = line(rows, lambda row: row.writing)
    start_cpu, cpu = line(rows, lambda row: row.cpu)
    off = max(abs(row.cpu / (start_cpu + cpu * size) - 1) for size, row in rows.items())
    print(f"start-up: {start:.2f} s wall, {start_cpu:.2f} s cpu")
    print(f"per entity: {wall * 1000:.2f} ms wall, {cpu * 1000:.2f} ms cpu")
    print(
        f"per entity, merely writing: {writing * 1000:.2f} ms; ours is {wall / writing:.1f}x that"
    )
    print(f"linear in N: no size is more than {off:.0%} of its cpu time off the straight line")
    known = {size: row.scripts for size, row in rows.items() if row.scripts}
    if len(known) > 1:
        small, large = min(known), max(known)
        theirs = (known[large] - known[small]) / (large - small)
        print(f"per entity, Node scripts: {theirs * 1000:.0f} ms, {theirs / wall:.0f}x ours")


def line(rows: Mapping[int, Row], value: Callable[[Row], float]) -> tuple[float, float]:
    """Intercept and slope of the least squares line over the sizes."""
    slope, intercept = statistics.linear_regression(list(rows), [value(r) for r in rows.values()])
    return intercept, slope


if __name__ == "__main__":
    main()
