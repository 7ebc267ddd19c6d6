"""The Generator: applies fix requests and writes the modules with behaviour."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.state import RunState


def generator(state: RunState, runtime: Runtime[Context]) -> Command[Literal["integrate"]]:
    """The place of a role with a model; no route of the sequential cast leads here."""
    raise NotImplementedError(f"the {state.mode} cast has no Generator")
