"""The one door to a project's files: nothing read or written through it leaves the project."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from rockets_tools.errors import InputError, MachineError, Problem

FORBIDDEN = frozenset({"node_modules", ".git"})
"""Folder names no tool and no agent may touch, at any depth."""

STATE_FOLDER = ".rockets"
"""Ours in every project; temporary files live here, where a killed run's left-overs harm nobody."""

NO_FILE = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})


class ProjectFiles:
    """Files below one root, addressed by relative POSIX paths.

    A path that is absolute, has `..`, a backslash, a NUL or a drive, names a forbidden folder or
    leads through a symlink out of the root raises `InputError` (`path-outside-project`) before
    anything is touched. What the disk refuses (full, read-only, permissions) raises
    `MachineError` (`disk`).
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._root = str(self.root)
        self._safe_folders: set[str] = {self._root}
        self._made_folders: set[str] = set()
        self._located: dict[str, str] = {}
        """Absolute path by relative one, of those checked before."""

    def path(self, relative: str) -> Path:
        """The absolute path of a relative one, checked."""
        full = self._locate(relative)
        if os.path.islink(full):
            self._check(full, relative)
        return Path(full)

    def require_inside(self, relative: str) -> None:
        """Raise what `create` and `write` would for such a path; no look at the file itself."""
        self._locate(relative)

    def read(self, relative: str) -> str | None:
        """The text as stored (line ends kept, UTF-8), or None when there is no such file."""
        data = self.read_bytes(relative)
        if data is None:
            return None
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise InputError(
                Problem(
                    code="file-not-utf8",
                    message=f"{relative} is not UTF-8 text.",
                    fix="Save the file as UTF-8.",
                    file=relative,
                )
            ) from error

    def read_bytes(self, relative: str) -> bytes | None:
        """The bytes as stored, or None when there is no such file: also where the path is that of
        a folder, goes through a file or in circles, or is longer than any file's."""
        path = self.path(relative)
        try:
            with open(path, "rb", buffering=0) as stream:
                return stream.read()
        except OSError as error:
            if error.errno in NO_FILE:
                return None
            raise disk_error(error, relative) from error

    def exists(self, relative: str) -> bool:
        return os.path.exists(self.path(relative))

    def names(self, folder: str) -> frozenset[str]:
        """What the folder holds, files and folders; empty when there is no such folder."""
        try:
            with os.scandir(self.path(folder)) as entries:
                return frozenset(entry.name for entry in entries)
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise disk_error(error, folder) from error

    def write(self, relative: str, text: str) -> None:
        """Replace or create a file in one step: a reader, or a killed run, sees old or new."""
        path = str(self.path(relative))
        temporary = self._temporary(path)
        try:
            self._make_folder(path.rpartition("/")[0])
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            with open(os.open(temporary, flags, 0o666), "wb", buffering=0) as stream:
                _write_all(stream.fileno(), text.encode())
            os.replace(temporary, path)
        except OSError as error:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise disk_error(error, relative) from error

    def create(self, relative: str, data: bytes) -> None:
        """Make a new file, cheaply: a killed run may leave it torn, so the caller must be able to
        tell (see `integrate.record`). One that exists already is a `MachineError` (`disk`)."""
        full = self._locate(relative)
        try:
            self._make_folder(full.rpartition("/")[0])
            handle = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            try:
                _write_all(handle, data)
            finally:
                os.close(handle)
        except OSError as error:
            raise disk_error(error, relative) from error

    def append(self, relative: str, text: str) -> None:
        """Add to the end of a file, which is made where it is missing; one call, one write."""
        path = str(self.path(relative))
        try:
            self._make_folder(path.rpartition("/")[0])
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            with open(os.open(path, flags, 0o666), "ab", buffering=0) as stream:
                _write_all(stream.fileno(), text.encode())
        except OSError as error:
            raise disk_error(error, relative) from error

    def move(self, source: str, target: str) -> None:
        """Rename a file in one step, replacing `target`."""
        try:
            os.replace(self.path(source), self.path(target))
        except OSError as error:
            raise disk_error(error, source) from error

    def delete(self, relative: str) -> None:
        """Remove a file; one that is not there is fine."""
        try:
            self.path(relative).unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, relative) from error

    def _locate(self, relative: str) -> str:
        """The absolute path, its text and its folder checked; not yet whether it is a symlink."""
        known = self._located.get(relative)
        if known is not None:
            return known
        parts = [part for part in relative.split("/") if part not in {"", "."}]
        if (
            not parts
            or relative.startswith("/")
            or ".." in parts
            or "\\" in relative
            or "\0" in relative
            or ":" in parts[0]
            or not FORBIDDEN.isdisjoint(parts)
        ):
            raise self._outside(relative)
        folder = "/".join((self._root, *parts[:-1]))
        if folder not in self._safe_folders:
            self._check_folder(folder, relative)
        full = self._located[relative] = f"{folder}/{parts[-1]}"
        return full

    def _check_folder(self, folder: str, relative: str) -> None:
        """One look per level: below a checked folder only a symlink can lead elsewhere."""
        if folder in self._safe_folders:
            return
        self._check_folder(folder.rpartition("/")[0], relative)
        if os.path.islink(folder):
            self._check(folder, relative)
        self._safe_folders.add(folder)

    def _make_folder(self, folder: str) -> None:
        if folder in self._made_folders:
            return
        try:
            with suppress(FileExistsError):
                os.mkdir(folder)
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)
        self._made_folders.add(folder)

    def _temporary(self, path: str) -> str:
        if not os.path.isdir(f"{self._root}/{STATE_FOLDER}"):
            return f"{path}.{os.getpid()}.tmp"
        name = f"{os.getpid()}-{os.path.basename(path)}"
        temporary = self._locate(f"{STATE_FOLDER}/scratch/{name}")
        self._make_folder(os.path.dirname(temporary))
        return temporary

    def _check(self, full: str, relative: str) -> None:
        real = os.path.realpath(full)
        if real != self._root and not real.startswith(f"{self._root}{os.sep}"):
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


def _write_all(handle: int, data: bytes) -> None:
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, data[written:])


def disk_error(error: OSError, relative: str) -> MachineError:
    """What the disk said, as an error a person can act on."""
    reason = error.strerror or str(error)
    fix = {
        errno.ENOSPC: "Free some disk space and try again; a run goes on with --resume.",
        errno.EROFS: "The file system is read-only; mount it writable or use another folder.",
        errno.EACCES: "Give this user write permission for the project folder.",
        errno.EPERM: "Give this user write permission for the project folder.",
    }.get(error.errno or 0, "Check the disk and the folder's permissions, then run again.")
    return MachineError(
        Problem(code="disk", message=f"{relative}: {reason}.", fix=fix, file=relative)
    )
