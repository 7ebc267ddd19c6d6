"""Nodes: what each was given, what it changed, where it went."""

# `Command` is generic in the names of nodes, which nothing here knows.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from rockets_graph.trace.events import Failed, GoTo, Interrupted, NodeEntered, NodeLeft, Said
from rockets_graph.trace.scope import Scope, current, enter
from rockets_tools.errors import Problem, RocketsError

if TYPE_CHECKING:
    from langgraph.types import Send

ResultT = TypeVar("ResultT")


def recorded_node(name: str, wave: int | None, state: object) -> "NodeRecord | Unrecorded":
    """Around one run of a node; nothing where nothing is recorded."""
    scope = current()
    return Unrecorded() if scope is None else NodeRecord(scope, name, wave, state)


class Unrecorded(AbstractContextManager["Unrecorded"]):
    def __exit__(self, *_: object) -> None:
        pass

    def left(self, command: ResultT) -> ResultT:
        """What the node answered."""
        return command


class NodeRecord(AbstractContextManager["NodeRecord"]):
    """One run of a node; how it ends is told by `left`, or by what it raises."""

    def __init__(self, scope: Scope, name: str, wave: int | None, state: object) -> None:
        self._outer, self._trace = scope, scope.trace
        self._name, self._wave, self._state = name, wave, state
        self._start = time.perf_counter()
        self._seq = 0

    def __enter__(self) -> "NodeRecord":
        outer, name, wave = self._outer, self._name, self._wave
        enter(Scope(trace=self._trace, parent=outer.parent, node=name, wave=wave))
        given = self._trace.body(self._state)
        self._seq = self._trace.write(lambda at: NodeEntered(**at, state=given))
        enter(Scope(trace=self._trace, parent=self._seq, node=name, wave=wave))
        return self

    def left(self, command: ResultT) -> ResultT:
        """What the node answered."""
        from langgraph.types import Command

        update, goto = self._trace.body(None), tuple[GoTo, ...]()
        if isinstance(command, Command):
            update = self._trace.body(command.update)
            goto = tuple(map(self._target, listed(command.goto)))
        self._end()
        seconds = time.perf_counter() - self._start
        self._trace.write(
            lambda at: NodeLeft(**at, duration=seconds, of=self._seq, update=update, goto=goto)
        )
        return command

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._end()
            self._failed(error)
        enter(self._outer)

    def _end(self) -> None:
        """What ends the node lies beside its beginning, not inside."""
        outer = self._outer
        enter(Scope(trace=self._trace, parent=outer.parent, node=self._name, wave=self._wave))

    def _failed(self, error: BaseException) -> None:
        from langgraph.errors import GraphInterrupt

        seconds = time.perf_counter() - self._start
        if isinstance(error, GraphInterrupt):
            asked: Sequence[object] = error.args[0] if error.args else ()
            value = self._trace.body([getattr(one, "value", None) for one in asked])
            self._trace.write(
                lambda at: Interrupted(**at, duration=seconds, of=self._seq, value=value)
            )
            return
        name, problems = type(error).__name__, problems_of(error)
        self._trace.write(
            lambda at: Failed(**at, duration=seconds, of=self._seq, error=name, problems=problems)
        )

    def _target(self, target: "str | Send") -> GoTo:
        """A name, or a node and what a Send carries to it."""
        if isinstance(target, str):
            return GoTo(node=target)
        return GoTo(node=target.node, state=self._trace.body(target.arg))


def listed(goto: "str | Send | Sequence[str | Send]") -> "Sequence[str | Send]":
    """Where a command goes, one or many."""
    return goto if isinstance(goto, Sequence) and not isinstance(goto, str) else (goto,)


def problems_of(error: BaseException) -> tuple[Said, ...]:
    """What a person is told of it."""
    if isinstance(error, RocketsError):
        return tuple(map(said, error.problems))
    return (Said(code="defect", message=str(error)[:2_000], fix=""),) if str(error) else ()


def said(problem: Problem) -> Said:
    """A problem, as an event holds it."""
    return Said(
        code=problem.code,
        message=problem.message,
        fix=problem.fix,
        file=problem.file,
        line=problem.line,
        pointer=problem.pointer,
    )
