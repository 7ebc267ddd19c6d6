"""A zip for a bug report: the trace, its blobs and versions, looked through for secrets again."""

import json
import os
import platform
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rockets_graph.trace.errors import TraceError
from rockets_graph.trace.events import SCHEMA
from rockets_graph.trace.redact import Secrets
from rockets_graph.trace_export.target import replaced

if TYPE_CHECKING:
    from rockets_graph.trace.reader import TraceFile

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The same run gives the same bytes, whenever it is packed."""


@dataclass(kw_only=True)
class Bundle:
    """What went in."""

    events: int = 0
    blobs: int = 0
    covered: int = 0
    """Events with a secret that was not covered when they were recorded."""
    left_out: int = 0
    """Blobs that hold such a secret, or are not what their name says."""


def write_bundle(trace: "TraceFile", path: Path) -> Bundle:
    """Write the zip. Secrets were covered when the run was recorded; here they are looked for
    again, with what this environment calls secret."""
    bundle, secrets = Bundle(), Secrets(os.environ)
    with replaced(path) as stream, ZipFile(stream, "w") as archive:
        with _entry(archive, "blobs/1.pack") as pack:
            for data in _blobs(trace, secrets, bundle):
                pack.write(data)
        with _entry(archive, "trace.jsonl") as lines:
            for event in trace.events():
                line = event.model_dump_json(exclude_none=True).encode()
                covered = secrets.cover(line)
                bundle.events += 1
                bundle.covered += covered != line
                lines.write(covered + b"\n")
        with _entry(archive, "versions.json") as versions:
            versions.write(_versions(trace).encode())
    return bundle


def _blobs(trace: "TraceFile", secrets: Secrets, bundle: Bundle) -> Iterator[bytes]:
    for name in sorted(trace.blobs.hashes()):
        try:
            data = trace.blobs.read(name)
        except TraceError:
            bundle.left_out += 1
            continue
        if secrets.cover(data) != data:
            bundle.left_out += 1
            continue
        bundle.blobs += 1
        yield f"{name} {len(data)}\n".encode()
        yield data
        yield b"\n"


def _versions(trace: "TraceFile") -> str:
    document = {
        "schema": SCHEMA,
        "recorded": trace.header.versions,
        "packed": {
            "rockets-team": version("rockets-team"),
            "python": platform.python_version(),
            "platform": platform.platform(),
        },
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


@contextmanager
def _entry(archive: ZipFile, name: str) -> Generator[IO[bytes]]:
    info = ZipInfo(name, EARLIEST)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as stream:
        yield stream
