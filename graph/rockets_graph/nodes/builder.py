"""The Builder: fixes what does not compile or pass."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.state import RunState


def builder(state: RunState, runtime: Runtime[Context]) -> Command[Literal["tester"]]:
    """One try; the Tester says what came of it."""
    from rockets_graph.crew.repair import repair

    attempt = repair(runtime.context, state)
    return Command(
        update={
            "builder_tries": state.builder_tries + 1,
            "attempts": [*state.attempts, attempt],
        },
        goto="tester",
    )
