"""What a run tells when it ends: the original report, and what we promise beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import JsonValue

from rockets_graph.ledger import GateRecord, StateFile, WaveStatus
from rockets_graph.module_records import spec_of
from rockets_graph.state import Finding, Mode
from rockets_graph.toolbox import Checked
from rockets_tools.errors import Problem
from rockets_tools.plan.model import Plan

ReportStatus = Literal["planned", "validated", "completed", "failed", "interrupted"]

EXIT_CODES: dict[ReportStatus, int] = {
    "planned": 0,
    "completed": 0,
    "failed": 1,
    "interrupted": 130,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveReport:
    index: int
    entities: tuple[str, ...]
    """kebab-case."""
    status: WaveStatus
    generated: int
    """Entities this wave has generated."""
    validated: bool
    """Its gate is green."""

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "index": self.index,
            "entities": list(self.entities),
            "status": self.status,
            "generated": self.generated,
            "validated": self.validated,
        }


@dataclass(kw_only=True)
class Report:
    """The one document on stdout; `exit_code` is the exit status that belongs to it."""

    status: ReportStatus
    success: bool
    """Every gate that was not skipped is green."""
    exit_code: int
    """0, 1, 2, 3 or 130, as in the contract."""
    mode: Mode
    waves: tuple[WaveReport, ...] = ()
    total_entities: int = 0
    completed: int = 0
    failed: int = 0
    build_passed: bool | None = None
    """None: not looked at."""
    smoke_test_passed: bool | None = None
    follow_ups: tuple[str, ...] = ()
    """Modules with behaviour that the sequential cast leaves to the reader."""
    migration: dict[str, JsonValue] | None = None
    smoke: dict[str, JsonValue] | None = None
    issues: tuple[Finding, ...] = ()
    """What the red gate found."""
    failed_gate: str | None = None
    warnings: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    timings: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds by step; `total` is the whole run."""
    next_command: str | None = None
    """What to type now, where something is left to do."""
    run_id: str = ""
    usage: dict[str, dict[str, JsonValue]] = field(default_factory=dict[str, dict[str, JsonValue]])
    """By role: calls, tokens and cost in US dollars (None: not known); empty without a team."""
    open_tasks: tuple[str, ...] = ()
    """What only a model could do and did not."""
    edited: tuple[str, ...] = ()
    """Files that agents changed beside what was generated."""
    modules: tuple[dict[str, JsonValue], ...] = ()
    """Modules with behaviour that the team wrote."""
    verdict: dict[str, JsonValue] | None = None
    """What the Lead makes of a run that failed."""
    estimate: dict[str, JsonValue] | None = None
    """Of a dry run: what the team would spend."""

    def as_json(self) -> dict[str, JsonValue]:
        """The report in the shape that the contract fixes."""
        return {
            "success": self.success,
            "status": self.status,
            "mode": self.mode,
            "runId": self.run_id,
            "waves": [wave.as_json() for wave in self.waves],
            "summary": {
                "totalEntities": self.total_entities,
                "completed": self.completed,
                "failed": self.failed,
                "buildPassed": self.build_passed,
                "smokeTestPassed": self.smoke_test_passed,
                "followUps": list(self.follow_ups),
            },
            "migration": self.migration,
            "smoke": self.smoke,
            "failedGate": self.failed_gate,
            "issues": [_finding(finding) for finding in self.issues],
            "warnings": list(self.warnings),
            "conflicts": list(self.conflicts),
            "orphans": list(self.orphans),
            "errors": [{**problem.as_json()} for problem in self.errors],
            "timings": {name: round(seconds, 3) for name, seconds in self.timings.items()},
            "next": self.next_command,
            **(self._of_team() if self.mode == "team" else {}),
        }

    def spent(self) -> tuple[int, float | None]:
        """Tokens and US dollars of all roles; no cost where that of a role is not known."""
        costs = [one["cost"] for one in self.usage.values()]
        known = [cost for cost in costs if isinstance(cost, float)]
        tokens = sum(t for one in self.usage.values() if isinstance(t := one["tokens"], int))
        return tokens, round(sum(known), 6) if len(known) == len(costs) else None

    def _of_team(self) -> dict[str, JsonValue]:
        tokens, cost = self.spent()
        return {
            "usage": {"byRole": {**self.usage}, "tokens": tokens, "cost": cost},
            "modules": list(self.modules),
            "openTasks": list(self.open_tasks),
            "edited": list(self.edited),
            "verdict": self.verdict,
            **({"estimate": self.estimate} if self.estimate is not None else {}),
        }


