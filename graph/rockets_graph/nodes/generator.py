"""The Generator: applies fix requests and writes the modules with behaviour."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.state import Assignment


def generator(assignment: Assignment, runtime: Runtime[Context]) -> Command[Literal["integrate"]]:
    """Do what is assigned; `integrate` comes next, whatever came of it."""
    from rockets_graph.crew.writing import fix, write_module

    name = assignment["module"]
    if name is None:
        settled, restated = fix(runtime.context, assignment)
        return Command(update={"settled": settled, "written": restated}, goto="integrate")
    result = write_module(runtime.context, name)
    return Command(update={"written": {name: result}}, goto="integrate")
