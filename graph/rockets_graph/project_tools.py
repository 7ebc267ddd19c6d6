"""The toolbox of a real project: `rockets_tools`, or the programs of `--scripts` in its place."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rockets_graph.options import Options
from rockets_graph.state import Finding
from rockets_graph.toolbox import Artefact, Checked, Integrated, Line
from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import Rendered
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_tools.database import ScratchDatabases
    from rockets_tools.generate.ahead import RenderAhead
    from rockets_tools.integrate import BehaviourModule
    from rockets_tools.node import NodeTools
    from rockets_tools.validate import ValidateResult


def project_tools(files: ProjectFiles, options: Options) -> "ProjectTools":
    """Our own tools, those of `--scripts` first where they are given."""
    if options.scripts is None:
        return ProjectTools(files=files)
    from rockets_graph.script_tools import ScriptTools
    from rockets_tools.scripts import Scripts

    return ScriptTools(files=files, scripts=Scripts.find(options.scripts))


@dataclass(kw_only=True)
class ProjectTools:
    """See `Toolbox`. Node is looked for when a step first needs it."""

    files: ProjectFiles
    workers: int = 1
    """Rendering is pure Python: more threads would only take turns."""
    keeps_records: bool = True
    """Our own `integrate` writes, so every generated file has a generation record."""
    _written: dict[str, str] = field(default_factory=dict[str, str])
    """Text by path of what the last `integrate` put on disk as rendered."""
    _ahead: "RenderAhead | None" = None
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def generator(self) -> str:
        from rockets_tools.integrate.record import generator_version

        return f"rockets-team {generator_version()}"

    def preflight(self) -> None:
        from rockets_tools.integrate import discover

        discover(self.files)

    def announce(self, plan_text: str, entities: Sequence[str]) -> None:
        from rockets_tools.generate.ahead import WORTH_IT, RenderAhead

        if len(entities) >= WORTH_IT:
            self._ahead = RenderAhead(plan_text, entities)
            self._open.callback(self._ahead.close)

    def render(self, plan: Plan, entities: Sequence[str]) -> Sequence[Artefact]:
        from rockets_tools.generate import render_entity

        ahead = self._ahead
        if ahead is not None:
            return [ahead.render(name, plan.entities) for name in entities]
        return [render_entity(plan.entities[name], plan.entities) for name in entities]

    def integrate(self, artefacts: Sequence[Artefact]) -> Integrated:
        from rockets_tools.integrate import ActionKind, integrate

        rendered = [item for item in artefacts if isinstance(item, Rendered)]
        result = integrate(self.files, rendered)
        as_rendered = {a.file for a in result.actions if a.kind is ActionKind.CREATED}
        self._written = {
            file.path: file.content
            for item in rendered
            for file in item.files
            if file.path in as_rendered
        }
        return Integrated(
            actions=tuple(f"{action.kind.value} {action.file}" for action in result.actions),
            warnings=sentences(result.warnings),
            conflicts=sentences(result.conflicts),
        )

    def integrate_modules(self, modules: Sequence["BehaviourModule"]) -> Integrated:
        from rockets_tools.integrate import integrate_modules

        result = integrate_modules(self.files, modules)
        return Integrated(
            actions=tuple(f"{action.kind.value} {action.file}" for action in result.actions),
            warnings=sentences(result.warnings),
            conflicts=sentences(result.conflicts),
        )

    def validate(
        self, plan: Plan | None, entities: Sequence[str] | None, *, migrations: bool
    ) -> Checked:
        from rockets_tools.validate import validate

        result = validate(
            self.files,
            plan=plan,
            entities=None if entities is None else frozenset(entities),
            # Of a wave, at once; an agent that asks for the whole project has edited in between.
            texts=self._written if entities is not None else {},
            migrations=migrations,
            records=self.keeps_records,
        )
        self._written = {}
        return checked(result)

    def changed(self, plan: Plan, entities: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        from rockets_tools.integrate.record import Records, digest

        records = Records(self.files)
        found: dict[str, dict[str, str]] = {}
        for name in entities:
            record = records.recall(plan.entities[name].kebab).record
            differing: dict[str, str] = {}
            for path, base in (record.files if record else {}).items():
                data = self.files.read_bytes(path)
                now = "" if data is None else digest(data)
                if now != base.sha256:
                    differing[path] = now
            if differing or record is None:
                found[name] = differing
        return found

    def orphans(self, plan: Plan) -> Sequence[str]:
        from rockets_tools.integrate import orphan_modules, orphans

        entities = {entity.kebab for entity in plan.entities.values()}
        modules = {module.kebab for module in plan.non_crud}
        left = [*orphans(self.files, entities), *orphan_modules(self.files, modules)]
        return sentences(orphan.as_problem() for orphan in left)

    def needs_packages(self) -> bool:
        from rockets_tools.build import needs_install

        return needs_install(self.files)

    def install(self, output: Line) -> None:
        from rockets_tools.build import install

        install(self.files, self._node, output)

    def migrate(self, plan: Plan, _: Line) -> Checked:
        from rockets_tools.migrate import migrate

        result = migrate(self.files, plan, node=self._node, databases=self._databases)
        return Checked(
            passed=True,
            details={"method": result.method, "files": [*result.files], "proven": result.proven},
            warnings=sentences(result.warnings),
        )

    def build(self, output: Line) -> Checked:
        from rockets_tools.build import build

        result = build(self.files, self._node, output)
        return Checked(
            passed=result.passed,
            findings=tuple(
                Finding(
                    severity="error",
                    rule=error.code,
                    message=error.message,
                    file=error.file,
                    line=error.line,
                )
                for error in result.errors
            ),
        )

    def smoke(self, plan: Plan, output: Line) -> Checked:
        from rockets_tools.smoke import smoke
        from rockets_tools.smoke.result import matrix

        result = smoke(self.files, plan, node=self._node, databases=self._databases, on_line=output)
        return Checked(
            passed=result.passed,
            details=result.summary(),
            matrix=tuple(matrix(result)),
            findings=tuple(
                Finding(
                    severity="error",
                    rule=f"smoke-{cell.kind}",
                    message=f"{cell.title}: {cell.request} gave {cell.got}, "
                    f"expected {cell.expected}.",
                    file=None,
                    line=None,
                )
                for cell in result.failures
            ),
        )

    def test(self, specs: Sequence[str], output: Line) -> Checked:
        from rockets_tools.specs import run_tests

        result = run_tests(self.files, self._node, only=specs, on_line=output)
        return Checked(
            passed=result.passed,
            findings=tuple(
                Finding(
                    severity="error",
                    rule="spec",
                    message=f"{failure.name}: {failure.message}",
                    file=failure.file,
                    line=failure.line,
                )
                for failure in result.failures
            ),
        )

    def close(self) -> None:
        self._open.close()

    @cached_property
    def _node(self) -> "NodeTools":
        from rockets_tools.node import find_node

        return find_node()

    @cached_property
    def _databases(self) -> "ScratchDatabases":
        """One server for migration and smoke, until the run ends."""
        from rockets_tools.database import ScratchDatabases

        url = os.environ.get("DATABASE_URL")
        return self._open.enter_context(ScratchDatabases(self.files, self._node, url))


def checked(result: "ValidateResult") -> Checked:
    """What validate found, in the graph's words."""
    return Checked(
        passed=result.passed,
        findings=tuple(
            Finding(
                severity=issue.severity.value,
                rule=issue.rule,
                message=issue.message,
                file=issue.file,
                line=issue.line,
            )
            for issue in result.issues
        ),
    )


def sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Each problem with what to do about it."""
    return tuple(f"{problem.message} {problem.fix}" for problem in problems)
