"""The Tester builds the project and proves its access rules."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.gates import look_at_last
from rockets_graph.state import Attempt, RunState, Standing


def tester(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["builder", "lead_report"]]:
    """Look at the last gates up to the first red one; have the Builder mend what is red.

    After a try the gates say whether it helped: one that made things worse is undone, and when
    the tries are used up the sources are as they were before the Builder.
    """
    context = runtime.context
    if context.crew is not None:
        return _with_team(context, state)
    failed, findings = look_at_last(context)
    context.ledger.save()
    return Command(update={"failed_gate": failed, "findings": findings}, goto="lead_report")


def _with_team(context: Context, state: RunState) -> Command[Literal["builder", "lead_report"]]:
    from rockets_graph.crew.tries import diagnose, give_up

    now, attempts = _look(context, state)
    context.ledger.save()
    update: dict[str, object] = {
        "failed_gate": now["gate"],
        "findings": now["findings"],
        "attempts": attempts,
    }
    green = now["gate"] is None
    target = routes.after_tester(state.mode, green=green, builder_tries=state.builder_tries)
    if target == "builder":
        requests = diagnose(context, now, attempts)
        if requests is not None:
            update |= {"standing": now, "requests": requests}
            return Command(update=update, goto="builder")
    if not green and attempts:
        give_up(context)
    return Command(update=update, goto="lead_report")


def _look(context: Context, state: RunState) -> tuple[Standing, list[Attempt]]:
    """How things stand, and what is to be said of the tries so far."""
    from rockets_graph.crew.tries import judge, standing

    last = state.attempts[-1] if state.attempts else None
    if last is not None and last["outcome"] == "open" and state.standing is not None:
        now, judged = judge(context, state.standing, last)
        return now, [*state.attempts[:-1], judged]
    if state.failed_gate is not None:
        # Red a moment ago: the migration, or what a try that came to no end was to mend.
        return standing(context, state.failed_gate, state.findings), state.attempts
    return standing(context, *look_at_last(context)), state.attempts
