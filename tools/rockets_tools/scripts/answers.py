"""What the three programs answer, checked; nothing they say is taken at its word."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue

from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import GeneratedFile
from rockets_tools.validate.result import Issue, Severity, ValidateResult

_SEVERITIES: Mapping[str, Severity] = {
    **{severity.value: severity for severity in Severity},
    "error": Severity.HIGH,
    "low": Severity.WARNING,
    "info": Severity.WARNING,
}
"""Our own names, and those the Node scripts use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The answer of `generate`: files that can be written, wiring for whoever integrates."""

    files: tuple[GeneratedFile, ...]
    wiring: dict[str, JsonValue]
    """In the words of the program that made it."""
    config: dict[str, JsonValue]

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "files": [{"path": file.path, "content": file.content} for file in self.files],
            "wiring": self.wiring,
            "config": self.config,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrated:
    """The answer of `integrate`."""

    success: bool
    actions: tuple[str, ...]
    warnings: tuple[str, ...]


def _as_text(value: object) -> object:
    """The Node scripts write some actions as objects."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


_Text = Annotated[str, BeforeValidator(_as_text)]


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _File(_Answer):
    path: str
    content: str


class GenerateAnswer(_Answer):
    """`{files, wiring, config}`."""

    files: list[_File]
    wiring: dict[str, JsonValue]
    config: dict[str, JsonValue]

    def checked(self, files: ProjectFiles) -> Generated:
        """With every path inside the project; raises `InputError` for one that is not."""
        for file in self.files:
            files.path(file.path)
        return Generated(
            files=tuple(GeneratedFile(path=f.path, content=f.content) for f in self.files),
            wiring=self.wiring,
            config=self.config,
        )


class IntegrateAnswer(_Answer):
    """`{success, actions, warnings}`."""

    success: bool
    actions: list[_Text] = []
    warnings: list[_Text] = []

    def result(self) -> Integrated:
        return Integrated(
            success=self.success, actions=tuple(self.actions), warnings=tuple(self.warnings)
        )


class _Issue(_Answer):
    severity: Literal["critical", "high", "medium", "warning", "error", "low", "info"]
    rule: str
    message: str
    file: str | None = None
    line: int | None = None


class ValidateAnswer(_Answer):
    """`{passed, issues}`."""

    passed: bool
    issues: list[_Issue]

    def result(self) -> ValidateResult:
        """The verdict; an issue that fails outweighs a `passed`."""
        verdict = ValidateResult.of(
            Issue(
                severity=_SEVERITIES[issue.severity],
                rule=issue.rule,
                message=issue.message,
                file=issue.file or ".",
                line=max(issue.line or 1, 1),
            )
            for issue in self.issues
        )
        return ValidateResult(passed=self.passed and verdict.passed, issues=verdict.issues)
