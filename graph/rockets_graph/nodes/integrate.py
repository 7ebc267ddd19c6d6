"""Files go to disk and into the project's wiring: one writer per wave."""

import time
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.artefacts import digest
from rockets_graph.context import Context, Step
from rockets_graph.gates import fail_wave, from_problems
from rockets_graph.routes import batches
from rockets_graph.state import Finding, Gate, RunState
from rockets_graph.toolbox import Artefact
from rockets_tools.errors import GateError, InputError, Problem


def integrate(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["validate", "lead_report"]]:
    """Write what the wave's batches rendered, in plan order whatever order they ended in."""
    context = runtime.context
    work = _modules if state.modules else _entities
    gate, findings = work(context, state)
    if findings:
        return Command(update=fail_wave(context, state, gate, findings), goto="lead_report")
    return Command(goto="validate")


def _entities(context: Context, state: RunState) -> tuple[Gate, list[Finding]]:
    """The wave's entities; after a fix once more, so that what was lost comes back."""
    wave = state.wave
    names = context.todo[wave]
    results = [state.batches[number] for number in sorted(state.batches, key=int)]
    findings = [finding for result in results for finding in result["findings"]]
    rendered = context.artefacts.take(names)
    if rendered is not None or findings:
        context.finish_step(
            Step(name="generate", passed=not findings, detail=f"{len(names)} entities"),
            seconds=time.perf_counter() - context.opened_at,
            wave=wave,
        )
    if findings:
        return "generate", findings
    with context.step("integrate", wave) as step:
        try:
            rendered = rendered or render_again(context, state)
            result = context.tools.integrate(rendered)
        except (GateError, InputError) as error:
            return "integrate", from_problems(error)
        step.passed = True
        step.detail = f"{sum(len(item.files) for item in rendered)} files"
    record = context.ledger.state.waves[wave]
    record.generated = len(names)
    record.warnings = list(result.warnings)
    record.conflicts = list(result.conflicts)
    return "integrate", []


def _modules(context: Context, state: RunState) -> tuple[Gate, list[Finding]]:
    """What the Generator wrote beside each other is wired here, by one writer, in plan order."""
    from rockets_graph.modules import behaviour, forget, in_work

    findings = [finding for name in state.modules for finding in state.written[name]["findings"]]
    if findings:
        return "generate", findings
    modules = [behaviour(state, module) for module in in_work(context, state)]
    with context.step("integrate", state.wave) as step:
        try:
            context.tools.integrate_modules(modules)
        except (GateError, InputError) as error:
            forget(context, state)
            return "integrate", from_problems(error)
        step.passed = True
        step.detail = f"{sum(len(module.files) for module in modules)} files"
    return "integrate", []


def render_again(context: Context, state: RunState) -> list[Artefact]:
    """What another process rendered before it ended; GateError when it comes out differently."""
    rendered: list[Artefact] = []
    names = context.todo[state.wave]
    for batch in batches(state.wave, names, len(state.batches)):
        part = context.tools.render(context.plan, batch["entities"])
        if state.batches[str(batch["number"])]["digest"] != digest(part):
            raise GateError(
                Problem(
                    code="generator-changed",
                    message=f"Rendering {', '.join(batch['entities'])} again gave other files.",
                    fix="The generator changed while the run was stopped; run again.",
                )
            )
        context.artefacts.put(batch["entities"], part)
        rendered += part
    return rendered
