"""Checkpoints in the project: `.rockets/checkpoints.sqlite`.

`.rockets/` of a cloned project is untrusted: no run writes into a database that it did not make
itself, but for one that waits for an answer.
"""

import sqlite3
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

from rockets_graph.checkpoints.in_flight import MISSHAPEN, InFlight, in_flight_of, unreadable
from rockets_graph.checkpoints.serde import JsonOnly
from rockets_tools.errors import MachineError, Problem
from rockets_tools.files import ProjectFiles

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

CHECKPOINTS = ".rockets/checkpoints.sqlite"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")
_MAX_STEPS = 20_000_000
"""Of SQLite's virtual machine for reading a foreign database: a fraction of a second."""


class SqliteCheckpoints:
    """See `Checkpoints`. One project, one run at a time: the project's lock sees to that."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files

    def held(self, _run_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    @contextmanager
    def fresh(self, run_id: str) -> Generator["SqliteSaver"]:
        self.discard(run_id)
        with self.kept(run_id) as saver:
            # Losing the last steps in a power cut costs a fix round, not the run.
            saver.conn.execute("PRAGMA synchronous=OFF")
            yield saver

    @contextmanager
    def kept(self, _run_id: str) -> Generator["SqliteSaver"]:
        try:
            with self._saver() as saver:
                yield saver
        except sqlite3.OperationalError as error:
            raise MachineError(cannot_save(error)) from error

    def in_flight(self, run_id: str) -> InFlight | str | None:
        if not self._files.exists(CHECKPOINTS):
            return None
        try:
            with self._saver() as saver:
                saver.conn.set_progress_handler(lambda: 1, _MAX_STEPS)
                found = saver.get_tuple({"configurable": {"thread_id": run_id}})
            return "the checkpoint is of another run" if found is None else in_flight_of(found)
        except (sqlite3.Error, *MISSHAPEN) as error:
            return unreadable(error)

    def discard(self, _run_id: str) -> None:
        """Remove the database and what SQLite puts beside it."""
        for suffix in _SIDE_FILES:
            self._files.delete(CHECKPOINTS + suffix)

    @contextmanager
    def _saver(self) -> Generator["SqliteSaver"]:
        from langgraph.checkpoint.sqlite import SqliteSaver

        for suffix in _SIDE_FILES:
            # Each must be inside the project, also when it is a symlink; SQLite would follow it.
            self._files.path(CHECKPOINTS + suffix)
        path = self._files.path(CHECKPOINTS)
        # Nodes run in LangGraph's threads; the saver has its own lock.
        with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
            yield SqliteSaver(connection, serde=JsonOnly())


def cannot_save(error: sqlite3.OperationalError) -> Problem:
    """SQLite's words for a full or read-only disk."""
    return Problem(
        code="disk",
        message=f"{CHECKPOINTS}: {error}.",
        fix="Check the disk and the folder's permissions, then run again with --resume.",
        file=CHECKPOINTS,
    )
