"""What can go wrong with a program of `--scripts DIR`.

InputError
└── ScriptMissingError        the folder or the program is not there, or cannot be started
GateError
└── ScriptError               it was started and did not do what the contract says
"""

from pathlib import Path

from rockets_tools.errors import GateError, InputError, Problem

SHOWN_LINES = 10
"""Lines of a program's stderr that an error quotes."""
SHOWN_WIDTH = 200


class ScriptMissingError(InputError):
    """`script-missing`, `script-not-executable`."""

    def __init__(self, problem: Problem, script: Path) -> None:
        super().__init__(problem)
        self.script = script


class ScriptError(GateError):
    """`script-exit`, `script-timeout`, `script-output`, `script-not-json`, `script-shape`."""

    def __init__(
        self, code: str, script: Path, what: str, *, status: int | None, stderr: str
    ) -> None:
        said = first_lines(stderr)
        quoted = f" It said: {' | '.join(said)}" if said else ""
        super().__init__(
            Problem(
                code=code,
                message=f"{script.name} {what}.{quoted}",
                fix=f"Run {script} by hand with the same input, or leave out --scripts.",
                file=str(script),
            )
        )
        self.script = script
        self.status = status
        """Its exit status, None when it was stopped."""
        self.stderr = said
        """Its first lines."""


def first_lines(stderr: str) -> tuple[str, ...]:
    """The first lines of what a program said, empty ones and control characters left out."""
    lines = (
        "".join(c if c.isprintable() else " " for c in line).strip()[:SHOWN_WIDTH]
        for line in stderr.splitlines()
    )
    return tuple(line for line in lines if line)[:SHOWN_LINES]
