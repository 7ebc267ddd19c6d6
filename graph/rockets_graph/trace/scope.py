"""Where in the run the code stands that is recorded.

As OpenTelemetry's current span, it travels in a context variable: LangGraph's threads, asyncio's
tasks and `to_thread` take it along, and whoever records something needs no argument for it.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rockets_graph.trace.writer import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What encloses the code that runs."""

    trace: "Trace"
    parent: int | None = None
    """Seq of the innermost event that has begun here."""
    node: str | None = None
    task: str | None = None
    wave: int | None = None


_current: ContextVar[Scope | None] = ContextVar("rockets_trace_scope", default=None)


def current() -> Scope | None:
    """None: nothing is recorded here."""
    return _current.get()


def enter(scope: Scope | None) -> None:
    """From here on, in this thread or task."""
    _current.set(scope)


@contextmanager
def inside(scope: Scope | None) -> Generator[None]:
    """For the block, whatever it sets itself."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)
