"""The project gets its packages."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.state import RunState


def bootstrap(_: RunState, runtime: Runtime[Context]) -> Command[Literal["lead_dispatch"]]:
    """Run `npm ci`; a failure ends the run as the machine's (exit 3), resumable."""
    context = runtime.context
    with context.step("bootstrap") as step:
        context.tools.install(context.output("bootstrap"))
        step.passed = True
    return Command(goto="lead_dispatch")
