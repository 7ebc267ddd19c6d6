"""A connection to the scratch database through the project's own `pg`."""

import json
import select
import time
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from pydantic import JsonValue

from rockets_tools.database import Database
from rockets_tools.errors import GateError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.process.child import Child

SCRIPT = Path(__file__).with_name("query.cjs")
SECONDS = 60.0

Records = list[dict[str, JsonValue]]


class QueryError(Exception):
    """The database refused a text of SQL."""


class Queries:
    """Runs SQL while it is entered. Not for threads."""

    def __init__(self, files: ProjectFiles, node: NodeTools, database: Database) -> None:
        self._argv = node.argv(SCRIPT, files.root)
        self._root = files.root
        self._env = node.environment({"ROCKETS_DATABASE_URL": database.url})
        self._child: Child | None = None

    def __enter__(self) -> Self:
        self._child = Child(self._argv, cwd=self._root, env=self._env, stdin=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.close()
            self._child = None

    def run(self, sql: str) -> Records:
        """The rows of the last statement. Raises `QueryError`; `GateError` when it went away."""
        if self._child is None or self._child.stdin is None:
            raise RuntimeError("Queries are run inside a with statement.")
        line = b""
        try:
            self._child.stdin.write(json.dumps({"sql": sql}).encode() + b"\n")
            self._child.stdin.flush()
            line = self._line(self._child)
        except BrokenPipeError:
            pass
        if not line:
            raise GateError(
                Problem(
                    code="smoke-database",
                    message="The scratch database does not answer any more.",
                    fix="Run again with --verbose to see what the database said.",
                )
            )
        answer = cast("dict[str, JsonValue]", json.loads(line))
        if "error" in answer:
            raise QueryError(json.dumps(answer["error"]))
        return cast("Records", answer["rows"])

    def _line(self, child: Child) -> bytes:
        """One line, or nothing when it ended or time is up."""
        deadline = time.monotonic() + SECONDS
        while (remaining := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([child.stdout], [], [], remaining)
            if ready:
                return child.stdout.readline()
        return b""
