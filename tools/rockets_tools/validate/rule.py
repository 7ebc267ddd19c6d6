"""What a rule is, and how the rules reach the files they judge."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing a project must hold to."""

    id: str
    """Stable, kebab-case; reports and suppressions refer to it."""
    severity: Severity
    summary: str
    """The rule in one sentence."""
    help: str
    """Why it is a rule and how to satisfy it."""
    number: int | None = None
    """Number of the engineering rule, 1 to 9; None for a structural check."""

    def at(self, file: str, line: int, message: str) -> Issue:
        return Issue(severity=self.severity, rule=self.id, message=message, file=file, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """A check of one file at a time."""

    rules: tuple[Rule, ...]
    applies: Callable[[str], bool]
    """Whether files of this kind (see `kind_of`) are looked at."""
    tokens: tuple[str, ...]
    """A file that has none of these texts is clean without being parsed; empty: always look."""
    check: Callable[[Source, Shared], Iterator[Issue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCheck:
    """A check of files against what the project's shared files say."""

    rules: tuple[Rule, ...]
    check: Callable[[Shared], Iterator[Issue]]
    needs_records: bool = False
    """Makes sense only where our own `integrate` keeps the records."""
    needs_migrations: bool = False
    """Makes sense only once the migrations are written."""
