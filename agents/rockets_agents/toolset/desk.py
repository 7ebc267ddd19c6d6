"""What a job works at: the project, what it may write there, and the tools that are not ours.

The graph sets the desk. `Workbench` keeps this package free of Node, databases and the generator;
a call of it may take minutes and runs in a thread of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rockets_agents.findings import Finding, Note
from rockets_tools.files import ProjectFiles
from rockets_tools.targets import Target

TaskStatus = Literal["open", "in_progress", "blocked", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """What a step answers to the agent that asked for it."""

    passed: bool
    findings: tuple[Finding, ...] = ()
    output: str = ""
    """What the program printed; only its end is shown."""
    files: tuple[str, ...] = ()
    """What it wrote."""


class Workbench(Protocol):
    """The steps of a run, for one project and its plan, as far as the job's cast allows them.

    Each answers also when it is red; `GateError` is told to the model, `MachineError` ends the job.
    """

    def generate(self, entities: Sequence[str]) -> GateReport:
        """Render these entities of the plan again; `integrate` writes them."""
        ...

    def integrate(self) -> GateReport: ...

    def validate(self, paths: Sequence[str] | None) -> GateReport:
        """Rules and structure, of these files or of the whole project."""
        ...

    def build(self) -> GateReport: ...

    def migrate(self) -> GateReport: ...

    def smoke(self) -> GateReport: ...


class Team(Protocol):
    """Where messages and task updates go: the log and the receiver's next prompt, never a route."""

    def send(self, note: Note) -> None: ...

    def update(self, task: str, status: TaskStatus, remark: str) -> None:
        """Raises `ToolRefusedError` for a task there is not."""
        ...


def nothing_shipped(_: str) -> str | None:
    """No text is known to be the shipped one."""
    return None


def shipped_with(target: Target) -> Callable[[str], str | None]:
    """Texts of the target's project template, by path."""
    if target.folder is None:
        return nothing_shipped
    root = target.templates / "project"

    def text(path: str) -> str | None:
        file = root / path
        return file.read_text(encoding="utf-8") if file.is_file() else None

    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a job can reach."""

    files: ProjectFiles
    workbench: Workbench
    team: Team
    writable: tuple[str, ...] = ()
    """What this job may write, within its role's folders: files, and folders with a slash at the
    end. Nothing unless it is named."""
    wiring: frozenset[str] = field(default_factory=frozenset[str])
    """Files that `integrate` wires in this project, besides the usual ones
    (`integrate.discover`)."""
    acl: str = "src/app.acl.ts"
    """Where this project has its access rules."""
    shipped: Callable[[str], str | None] = nothing_shipped
    """The text a file was shipped with (`shipped_with`): a locked file may go back to it."""
