"""How many runs a project keeps."""

import shutil
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rockets_graph.trace.events import RunId
from rockets_graph.trace.writer import RUNS, TRACE_FILE
from rockets_tools.files import ProjectFiles, disk_error

KEPT = 20
"""Runs, the one that begins included, unless told otherwise."""

_RUN_ID: TypeAdapter[str] = TypeAdapter(RunId)


def run_folders(files: ProjectFiles) -> list[Path]:
    """The folders of recorded runs, the oldest first; links are none of ours."""
    folder = files.path(RUNS)
    if folder.is_symlink() or not folder.is_dir():
        return []
    found = [
        path
        for path in folder.iterdir()
        if not path.is_symlink() and path.is_dir() and is_run_id(path.name)
    ]
    return sorted(found, key=lambda path: (_written(path), path.name))


def is_run_id(name: str) -> bool:
    """It can be the name of a folder and of nothing outside."""
    try:
        _RUN_ID.validate_python(name)
    except ValidationError:
        return False
    return True


def forget_old_runs(files: ProjectFiles, *, keep: int, current: str) -> int:
    """Remove the oldest run folders until `keep` are left with the current one; how many went.

    Nothing outside of `.rockets/runs` is touched, whatever lies in there.
    """
    others = [path for path in run_folders(files) if path.name != current]
    old = others[: max(0, len(others) - max(keep - 1, 0))]
    for path in old:
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise disk_error(error, f"{RUNS}/{path.name}") from error
    return len(old)


def _written(folder: Path) -> float:
    """When its trace was last written to; a folder without one is as old as itself."""
    trace = folder / TRACE_FILE
    return (trace if trace.is_file() else folder).lstat().st_mtime
