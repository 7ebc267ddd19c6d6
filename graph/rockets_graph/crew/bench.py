"""The steps that agents may call, on the toolbox of the run: one at a time."""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from rockets_agents.findings import Finding as Said
from rockets_agents.toolset import GateReport
from rockets_graph.state import Finding
from rockets_graph.toolbox import Artefact, Checked, Line, Toolbox
from rockets_tools.plan.model import Plan

LAST_LINES = 200
MOST_MESSAGE = 2_000
"""Characters of one finding: a failing program may put a whole page into it."""


class Bench:
    """See `rockets_agents.toolset.Workbench`."""

    def __init__(self, tools: Toolbox, plan: Plan, output: Callable[[str], Line]) -> None:
        self._tools = tools
        self._plan = plan
        self._output = output
        # Jobs work beside each other; the toolbox, npm and the database belong to one at a time.
        self._turn = threading.Lock()
        self._rendered: list[Artefact] = []

    def generate(self, entities: Sequence[str]) -> GateReport:
        unknown = sorted(set(entities) - self._plan.entities.keys())
        if unknown:
            message = f"The plan has no entity {', '.join(unknown)}."
            return GateReport(
                passed=False,
                findings=(Said(severity="error", rule="entity-unknown", message=message),),
            )
        with self._turn:
            rendered = self._tools.render(self._plan, entities)
            self._rendered += rendered
        return GateReport(
            passed=True, files=tuple(file.path for item in rendered for file in item.files)
        )

    def integrate(self) -> GateReport:
        with self._turn:
            rendered, self._rendered = self._rendered, []
            result = self._tools.integrate(rendered)
        return GateReport(passed=True, output="\n".join(result.warnings), files=result.actions)

    def validate(self, paths: Sequence[str] | None) -> GateReport:
        with self._turn:
            checked = self._tools.validate(self._plan, None, migrations=False)
        return _report(checked, only=paths)

    def build(self) -> GateReport:
        return self._run("build", self._tools.build)

    def migrate(self) -> GateReport:
        return self._run("migrate", lambda output: self._tools.migrate(self._plan, output))

    def smoke(self) -> GateReport:
        return self._run("smoke", lambda output: self._tools.smoke(self._plan, output))

    def _run(self, step: str, run: Callable[[Line], Checked]) -> GateReport:
        tail: deque[str] = deque(maxlen=LAST_LINES)
        show = self._output(step)

        def output(line: str) -> None:
            tail.append(line)
            show(line)

        with self._turn:
            checked = run(output)
        return _report(checked, output="\n".join(tail))


def _report(checked: Checked, *, output: str = "", only: Sequence[str] | None = None) -> GateReport:
    findings = [f for f in checked.findings if only is None or f["file"] in only]
    blocking = [f for f in findings if f["severity"] != "warning"]
    return GateReport(
        passed=checked.passed if only is None else not blocking,
        findings=tuple(map(as_said, findings)),
        output=output,
    )


def as_said(finding: Finding) -> Said:
    """A finding of the graph, in the words of a brief."""
    return Said(
        severity=finding["severity"],
        rule=finding["rule"],
        message=finding["message"][:MOST_MESSAGE],
        file=finding["file"],
        line=finding["line"],
        fix=finding.get("fix", "")[:MOST_MESSAGE],
    )


def as_finding(said: Said) -> Finding:
    """A finding of an agent, in the words of the graph."""
    finding = Finding(
        severity=said.severity,
        rule=said.rule,
        message=said.message,
        file=said.file,
        line=said.line,
    )
    if said.fix:
        finding["fix"] = said.fix
    return finding
