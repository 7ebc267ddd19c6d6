"""Write a fresh project: the target's template tree under the project's own name."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles, disk_error
from rockets_tools.targets import CONCEPTA_5, Target

TEMPLATE_NAME = "rockets-api"
"""The package name in the template tree."""
NAMED = frozenset({"package.json", "package-lock.json", "README.md"})
"""The files that carry the package name."""
LAST = "package.json"
"""Written last: a directory that has it is a project, one that lacks it can be completed."""
OURS = frozenset({".git", ".rockets"})
"""What may be in the directory before: a repository, the run that makes the project."""
NOT_TEMPLATE = frozenset({"node_modules", "dist", ".data", ".DS_Store"})
"""What a developer's own npm may leave in the template tree."""
NPM_NAME = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")
NPM_NAME_LENGTH = 214
LEFT_OVER = re.compile(r"(.+)\.\d+\.tmp")
"""A file whose writing was interrupted; see `ProjectFiles.write`."""


def new_project(
    directory: Path, name: str | None = None, *, target: Target = CONCEPTA_5
) -> list[str]:
    """Write a fresh project; answers the paths written, relative, sorted.

    The directory is made if need be and must be empty but for `.git` and `.rockets`. One in which
    an earlier call was interrupted is completed. Without a name the package is called like the
    directory. Raises `InputError` (`directory-not-empty`, `directory-is-file`, `name-invalid`)
    before anything is written, `MachineError` when the disk refuses.
    """
    root = directory.resolve()
    contents = _contents(root, name, target)
    files = ProjectFiles(root)
    left_over = _left_over(files, contents, directory)
    for path in left_over:
        files.delete(path)
    for path in sorted(contents, key=lambda path: (path == LAST, path)):
        files.write(path, contents[path])
    return sorted(contents)


def require_room(directory: Path, name: str | None = None, *, target: Target = CONCEPTA_5) -> None:
    """Raise the `InputError` that `new_project` would; nothing is written."""
    root = directory.resolve()
    _left_over(ProjectFiles(root), _contents(root, name, target), directory)


def _contents(root: Path, name: str | None, target: Target) -> dict[str, str]:
    """Text by path of all files of the project."""
    package = package_name(root.name) if name is None else _checked_name(name)
    return {path: _named(path, text, package) for path, text in _template(target)}


def package_name(text: str) -> str:
    """A valid npm package name close to any text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("._-")[:NPM_NAME_LENGTH]
    return name if name and name not in NOT_TEMPLATE else TEMPLATE_NAME


def _checked_name(name: str) -> str:
    if not NPM_NAME.fullmatch(name) or len(name) > NPM_NAME_LENGTH or name in NOT_TEMPLATE:
        raise InputError(
            Problem(
                code="name-invalid",
                message=f"{name!r} is not a valid npm package name.",
                fix=f"Use lower-case letters, digits and dashes, e.g. {package_name(name)}.",
            )
        )
    return name


def _template(target: Target) -> Iterator[tuple[str, str]]:
    """Relative path and text of every file of a fresh project."""
    root = target.templates / "project"
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_TEMPLATE]
        for name in names:
            path = Path(folder, name)
            if name not in NOT_TEMPLATE:
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def _named(path: str, text: str, package: str) -> str:
    return text.replace(TEMPLATE_NAME, package) if path in NAMED else text


def _left_over(files: ProjectFiles, contents: Mapping[str, str], directory: Path) -> list[str]:
    """Half-written files of an interrupted call; raises when anything else is in the directory."""
    half_written: list[str] = []
    for path in _existing(files.root):
        temporary = LEFT_OVER.fullmatch(path)
        if temporary and temporary[1] in contents:
            half_written.append(path)
        elif path == LAST or path not in contents or files.read(path) != contents[path]:
            raise InputError(
                Problem(
                    code="directory-not-empty",
                    message=f"{directory} is not empty: it has {path}.",
                    fix="Choose a directory that is empty or does not exist.",
                    file=str(directory),
                )
            )
    return half_written


def _existing(root: Path) -> Iterator[str]:
    """Relative paths of all files (and of links, unfollowed) below the root."""
    if not os.path.isdir(root):
        if os.path.lexists(root):
            raise InputError(
                Problem(
                    code="directory-is-file",
                    message=f"{root} is not a directory.",
                    fix="Choose a directory that is empty or does not exist.",
                    file=str(root),
                )
            )
        return

    def refuse(error: OSError) -> None:
        raise disk_error(error, str(error.filename))

    for folder, folders, names in os.walk(root, onerror=refuse):
        if Path(folder) == root:
            folders[:] = [name for name in folders if name not in OURS]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted([*names, *links]):
            yield Path(folder, name).relative_to(root).as_posix()
