"""Modules with behaviour."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.events import Note
from rockets_graph.state import RunState


def noncrud(_: RunState, runtime: Runtime[Context]) -> Command[Literal["generator", "migrate"]]:
    """Say what is left to write; the team sends it to its Generator instead."""
    context = runtime.context
    if modules := context.plan.non_crud:
        names = ", ".join(module.name for module in modules)
        context.emit(Note(text=f"left for you to write: {names}"))
    return Command(update={"noncrud_done": True}, goto="migrate")
