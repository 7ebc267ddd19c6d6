"""A trace as it is read: one event after the other, everything in it untrusted.

What is wrong before the first event is a `TraceError`. What is wrong later ends the reading, and
`problem` says in a sentence what and where: the events before are good, which is what a killed run
or a cut-off copy leaves.
"""

import errno
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic_core import from_json

from rockets_graph.trace.blobs import FOLDER, SUFFIX, Blobs
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import (
    SCHEMA,
    AnyEvent,
    Blob,
    Body,
    Header,
    Inline,
    ProjectTree,
    any_event,
)
from rockets_graph.trace.writer import TRACE_FILE
from rockets_tools.files import disk_error

MOST_LINE = 32_000_000
"""Bytes of one event."""
MOST_EVENTS = 5_000_000
MOST_ZIPPED = 2_000_000_000
"""Bytes that a zip may unpack to."""
MOST_RATIO = 200
"""Times all of a zip together may be larger than it is packed."""
CHUNK = 1_000_000
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,  # a compression that nobody uses
    RuntimeError,  # encrypted
    ValueError,
)
"""What zipfile raises for what is none, or was made to hurt."""
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class _Version(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: str
    schema_version: int = 0
    versions: JsonValue = None


class TraceFile:
    """One trace on disk. Reading streams: memory holds one event, and one blob at a time."""

    def __init__(self, path: Path, *, zipped: Path | None = None) -> None:
        """`zipped`: what it was unpacked from, for a while."""
        self.path = path
        self.source = zipped or path
        """What a person is told of: a trace.jsonl or a zip."""
        self.blobs = Blobs(path.parent / FOLDER)
        self.problem: str | None = None
        """After reading: why there is no event after the last one; None: the file ends there."""
        self.header = self._first()

    def events(self) -> Iterator[AnyEvent]:
        """Every event in order, the header first; may be called again."""
        for _, event in self.located():
            yield event

    def located(self) -> Iterator[tuple[int, AnyEvent]]:
        """The same, each with the place where `at` finds it again."""
        self.problem = None
        with open(self.path, "rb") as stream:
            for number in range(1, MOST_EVENTS + 1):
                place = stream.tell()
                event = self._next(stream, number)
                if event is None:
                    return
                yield place, event
        self.problem = f"{self.path.name} has more than {MOST_EVENTS} events; the rest is not read."

    def at(self, place: int) -> AnyEvent:
        """The event that `located` found there."""
        with open(self.path, "rb") as stream:
            stream.seek(place)
            line = stream.readline(MOST_LINE + 1)
        try:
            return any_event().validate_json(line)
        except ValidationError as error:
            raise trace_error(
                "trace-changed", "The trace changed while it was read.", file=str(self.source)
            ) from error

    def value(self, body: Body) -> JsonValue:
        """What a body says, as JSON; a text is a string."""
        if isinstance(body, Inline):
            return body.value
        data = self.blobs.read(body.blob)
        if body.form == "text":
            return data.decode("utf-8", "replace")
        try:
            value: JsonValue = from_json(data)
        except ValueError as error:
            raise trace_error(
                "trace-blob-corrupt", f"The blob {body.blob[:16]} is not JSON: {error}."
            ) from error
        return value

    def text(self, body: Body) -> str:
        """What a body says, as text; JSON as it stands."""
        if isinstance(body, Blob):
            return self.blobs.read(body.blob).decode("utf-8", "replace")
        if isinstance(body.value, str):
            return body.value
        return json.dumps(body.value, ensure_ascii=False)

    def tree(self, body: Body) -> ProjectTree:
        """The project as a header or an end has it."""
        try:
            return ProjectTree.model_validate(self.value(body))
        except ValidationError as error:
            raise trace_error(
                "trace-tree", f"The list of files is not one: {_reason(error)}."
            ) from error

    def _first(self) -> Header:
        with _readable(self.path) as stream:
            line = stream.readline(MOST_LINE + 1)
        if not line.endswith(b"\n"):
            what = "is empty" if not line else "has no whole event"
            raise trace_error("trace-empty", f"The trace {what}.", file=str(self.source))
        self._require_schema(line)
        try:
            event = any_event().validate_json(line)
        except ValidationError as error:
            raise trace_error(
                "trace-header",
                f"The trace does not begin with a header: {_reason(error)}.",
                file=str(self.source),
                line=1,
            ) from error
        if not isinstance(event, Header) or event.seq != 1:
            raise trace_error(
                "trace-header",
                "The trace does not begin with a header.",
                file=str(self.source),
                line=1,
            )
        return event

    def _require_schema(self, line: bytes) -> None:
        try:
            version = _Version.model_validate_json(line)
        except ValidationError:
            return  # said better by who reads the whole
        if version.kind == "header" and version.schema_version != SCHEMA:
            newer = version.schema_version > SCHEMA
            match version.versions:
                case {"rockets-team": str(name)}:
                    recorded = f"rockets-team {name[:40]}"
                case _:
                    recorded = "the version"
            raise trace_error(
                "trace-newer" if newer else "trace-older",
                f"The trace has schema {version.schema_version}; this version reads {SCHEMA}.",
                fix=f"Use {recorded}, which recorded it.",
                file=str(self.source),
                line=1,
            )

    def _next(self, stream: BinaryIO, number: int) -> AnyEvent | None:
        """The event of this line; None at the end, and where `problem` says why."""
        line = stream.readline(MOST_LINE + 1)
        if not line:
            return None
        if len(line) > MOST_LINE:
            self.problem = f"Line {number} is longer than {MOST_LINE} bytes; reading stops there."
            return None
        if not line.endswith(b"\n"):
            self.problem = f"Line {number} is cut off, as a killed run leaves it."
            return None
        try:
            event = any_event().validate_json(line)
        except ValidationError as error:
            self.problem = f"Line {number} is no event ({_reason(error)}); reading stops there."
            return None
        of, parent = getattr(event, "of", None), event.parent
        if event.seq != number or (parent or 0) >= number or (of or 0) >= number:
            self.problem = f"Line {number} is out of order; reading stops there."
            return None
        return event


@contextmanager
def open_trace(path: Path) -> Generator[TraceFile]:
    """A run's folder, its trace.jsonl, or the zip that `rockets trace export` made.

    Raises `TraceError` for anything else.
    """
    if path.is_dir():
        yield TraceFile(_plain_file(path / TRACE_FILE))
    elif _begins_like_a_zip(path):
        with tempfile.TemporaryDirectory(prefix="rockets-trace-") as folder:
            unpack(path, Path(folder))
            yield TraceFile(Path(folder) / TRACE_FILE, zipped=path)
    else:
        yield TraceFile(_plain_file(path))


def unpack(path: Path, folder: Path) -> None:
    """The trace and the packs of a zip; nothing else is looked at, whatever it is called."""
    try:
        with zipfile.ZipFile(path) as archive:
            # By name: where there are two of one name, the last one counts, as everywhere.
            names = {name for name in archive.namelist() if name == TRACE_FILE or _is_pack(name)}
            members = [archive.getinfo(name) for name in sorted(names)]
            if TRACE_FILE not in names:
                raise trace_error("trace-zip", f"{path.name} has no {TRACE_FILE}.", file=str(path))
            size = sum(member.file_size for member in members)
            # Members may lie over each other: together they are not more than the file.
            if size > MOST_ZIPPED or size > CHUNK + path.stat().st_size * MOST_RATIO:
                raise trace_error(
                    "trace-zip-large", f"{path.name} unpacks to too much.", file=str(path)
                )
            (folder / FOLDER).mkdir()
            for member in members:
                with archive.open(member) as source, open(folder / member.filename, "xb") as sink:
                    # zipfile gives no more than the member says it has.
                    shutil.copyfileobj(source, sink, CHUNK)
    except ZIP_ERRORS as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise disk_error(error, str(folder)) from error
        raise trace_error(
            "trace-zip", f"{path.name} cannot be unpacked: {error}.", file=str(path)
        ) from error


def _is_pack(name: str) -> bool:
    folder, _, file = name.partition("/")
    number = file.removesuffix(SUFFIX)
    numbered = number.isascii() and number.isdigit() and len(number) < 10
    return folder == FOLDER and file.endswith(SUFFIX) and numbered


def _begins_like_a_zip(path: Path) -> bool:
    """A cut-off one, too; no event begins so."""
    if not path.is_file():
        return False
    with _readable(path) as stream:
        return stream.read(2) == b"PK"


@contextmanager
def _readable(path: Path) -> Generator[BinaryIO]:
    """The beginning of a file; raises `TraceError` where the machine does not let it be read."""
    try:
        with open(path, "rb") as stream:
            yield stream
    except OSError as error:
        raise trace_error(
            "trace-unreadable",
            f"The trace cannot be read: {error.strerror or error}.",
            fix="Give this user permission to read it, or copy it to this machine's disk.",
            file=str(path),
        ) from error


def _plain_file(path: Path) -> Path:
    if path.is_symlink() or not path.is_file():
        raise trace_error(
            "trace-missing",
            f"There is no trace {path}.",
            fix="Name a run id, a run's folder, a trace.jsonl or an exported zip;"
            " `rockets trace list` shows the runs of a project.",
            file=str(path),
        )
    return path


def _reason(error: ValidationError) -> str:
    """The first thing wrong, without the input."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step)[:60] for step in first["loc"])
    return f"{place}: {first['msg'][:300]}" if place else first["msg"][:300]
