"""One hash for everything a person would call the project."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from rockets_tools.files import FORBIDDEN, ProjectFiles

LEFT_OUT = frozenset({".rockets", "node_modules", "dist", ".data", ".git"})
"""At the top of the project: state, installed and built things, the database, version control.
What no tool may touch (`FORBIDDEN`) is left out at any depth."""


def tree_hash(files: ProjectFiles) -> str:
    """sha256 (hex) over the sorted relative paths and bytes of all files; see `LEFT_OUT`.

    A symlink counts as its target's name, an empty folder not at all.
    """
    total = sha256()
    root = str(files.root)
    for path in sorted(_files(root, "")):
        full = f"{root}/{path}"
        if os.path.islink(full):
            content = str(Path(full).readlink()).encode(errors="surrogateescape")
        else:
            with open(full, "rb") as stream:
                content = stream.read()
        name = path.encode(errors="surrogateescape")
        total.update(b"%d:%s%d:" % (len(name), name, len(content)))
        total.update(content)
    return total.hexdigest()


def paths_below(files: ProjectFiles, folder: str) -> Iterator[str]:
    """Every file below a folder of the project, symlinks themselves included; none without it."""
    if (files.root / folder).is_dir() and not (files.root / folder).is_symlink():
        yield from _files(str(files.root), folder)


def _files(root: str, folder: str) -> Iterator[str]:
    with os.scandir(f"{root}/{folder}") as entries:
        found = list(entries)
    for entry in found:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.name in FORBIDDEN or (not folder and entry.name in LEFT_OUT):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, path)
        else:
            yield path
