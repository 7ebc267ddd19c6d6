"""The sources as they were before the Builder, so that a try can be undone.

They are in `.rockets/builder/`, where a killed run leaves them for the next one. What a restore
replaces is kept in `.rockets/undone/`: a person may have mended something in between.
"""

from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.tree import paths_below

Name = Literal["before", "try", "tried"]
"""`before`: before the first try. `try`: before the one under way. `tried`: before the one that
is done and waits for the gates."""
FOLDERS = ("src/", "test/")
"""Where agents and the steps they may call write."""
_UNDONE = ".rockets/undone"
_TEXTS = TypeAdapter(dict[str, str])


class Snapshots:
    """The snapshots of one project."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files

    def take(self, name: Name) -> None:
        self._files.write(_path(name), _TEXTS.dump_json(self._now()).decode())

    def undo_unfinished(self) -> list[str]:
        """What a killed Builder left half done is undone; the files that were not as before."""
        if not self.exists("try"):
            return []
        changed = self.restore("try")
        self.discard("try")
        return changed

    def exists(self, name: Name) -> bool:
        return self._files.exists(_path(name))

    def changed(self, name: Name) -> list[str]:
        """Files that are not as they were, sorted; none when there is no snapshot."""
        before = self._read(name)
        if before is None:
            return []
        now = self._now()
        return sorted(p for p in before.keys() | now.keys() if before.get(p) != now.get(p))

    def restore(self, name: Name) -> list[str]:
        """Bring every file back and say which were not as they were."""
        changed = self.changed(name)
        before = self._read(name) or {}
        for path in changed:
            lost = self._files.read(path)
            if lost is not None:
                self._files.write(f"{_UNDONE}/{path}", lost)
            if path in before:
                self._files.write(path, before[path])
            else:
                self._files.delete(path)
        return changed

    def keep_try(self) -> None:
        """The Builder is done; whether its try stays is for the gates to say."""
        self._files.move(_path("try"), _path("tried"))

    def discard(self, *names: Name) -> None:
        for name in names:
            self._files.delete(_path(name))

    def _read(self, name: Name) -> dict[str, str] | None:
        """None, too, for one that is not ours: what it says must not reach a source file."""
        try:
            texts = _TEXTS.validate_json(self._files.read(_path(name)) or "")
        except (ValidationError, InputError):
            return None
        return texts if all(_ours(path) for path in texts) else None

    def _now(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        for folder in FOLDERS:
            for path in paths_below(self._files, folder.rstrip("/")):
                if _ours(path):
                    text = _text(self._files, path)
                    if text is not None:
                        texts[path] = text
        return texts


def _path(name: Name) -> str:
    return f".rockets/builder/{name}.json"


def _ours(path: str) -> bool:
    return path.startswith(FOLDERS) and ".." not in path.split("/")


def _text(files: ProjectFiles, path: str) -> str | None:
    """None for a symlink and for what is no text: no agent writes those."""
    if (files.root / path).is_symlink():
        return None
    try:
        return files.read(path)
    except InputError:
        return None
