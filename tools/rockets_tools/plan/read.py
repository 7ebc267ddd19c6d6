"""`read_plan`: the one way from text to a plan, with everything that is wrong at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import disk_error
from rockets_tools.plan import document
from rockets_tools.plan.draft import Drafts
from rockets_tools.plan.model import Plan
from rockets_tools.plan.problems import MAX_PROBLEMS, Problems
from rockets_tools.plan.resolve import resolve
from rockets_tools.plan.sdk import CONCEPTA_5, Sdk
from rockets_tools.plan.shape import Shape, shape

_OF_CUTS = frozenset({"plan-no-owner", "plan-unknown-column", "plan-junction-relations"})
"""Problems that a field or relation may solve that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPlan:
    """A plan without errors, and what its author may want to know."""

    plan: Plan
    warnings: tuple[Problem, ...]


def read_plan(text: str, *, file: str | None = None, sdk: Sdk = CONCEPTA_5) -> CheckedPlan:
    """Read, resolve and check a plan.json.

    `file` is only named in problems. Raises `InputError` with every problem found, in document
    order, each with code, JSON pointer, line, cause and fix.
    """
    value = document.parse(text, file=file)
    problems = Problems()
    shaped = shape(value, problems)
    plan: Plan | None = None
    if shaped.plan is not None:
        meaning = Problems()
        digest = hashlib.sha256(document.canonical(value).encode()).hexdigest()
        drafts = Drafts(problems=meaning, sdk=sdk, lost_entities=shaped.lost_entities)
        plan = resolve(shaped.plan, drafts, plan_hash=digest)
        problems.warnings += _placed(meaning.warnings, shaped)
        problems.errors += _placed(meaning.errors, shaped)
    if problems.errors or plan is None:
        raise InputError(_located(problems.errors, text, file)[:MAX_PROBLEMS])
    return CheckedPlan(plan=plan, warnings=tuple(_located(problems.warnings, text, file)))


def load_plan(path: Path, *, sdk: Sdk = CONCEPTA_5) -> CheckedPlan:
    """`read_plan` of a file; one that cannot be read is an `InputError` too."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise _unreadable(path, "file-not-found", "There is no such file") from error
    except UnicodeDecodeError as error:
        raise _unreadable(
            path, "file-not-utf8", "This is not UTF-8 text", fix="Save the plan as UTF-8."
        ) from error
    except IsADirectoryError as error:
        raise _unreadable(path, "file-not-found", "This is a folder, not a file") from error
    except OSError as error:
        raise disk_error(error, str(path)) from error
    return read_plan(text, file=str(path), sdk=sdk)


def _placed(found: Sequence[Problem], shaped: Shape) -> list[Problem]:
    """With pointers into the document; what only follows from a cut is left out."""
    if not shaped.broken:
        return list(found)
    placed = [replace(p, pointer=shaped.original(p.pointer or "")) for p in found]
    return [p for p in placed if not _follows(p, shaped.broken)]


def _follows(problem: Problem, broken: set[str]) -> bool:
    """The problem is inside a misshapen object, or about names such an entity may have had."""
    pointer = problem.pointer or ""
    if any(pointer == b or pointer.startswith(f"{b}/") for b in broken if b.count("/") > 2):
        return True
    entity = "/".join(pointer.split("/")[:3])
    return problem.code in _OF_CUTS and any(
        b == entity or b.startswith(f"{entity}/") for b in broken
    )


def _located(found: Sequence[Problem], text: str, file: str | None) -> list[Problem]:
    """With file and line, in document order."""
    if not found:
        return []
    lines = document.lines(text, [p.pointer or "" for p in found])
    placed = [replace(p, file=file, line=lines[p.pointer or ""]) for p in found]
    return sorted(placed, key=lambda p: p.line or 0)


def _unreadable(
    path: Path, code: str, message: str, *, fix: str = "Name an existing plan.json."
) -> InputError:
    return InputError(
        Problem(
            code=code,
            message=f"{message}: {path}",
            fix=fix,
            file=str(path),
        )
    )
