"""The Lead closes the run."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.crew.tasks import green, mark
from rockets_graph.module_records import accept
from rockets_graph.state import RunState


def lead_report(state: RunState, runtime: Runtime[Context]) -> Command[Literal["__end__"]]:
    """Save how it ended; the report is read from the state file.

    A team that is stuck says why and what to do: the only thing the Lead is asked here.
    """
    context = runtime.context
    ledger = context.ledger
    passed = state.failed_gate is None and state.approved_hash == state.plan_hash
    ledger.state.status = "completed" if passed else "failed"
    ledger.state.verdict = {}
    mark(ledger.state, green(ledger.state.gates), "done")
    if passed:
        ledger.state.findings = []
        _accept_edits(context, state)
        accept(context.plan, ledger.state, context.files)
    elif context.crew is not None and state.failed_gate is not None:
        from rockets_graph.crew.escalation import escalate

        ledger.save()
        escalate(context, state)
    ledger.save()
    return Command(goto="__end__")


def _accept_edits(context: Context, state: RunState) -> None:
    """What the Builder changed in generated files, the last gates have seen."""
    if not state.attempts:
        return
    tried = {path for attempt in state.attempts for path in attempt["files"]}
    context.note_edits(tried.intersection(context.snapshots.changed("before")))
    context.snapshots.discard("before", "try", "tried")
    changed = context.tools.changed(context.plan, list(context.plan.entities))
    for files in changed.values():
        context.ledger.state.accepted.update(files)
