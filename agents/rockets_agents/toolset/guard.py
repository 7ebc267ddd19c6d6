"""Which paths an agent may see and which it may write. What no rule names is refused."""

import os
import unicodedata
from pathlib import PurePosixPath

from rockets_agents.errors import ToolRefusedError
from rockets_agents.role import Role
from rockets_agents.toolset.desk import Desk
from rockets_tools.files import FORBIDDEN, ProjectFiles

SHOWN_HIDDEN = frozenset({".env.example", ".gitignore", ".prettierignore", ".prettierrc"})
"""The only names with a leading dot that agents see."""
SECRET_ENDINGS = (".env", ".key", ".p12", ".pem", ".pfx")
UNSEEN_FOLDERS = FORBIDDEN | {"dist"}

ACL_FILES = frozenset({"src/app.acl.ts", "src/acl/app.acl.ts", "src/config/app.acl.ts"})
"""Who may do what: written by `integrate` from the approved plan, by no agent."""
WIRED_FILES = frozenset({"src/app.module.ts", "src/config/typeorm.settings.ts"})
LOCKED = (
    "src/common/access/",
    "src/common/crud/",
    "src/config/environment.ts",
    "src/migrations/",
    "src/modules/role/app-access-control.service.ts",
)
"""What other proofs rest on: an agent may only bring it back to the shipped text."""
GENERATED_ONLY = (".crud.controller.ts", "-typeorm-crud.adapter.ts")
"""Rule 1: files of these names come into being by `generate`."""
WRITTEN_KINDS = ((".ts", "src/"), (".test.mjs", "test/"))
"""Endings, each below its folder."""

MOST_PATH = 200
"""Bytes of a path: no name in it is too long for a disk, whose refusal would end the run."""
MOST_SAID = 80
"""Characters of a longer one that are said again."""


def visible(files: ProjectFiles, path: str) -> str:
    """The path in its one spelling; raises unless an agent may see what is there."""
    if len(path.encode(errors="replace")) > MOST_PATH:
        raise ToolRefusedError(f"{path[:MOST_SAID]}… is too long to be a path of this project.")
    files.path(path)
    plain = "/".join(part for part in path.split("/") if part not in {"", "."})
    _check_names(plain, path)
    # A link inside the project can still lead to what is not to be seen.
    real = os.path.relpath(os.path.realpath(files.root / plain), files.root)
    if real != plain:
        _check_names(real.replace(os.sep, "/"), path)
    return plain


def is_hidden(name: str) -> bool:
    """A file or folder of this name is not shown."""
    known = _folded(name)
    return (
        known in UNSEEN_FOLDERS
        or (known.startswith(".") and known not in SHOWN_HIDDEN)
        or (known.endswith(SECRET_ENDINGS) and known not in SHOWN_HIDDEN)
    )


def writable(desk: Desk, role: Role, path: str, *, exists: bool) -> str:
    """The path in its one spelling; raises unless this job may write it (`is_locked` aside)."""
    plain = visible(desk.files, path)
    if (desk.files.root / plain).is_symlink() or _through_link(desk.files, plain):
        raise ToolRefusedError(f"{plain} is or goes through a symbolic link: it cannot be written.")
    if not _can_be_a_file(desk.files, plain):
        raise ToolRefusedError(f"{plain} is a folder, or what should be its folder is a file.")
    if not plain.startswith(role.writes):
        where = ", ".join(role.writes) or "nothing"
        raise ToolRefusedError(f"The {role.name} does not write {plain}; its folders: {where}.")
    if plain.endswith(".d.ts") or not any(
        plain.endswith(ending) and plain.startswith(folder) for ending, folder in WRITTEN_KINDS
    ):
        raise ToolRefusedError(
            f"{plain} is no source file: .ts below src/ and .test.mjs below test/ can be written."
        )
    if not _in_scope(plain, desk.writable):
        scope = ", ".join(desk.writable) or "nothing"
        raise ToolRefusedError(f"{plain} is not part of this job, which may write: {scope}.")
    folded = _folded(plain)
    if folded in ACL_FILES or folded == _folded(desk.acl):
        raise ToolRefusedError(f"{plain} holds the access rules: only `integrate` writes it.")
    if folded in WIRED_FILES | {_folded(path) for path in desk.wiring} and not role.mends_wiring:
        raise ToolRefusedError(f"{plain} is a shared file: the `integrate` step wires it.")
    if not exists and folded.endswith(GENERATED_ONLY):
        raise ToolRefusedError(f"Rule 1: {plain} is a file that `generate` makes, not you.")
    return plain


def is_locked(plain: str) -> bool:
    """Other proofs rest on this file."""
    return _folded(plain).startswith(LOCKED)


def _in_scope(plain: str, scope: tuple[str, ...]) -> bool:
    return any(plain == own or (own.endswith("/") and plain.startswith(own)) for own in scope)


def _can_be_a_file(files: ProjectFiles, plain: str) -> bool:
    """Whether the disk takes a file of this path."""
    folders = [files.root / folder for folder in PurePosixPath(plain).parents]
    return not os.path.isdir(files.root / plain) and all(
        os.path.isdir(folder) or not os.path.lexists(folder) for folder in folders
    )


def _through_link(files: ProjectFiles, plain: str) -> bool:
    folder = os.path.dirname(files.root / plain)
    return os.path.realpath(folder) != folder


def _check_names(plain: str, asked: str) -> None:
    if any(is_hidden(name) for name in plain.split("/")):
        raise ToolRefusedError(
            f"{asked} is not for agents: hidden files, secrets, state, packages and build results."
        )


def _folded(name: str) -> str:
    """As a file system may read it that ignores case, compatibility forms and invisible signs."""
    plain = unicodedata.normalize("NFKC", name)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return seen.casefold().rstrip(". ")
