"""The gate of a wave: rules and structure."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.gates import fail_wave, from_problems
from rockets_graph.state import Finding, RunState
from rockets_tools.errors import GateError, InputError


def validate(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["generator", "reviewer", "lead_report"]]:
    """Look at the wave's files and the wiring; migrations come later."""
    context = runtime.context
    wave = state.wave
    entities = None if state.modules else context.todo[wave]
    findings: list[Finding]
    with context.step("validate", wave) as step:
        try:
            checked = context.tools.validate(context.plan, entities, migrations=False)
        except (GateError, InputError) as error:
            step.passed, findings = False, from_problems(error)
        else:
            step.passed, findings = checked.passed, list(checked.findings)
            if state.modules and not step.passed:
                step.passed, findings = _of_modules(context, state, findings)
        step.detail = f"{len(findings)} findings" if findings else ""
    target = routes.after_validate(state.mode, clean=step.passed, fix_rounds=state.fix_rounds)
    if target == "reviewer":
        return Command(update={"findings": findings}, goto=target)
    if target == "lead_report":
        return Command(update=fail_wave(context, state, "validate", findings), goto=target)
    from rockets_graph.fixing import to_generator

    return Command(
        update={"fix_rounds": state.fix_rounds + 1, "findings": findings},
        goto=to_generator(context, state, "validate", findings),
    )


def _of_modules(
    context: Context, state: RunState, findings: list[Finding]
) -> tuple[bool, list[Finding]]:
    """The whole project was looked at; whether the modules in work pass, and what is about them."""
    from rockets_graph.modules import concerns_modules

    own = [finding for finding in findings if concerns_modules(context, state, finding)]
    return not any(finding["severity"] != "warning" for finding in own), own
