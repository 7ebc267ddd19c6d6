"""Gates: looking at one, and what follows when it is red."""

from collections.abc import Callable, Iterable

from typing_extensions import TypedDict

from rockets_graph.context import Context
from rockets_graph.ledger import GateRecord
from rockets_graph.state import Finding, Gate
from rockets_graph.toolbox import Checked
from rockets_tools.errors import GateError, InputError, RocketsError


def from_problems(error: RocketsError) -> list[Finding]:
    """A tool's error as findings."""
    return [
        Finding(
            severity="error",
            rule=problem.code,
            message=f"{problem.message} {problem.fix}",
            file=problem.file,
            line=problem.line,
        )
        for problem in error.problems
    ]


class FailedWave(TypedDict):
    """What the state says of a wave that goes to the report."""

    failed_gate: Gate
    findings: list[Finding]


def fail_wave(context: Context, wave: int, gate: Gate, findings: list[Finding]) -> FailedWave:
    """Close the wave as failed: its entities have to be done again, after a fix."""
    undone = {context.kebab(name) for name in context.todo[wave]}
    context.ledger.fail_wave(wave, undone, _blamed(context, wave, findings), findings)
    context.close_wave(wave, passed=False)
    return {"failed_gate": gate, "findings": findings}


def _blamed(context: Context, wave: int, findings: Iterable[Finding]) -> list[str]:
    """Entities whose own files the errors are in; all of the wave when they are elsewhere."""
    names = context.todo[wave]
    owner = context.artefacts.paths(names) or {}
    guilty = {owner.get(f["file"] or "") for f in findings if f["severity"] != "warning"}
    if None in guilty or not guilty:
        return [context.kebab(name) for name in names]
    return [context.kebab(name) for name in names if name in guilty]


def look(
    context: Context, gate: Gate, run: Callable[[], Checked]
) -> tuple[GateRecord, list[Finding]]:
    """Run one gate's tool: its record for the state file, and what it found."""
    with context.step(gate) as step:
        try:
            checked = run()
        except (GateError, InputError) as error:
            checked = Checked(passed=False, findings=tuple(from_problems(error)))
        step.passed = checked.passed
        step.detail = f"{len(checked.findings)} findings" if checked.findings else ""
    findings = list(checked.findings)
    if not checked.passed:
        context.ledger.state.findings = findings
    record = GateRecord(
        status="green" if checked.passed else "red",
        details=checked.details,
        warnings=list(checked.warnings),
    )
    return record, findings
