"""Deciding what becomes of one generated file, given what is on disk and what was there before."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import GeneratedFile
from rockets_tools.integrate.merge import merge
from rockets_tools.integrate.record import FOLDER, Base, Recalled, digest
from rockets_tools.integrate.result import ActionKind


class Write(StrEnum):
    CREATE = "create"
    """There is no such file."""
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The decision about one file."""

    path: str
    write: Write | None = None
    """None: the file on disk stays."""
    text: str = ""
    kind: ActionKind = ActionKind.CREATED
    base: Base | None = None
    """What to remember; None: nothing of ours is there."""
    warning: Problem | None = None
    conflicts: tuple[Problem, ...] = ()


def place(
    files: ProjectFiles,
    generated: GeneratedFile,
    known: Recalled,
    entity: str,
    exists: Callable[[str], bool],
) -> Placement:
    """The decision, without touching anything."""
    path, new = generated.path, generated.content.encode()
    base = known.base(path)
    fresh = Base(digest(new), generated.content)
    data = files.read_bytes(path) if exists(path) else None
    if data is None:
        if base is None:
            return Placement(path=path, write=Write.CREATE, text=generated.content, base=fresh)
        return Placement(path=path, base=base, warning=_deleted(path, entity))
    if data == new:
        return Placement(path=path, base=fresh)
    if base is None:
        begun = known.unfinished.get(path)
        if begun is not None and begun.base.encode().startswith(data):
            return Placement(path=path, write=Write.REPLACE, text=generated.content, base=fresh)
        return Placement(path=path, conflicts=(_not_ours(path),))
    return _renew(path, data, generated.content, base)


def _renew(path: str, data: bytes, new: str, base: Base) -> Placement:
    """A file that we generated earlier and that differs from the new text."""
    try:
        user = data.decode()
    except UnicodeDecodeError:
        return Placement(path=path, base=base, conflicts=(_conflict(path, 1, 1),))
    windows = user.count("\r\n") * 2 > user.count("\n")
    unix = user.replace("\r\n", "\n") if windows else user
    if unix == new:
        return Placement(path=path, base=Base(digest(data), new))
    if unix == base.base:
        return _replace(path, data, new, new, ActionKind.UPDATED, windows=windows)
    if base.base == new:
        return Placement(path=path, base=base)
    outcome = merge(base.base, unix, new)
    if outcome.text is None:
        conflicts = tuple(_conflict(path, first, last) for first, last in outcome.conflicts)
        return Placement(path=path, base=base, conflicts=conflicts)
    return _replace(path, data, outcome.text, new, ActionKind.MERGED, windows=windows)


def _replace(
    path: str, data: bytes, text: str, base: str, kind: ActionKind, *, windows: bool
) -> Placement:
    """Write `text` with the line ends that the file has."""
    text = text.replace("\n", "\r\n") if windows else text
    written = text.encode()
    remembered = Base(digest(written), base)
    if written == data:
        return Placement(path=path, base=remembered)
    return Placement(path=path, write=Write.REPLACE, text=text, kind=kind, base=remembered)


def _deleted(path: str, entity: str) -> Problem:
    return Problem(
        code="generated-file-deleted",
        message=f"{path} was generated and has been deleted since; it is not written again.",
        fix=f"To have it back, restore it, or delete {FOLDER}/{entity}.json and run again.",
        file=path,
    )


def _not_ours(path: str) -> Problem:
    return Problem(
        code="file-not-generated",
        message=f"{path} exists and was not generated here; it stays as it is.",
        fix="Move or delete the file to have it generated.",
        file=path,
        line=1,
    )


def _conflict(path: str, first: int, last: int) -> Problem:
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return Problem(
        code="merge-conflict",
        message=f"{path}: {where} changed both here and in the generator; your version stays.",
        fix="Make the change by hand that the plan asks for, or delete the file's edits.",
        file=path,
        line=first,
    )
