"""The project as a trace has it, written into a folder of its own."""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from rockets_graph.replay.tape import Tape
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.writer import RUNS
from rockets_tools.errors import InputError, Problem, RocketsError
from rockets_tools.files import STATE_FOLDER, ProjectFiles, disk_error

MOST_FILES = 200_000
MOST_BYTES = 2_000_000_000
"""Of all files together: a small trace may name one blob a thousand times."""


def write_project(tape: Tape, root: Path) -> tuple[ProjectFiles, list[str]]:
    """The project as the attempt began, into an empty folder; it is known to be possible.

    Returns the paths that were left out, too: links that do not stay inside, and what belongs to
    other runs.
    """
    tree = tape.trace.tree(tape.header.files)
    ours = f"{RUNS}/{tape.header.run_id}/messages.jsonl"
    foreign = [path for path in tree.files if path.startswith(f"{RUNS}/") and path != ours]
    files = ProjectFiles(root)
    total = 0
    for path, name in tree.files.items():
        if path in foreign:
            continue
        data = tape.trace.blobs.read(name)
        total += len(data)
        if total > MOST_BYTES:
            raise trace_error(
                "trace-large", f"The project of the trace has more than {MOST_BYTES} bytes."
            )
        files.create(path, data)
    links = [path for path, target in tree.links.items() if not _link(files, path, target)]
    # Looked at anew: what was checked before the links were there does not count.
    return ProjectFiles(root), sorted([*foreign, *links])


def require_possible(tape: Tape) -> None:
    """Raise `TraceError` before anything is written: paths that lead out, content that is not
    there."""
    tree = tape.trace.tree(tape.header.files)
    if len(tree.files) + len(tree.links) > MOST_FILES:
        raise trace_error(
            "trace-large", f"The project of the trace has more than {MOST_FILES} files."
        )
    with tempfile.TemporaryDirectory(prefix="rockets-replay-") as folder:
        door = ProjectFiles(Path(folder))
        for path in (*tree.files, *tree.links):
            door.require_inside(path)
    missing = next((p for p, name in tree.files.items() if name not in tape.trace.blobs), None)
    if missing is not None:
        raise trace_error("trace-blob-missing", f"The trace has no content of {missing}.")


@contextmanager
def scratch_folder(into: Path | None, *, live: bool = False) -> Generator[Path]:
    """`into`, new or empty, or a temporary folder; it stays, but for a trace that turns out to be
    none. After Ctrl-C a temporary one stays when it is `live`: what was done there cost something.
    Raises InputError for a folder that is not empty."""
    root = _new_folder(into) if into else Path(tempfile.mkdtemp(prefix="rockets-replay-"))
    try:
        yield root
    except RocketsError:
        shutil.rmtree(root, ignore_errors=True)
        raise
    except KeyboardInterrupt as stop:
        if into is None and not live:
            shutil.rmtree(root, ignore_errors=True)
            raise
        raise KeyboardInterrupt(f"interrupted; what was done is in {root}.") from stop


def _new_folder(into: Path) -> Path:
    try:
        into.mkdir(parents=True, exist_ok=True)
        full = any(into.iterdir())
    except OSError as error:
        raise disk_error(error, str(into)) from error
    if full:
        raise InputError(
            Problem(
                code="folder-not-empty",
                message=f"{into} is not empty.",
                fix="Give --into a new or empty folder.",
                file=str(into),
            )
        )
    return into


def _link(files: ProjectFiles, path: str, target: str) -> bool:
    """Make it when it stays inside whatever the other links do: it goes up only at its beginning,
    and from a folder that is no link."""
    parts = target.split("/")
    ups = next((n for n, part in enumerate(parts) if part != ".."), len(parts))
    depth = path.count("/")
    inside = not target.startswith("/") and "\0" not in target and ups <= depth
    if (
        not inside
        or ".." in parts[ups:]
        or path.startswith(f"{STATE_FOLDER}/")
        or path == STATE_FOLDER
    ):
        return False
    folder = files.root / path.rpartition("/")[0]
    if any(parent.is_symlink() for parent in _above(files.root, folder)):
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (files.root / path).symlink_to(target)
    except OSError:
        return False  # a file is there, or the name is none here
    return True


def _above(root: Path, folder: Path) -> Iterator[Path]:
    while folder != root:
        yield folder
        folder = folder.parent
