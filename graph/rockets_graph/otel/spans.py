"""Events become spans: workflow ▸ node ▸ agent ▸ chat and tools.

Names follow OpenTelemetry's GenAI conventions of late 2026 (their own repository,
semantic-conventions-genai); what they have no name for is `rockets.*`. Ids are made from the run's
id and the number of the event, so that the same trace always gives the same spans; each attempt of
a run is a trace of its own, and `gen_ai.conversation.id` ties them together. Nothing here knows
the OpenTelemetry SDK.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from rockets_graph.otel import attributes
from rockets_graph.otel.attributes import Attribute, Beginning, Ending
from rockets_graph.otel.content import ReadBody
from rockets_graph.trace.events import (
    AnswerRejected,
    AnyEvent,
    Event,
    Header,
    Messaged,
    ModelRequested,
    RunEnded,
)


@dataclass(kw_only=True)
class Span:
    """One span, whole once it is handed out."""

    name: str
    trace_id: int
    span_id: int
    parent_id: int | None
    start: int
    """Unix nanoseconds; so is `end`."""
    end: int = 0
    client: bool = False
    """It asks somebody outside of the process."""
    attributes: dict[str, Attribute] = field(default_factory=dict[str, Attribute])
    events: list[tuple[str, int, dict[str, Attribute]]] = field(
        default_factory=list[tuple[str, int, dict[str, Attribute]]]
    )
    """Name, Unix nanoseconds, attributes."""
    error: str | None = None
    """What went wrong; None: nothing did."""


class SpanMaker:
    """Takes the events of a trace in their order, gives each span when it has ended."""

    def __init__(self, read: ReadBody | None = None) -> None:
        """`read` is for what was said; without it spans hold names and counts only."""
        self._read = read
        self._open: dict[int, Span] = {}
        """By the event that began it."""
        self._above: dict[int, int] = {}
        """By the event that began an open span, the one that began its parent."""
        self._run_id = ""
        self._run = 0
        """The header of the attempt under way."""
        self._newest = 0

    def take(self, event: AnyEvent) -> tuple[Span, ...]:
        self._newest = max(self._newest, _nanoseconds(event))
        if isinstance(event, Header):
            ended = self.close()
            self._run_id, self._run = event.run_id, event.seq
            self._begin(event)
            return ended
        if isinstance(event, Beginning):
            self._begin(event)
        elif isinstance(event, Ending):
            return self._end(event)
        elif isinstance(event, Messaged | AnswerRejected):
            self._happen(event)
        return ()

    def close(self) -> tuple[Span, ...]:
        """What is still open was cut off."""
        return tuple(self._cut_off(list(self._open), self._newest))

    def _begin(self, event: Beginning) -> None:
        above = event.parent if event.parent in self._open else self._run
        name, known = attributes.beginning(event, self._read)
        self._open[event.seq] = Span(
            name=name,
            trace_id=_number(f"{self._run_id}:{self._run}", 16),
            span_id=self._id(event.seq),
            parent_id=None if event.seq == self._run else self._id(above),
            start=_nanoseconds(event),
            client=isinstance(event, ModelRequested),
            attributes={
                **known,
                "gen_ai.conversation.id": self._run_id,
                "rockets.event.seq": event.seq,
                **_place(event),
            },
        )
        self._above[event.seq] = above

    def _end(self, event: Ending) -> tuple[Span, ...]:
        of = event.of or self._run
        span = self._open.get(of)
        if span is None:
            return ()
        known, error = attributes.ending(event, self._read)
        span.attributes |= known
        span.error = span.error or error
        if of == self._run and not isinstance(event, RunEnded):
            return ()  # what went wrong with the run; its report is still to come
        now = _nanoseconds(event)
        inside = self._cut_off([seq for seq in self._open if self._is_inside(seq, of)], now)
        return (*inside, self._finish(of, now))

    def _is_inside(self, seq: int, of: int) -> bool:
        while (above := self._above.get(seq, seq)) != seq:
            if above == of:
                return True
            seq = above
        return False

    def _cut_off(self, seqs: list[int], now: int) -> list[Span]:
        """End them, the newest first, which is the innermost."""
        for seq in seqs:
            span = self._open[seq]
            span.error = span.error or "interrupted"
            span.attributes.setdefault("error.type", "interrupted")
        return [self._finish(seq, now) for seq in reversed(seqs)]

    def _finish(self, seq: int, now: int) -> Span:
        span = self._open.pop(seq)
        del self._above[seq]
        span.end = max(span.start, now)
        return span

    def _happen(self, event: Messaged | AnswerRejected) -> None:
        span = self._open.get(event.parent or self._run) or self._open.get(self._run)
        if span is not None:
            name, known = attributes.happening(event, self._read)
            span.events.append((name, _nanoseconds(event), known))

    def _id(self, seq: int) -> int:
        return _number(f"{self._run_id}:{seq}", 8)


def _place(event: Event) -> Mapping[str, Attribute]:
    place: dict[str, Attribute] = {}
    if event.node is not None:
        place["rockets.node"] = event.node
    if event.task is not None:
        place["rockets.task"] = event.task
    if event.wave is not None:
        place["rockets.wave"] = event.wave
    return place


def _nanoseconds(event: Event) -> int:
    return int(event.time * 1_000_000) * 1_000


def _number(name: str, size: int) -> int:
    """An id that is not zero, which OpenTelemetry keeps for none."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:size]) or 1
