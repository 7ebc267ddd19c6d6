"""Every node is logged and recorded: entered, left, how long it took, what it changed."""

import functools
import time
from typing import Protocol, TypeVar

from langgraph.runtime import Runtime

from rockets_graph.context import Context
from rockets_graph.state import Assignment, Batch, RunState
from rockets_graph.trace.recorded_nodes import recorded_node

StateT_contra = TypeVar("StateT_contra", bound=RunState | Batch | Assignment, contravariant=True)
GoTo_co = TypeVar("GoTo_co", covariant=True)


class Node(Protocol[StateT_contra, GoTo_co]):
    """A node as we write it, its first argument called as it likes."""

    def __call__(self, state: StateT_contra, /, runtime: Runtime[Context]) -> GoTo_co: ...


class WatchedNode(Protocol[StateT_contra, GoTo_co]):
    """A node as LangGraph wants it."""

    def __call__(self, state: StateT_contra, *, runtime: Runtime[Context]) -> GoTo_co: ...


def watched(node: Node[StateT_contra, GoTo_co], name: str) -> WatchedNode[StateT_contra, GoTo_co]:
    """The same node, logged and recorded; LangGraph reads its annotations through the wrapper."""

    @functools.wraps(node)
    def run(state: StateT_contra, *, runtime: Runtime[Context]) -> GoTo_co:
        at = state.wave if isinstance(state, RunState) else state["wave"]
        # Before the first wave and after the last one, a node belongs to none.
        wave = at if 0 <= at < len(runtime.context.plan.waves) else None
        log = runtime.context.log.bind(node=name, wave=wave)
        log.debug("enter")
        start = time.perf_counter()
        with recorded_node(name, wave, state) as record:
            command = record.left(node(state, runtime=runtime))
        log.debug("leave", seconds=round(time.perf_counter() - start, 4))
        return command

    return run
