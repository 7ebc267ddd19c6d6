"""The graph's checkpoints: only what is in flight, in SQLite beside the project or in PostgreSQL.

What is done is in the ledger; a checkpoint adds what would be lost besides: fix rounds and
Builder tries of the open wave, a pending question. It is untrusted in both places, the folder of
a cloned project as much as a database that others write to: the values are JSON and nothing else
can come out of it. The thread is the run, by its id.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from rockets_graph.checkpoints.in_flight import InFlight
from rockets_graph.checkpoints.serde import JsonOnly
from rockets_graph.checkpoints.sqlite import CHECKPOINTS, SqliteCheckpoints
from rockets_tools.files import ProjectFiles

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

__all__ = [
    "CHECKPOINTS",
    "CHECKPOINTS_URL",
    "Checkpoints",
    "InFlight",
    "JsonOnly",
    "SqliteCheckpoints",
    "open_checkpoints",
]

CHECKPOINTS_URL = "ROCKETS_CHECKPOINTS"
"""Environment variable with the URL of the database, where there is one."""


class Checkpoints(Protocol):
    """Where the checkpoints of runs are kept.

    The managers raise MachineError for a disk or a server that fails on the way, and InputError
    (`run-busy`) when another process has the run.
    """

    def held(self, run_id: str, /) -> AbstractContextManager[None]:
        """Have the run to oneself, before anything is written for it."""
        ...

    def fresh(self, run_id: str, /) -> "AbstractContextManager[BaseCheckpointSaver[str]]":
        """A saver with nothing in it of this run, whatever was there."""
        ...

    def kept(self, run_id: str, /) -> "AbstractContextManager[BaseCheckpointSaver[str]]":
        """A saver with what is there: to answer a question that is pending."""
        ...

    def in_flight(self, run_id: str, /) -> InFlight | str | None:
        """What the interrupted run left; None when there is nothing, else why it is of no use."""
        ...

    def discard(self, run_id: str, /) -> None:
        """Forget the run: it has ended."""
        ...


@contextmanager
def open_checkpoints(files: ProjectFiles, url: str | None) -> Generator[Checkpoints]:
    """Those of the project, or those in the PostgreSQL database at `url`.

    Raises InputError for something that is no such URL, MachineError when the database cannot be
    reached or used. Nothing is written to the project.
    """
    if url is None:
        yield SqliteCheckpoints(files)
        return
    from rockets_graph.checkpoints.postgres import postgres_checkpoints

    with postgres_checkpoints(url) as checkpoints:
        yield checkpoints
