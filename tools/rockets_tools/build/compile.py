"""Compile the project with its own TypeScript; dist is then exactly what the sources say."""

import errno
import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from rockets_tools.build.outputs import outputs_of
from rockets_tools.errors import GateError, MachineError, Problem
from rockets_tools.files import ProjectFiles, disk_error
from rockets_tools.node import NodeTools
from rockets_tools.process import Completed, run

COMPILE_SECONDS = 900
MAX_OUTPUT = 256 * 2**20
"""Bytes: room for all errors of a project that does not fit together at all."""
COMPILERS = ("node_modules/typescript-7/bin/tsc", "node_modules/typescript/bin/tsc")
CONFIGS = ("tsconfig.build.json", "tsconfig.json")
AT_PLACE = re.compile(r"(?P<file>.+?)\((?P<line>\d+),(?P<column>\d+)\): error (?P<code>TS\d+): ")
NOT_WRITTEN = "TS5033"
REFUSED = re.compile(r"Could not write file '(?P<file>.+?)': (?P<name>E[A-Z0-9]+)?")
"""How the compiler tells what the disk said."""
AT_LARGE = re.compile(r"error (?P<code>TS\d+): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildError:
    """One error of the compiler."""

    file: str | None
    """Relative to the project root; None when the error has no place."""
    line: int | None
    """1-based."""
    column: int | None
    """1-based."""
    code: str
    """e.g. `TS2322`; `tsc` when the compiler itself failed."""
    message: str
    """All lines of it."""

    def as_json(self) -> dict[str, str | int | None]:
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What the compiler said."""

    passed: bool
    errors: tuple[BuildError, ...]
    seconds: float

    def require(self) -> None:
        """Raise `GateError` with every error, unless the build passed."""
        if self.passed:
            return
        raise GateError(
            [
                Problem(
                    code="build-error",
                    message=f"{error.code}: {error.message}",
                    fix="Correct the source or generate the file again.",
                    file=error.file,
                    line=error.line,
                )
                for error in self.errors
            ]
        )


def build(
    files: ProjectFiles, node: NodeTools, on_line: Callable[[str], None] | None = None
) -> BuildResult:
    """Type-check and compile, reusing what the last build knows.

    Outputs whose source is gone are removed and missing ones made again, so that nothing stale
    can run. `on_line` gets what the compiler says. Raises `MachineError` when the compiler is not
    installed and when the disk refuses what it writes.
    """
    compiler = next((path for path in COMPILERS if (files.root / path).is_file()), None)
    if compiler is None:
        raise MachineError(
            Problem(
                code="packages-missing",
                message="The project's TypeScript is not installed.",
                fix="Run npm ci in the project, or rockets orchestrate, which does.",
                file="package.json",
            )
        )
    config = next((name for name in CONFIGS if files.exists(name)), CONFIGS[-1])
    command = node.argv(files.root / compiler, "-p", config)
    shown = _compiler(files, node, [*command, "--showConfig"])
    outputs = outputs_of(files, shown.stdout) if shown.code == 0 else None
    if outputs is not None:
        outputs.remove_stale()
    done = _compiler(files, node, [*command, "--pretty", "false"], on_line)
    if done.code == 0 and outputs is not None and outputs.incomplete():
        # The compiler's note on its last build says more than is there: someone deleted outputs.
        outputs.remove_all()
        done = _compiler(files, node, [*command, "--pretty", "false"], on_line)
    errors = () if done.code == 0 else _errors(done)
    for error in errors:
        if error.code == NOT_WRITTEN:
            raise _disk(files, error)
    return BuildResult(passed=done.code == 0, errors=errors, seconds=shown.seconds + done.seconds)


def _compiler(
    files: ProjectFiles,
    node: NodeTools,
    argv: list[str],
    on_line: Callable[[str], None] | None = None,
) -> Completed:
    return run(
        argv,
        cwd=files.root,
        env=node.environment(),
        timeout=COMPILE_SECONDS,
        on_line=on_line,
        max_output=MAX_OUTPUT,
    )


def _disk(files: ProjectFiles, error: BuildError) -> MachineError:
    """What the disk said to the compiler, as everywhere else."""
    match = REFUSED.match(error.message)
    path = os.path.relpath(files.root / match["file"], files.root) if match else "dist"
    number = getattr(errno, match["name"] or "", None) if match else None
    said = os.strerror(number) if number else "The compiler could not write it"
    return disk_error(OSError(number or 0, said), path)


def _errors(done: Completed) -> tuple[BuildError, ...]:
    """Every error printed; lines that belong to none become one of their own."""
    found: list[BuildError] = []
    loose: list[str] = []
    message: list[str] = []
    place: re.Match[str] | None = None

    def finish() -> None:
        if place is not None:
            named = place.groupdict()
            found.append(
                BuildError(
                    file=named.get("file"),
                    line=int(named["line"]) if "line" in named else None,
                    column=int(named["column"]) if "column" in named else None,
                    code=named["code"],
                    message="\n".join(message),
                )
            )

    for line in (done.stdout + done.stderr).splitlines():
        start = AT_PLACE.match(line) or AT_LARGE.match(line)
        if start is not None:
            finish()
            place, message = start, [line[start.end() :]]
        elif place is not None and line.startswith("  "):
            message.append(line)
        elif line.strip():
            loose.append(line)
    finish()
    if loose or not found:
        said = "\n".join(loose) or f"The compiler ended with status {done.code}."
        found.append(BuildError(file=None, line=None, column=None, code="tsc", message=said))
    return tuple(found)
