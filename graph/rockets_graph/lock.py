"""One run per project: a second one is refused with the holder's process id.

The kernel holds the lock (`flock`) and lets go when the process ends, however it ends, so there
are no stale locks; the file's content only tells who. The file goes away with the lock.
"""

import contextlib
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles, disk_error

LOCK_FILE = ".rockets/run.lock"


@contextlib.contextmanager
def run_lock(files: ProjectFiles) -> Generator[None]:
    """Hold the project; InputError (`project-busy`) when another run does."""
    path = files.path(LOCK_FILE)
    try:
        path.parent.mkdir(exist_ok=True)
        descriptor = _acquire(path)
    except OSError as error:
        raise disk_error(error, LOCK_FILE) from error
    try:
        yield
    finally:
        path.unlink()
        os.close(descriptor)
        with contextlib.suppress(OSError):
            # Only when nothing else came to be in it.
            path.parent.rmdir()


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise _busy(holder) from error
        if _is_at(path, descriptor):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return descriptor
        # The holder ended between our open and our lock, and took the file with it.
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _busy(holder: str) -> InputError:
    who = f"process {holder}" if holder.isdigit() else "another process"
    return InputError(
        Problem(
            code="project-busy",
            message=f"Another run is working on this project ({who}).",
            fix=f"Wait for {who} to end, or stop it; then run again with --resume.",
            file=LOCK_FILE,
        )
    )
