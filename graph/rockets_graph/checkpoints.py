"""The graph's checkpoint: `.rockets/checkpoints.sqlite`, only what is in flight.

What is done is in the ledger; a checkpoint adds what would be lost besides: fix rounds and
Builder tries of the open wave, a pending question. `.rockets/` of a cloned project is untrusted:
the values are JSON and nothing else can come out of the file, and no run writes into a database
that it did not make itself.
"""

import json
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue, NonNegativeInt, ValidationError

from rockets_graph.state import RunState
from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

CHECKPOINTS = ".rockets/checkpoints.sqlite"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")
_MAX_STEPS = 20_000_000
"""Of SQLite's virtual machine for reading a foreign database: a fraction of a second."""


class InFlight(BaseModel):
    """What a resume takes over from a checkpoint."""

    model_config = ConfigDict(strict=True, extra="ignore")

    run_id: str
    plan_hash: str
    wave: int
    fix_rounds: NonNegativeInt = 0
    builder_tries: NonNegativeInt = 0


class Serializer(Protocol):
    """LangGraph's protocol, in the types we use."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]: ...
    def loads_typed(self, data: tuple[str, bytes]) -> object: ...


class JsonOnly:
    """JSON for the state, and for what LangGraph itself puts into a checkpoint."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        return "json", json.dumps(obj, default=_encode, separators=(",", ":")).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        kind, text = data
        if kind != "json":
            raise ValueError(f"a checkpoint holds JSON, not {kind!r}")
        return json.loads(text, object_hook=_decode)


def _encode(value: object) -> JsonValue:
    from langgraph.types import Interrupt, Overwrite, Send

    if isinstance(value, RunState):
        return asdict(value)
    if isinstance(value, Send):
        return {"$send": [value.node, value.arg]}
    if isinstance(value, Interrupt):
        return {"$interrupt": [value.value, value.id]}
    if isinstance(value, Overwrite):
        return {"$overwrite": value.value}
    if isinstance(value, BaseException):
        return {"$error": f"{type(value).__name__}: {value}"}
    raise TypeError(f"{type(value).__name__} does not belong into a checkpoint")


def _decode(value: dict[str, JsonValue]) -> object:
    from langgraph.types import Interrupt, Overwrite, Send

    match value:
        case {"$send": [str(node), arg]}:
            return Send(node, arg)
        case {"$interrupt": [payload, str(identity)]}:
            return Interrupt(payload, id=identity)
        case {"$overwrite": payload}:
            return Overwrite(payload)
        case _:
            return value


@contextmanager
def fresh_checkpoints(files: ProjectFiles) -> Generator["SqliteSaver"]:
    """A new, empty saver in the place of whatever was there."""
    discard(files)
    with _saver(files) as saver:
        # Losing the last steps in a power cut costs a fix round, not the run.
        saver.conn.execute("PRAGMA synchronous=OFF")
        yield saver


def in_flight(files: ProjectFiles, run_id: str) -> InFlight | str | None:
    """What the interrupted run left; None when there is nothing, else why it is of no use."""
    if not files.exists(CHECKPOINTS):
        return None
    try:
        with _saver(files) as saver:
            saver.conn.set_progress_handler(lambda: 1, _MAX_STEPS)
            found = saver.get_tuple({"configurable": {"thread_id": run_id}})
    except (sqlite3.Error, ValueError, RecursionError) as error:
        return f"the checkpoint cannot be read ({error})"
    if found is None:
        return "the checkpoint is of another run"
    values: Mapping[str, JsonValue] = found.checkpoint["channel_values"]
    try:
        return InFlight.model_validate(values)
    except ValidationError:
        return "the checkpoint is not one of ours"


def discard(files: ProjectFiles) -> None:
    """Remove the database and what SQLite puts beside it."""
    for suffix in _SIDE_FILES:
        files.delete(CHECKPOINTS + suffix)


def cannot_save(error: sqlite3.OperationalError) -> Problem:
    """SQLite's words for a full or read-only disk."""
    return Problem(
        code="disk",
        message=f"{CHECKPOINTS}: {error}.",
        fix="Check the disk and the folder's permissions, then run again with --resume.",
        file=CHECKPOINTS,
    )


@contextmanager
def _saver(files: ProjectFiles) -> Generator["SqliteSaver"]:
    from langgraph.checkpoint.sqlite import SqliteSaver

    for suffix in _SIDE_FILES:
        # Each must be inside the project, also when it is a symlink; SQLite would follow it.
        files.path(CHECKPOINTS + suffix)
    path = files.path(CHECKPOINTS)
    # Nodes run in LangGraph's threads; the saver has its own lock.
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        yield SqliteSaver(connection, serde=JsonOnly())
