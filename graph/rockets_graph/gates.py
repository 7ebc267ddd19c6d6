"""Gates: looking at one, and what follows when it is red."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from typing_extensions import TypedDict

from rockets_graph.context import Context
from rockets_graph.ledger import GateRecord
from rockets_graph.module_records import specs_of
from rockets_graph.state import Finding, Gate, RunState
from rockets_graph.toolbox import Checked
from rockets_tools.errors import GateError, InputError, RocketsError

SHOWN = 160
"""Characters of a finding in a line of progress."""


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


def fail_wave(context: Context, state: RunState, gate: Gate, findings: list[Finding]) -> FailedWave:
    """Close the wave as failed: what it was about has to be done again, after a fix."""
    if state.modules:
        context.ledger.state.findings = findings
        return {"failed_gate": gate, "findings": findings}
    wave = state.wave
    undone = {context.kebab(name) for name in context.todo[wave]}
    context.ledger.fail_wave(wave, undone, _blamed(context, wave, findings), findings)
    context.close_wave(wave, passed=False)
    return {"failed_gate": gate, "findings": findings}


def shown(finding: Finding) -> str:
    """One line of text."""
    place = finding["file"] or "project"
    if finding["line"] is not None:
        place += f":{finding['line']}"
    return f"{place}: {finding['message']} [{finding['rule']}]"


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
        step.detail = first_of(checked.findings)
    findings = list(checked.findings)
    if not checked.passed:
        context.ledger.state.findings = findings
    record = GateRecord(
        status="green" if checked.passed else "red",
        details=checked.details,
        warnings=list(checked.warnings),
    )
    return record, findings


def first_of(findings: Sequence[Finding]) -> str:
    """What a red gate found, for a line of progress: the first, and how many more."""
    if not findings:
        return ""
    first, *others = findings
    place = f"{first['file']}: " if first["file"] else ""
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}{first['message'].partition(chr(10))[0][:SHOWN]}{more}"


def look_at_migration(context: Context) -> list[Finding]:
    """The migration's gate, unless it is green or skipped: what it found."""
    gates = context.ledger.state.gates
    if gates.migrate.status == "green":
        return []
    if not context.options.migrates:
        gates.migrate = GateRecord(status="skipped")
        return []

    def run() -> Checked:
        checked = context.tools.migrate(context.plan, context.output("migrate"))
        if not checked.passed:
            return checked
        covered = context.tools.validate(context.plan, None, migrations=True)
        return replace(checked, passed=covered.passed, findings=covered.findings)

    gates.migrate, findings = look(context, "migrate", run)
    return findings


def look_at_last(context: Context) -> tuple[Gate | None, list[Finding]]:
    """The last gates in their order, up to the first red one: which, and what it found."""
    gates = context.ledger.state.gates
    findings = look_at_migration(context)
    if gates.migrate.status == "red":
        return "migrate", findings
    findings = _look_at_build(context)
    if gates.build.status == "red":
        return "build", findings
    findings = _look_at_smoke(context)
    if gates.smoke.status == "red":
        return "smoke", findings
    findings = _look_at_specs(context)
    if gates.test.status == "red":
        return "test", findings
    return None, []


def _wants_smoke(context: Context) -> bool:
    return context.options.smokes and context.ledger.state.gates.smoke.status != "green"


def _wants_specs(context: Context) -> bool:
    state = context.ledger.state
    return (
        context.options.smokes
        and state.gates.test.status != "green"
        and bool(specs_of(context.plan, state.modules))
    )


def _look_at_build(context: Context) -> list[Finding]:
    gates, tools = context.ledger.state.gates, context.tools
    runs = _wants_smoke(context) or _wants_specs(context)
    if context.options.skip_build:
        if gates.build.status != "green":
            gates.build = GateRecord(status="skipped")
        return []
    # Smoke and specs run what the build makes, so a build that was green once is made again.
    if gates.build.status == "green" and not runs:
        return []
    gates.build, findings = look(context, "build", lambda: tools.build(context.output("build")))
    return findings


def _look_at_smoke(context: Context) -> list[Finding]:
    gates, tools = context.ledger.state.gates, context.tools
    if gates.smoke.status == "green":
        return []
    if not context.options.smokes:
        gates.smoke = GateRecord(status="skipped")
        return []
    if gates.migrate.status != "green" and not has_tables(context):
        reason = "The smoke test was left out: there are tables without a migration."
        gates.smoke = GateRecord(status="skipped", warnings=[reason])
        return []
    gates.smoke, findings = look(
        context, "smoke", lambda: tools.smoke(context.plan, context.output("smoke"))
    )
    return findings


def _look_at_specs(context: Context) -> list[Finding]:
    """The specs of the modules that the team wrote, where the application runs at all."""
    state, tools = context.ledger.state, context.tools
    if state.gates.smoke.status != "green" or not _wants_specs(context):
        return []
    specs = specs_of(context.plan, state.modules)
    state.gates.test, findings = look(
        context, "test", lambda: tools.test(specs, context.output("test"))
    )
    return findings


def has_tables(context: Context) -> bool:
    """Without the migration step: those that exist make every table the smoke test needs."""
    return context.tools.validate(context.plan, None, migrations=True).passed
