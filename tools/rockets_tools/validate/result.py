"""What validation found: severities, issues and the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. Everything but a warning closes the gate."""

    CRITICAL = "critical"
    """Data is open, or reached past its guard."""
    HIGH = "high"
    """It does not work, or not as the plan says."""
    MEDIUM = "medium"
    """It works today and breaks an engineering rule."""
    WARNING = "warning"
    """Worth a look; never closes the gate."""

    @property
    def fails(self) -> bool:
        return self is not Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding."""

    severity: Severity
    rule: str
    """Id of the rule, kebab-case, e.g. `inject-repository-location`."""
    message: str
    """One sentence: what is wrong and what to do."""
    file: str
    """POSIX, relative to the project root."""
    line: int
    """1-based."""

    def as_json(self) -> dict[str, str | int]:
        return {
            "severity": self.severity.value,
            "rule": self.rule,
            "message": self.message,
            "file": self.file,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateResult:
    """The verdict, and the issues ordered by file, line and rule."""

    passed: bool
    """No issue of a severity that fails."""
    issues: tuple[Issue, ...]

    @classmethod
    def of(cls, issues: Iterable[Issue]) -> "ValidateResult":
        """The verdict over these issues, duplicates dropped."""
        ordered = sorted(set(issues), key=lambda i: (i.file, i.line, i.rule, i.message))
        return cls(passed=not any(i.severity.fails for i in ordered), issues=tuple(ordered))

    def as_json(self) -> dict[str, object]:
        return {"passed": self.passed, "issues": [issue.as_json() for issue in self.issues]}
