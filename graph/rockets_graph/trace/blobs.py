"""Large bodies by the hash of their bytes, each stored once.

One append-only pack per attempt, `blobs/<attempt>.pack`: a line `<sha256> <size>`, the bytes, a
line feed, and so on. A pack of its own for each file would cost fourteen times as much where a
file system is slow at making small ones, and a run with 200 entities has thousands. The index is
what a reader finds by looking at the lines; a torn end is not in it.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rockets_graph.trace.errors import trace_error

FOLDER = "blobs"
SUFFIX = ".pack"
BUFFERED = 1_000_000
"""Bytes that wait for the next event; no event is written before the blobs it speaks of."""
MOST_BLOB = 64_000_000
"""Bytes of one blob that a reader takes into memory."""
MOST_BLOBS = 2_000_000
HEAD = 80
"""Bytes of the longest line before a blob."""


@dataclass(frozen=True, slots=True)
class Place:
    pack: Path
    offset: int
    size: int


def packs(folder: Path) -> list[Path]:
    """The packs of a blob folder, in the order they were written."""
    found = [
        path
        for path in folder.glob(f"*{SUFFIX}")
        if path.stem.isascii() and path.stem.isdigit() and len(path.stem) < 10
    ]
    return sorted(found, key=lambda path: int(path.stem))


class BlobWriter:
    """Adds to a new pack; knows what the earlier ones hold. Thread-safe."""

    def __init__(self, folder: Path, attempt: int) -> None:
        self._known = set(Blobs(folder).hashes()) if attempt > 1 else set[str]()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(folder / f"{attempt}{SUFFIX}", flags, 0o600)
        self._waiting: list[bytes] = []
        self._size = 0
        self._guard = threading.Lock()

    def put(self, data: bytes) -> str:
        """Store the bytes unless they are there; their hash."""
        name = hashlib.sha256(data).hexdigest()
        with self._guard:
            if name not in self._known:
                self._known.add(name)
                self._waiting += (f"{name} {len(data)}\n".encode(), data, b"\n")
                self._size += len(data)
                if self._size > BUFFERED:
                    self._flush()
        return name

    def known(self, data: bytes) -> str | None:
        """The hash of bytes that are stored already."""
        name = hashlib.sha256(data).hexdigest()
        return name if name in self._known else None

    def flush(self) -> None:
        """Hand everything to the system, which keeps it when this process is killed."""
        with self._guard:
            self._flush()

    def close(self) -> None:
        os.close(self._file)

    def _flush(self) -> None:
        if self._waiting:
            write_all(self._file, b"".join(self._waiting))
            self._waiting.clear()
            self._size = 0


class Blobs:
    """Reads the packs of one trace; what a blob's name says is checked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[str, Place] | None = None

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises `TraceError` when they are not there, too many or not those."""
        place = self._index().get(sha256)
        if place is None:
            raise trace_error("trace-blob-missing", f"The trace has no blob {sha256[:16]}.")
        if place.size > MOST_BLOB:
            raise trace_error(
                "trace-blob-large",
                f"The blob {sha256[:16]} has {place.size} bytes; at most {MOST_BLOB} are read.",
            )
        with open(place.pack, "rb", buffering=0) as stream:
            stream.seek(place.offset)
            data = stream.read(place.size)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise trace_error(
                "trace-blob-corrupt", f"The blob {sha256[:16]} is not what its name says."
            )
        return data

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._index()

    def hashes(self) -> Iterator[str]:
        return iter(self._index())

    def _index(self) -> dict[str, Place]:
        if self._places is None:
            if self._folder.is_symlink():
                raise trace_error("trace-blobs", f"{self._folder.name} is a link, not a folder.")
            self._places = {}
            for pack in packs(self._folder):
                if pack.is_symlink() or not pack.is_file():
                    raise trace_error("trace-blobs", f"{pack.name} is not a file.")
                with open(pack, "rb") as stream:
                    self._scan(pack, stream)
        return self._places

    def _scan(self, pack: Path, stream: BinaryIO) -> None:
        """Look at the line before each blob, up to the first that is none."""
        places = self._places if self._places is not None else {}
        end = os.fstat(stream.fileno()).st_size
        while line := stream.readline(HEAD):
            name, _, size = line.decode("ascii", "replace").rstrip("\n").partition(" ")
            if len(name) != 64 or not size.isdigit() or not line.endswith(b"\n"):
                return
            offset = stream.tell()
            if offset + int(size) + 1 > end:
                return
            places.setdefault(name, Place(pack, offset, int(size)))
            if len(places) > MOST_BLOBS:
                raise trace_error("trace-blobs", f"{pack.name} has more than {MOST_BLOBS} blobs.")
            stream.seek(offset + int(size) + 1)


def write_all(handle: int, data: bytes) -> None:
    """One write where the system takes all at once."""
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, data[written:])
