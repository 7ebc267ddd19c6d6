"""The Lead brings the plan into force."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.crew.tasks import carried_over, green, module_task
from rockets_graph.ledger import PLAN_FILE
from rockets_graph.module_records import status_of
from rockets_graph.state import RunState


def lead_plan(_: RunState, runtime: Runtime[Context]) -> Command[Literal["approve"]]:
    """Write the plan, then the state file: the first two writes of every run.

    The plan was read from a document or a file and checked before the graph started; the team
    makes its task list of it.
    """
    context = runtime.context
    if context.files.read(PLAN_FILE) != context.plan_text:
        context.files.write(PLAN_FILE, context.plan_text)
    if context.crew is not None:
        state = context.ledger.state
        modules = [
            module_task(module.kebab)
            for module in context.plan.non_crud
            if status_of(module, state.modules, context.files) == "done"
        ]
        done = [*state.completed_entities, *modules, *green(state.gates)]
        state.tasks = carried_over(context.plan, state.tasks, done)
    context.ledger.save()
    return Command(goto="approve")
