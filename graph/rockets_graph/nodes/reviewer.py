"""The Reviewer closes a wave."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.state import RunState


def reviewer(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["generator", "lead_dispatch", "lead_report"]]:
    """Pass the wave's gate.

    The mechanical part of the nine rules ran in `validate`, which was clean; the sequential
    cast has nobody to read for the semantic part, so it finds nothing more.
    """
    context = runtime.context
    wave = state.wave
    target = routes.after_review(state.mode, clean=True, fix_rounds=state.fix_rounds)
    names = context.todo[wave]
    context.ledger.complete_wave(
        wave, {context.kebab(name): context.configs[name] for name in names}
    )
    for name in names:
        context.ledger.state.accepted.update(context.changed.get(name, {}))
    context.close_wave(wave, passed=True)
    return Command(goto=target)
