"""A person approves the plan, by the hash of what was shown."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.state import RunState


def approve(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["bootstrap", "lead_dispatch", "lead_report"]]:
    """Go on with an approved plan, ask about any other.

    The answer has to be the plan's hash; anything else, an error included, is no approval.
    LangGraph runs this node again from its top when the answer comes.
    """
    context = runtime.context
    approved = state.approved_hash
    if approved != state.plan_hash:
        answer: object = interrupt(
            {
                "planHash": state.plan_hash,
                "entities": len(context.plan.entities),
                "waves": len(context.plan.waves),
            }
        )
        approved = answer if isinstance(answer, str) else ""
    target = routes.after_approval(
        approved=approved == state.plan_hash,
        needs_packages=context.options.needs_node and context.tools.needs_packages(),
    )
    return Command(update={"approved_hash": approved}, goto=target)
