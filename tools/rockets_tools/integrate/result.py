"""What integrating a wave did, and what a person should know about it."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from rockets_tools.errors import Problem


class ActionKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    """An untouched generated file was brought to the new text."""
    MERGED = "merged"
    """Your edits and the generator's were put together."""
    WIRED = "wired"
    """A shared file of the project was edited."""


@dataclass(frozen=True, slots=True)
class FileAction:
    """One file that was written."""

    kind: ActionKind
    file: str
    """POSIX, relative to the project root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrateResult:
    """What changed. A call that had nothing to change has no actions.

    A conflict leaves your version of the file in place; it does not make the call fail, since
    the gates that follow prove whether the project still works.
    """

    actions: tuple[FileAction, ...] = ()
    warnings: tuple[Problem, ...] = ()
    conflicts: tuple[Problem, ...] = ()

    @property
    def success(self) -> bool:
        """True: what cannot be integrated raises, and then nothing was written."""
        return True

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "success": self.success,
            "actions": [{"action": a.kind.value, "file": a.file} for a in self.actions],
            "warnings": [dict(problem.as_json()) for problem in self.warnings],
            "conflicts": [dict(problem.as_json()) for problem in self.conflicts],
        }
