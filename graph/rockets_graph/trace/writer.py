"""The trace of a run as it is written: append-only, valid up to its last line at any moment."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, PositiveInt, ValidationError
from pydantic_core import (
    PydanticSerializationError,
    from_json,
    to_json,
    to_jsonable_python,
)
from typing_extensions import TypedDict

from rockets_graph.trace.blobs import FOLDER, BlobWriter, packs, write_all
from rockets_graph.trace.events import MOST_INLINE, AnyEvent, Blob, Body, Inline, any_event
from rockets_graph.trace.redact import Secrets, is_secret_file
from rockets_graph.trace.scope import current
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles, disk_error

RUNS = ".rockets/runs"
TRACE_FILE = "trace.jsonl"
FIRST_LOOK = 64_000
LAST_LINE = 64_000_000
"""Bytes at the end of an earlier trace that are searched for its last line."""
NOTHING = "0" * 64
"""Hash that a blob has which could not be kept."""

Sink: TypeAlias = Callable[[AnyEvent], None]
"""Told of each event after it is written, secrets covered; must not wait. What it raises ends what
wrote the event: only a replay's does, to stop where it parts from the recording."""


class Stamp(TypedDict):
    """What the writer knows of an event."""

    seq: int
    time: float
    parent: int | None
    node: str | None
    task: str | None
    wave: int | None


class Trace:
    """Writes one attempt. Thread-safe.

    A disk that refuses ends the recording, not the run: `trouble` says why, in a sentence.
    """

    def __init__(
        self,
        files: ProjectFiles,
        run_id: str,
        *,
        secrets: Secrets,
        sinks: Iterable[Sink] = (),
    ) -> None:
        self.secrets = secrets
        self.trouble: str | None = None
        self._sinks = tuple(sinks)
        self._guard = threading.RLock()
        name = f"{RUNS}/{run_id}/{TRACE_FILE}"
        folder = files.path(f"{RUNS}/{run_id}")
        blobs = folder / FOLDER
        try:
            for part in (RUNS, f"{RUNS}/{run_id}", f"{RUNS}/{run_id}/{FOLDER}"):
                _make_folder(files, part)
            self._file, self._seq = _open(files.path(name))
            self.attempt = max((int(pack.stem) for pack in packs(blobs)), default=0) + 1
            self.blobs = BlobWriter(blobs, self.attempt)
        except OSError as error:
            raise disk_error(error, name) from error

    def write(self, make: Callable[[Stamp], AnyEvent]) -> int:
        """Append the event that `make` builds; its seq."""
        scope = current()
        with self._guard:
            self._seq += 1
            event = make(
                Stamp(
                    seq=self._seq,
                    time=time.time(),
                    parent=scope.parent if scope else None,
                    node=scope.node if scope else None,
                    task=scope.task if scope else None,
                    wave=scope.wave if scope else None,
                )
            )
            plain = _line(event)
            line = self.secrets.cover(plain)
            if self.trouble is None:
                self._append(line)
            if self._sinks:
                shown = event if line == plain else any_event().validate_json(line)
                for sink in self._sinks:
                    sink(shown)
            return event.seq

    def body(self, value: object) -> Body:
        """Any JSON value, dataclass or model, here or as a blob."""
        data = self.secrets.cover(as_json(value))
        if len(data) <= MOST_INLINE:
            return Inline(value=from_json(data))
        return Blob(blob=self.keep(data), size=len(data), form="json")

    def text(self, text: str) -> Body:
        """A text, here or as a blob."""
        data = self.secrets.cover(text.encode("utf-8", "replace"))
        if len(data) <= MOST_INLINE:
            return Inline(value=data.decode("utf-8", "replace"))
        return Blob(blob=self.keep(data), size=len(data), form="text")

    def file(self, path: str, data: bytes) -> tuple[str, bytes]:
        """Keep the bytes of a file, secrets covered: the hash of what is kept, and that itself.

        The very same object when there was nothing to cover.
        """
        known = self.blobs.known(data)
        if known is not None and not is_secret_file(path):
            return known, data  # what is there was covered, and has nothing left to cover
        covered = self.secrets.cover_file(path, data)
        if covered == data:
            covered = data
        return self.keep(covered), covered

    def keep(self, data: bytes) -> str:
        """Store bytes that hold no secret; their hash."""
        if self.trouble is not None:
            return NOTHING
        try:
            return self.blobs.put(data)
        except OSError as error:
            return self._give_up(error)

    def close(self) -> None:
        with self._guard:
            os.close(self._file)
            self.blobs.close()

    def _append(self, line: bytes) -> None:
        try:
            self.blobs.flush()
            write_all(self._file, line + b"\n")
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> str:
        self.trouble = f"The run is not recorded any further: {error.strerror or error}."
        return NOTHING


def _make_folder(files: ProjectFiles, name: str) -> None:
    """A folder of ours, never a link to one of somebody else's, inside the project or not."""
    path = files.path(name)
    if path.is_symlink():
        raise InputError(
            Problem(
                code="trace-folder",
                message=f"{name} is a link; runs are recorded in a folder.",
                fix="Remove the link.",
                file=name,
            )
        )
    path.mkdir(parents=True, exist_ok=True)


def as_json(value: object) -> bytes:
    """Any JSON value, dataclass or model; what else there is as text."""
    try:
        return to_json(value, fallback=str, inf_nan_mode="null")
    except PydanticSerializationError:
        # Half a surrogate pair, which UTF-8 cannot hold and a model may say.
        return _without_surrogates(to_jsonable_python(value, fallback=str, inf_nan_mode="null"))


def _line(event: AnyEvent) -> bytes:
    try:
        return event.model_dump_json(exclude_none=True).encode()
    except PydanticSerializationError:
        return _without_surrogates(event.model_dump(exclude_none=True))


def _without_surrogates(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _open(path: Path) -> tuple[int, int]:
    """The file open for appending, after its last whole line, and that line's seq.

    An earlier trace that does not end like one of ours is put aside.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_APPEND
    handle = os.open(path, flags, 0o600)
    size = os.fstat(handle).st_size
    if size == 0:
        return handle, 0
    window = FIRST_LOOK
    while True:
        end = os.pread(handle, window, max(0, size - window))
        whole, _, torn = end.rpartition(b"\n")
        if b"\n" in whole or window >= min(size, LAST_LINE):
            break
        window *= 8
    seq = _seq(whole.rpartition(b"\n")[2])
    if seq is None:
        os.close(handle)
        path.replace(path.with_suffix(".broken"))
        return os.open(path, flags, 0o600), 0
    os.ftruncate(handle, size - len(torn))
    return handle, seq


class _Numbered(BaseModel):
    seq: PositiveInt


def _seq(line: bytes) -> int | None:
    try:
        return _Numbered.model_validate_json(line).seq
    except ValidationError:
        return None
