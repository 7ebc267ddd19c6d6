"""The programs of a `--scripts` folder, each run on its own."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools, find_node
from rockets_tools.process import Completed, TimedOutError, child_environment, run
from rockets_tools.scripts.answers import (
    GenerateAnswer,
    Generated,
    IntegrateAnswer,
    Integrated,
    ValidateAnswer,
)
from rockets_tools.scripts.errors import ScriptError, ScriptMissingError
from rockets_tools.validate.result import ValidateResult

NAMES = ("generate", "integrate", "validate")
TIMEOUT = 120.0
"""Seconds one run of one program may take."""
MAX_OUTPUT = 32 * 2**20
"""Bytes a program may print on each stream."""

_A = TypeVar("_A", GenerateAnswer, IntegrateAnswer, ValidateAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """Programs that stand in for our own; a folder may hold one, two or all three of them."""

    programs: Mapping[str, Path]
    """`generate`, `integrate`, `validate` to program, as far as the folder has them."""
    node: NodeTools | None
    """Set when one of them is a `.js` file."""
    timeout: float = field(default=TIMEOUT)

    @classmethod
    def find(cls, folder: Path, *, timeout: float = TIMEOUT) -> "Scripts":
        """The programs in a folder: `generate.js`, else an executable `generate`, and so on.

        Raises `ScriptMissingError` when the folder has none of them or one cannot be started,
        and `MachineError` when a `.js` file is there and no Node.
        """
        programs = {name: path for name in NAMES if (path := _program(folder, name)) is not None}
        if not programs:
            raise ScriptMissingError(
                Problem(
                    code="script-missing",
                    message=f"{folder} has no generate, integrate or validate.",
                    fix="Name a folder with generate.js, integrate.js or validate.js in it, or "
                    "with executables of these names without suffix.",
                    file=str(folder),
                ),
                folder,
            )
        node = find_node() if any(p.suffix == ".js" for p in programs.values()) else None
        return cls(programs=programs, node=node, timeout=timeout)

    def has(self, name: str) -> bool:
        return name in self.programs

    def generate(self, value: JsonValue, files: ProjectFiles) -> Generated:
        """Hand `{entity, context?}` over and take `{files, wiring, config}` back.

        Touches no disk. Raises `InputError` (`path-outside-project`) when a path it answers
        leaves the project, `ScriptError` when it does not answer as the contract says.
        """
        return self._ask("generate", value, None, GenerateAnswer).checked(files)

    def integrate(self, generated: JsonValue, project: Path) -> Integrated:
        """Hand `{files, wiring, config}` over; the program writes into `project` itself."""
        return self._ask("integrate", generated, project, IntegrateAnswer).result()

    def validate(self, project: Path) -> ValidateResult:
        """Take `{passed, issues}` of a project."""
        return self._ask("validate", {}, project, ValidateAnswer).result()

    def _ask(self, name: str, value: JsonValue, project: Path | None, shape: type[_A]) -> _A:
        script = self.programs[name]
        completed = self._run(script, value, project)
        refused = completed.code != 0

        def error(code: str, what: str) -> ScriptError:
            return ScriptError(code, script, what, status=completed.code, stderr=completed.stderr)

        if completed.truncated:
            raise error("script-output", f"printed more than {MAX_OUTPUT // 2**20} MiB")
        # A gate that is red may exit with 1, as long as it says so in its answer.
        if refused and (completed.code != 1 or name == "generate"):
            raise error("script-exit", f"ended with status {completed.code}")
        try:
            document = json.loads(completed.stdout, parse_constant=_refuse)
        except (ValueError, RecursionError) as reason:
            if refused:
                raise error("script-exit", f"ended with status {completed.code}") from reason
            raise error("script-not-json", "did not print one JSON document") from reason
        try:
            answer = shape.model_validate(document)
        except ValidationError as reason:
            raise error(
                "script-shape", f"answered in the wrong shape: {_first(reason)}"
            ) from reason
        if refused and not _says_no(answer):
            raise error("script-exit", f"ended with status {completed.code} and reported success")
        return answer

    def _run(self, script: Path, value: JsonValue, project: Path | None) -> Completed:
        argv = [str(script)]
        environment = child_environment()
        if script.suffix == ".js" and self.node is not None:
            argv, environment = self.node.argv(script), self.node.environment()
        if project is not None:
            argv += ["--project", str(project)]
        try:
            return run(
                argv,
                cwd=project or script.parent,
                timeout=self.timeout,
                env=environment,
                stdin_text=json.dumps(value),
                max_output=MAX_OUTPUT,
            )
        except TimedOutError as late:
            what = f"did not end within {self.timeout:g} seconds and was stopped"
            raise ScriptError(
                "script-timeout", script, what, status=None, stderr=late.completed.stderr
            ) from late


def _program(folder: Path, name: str) -> Path | None:
    script = folder / f"{name}.js"
    if script.is_file():
        return script.absolute()
    script = folder / name
    if not script.is_file():
        return None
    if not os.access(script, os.X_OK):
        raise ScriptMissingError(
            Problem(
                code="script-not-executable",
                message=f"{script} is not executable.",
                fix=f"Make it executable (chmod +x), or call it {name}.js if it is JavaScript.",
                file=str(script),
            ),
            script,
        )
    return script.absolute()


def _says_no(answer: GenerateAnswer | IntegrateAnswer | ValidateAnswer) -> bool:
    if isinstance(answer, IntegrateAnswer):
        return not answer.success
    return isinstance(answer, ValidateAnswer) and not answer.passed


def _first(reason: ValidationError) -> str:
    error = reason.errors(include_url=False, include_input=False, include_context=False)[0]
    where = "/".join(map(str, error["loc"]))
    return f"/{where}: {error['msg']}"


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")
