"""The sources as they were before an agent, so that what it did can be undone.

Those of the Builder are in `.rockets/builder/`, where a killed run leaves them for the next one.
What is undone is kept in `.rockets/undone/`, a folder for each time: a person may have mended
something in between.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from rockets_graph.context import UNDONE
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.tree import paths_below

Name = Literal["before", "try", "tried"]
"""`before`: before the first try. `try`: before the one under way. `tried`: before the one that
is done and waits for the gates."""
FOLDERS = ("src/", "test/")
"""Where agents and the steps they may call write."""
_TEXTS = TypeAdapter(dict[str, str])


def texts_of(files: ProjectFiles, places: Iterable[str]) -> dict[str, str]:
    """By path the texts of files and of folders, which have a slash at the end. A symlink and
    what is no text are left out: no agent writes those."""
    found: dict[str, str] = {}
    for place in places:
        paths = paths_below(files, place.rstrip("/")) if place.endswith("/") else [place]
        for path in paths:
            text = None if (files.root / path).is_symlink() else _text(files, path)
            if text is not None:
                found[path] = text
    return found


def put_back(files: ProjectFiles, before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Make `now` what it was `before`; the files that were not as before, sorted."""
    changed = sorted(p for p in before.keys() | now.keys() if before.get(p) != now.get(p))
    taken = [int(name) for name in files.names(UNDONE) if name.isdecimal()] if changed else []
    for path in changed:
        if path in now:
            files.write(f"{UNDONE}/{max(taken, default=0) + 1}/{path}", now[path])
        if path in before:
            files.write(path, before[path])
        else:
            files.delete(path)
    return changed


class Snapshots:
    """The Builder's snapshots of one project."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files

    def take(self, name: Name) -> None:
        self._files.write(_path(name), _TEXTS.dump_json(self._now()).decode())

    def undo_unfinished(self, *, judged: bool = False) -> list[str]:
        """What a killed Builder left half done is undone; the files that were not as before.
        `judged`: a try that is done will be, so it stays until then."""
        changed = self.restore("try")
        self.discard("try")
        if not judged:
            changed += self.restore("tried")
            self.discard("tried")
        return changed

    def changed(self, name: Name) -> list[str]:
        """Files that are not as they were, sorted; none when there is no snapshot."""
        before = self._read(name)
        if before is None:
            return []
        now = self._now()
        return sorted(p for p in before.keys() | now.keys() if before.get(p) != now.get(p))

    def restore(self, name: Name) -> list[str]:
        """Bring every file back and say which were not as they were."""
        before = self._read(name)
        return [] if before is None else put_back(self._files, before, self._now())

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
            for path in texts:
                self._files.require_inside(path)
        except (ValidationError, InputError):
            return None
        return texts if all(path.startswith(FOLDERS) for path in texts) else None

    def _now(self) -> dict[str, str]:
        return texts_of(self._files, FOLDERS)


def _path(name: Name) -> str:
    return f".rockets/builder/{name}.json"


def _text(files: ProjectFiles, path: str) -> str | None:
    try:
        return files.read(path)
    except InputError:
        return None
