"""The Reviewer closes a wave."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.crew.tasks import mark
from rockets_graph.gates import fail_wave
from rockets_graph.state import Finding, RunState


def reviewer(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["generator", "lead_dispatch", "lead_report"]]:
    """Pass the wave's gate, or hand what was found to the Generator directly.

    The mechanical part of the nine rules ran in `validate`, which was clean; the sequential
    cast has nobody to read for the semantic part, so it finds nothing more.
    """
    context = runtime.context
    findings = _read(context, state)
    blocking = [finding for finding in findings if finding["severity"] != "warning"]
    target = routes.after_review(state.mode, clean=not blocking, fix_rounds=state.fix_rounds)
    if target == "lead_dispatch":
        _close(context, state, findings)
        return Command(update={"settled": []}, goto=target)
    if target == "lead_report":
        return Command(update=fail_wave(context, state, "review", blocking), goto=target)
    from rockets_graph.fixing import to_generator

    return Command(
        update={"fix_rounds": state.fix_rounds + 1, "findings": blocking},
        goto=to_generator(context, state, "reviewer", blocking),
    )


def _read(context: Context, state: RunState) -> list[Finding]:
    if context.crew is None:
        return []
    from rockets_graph.crew.reviewing import review

    return review(context, state)


def _close(context: Context, state: RunState, findings: list[Finding]) -> None:
    """The wave's gate is green; what is left are warnings."""
    if state.modules:
        from rockets_graph.modules import complete_modules

        complete_modules(context, state)
        return
    wave = state.wave
    names = context.todo[wave]
    ledger = context.ledger
    ledger.complete_wave(wave, {context.kebab(name): context.configs[name] for name in names})
    ledger.state.waves[wave].warnings += [finding["message"] for finding in findings]
    # What a person changed before this run, or the Generator in this wave, the gate has seen.
    changed = context.tools.changed(context.plan, names) if state.settled else context.changed
    for name in names:
        ledger.state.accepted.update(changed.get(name, {}))
    if context.crew is not None and context.crew.lost is None:
        read = set(map(context.kebab, names))
        ledger.state.unreviewed = [n for n in ledger.state.unreviewed if n not in read]
    mark(ledger.state, map(context.kebab, names), "done")
    context.close_wave(wave, passed=True)
