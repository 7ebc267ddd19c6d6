"""The Reviewer closes a wave."""

from collections.abc import Iterable
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
    findings, answered = _read(context, state)
    blocking = [finding for finding in findings if finding["severity"] != "warning"]
    target = routes.after_review(
        state.mode, clean=not blocking, fix_rounds=state.fix_rounds, answered=answered
    )
    if target == "lead_dispatch":
        _close(context, state, findings)
        return Command(update={"settled": [], "fix_rounds": 0}, goto=target)
    if target == "lead_report":
        return Command(update=fail_wave(context, state, "review", blocking), goto=target)
    from rockets_graph.fixing import to_generator

    return Command(
        update={"fix_rounds": state.fix_rounds + 1, "findings": blocking},
        goto=to_generator(context, state, "reviewer", blocking),
    )


def _read(context: Context, state: RunState) -> tuple[list[Finding], bool]:
    if context.crew is None:
        return [], True
    from rockets_graph.crew.reviewing import review

    return review(context, state)


def _close(context: Context, state: RunState, findings: list[Finding]) -> None:
    """The wave's gate is green; what is left are warnings."""
    if state.modules:
        from rockets_graph.modules import complete_modules, kebabs

        _note_read(context, kebabs(context, state))
        complete_modules(context, state)
        return
    wave = state.wave
    names = context.todo[wave]
    ledger = context.ledger
    ledger.complete_wave(wave, {context.kebab(name): context.configs[name] for name in names})
    ledger.state.waves[wave].warnings += [finding["message"] for finding in findings]
    # What a person changed before this run, or the Generator in this wave, the gate has seen.
    alone = context.crew is None
    changed = context.changed if alone else context.tools.changed(context.plan, names)
    for name in names:
        ledger.state.accepted.update(changed.get(name, {}))
    _note_read(context, map(context.kebab, names))
    mark(ledger.state, map(context.kebab, names), "done")
    if not alone:
        ledger.save()  # what was paid for is done, also when the run is killed now
    context.close_wave(wave, passed=True)


def _note_read(context: Context, names: Iterable[str]) -> None:
    """Entities or modules that the Reviewer has read."""
    if context.crew is not None and context.crew.lost is None:
        read, state = set(names), context.ledger.state
        state.unreviewed = [name for name in state.unreviewed if name not in read]
