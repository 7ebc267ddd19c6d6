"""How fast generate + integrate + validate are, graph included, and how that grows.

    .venv/bin/python benchmarks/generation.py [--node-scripts DIR] [--sizes 10 50 200 500]

Each figure is the median of whole `rockets` processes; "writing" is the time this interpreter
needs for merely writing the same bytes (generated files and their base texts) to the same disk,
measured in between. With `--node-scripts DIR` (a checkout of the predecessor's scripts with their
starter project beside them) the same plans run there too; without it the ratios use the figures
measured on such a checkout before: 32 s for 200 entities, 76 s for 500.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plans import classic

MEASURED_BEFORE = {200: 32.0, 500: 76.0}
"""Seconds the Node scripts needed without build."""

ROCKETS = str(Path(sys.executable).with_name("rockets"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 50, 200, 500])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--node-scripts", type=Path, metavar="DIR")
    options = parser.parse_args()

    print(f"{'N':>5} {'rockets':>9} {'writing':>9} {'dry run':>9} {'peak MB':>8} {'scripts':>9} ratio")
    walls: dict[int, float] = {}
    writes: dict[int, float] = {}
    scripts: dict[int, float] = {}
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            spec = Path(folder) / "plan.json"
            spec.write_text(json.dumps(classic(size)))
            runs, written = [], []
            for run in range(options.runs):
                project = Path(folder) / f"project{run}"
                subprocess.run([ROCKETS, "new", str(project)], check=True, capture_output=True)
                before = snapshot(project)
                runs.append(orchestrate(project, spec))
                written.append(write_same(project, before, Path(folder) / f"copy{run}"))
            walls[size] = statistics.median(wall for wall, _ in runs)
            writes[size] = statistics.median(written)
            dry = timed([ROCKETS, "orchestrate", "--project", str(project), "--spec", str(spec), "--dry-run"])[0]
            if options.node_scripts:
                scripts[size] = node_scripts(options.node_scripts, spec, Path(folder) / "node")
            elif size in MEASURED_BEFORE:
                scripts[size] = MEASURED_BEFORE[size]
            ratio = f"{scripts[size] / walls[size]:6.1f}x" if size in scripts else ""
            print(
                f"{size:>5} {walls[size]:>8.3f}s {writes[size]:>8.3f}s {dry:>8.3f}s"
                f" {max(peak for _, peak in runs):>8.0f} {scripts.get(size, 0):>8.1f}s {ratio}"
            )
    summary(walls, writes, scripts)
    print(f"rockets --help: {statistics.median(timed([ROCKETS, '--help'])[0] for _ in range(5)):.3f} s")


def orchestrate(project: Path, spec: Path) -> tuple[float, float]:
    return timed(
        [ROCKETS, "orchestrate", "--project", str(project), "--spec", str(spec)]
        + ["--sequential", "--skip-build"]
    )


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak MB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exited {process.returncode}")
    return wall, usage.ru_maxrss / 1024


def snapshot(project: Path) -> set[Path]:
    return {path for path in project.rglob("*") if path.is_file()}


def write_same(project: Path, before: set[Path], target: Path) -> float:
    """Seconds to write what the run wrote (state included) once more, elsewhere."""
    texts = [
        (target / path.relative_to(project), path.read_bytes())
        for path in sorted(snapshot(project) - before)
    ]
    started = time.perf_counter()
    for path, text in texts:
        os.makedirs(path.parent, exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(text)
    return time.perf_counter() - started


def node_scripts(checkout: Path, spec: Path, target: Path) -> float:
    """Seconds of the predecessor's orchestrate.js on a copy of its starter, without build."""
    shutil.copytree(checkout / "starter", target, symlinks=True)
    script = next(checkout.rglob("orchestrate.js"))
    command = ["node", str(script), "--project", str(target), "--spec", str(spec)]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--skip-smoke", "--skip-migration"], check=False, capture_output=True
    )
    return time.perf_counter() - started


def summary(walls: dict[int, float], writes: dict[int, float], scripts: dict[int, float]) -> None:
    """The slopes: what one more entity costs, start-up taken out."""
    small, large = min(walls), max(walls)
    if small == large:
        return
    ours = (walls[large] - walls[small]) / (large - small)
    write = (writes[large] - writes[small]) / (large - small)
    print(f"per entity: {ours * 1000:.2f} ms, merely writing {write * 1000:.2f} ms: {ours / write:.1f}x")
    known = sorted(scripts)
    if len(known) > 1:
        theirs = (scripts[known[-1]] - scripts[known[0]]) / (known[-1] - known[0])
        print(f"per entity, scripts: {theirs * 1000:.0f} ms: {theirs / ours:.0f}x ours")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of any child: {peak:.0f} MB")


if __name__ == "__main__":
    main()
