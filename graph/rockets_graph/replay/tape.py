"""A recorded attempt as a replay reads it: once from its beginning to its end, then here and there.

Memory holds a few words for each event; what an event says is read when it is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rockets_graph.replay.facts import digest, facts, is_interruption
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import (
    AnyEvent,
    Header,
    ModelAnswered,
    ModelFailed,
    NodeEntered,
    NodeLeft,
    Progressed,
    RunEnded,
    ToolAnswered,
)
from rockets_graph.trace.reader import TraceFile


class Item(NamedTuple):
    """An event that the replay has to come by."""

    seq: int
    offset: int
    kind: str
    digest: bytes


@dataclass(slots=True)
class Visit:
    """One run of a node, or what lies outside of nodes; inside, things happen one by one."""

    node: str | None
    items: list[Item] = field(default_factory=list[Item])
    done: int = 0
    """How many of the items the replay has come by."""

    @property
    def next(self) -> Item | None:
        return self.items[self.done] if self.done < len(self.items) else None


class Tape:
    """One attempt of a trace."""

    def __init__(self, trace: TraceFile, attempt: int | None = None) -> None:
        """`attempt`: None takes the last one. Raises `TraceError` when there is none of that
        number."""
        self.trace = trace
        self._begin(trace.header)
        found = False
        for offset, event in trace.located():
            if isinstance(event, Header):
                if found and attempt is not None:
                    break
                if attempt in {None, event.attempt}:
                    found = True
                    self._begin(event)
            if found:
                self._add(offset, event)
        self.problem = trace.problem
        """Why nothing is read after the last event; None: nothing is there."""
        if not found:
            raise trace_error(
                "trace-attempt",
                f"The trace has no attempt {attempt}.",
                fix="`rockets trace show TRACE --kind header` shows them.",
                file=str(trace.source),
            )

    def require_event(self, seq: int) -> None:
        """Raise `TraceError` for an event after the last one that counts."""
        if seq > self.last:
            raise trace_error(
                "trace-no-event",
                f"The recording has no event {seq}; its last one is {self.last}.",
                fix="`rockets trace show TRACE --timeline` shows their numbers.",
                file=str(self.trace.source),
            )

    def _begin(self, header: Header) -> None:
        self.header = header
        self.visits: list[Visit] = []
        """In the order they began; the first is what lies outside of nodes."""
        self.end: RunEnded | None = None
        """None, too, for a run that was interrupted: nobody interrupts the replay there."""
        self.cut = False
        """A person interrupted it: what came after was no work any more."""
        self.last = header.seq
        """Seq of the last event that counts."""
        self._outside = Visit(None)
        self.visits.append(self._outside)
        self._owner: dict[int, Visit] = {}
        self._answers: dict[int, int] = {}
        self._lines: dict[int, list[int]] = {}

    def _add(self, offset: int, event: AnyEvent) -> None:
        self.cut = self.cut or is_interruption(event)
        if self.cut:
            return
        self.last = event.seq
        visit = self._visit_of(event)
        self._owner[event.seq] = visit
        match event:
            case ToolAnswered() | ModelAnswered() | ModelFailed():
                self._answers[event.of] = offset
            case Progressed() if event.shown.kind == "output" and event.parent is not None:
                self._lines.setdefault(event.parent, []).append(offset)
            case RunEnded():
                self.end = event
            case _:
                pass
        found = facts(event)
        if found is not None:
            visit.items.append(Item(event.seq, offset, event.kind, digest(found)))

    def _visit_of(self, event: AnyEvent) -> Visit:
        if isinstance(event, NodeEntered):
            visit = Visit(event.node)
            self.visits.append(visit)
            return visit
        of: int | None = getattr(event, "of", None)
        return self._owner.get(of or event.parent or 0, self._outside)

    @property
    def whole(self) -> bool:
        """It has an end; else what comes after the last event is not known."""
        return (
            not self.cut
            and bool(self._outside.items)
            and self._outside.items[-1].kind
            in {
                "run-ended",
                "error",
            }
        )

    def at(self, offset: int) -> AnyEvent:
        return self.trace.at(offset)

    def seqs(self) -> list[int]:
        """Of everything that the replay has to come by, sorted."""
        return sorted(item.seq for visit in self.visits for item in visit.items)

    def has_answer(self, call: int) -> bool:
        return call in self._answers

    def answer(self, call: int) -> AnyEvent | None:
        """What ended the call of this seq; None: the run ended before."""
        offset = self._answers.get(call)
        return None if offset is None else self.at(offset)

    def lines(self, call: int) -> Iterator[str]:
        """What a program printed in this call."""
        for offset in self._lines.get(call, ()):
            event = self.at(offset)
            if isinstance(event, Progressed) and event.shown.kind == "output":
                yield event.shown.line

    def goes_to(self, visit: Visit) -> list[str]:
        """Where a node went; empty when that is not recorded."""
        left = self.at(visit.items[-1].offset)
        return [to.node for to in left.goto] if isinstance(left, NodeLeft) else []
