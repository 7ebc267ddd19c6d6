"""Rendering in a second process, ahead of its use.

Rendering is a third of what an entity costs and needs nothing but the plan, so with many entities
it goes on beside the rest: the import of LangGraph, writing and validating the waves before. The
program reads `{plan, names}` on standard input and answers one line of JSON per entity, in the
order of the names: `[name, [[path, content], …]]`. It ends when it is done or its reader is gone.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import IO, cast

from rockets_tools.generate.render import assemble, render_entity
from rockets_tools.generate.result import GeneratedFile, Rendered
from rockets_tools.plan.model import Entity
from rockets_tools.process import child_environment

WORTH_IT = 64
"""Entities from which on a second process saves more than its start costs."""


class RenderAhead:
    """The reader's side. What the program did not deliver is rendered here: same bytes."""

    def __init__(self, plan_text: str, names: Sequence[str]) -> None:
        # Not from the working directory (-P): a cloned project may have a json.py of its own.
        command = [sys.executable, "-P", "-m", "rockets_tools.generate.ahead"]
        with tempfile.TemporaryFile() as task:
            task.write(json.dumps({"plan": plan_text, "names": list(names)}).encode())
            task.seek(0)
            self._program = subprocess.Popen(
                command,
                stdin=task,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
            )
        self._files: dict[str, tuple[GeneratedFile, ...]] = {}
        self._ended = False
        self._news = threading.Condition()
        # A pipe holds four entities or so; without a reader the program would wait for us.
        lines = cast("IO[bytes]", self._program.stdout)
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()

    def render(self, name: str, entities: Mapping[str, Entity]) -> Rendered:
        """One entity; waits for the program while that has not come to it. Thread-safe."""
        with self._news:
            self._news.wait_for(lambda: name in self._files or self._ended)
            files = self._files.pop(name, None)
        if files is None:
            return render_entity(entities[name], entities)
        return assemble(entities[name], files)

    def close(self) -> None:
        """End the program, whatever it is at."""
        self._program.kill()
        self._program.wait()
        self._reader.join()

    def _read(self, lines: IO[bytes]) -> None:
        """Take line after line, until there is none or the program dies within one."""
        with lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                name, files = json.loads(line)
                rendered = tuple(GeneratedFile(path=path, content=text) for path, text in files)
                with self._news:
                    self._files[name] = rendered
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def answer(task: str, out: IO[str]) -> None:
    """The program's side."""
    from rockets_tools.plan import read_plan

    asked = json.loads(task)
    entities = read_plan(asked["plan"], file="plan.json").plan.entities
    for name in asked["names"]:
        files = render_entity(entities[name], entities).files
        out.write(json.dumps([name, [[file.path, file.content] for file in files]]) + "\n")
        out.flush()


if __name__ == "__main__":
    answer(sys.stdin.read(), sys.stdout)
