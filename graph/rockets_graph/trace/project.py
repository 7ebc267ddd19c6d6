"""The project's files as a trace sees them: what was there, and what a step changed."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import TypeAlias

from rockets_graph.trace.events import FileChange, ProjectTree
from rockets_graph.trace.writer import RUNS, Trace
from rockets_tools.files import FORBIDDEN, STATE_FOLDER, ProjectFiles, disk_error
from rockets_tools.tree import LEFT_OUT

OURS_LEFT_OUT = frozenset(
    {"runs", "scratch", "undone", "run.lock"}
    | {f"checkpoints.sqlite{end}" for end in ("", "-wal", "-shm", "-journal")}
)
"""In `.rockets`: what no run reads of an earlier one; a checkpoint is in the header."""
MOST_FILE = 16_000_000
"""Bytes of a file that is kept; a larger one is not ours and is left out of trace and hash."""

Signature: TypeAlias = tuple[int, int, int, int]


@dataclass(slots=True)
class Known:
    """A file as it was last looked at."""

    signature: Signature
    hash: str


@dataclass(kw_only=True)
class ProjectWatch:
    """Looks at a project again and again; a file whose stat is the same is not read twice."""

    files: ProjectFiles
    trace: Trace
    run_id: str
    _known: dict[str, Known] = field(default_factory=dict[str, Known])

    def tree(self, *, state: bool) -> tuple[ProjectTree, str]:
        """Everything that is there now, all of it kept, and the hash of the tree.

        With `state`, also what a run may read of `.rockets`; the hash is without that.
        """
        found: dict[str, str] = {}
        links: dict[str, str] = {}
        covered: list[str] = []
        total = TreeHash()
        root = str(self.files.root)
        ours = self._ours() if state else ()
        for path in sorted((*paths(root), *ours)):
            read = self._read(path)
            if read is None:
                continue
            data, stat = read
            if S_ISLNK(stat.st_mode):
                content = data
                links[path] = data.decode(errors="surrogateescape")
            else:
                found[path], content = self.trace.file(path, data)
                if content is not data:
                    covered.append(path)
                self._known[path] = Known(_signature(stat), found[path])
            if not path.startswith(f"{STATE_FOLDER}/"):
                total.add(path, content)
        return ProjectTree(files=found, links=links, covered=tuple(covered)), total.hexdigest()

    def catch_up(self) -> dict[str, str]:
        """Keep what changed since the last look; hash by path of everything in the tree."""
        root = str(self.files.root)
        now: dict[str, str] = {}
        for path in paths(root):
            known = self._known.get(path)
            if known is None or known.signature != _signature(os.lstat(f"{root}/{path}")):
                read = self._read(path)
                if read is None or S_ISLNK(read[1].st_mode):
                    continue
                data, stat = read
                known = self._known[path] = Known(_signature(stat), self.trace.file(path, data)[0])
            now[path] = known.hash
        return now

    def _read(self, path: str) -> tuple[bytes, os.stat_result] | None:
        """Bytes, or a link's target; None for what went away, is no plain file or is too large."""
        full = f"{self.files.root}/{path}"
        try:
            stat = os.lstat(full)
            if S_ISLNK(stat.st_mode):
                return os.fsencode(Path(full).readlink()), stat
            if stat.st_size > MOST_FILE or not S_ISREG(stat.st_mode):
                return None
            with open(full, "rb", buffering=0) as stream:
                return stream.read(), stat
        except FileNotFoundError:
            return None
        except OSError as error:
            raise disk_error(error, path) from error

    def _ours(self) -> Iterator[str]:
        """What a run may read of `.rockets`, the messages of this run's earlier attempts too."""
        root = str(self.files.root)
        if not os.path.isdir(f"{root}/{STATE_FOLDER}"):
            return
        for name in self.files.names(STATE_FOLDER) - OURS_LEFT_OUT:
            path = f"{STATE_FOLDER}/{name}"
            full = f"{root}/{path}"
            if os.path.isdir(full) and not os.path.islink(full):
                yield from _below(root, path)
            elif not os.path.islink(full):
                yield path
        messages = f"{RUNS}/{self.run_id}/messages.jsonl"
        if self.files.exists(messages):
            yield messages


def paths(root: str) -> Iterator[str]:
    """As `rockets_tools.tree` walks; and nothing below a folder that no tool may touch."""
    return _below(root, "", LEFT_OUT)


def _below(root: str, folder: str, left_out: frozenset[str] = FORBIDDEN) -> Iterator[str]:
    with os.scandir(f"{root}/{folder}") as entries:
        found = list(entries)
    for entry in found:
        if not _is_text(entry.name) or entry.name in left_out:
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _below(root, path)
        elif not entry.is_symlink() or _is_text(str(Path(entry.path).readlink())):
            yield path


def _is_text(name: str) -> bool:
    """A name that is not UTF-8 cannot stand in a trace; no file of ours has one."""
    return name.isascii() or name == name.encode(errors="replace").decode()


def _signature(stat: os.stat_result) -> Signature:
    """Another one when the file was written to."""
    return (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FileChange, ...]:
    """What came, went and changed, by path."""
    return tuple(
        FileChange(path=path, before=before.get(path), after=after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


class TreeHash:
    """`rockets_tools.tree.tree_hash`, of contents given in the order of their paths."""

    def __init__(self) -> None:
        self._total = sha256()

    def add(self, path: str, content: bytes) -> None:
        name = path.encode(errors="surrogateescape")
        self._total.update(b"%d:%s%d:" % (len(name), name, len(content)))
        self._total.update(content)

    def hexdigest(self) -> str:
        return self._total.hexdigest()