def planned(
    plan: Plan,
    mode: Mode,
    warnings: Sequence[Problem],
    estimate: dict[str, JsonValue] | None = None,
    *,
    todo: Sequence[Sequence[str]] | None = None,
    earlier: StateFile | None = None,
) -> Report:
    """The answer to a dry run: the waves, and of a team what it would spend. With `todo`, what is
    left of the waves, the entities that stay count as completed."""
    waves = _plan_waves(plan, "pending")
    if todo is not None:
        waves = tuple(
            replace(
                wave,
                status="pending" if names else "completed",
                generated=len(wave.entities) - len(names),
                validated=not names,
            )
            for wave, names in zip(waves, todo, strict=True)
        )
    return Report(
        status="planned",
        success=True,
        exit_code=0,
        mode=mode,
        waves=waves,
        total_entities=len(plan.entities),
        completed=sum(wave.generated for wave in waves),
        follow_ups=follow_ups(plan, earlier),
        warnings=tuple(problem.message for problem in warnings),
        estimate=estimate,
    )


def validated(plan: Plan | None, checked: Checked) -> Report:
    """The answer to `--validate-only`: nothing was generated, the project was looked at."""
    status: WaveStatus = "completed" if checked.passed else "failed"
    return Report(
        status="validated",
        success=checked.passed,
        exit_code=0 if checked.passed else 1,
        mode="sequential",
        waves=_plan_waves(plan, status) if plan else (),
        total_entities=len(plan.entities) if plan else 0,
        completed=len(plan.entities) if plan and checked.passed else 0,
        follow_ups=follow_ups(plan) if plan else (),
        issues=checked.findings,
        failed_gate=None if checked.passed else "validate",
    )


def of_state(
    plan: Plan,
    state: StateFile,
    *,
    status: ReportStatus,
    errors: Sequence[Problem] = (),
    exit_code: int | None = None,
) -> Report:
    """What the state file says about a run, and what stopped it on the way (`errors`, with the
    exit code that belongs to them)."""
    gates = state.gates
    warnings = [line for wave in state.waves for line in wave.warnings]
    warnings += [*gates.migrate.warnings, *gates.build.warnings, *gates.smoke.warnings]
    conflicts = [line for wave in state.waves for line in wave.conflicts]
    return Report(
        status=status,
        success=status == "completed",
        exit_code=EXIT_CODES[status] if exit_code is None else exit_code,
        mode=state.mode,
        waves=tuple(
            WaveReport(
                index=wave.index,
                entities=tuple(wave.entities),
                status=wave.status,
                generated=wave.generated,
                validated=wave.status == "completed",
            )
            for wave in state.waves
        ),
        total_entities=len(plan.entities),
        completed=len(state.completed_entities),
        failed=len(state.failed_entities),
        build_passed=_passed(gates.build),
        smoke_test_passed=_passed(gates.smoke),
        follow_ups=follow_ups(plan, state),
        migration=_details(gates.migrate),
        smoke=_details(gates.smoke),
        issues=tuple(state.findings) if status == "failed" else (),
        warnings=tuple(warnings),
        conflicts=tuple(conflicts),
        errors=tuple(errors),
        run_id=state.run_id,
        usage={role: one.model_dump(mode="json") for role, one in state.usage.items()},
        open_tasks=tuple(state.open),
        edited=tuple(state.edited),
        modules=_modules(plan, state),
        verdict=state.verdict or None,
    )


def _modules(plan: Plan, state: StateFile) -> tuple[dict[str, JsonValue], ...]:
    """Those that are written and whose gates were green."""
    return tuple(
        {"name": module.name, "files": written.get("files"), "summary": written.get("summary")}
        for module in plan.non_crud
        if (record := state.modules.get(module.kebab)) is not None
        and record.proven
        and (written := record.written)
    )


def follow_ups(plan: Plan, state: StateFile | None = None) -> tuple[str, ...]:
    """One line per module with behaviour that the team has not written, and proven, yet."""
    lines: list[str] = []
    for module in plan.non_crud:
        record = state.modules.get(module.kebab) if state else None
        if record is not None and record.proven and record.spec == spec_of(module):
            continue
        kind = f" ({module.type})" if module.type else ""
        what = f": {module.description}" if module.description else ""
        lines.append(f"{module.name}{kind}{what}")
    return tuple(lines)


def _plan_waves(plan: Plan, status: WaveStatus) -> tuple[WaveReport, ...]:
    return tuple(
        WaveReport(
            index=index,
            entities=tuple(plan.entities[name].kebab for name in wave),
            status=status,
            generated=0,
            validated=status == "completed",
        )
        for index, wave in enumerate(plan.waves)
    )


def _finding(finding: Finding) -> dict[str, JsonValue]:
    return {
        "severity": finding["severity"],
        "rule": finding["rule"],
        "message": finding["message"],
        "file": finding["file"],
        "line": finding["line"],
        **({"fix": finding["fix"]} if "fix" in finding else {}),
    }


def _passed(gate: GateRecord) -> bool | None:
    return {"green": True, "red": False}.get(gate.status)


def _details(gate: GateRecord) -> dict[str, JsonValue] | None:
    return gate.details or None
