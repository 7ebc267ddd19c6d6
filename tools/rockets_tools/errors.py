"""What can go wrong, named by who has to act.

    RocketsError                  carries `problems`, each with a place and a fix
    ├── InputError                the user's input is wrong            exit 2
    ├── MachineError              the machine lacks something          exit 3
    └── GateError                 a gate of the run is red             exit 1

Constructors have no side effect. A programmer's mistake is none of these and keeps its own type.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where it is and what to do."""

    code: str
    """Stable, kebab-case, e.g. `plan-unknown-target`."""
    message: str
    """One sentence."""
    fix: str
    """What the reader can do about it, one sentence."""
    file: str | None = None
    """As the user named it, or relative to the project root."""
    line: int | None = None
    """1-based."""
    pointer: str | None = None
    """JSON pointer (RFC 6901) into `file`."""

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "pointer": self.pointer,
            "fix": self.fix,
        }


class RocketsError(Exception):
    """Base of all errors a person is shown; one or more problems, never none."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("; ".join(problem.message for problem in self.problems))


class InputError(RocketsError):
    """The plan, the options or the project given are wrong; nothing was written."""

    exit_code = 2


class MachineError(RocketsError):
    """Node, npm, a database, a disk or a permission is missing."""

    exit_code = 3


class GateError(RocketsError):
    """A step of the run failed; state is saved and `--resume` works."""

    exit_code = 1
