"""The Lead closes the run."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.state import RunState


def lead_report(state: RunState, runtime: Runtime[Context]) -> Command[Literal["__end__"]]:
    """Save how it ended; the report is read from the state file."""
    ledger = runtime.context.ledger
    green = state.failed_gate is None and state.approved_hash == state.plan_hash
    ledger.state.status = "completed" if green else "failed"
    ledger.state.usage = state.usage
    if green:
        ledger.state.findings = []
    ledger.save()
    return Command(goto="__end__")
