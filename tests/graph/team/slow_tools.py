"""Tools whose build starts a program that takes a minute, after the interruption; and whose
migration is a thread that sleeps."""

import sys
import time
from pathlib import Path

from tests.graph.fake_tools import FakeTools

from rockets_graph.toolbox import Checked, Line
from rockets_tools.plan import Plan
from rockets_tools.process import run

STARTED = "{root}.started"


class SlowBuild(FakeTools):
    def build(self, output: Line) -> Checked:
        Path(STARTED.format(root=self.files.root)).touch()
        time.sleep(1)
        program = "import time; print('compiling', flush=True); time.sleep(60)"
        argv = [sys.executable, "-c", program]
        done = run(argv, cwd=self.files.root, timeout=90, on_line=output)
        return Checked(passed=done.code == 0)


class SlowMigration(FakeTools):
    """The first look is red at once; the second, which is the Builder's own, takes a while."""

    looks = 0

    def migrate(self, plan: Plan, output: Line) -> Checked:
        self.looks += 1
        if self.looks == 2:
            Path(STARTED.format(root=self.files.root)).touch()
            time.sleep(1.5)
            self.files.write("src/migrations/9.txt", "late\n")
        return super().migrate(plan, output)
