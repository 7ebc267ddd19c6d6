"""The Lead brings the plan into force."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.ledger import PLAN_FILE
from rockets_graph.state import RunState


def lead_plan(_: RunState, runtime: Runtime[Context]) -> Command[Literal["approve"]]:
    """Write the plan, then the state file: the first two writes of every run.

    The sequential cast reads a plan that a person gave, and it was checked before the graph
    started.
    """
    context = runtime.context
    if context.files.read(PLAN_FILE) != context.plan_text:
        context.files.write(PLAN_FILE, context.plan_text)
    context.ledger.save()
    return Command(goto="approve")
