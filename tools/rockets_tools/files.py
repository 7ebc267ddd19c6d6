"""The one door to a project's files: nothing read or written through it leaves the project."""

import errno
import os
from pathlib import Path, PurePosixPath

from rockets_tools.errors import InputError, MachineError, Problem

FORBIDDEN = frozenset({"node_modules", ".git"})
"""Folder names no tool and no agent may touch, at any depth."""


class ProjectFiles:
    """Files below one root, addressed by relative POSIX paths.

    A path that is absolute, has `..`, a backslash, a NUL or a drive, names a forbidden folder or
    leads through a symlink out of the root raises `InputError` (`path-outside-project`) before
    anything is touched. What the disk refuses (full, read-only, permissions) raises
    `MachineError` (`disk`).
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._safe_folders: set[str] = set()
        self._made_folders: set[str] = set()

    def path(self, relative: str) -> Path:
        """The absolute path of a relative one, checked."""
        pure = PurePosixPath(relative)
        parts = pure.parts
        if (
            not parts
            or pure.is_absolute()
            or ".." in parts
            or "\\" in relative
            or "\0" in relative
            or ":" in parts[0]
            or not FORBIDDEN.isdisjoint(parts)
        ):
            raise self._outside(relative)
        full = os.path.join(self.root, *parts)
        folder = os.path.dirname(full)
        if folder not in self._safe_folders:
            self._check(folder, relative)
            self._safe_folders.add(folder)
        if os.path.islink(full):
            self._check(full, relative)
        return Path(full)

    def read(self, relative: str) -> str | None:
        """The text as stored (line ends kept, UTF-8), or None when there is no such file."""
        path = self.path(relative)
        try:
            with open(path, encoding="utf-8", newline="") as stream:
                return stream.read()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise InputError(
                Problem(
                    code="file-not-utf8",
                    message=f"{relative} is not UTF-8 text.",
                    fix="Save the file as UTF-8.",
                    file=relative,
                )
            ) from error
        except OSError as error:
            raise disk_error(error, relative) from error

    def exists(self, relative: str) -> bool:
        return self.path(relative).exists()

    def write(self, relative: str, text: str) -> None:
        """Replace or create a file in one step: a reader, or a killed run, sees old or new."""
        path = self.path(relative)
        folder, temporary = os.path.dirname(path), f"{path}.{os.getpid()}.tmp"
        try:
            if folder not in self._made_folders:
                os.makedirs(folder, exist_ok=True)
                self._made_folders.add(folder)
            with open(temporary, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            os.replace(temporary, path)
        except OSError as error:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise disk_error(error, relative) from error

    def delete(self, relative: str) -> None:
        """Remove a file; one that is not there is fine."""
        try:
            self.path(relative).unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, relative) from error

    def _check(self, full: str, relative: str) -> None:
        real = os.path.realpath(full)
        if real != str(self.root) and not real.startswith(f"{self.root}{os.sep}"):
            raise self._outside(relative)

    def _outside(self, relative: str) -> InputError:
        return InputError(
            Problem(
                code="path-outside-project",
                message=f"The path {relative!r} is not a plain path inside the project.",
                fix="Use a relative path with forward slashes that stays below the project root.",
                file=relative,
            )
        )


def disk_error(error: OSError, relative: str) -> MachineError:
    """What the disk said, as an error a person can act on."""
    reason = error.strerror or str(error)
    fix = {
        errno.ENOSPC: "Free some disk space and run again with --resume.",
        errno.EROFS: "The file system is read-only; mount it writable or use another folder.",
        errno.EACCES: "Give this user write permission for the project folder.",
        errno.EPERM: "Give this user write permission for the project folder.",
    }.get(error.errno or 0, "Check the disk and the folder's permissions, then run again.")
    return MachineError(
        Problem(code="disk", message=f"{relative}: {reason}.", fix=fix, file=relative)
    )
