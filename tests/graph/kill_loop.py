"""Kill a run at many moments, resume it, and compare with a run nobody disturbed.

    python -m tests.graph.kill_loop [--every N] [--twice N] [--random N] [--seed N] [--real]

A moment is one change to the disk: the run's process ends itself by SIGKILL right before its
n-th open for writing, rename, removal or new folder (an audit hook counts; no code of ours knows
of it). `--every 1` tries each of them, `--twice` kills the resumed run, too, `--random` kills
from outside after a random time. Processes are forked from one that has imported everything.
Prints one JSON line; exit status 1 and the moments when a tree differs.
"""

import argparse
import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.graph.conftest import SHOP, make_project
from tests.graph.fake_tools import FakeTools

from rockets_graph.build import build_graph
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate

SHOWN = 5
KILLED = -signal.SIGKILL
CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Case:
    """What is run: on a copy of `pristine`, with these tools."""

    pristine: Path
    spec: Path
    options: dict[str, bool]
    real: bool = False

    def run(self, project: Path, *, resume: bool) -> int:
        fresh = not (project / ".rockets/plan.json").exists()
        report = orchestrate(
            Options(
                project=project,
                spec=self.spec if fresh or not resume else None,
                resume=resume,
                mode="sequential",
                workers=2,
                **self.options,
            ),
            make_tools=None if self.real else (lambda files, _: FakeTools(files)),
            environment={},
        )
        return report.exit_code


def killed_at(moment: int) -> Callable[[str, tuple[object, ...]], None]:
    """An audit hook that ends the process before its n-th change to the disk."""
    seen = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            flags = args[2]
            if not (isinstance(flags, int) and flags & WRITING):
                return
        elif event not in CHANGES and event != "sqlite3.connect":
            return
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    return hook


def in_child(work: Callable[[], int], *, kill_after: float | None = None) -> int:
    """Exit status of `work` run in a child; negative: the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work()
        finally:
            sys.stdout.flush()
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree(project: Path) -> dict[str, str]:
    """Hash of every file that counts."""
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if path.is_file() and {".rockets", "node_modules", "dist", ".data"}.isdisjoint(path.parts)
    }


class Loop:
    """One case, its undisturbed result, and the moments at which it came out differently."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.folder = folder
        self.kills = 0
        self.failures: list[dict[str, object]] = []
        project = self._copy()
        started = time.perf_counter()
        if in_child(lambda: case.run(project, resume=False)) != 0:
            raise SystemExit("the undisturbed run is not green")
        self.seconds = time.perf_counter() - started
        self.expected = tree(project)

    def kill(self, first: int, second: int | None = None) -> bool:
        """Kill at one or two moments and resume; False: the run ended before the first."""
        project = self._copy()

        def hooked(moment: int, *, resume: bool) -> int:
            sys.addaudithook(killed_at(moment))
            return self.case.run(project, resume=resume)

        if in_child(lambda: hooked(first, resume=False)) != KILLED:
            return False
        if second is not None:
            in_child(lambda: hooked(second, resume=True))
        self._finish(project, [first, second])
        return True

    def kill_after(self, seconds: float) -> None:
        project = self._copy()
        in_child(lambda: self.case.run(project, resume=False), kill_after=seconds)
        self._finish(project, [seconds])

    def _finish(self, project: Path, moments: list[float | None]) -> None:
        self.kills += 1
        code = in_child(lambda: self.case.run(project, resume=True))
        found = tree(project)
        if code != 0 or found != self.expected:
            names = {n for n, _ in found.items() ^ self.expected.items()}
            self.failures.append(
                {"moments": moments, "code": code, "differing": sorted(names)[:SHOWN]}
            )

    def _copy(self) -> Path:
        project = self.folder / "project"
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(self.case.pristine, project, symlinks=True)
        return project


def real_case(folder: Path) -> Case:
    """A fresh project of ours and our own tools, without Node."""
    from rockets_tools.project import new_project

    pristine = folder / "pristine"
    new_project(pristine)
    spec = folder / "plan.json"
    spec.write_text(json.dumps(SHOP), encoding="utf-8")
    return Case(pristine=pristine, spec=spec, options={"skip_build": True}, real=True)


def fake_case(folder: Path) -> Case:
    project = make_project(folder / "pristine", SHOP)
    return Case(pristine=project.root, spec=project.spec, options={})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--every", type=int, default=1, help="try each n-th moment (0: none)")
    parser.add_argument("--twice", type=int, default=0, help="so many pairs of moments")
    parser.add_argument("--random", type=int, default=0, help="so many kills from outside")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--real", action="store_true", help="our own tools, a whole project")
    arguments = parser.parse_args()
    # Imported before the first fork: a child starts at once, and all run the same code.
    build_graph()
    for module in ("generate", "integrate", "plan", "project", "validate"):
        importlib.import_module(f"rockets_tools.{module}")
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kill-loop-") as name:
        folder = Path(name)
        loop = Loop((real_case if arguments.real else fake_case)(folder), folder)
        moment = dice.randrange(arguments.every) if arguments.every else 0
        moments = 0
        while arguments.every and loop.kill(moment):
            moments = moment = moment + arguments.every
        for _ in range(arguments.twice):
            loop.kill(dice.randrange(max(moments, 30)), dice.randrange(max(moments, 30)))
        for _ in range(arguments.random):
            loop.kill_after(dice.uniform(0, loop.seconds * 1.1))
    failures = loop.failures
    outcome = {
        "seed": seed,
        "kills": loop.kills,
        "failed": len(failures),
        "failures": failures[:SHOWN],
    }
    sys.stdout.write(f"{json.dumps(outcome)}\n")
    return 1 if loop.failures else 0


if __name__ == "__main__":
    sys.exit(main())
