"""Modules with behaviour."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send

from rockets_graph.context import Context
from rockets_graph.crew.tasks import mark, module_task
from rockets_graph.events import Note
from rockets_graph.ledger import Gates
from rockets_graph.module_records import status_of
from rockets_graph.state import Assignment, RunState
from rockets_tools.plan.model import NonCrud


def noncrud(state: RunState, runtime: Runtime[Context]) -> Command[Literal["generator", "migrate"]]:
    """Send the modules that wait for no other to the Generator; say what is left to a person
    where there is nobody to write them."""
    context = runtime.context
    left = _left(context)
    if not left:
        return Command(update={"noncrud_done": True, "modules": []}, goto="migrate")
    if context.crew is None or context.crew.lost is not None:
        return _leave(context, left)
    return _hand_out(context, state, left)


def _left(context: Context) -> list[NonCrud]:
    """The modules that no gate, or no Reviewer, has seen as they are now."""
    state, left = context.ledger.state, list[NonCrud]()
    for module in context.plan.non_crud:
        status = status_of(module, state.modules, context.files)
        if status == "theirs" and context.crew is not None:
            text = f"{module.name} is left alone: src/modules/{module.kebab}/ is not the team's"
            context.emit(Note(text=text))
        if status in {"missing", "unproven"} or module.kebab in state.unreviewed:
            left.append(module)
    return left


def _hand_out(
    context: Context, state: RunState, left: list[NonCrud]
) -> Command[Literal["generator", "migrate"]]:
    from rockets_agents.errors import AgentError
    from rockets_agents.model import ModelUnreachableError
    from rockets_graph.crew.cutting import cut
    from rockets_graph.modules import ready

    try:
        cut(context, left)
    except (AgentError, ModelUnreachableError) as error:
        context.leave_open("the modules with behaviour", error)
        return _leave(context, left)
    group = ready(context, left)
    mark(context.ledger.state, [module_task(module.kebab) for module in group], "in_progress")
    # Whatever was proven, it was without these.
    context.ledger.state.gates = Gates()
    context.ledger.save()
    # A resumed group has used up what the checkpoint says.
    resumed = not state.modules and state.wave == state.resumed_wave
    return Command(
        update={
            "modules": [module.name for module in group],
            "written": Overwrite({}),
            "findings": [],
            "settled": state.settled if resumed else [],
            "fix_rounds": state.fix_rounds if resumed else 0,
        },
        goto=[
            Send(
                "generator",
                Assignment(
                    wave=state.wave,
                    round=0,
                    findings=[],
                    files=[],
                    settled=[],
                    module=module.name,
                    modules=[],
                ),
            )
            for module in group
        ],
    )


def _leave(context: Context, left: list[NonCrud]) -> Command[Literal["generator", "migrate"]]:
    records = context.ledger.state.modules
    missing = [m.name for m in left if status_of(m, records, context.files) == "missing"]
    if missing:
        context.emit(Note(text=f"left for you to write: {', '.join(missing)}"))
    return Command(update={"noncrud_done": True, "modules": []}, goto="migrate")
