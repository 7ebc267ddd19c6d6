"""Tools that run a step: generate, integrate, validate, build, migrate, smoke."""

from typing import ClassVar

from pydantic import Field

from rockets_agents.role import ToolName
from rockets_agents.toolset.desk import GateReport
from rockets_agents.toolset.guard import visible
from rockets_agents.toolset.session import Session, Tool
from rockets_prompts import fence

MOST_FINDINGS = 40
MOST_FILES = 100
MOST_MESSAGE = 800
"""Characters of one finding's message."""
MOST_OUTPUT = 6_000
"""Characters of a program's output that are shown: the last ones."""


class Step(Tool):
    slow: ClassVar[bool] = True


class Generate(Step):
    """Renders entities of the plan from the templates again. Use it when a generated file is
    missing; `integrate` then writes it. Edits in existing files survive."""

    name: ClassVar[ToolName] = "generate"

    entities: tuple[str, ...] = Field(min_length=1, max_length=50, description="As in the plan.")

    def run(self, session: Session) -> str:
        return told(session.desk.workbench.generate(self.entities))


class Integrate(Step):
    """Writes what `generate` rendered and wires it into the shared files. Use it after `generate`,
    and when validation says that something is not registered."""

    name: ClassVar[ToolName] = "integrate"

    def run(self, session: Session) -> str:
        return told(session.desk.workbench.integrate())


class Validate(Step):
    """Checks the engineering rules and the wiring, in seconds. Use it after your last edit."""

    name: ClassVar[ToolName] = "validate"

    paths: tuple[str, ...] = Field(
        default=(), max_length=100, description="Files to check; empty: the whole project."
    )

    def run(self, session: Session) -> str:
        paths = [visible(session.desk.files, path) for path in self.paths]
        return told(session.desk.workbench.validate(paths or None))


class Build(Step):
    """Compiles the whole project with strict TypeScript. Use it when your changes are complete; it
    takes a while."""

    name: ClassVar[ToolName] = "build"

    def run(self, session: Session) -> str:
        return told(session.desk.workbench.build())


class Migrate(Step):
    """Writes the migration that is missing between the database and the entities. Use it only
    after an entity's columns changed."""

    name: ClassVar[ToolName] = "migrate"

    def run(self, session: Session) -> str:
        return told(session.desk.workbench.migrate())


class Smoke(Step):
    """Boots the built application on a scratch database and proves the access rules over HTTP. Use
    it when you cannot tell from the failures what the application does; it takes long."""

    name: ClassVar[ToolName] = "smoke"

    def run(self, session: Session) -> str:
        return told(session.desk.workbench.smoke())


def told(report: GateReport) -> str:
    """A step's answer, as a model can act on it."""
    findings = [
        {
            **finding.model_dump(exclude_defaults=True),
            "message": finding.message[:MOST_MESSAGE],
        }
        for finding in report.findings
    ]
    lines = ["passed" if report.passed else f"failed, {len(findings)} findings"]
    if findings:
        lines.append(fence(findings[:MOST_FINDINGS], "findings"))
    if len(findings) > MOST_FINDINGS:
        lines.append(f"(and {len(findings) - MOST_FINDINGS} more: mend these first)")
    if report.files:
        lines.append(fence(list(report.files[:MOST_FILES]), "files written"))
    if report.output and not report.passed:
        lines.append(fence(report.output[-MOST_OUTPUT:], "end of the output"))
    return "\n".join(lines)
