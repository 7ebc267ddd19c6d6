"""The replay's events against the recorded ones, as they happen; it stops where they part.

Runs of nodes are matched by what they were given; inside of one, things happen one by one, and
each has to be what was recorded. So tasks beside each other may end in any order, and none ever
gets the answer of another.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pydantic import JsonValue

from rockets_graph.replay.facts import digest, facts, is_interruption
from rockets_graph.replay.tape import Item, Tape, Visit
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import AnyEvent, Messaged, ModelRequested, NodeEntered

Why: TypeAlias = Literal["diverged", "recording-ends", "until", "quit"]
PATIENCE = 500
"""Looks, without anything happening in between, at tasks that are late."""
LOOK = 0.002
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The recorded event and what happened in its place; one of them may be missing."""

    item: Item | None
    event: AnyEvent | None


class HaltedError(Exception):
    """The replay goes no further; no node catches it, as it is nothing that a run can meet."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


Asked: TypeAlias = tuple[str | None, str | None, str, str]
"""Node, task, role and hash of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A node begins."""

    seq: int
    """Of the recorded event."""
    node: str
    wave: int | None
    state: JsonValue
    """What it is given."""
    messages: tuple[Messaged, ...]
    """Said between teammates since the moment before."""
    goes_to: tuple[str, ...]
    """Where the run goes from here; empty when that is not recorded."""


Pause: TypeAlias = Callable[[Moment], bool]
"""Called at each; False: go no further."""


class Comparison:
    """A `Sink`. The writer calls it with one event at a time, of whatever thread."""

    def __init__(
        self,
        tape: Tape,
        *,
        until: int | None = None,
        fork_at: int | None = None,
        pause: Pause | None = None,
    ) -> None:
        self._tape = tape
        self._until = until
        self._fork_at = fork_at
        self._pause = pause
        self._left = deque(tape.visits[1:])
        self._outside = tape.visits[0]
        self._visits: dict[int, Visit] = {}
        self._asked: dict[Asked, deque[int]] = {}
        self._seqs = tape.seqs()
        self._seen: set[int] = set()
        self._first = 0
        self._messages: list[int] = []
        self.matched: dict[int, int] = {}
        """Seq in the recording by seq in the replay."""
        self.last = 0
        """The largest recorded seq that was come by."""
        self.halted: Why | None = None
        self.mismatch: Mismatch | None = None
        self.forked = False
        """From here on the run goes its own way."""

    def __call__(self, event: AnyEvent) -> None:
        if self.forked:
            return
        if is_interruption(event):
            return  # of the replay itself
        if self.halted is not None and self.halted != "recording-ends":
            raise HaltedError(self.halted)
        visit = self._begin(event) if isinstance(event, NodeEntered) else self._visit_of(event)
        self._visits[event.seq] = visit
        found = facts(event)
        if found is None:
            return
        item = visit.next
        if item is None:
            raise self._no_more(event)
        if item.digest != digest(found):
            raise self._part(item, event)
        visit.done += 1
        self._came_by(item, event)
        if isinstance(event, Messaged):
            self._messages.append(item.offset)
        if isinstance(event, NodeEntered) and self._pause is not None:
            self._show(self._pause, visit)

    def halt(self, why: Why) -> HaltedError:
        """Stop everything; the error to raise. Where the recording ends, it does so for one task,
        and those beside it go on to their own end."""
        if self.halted in {None, "recording-ends"}:
            self.halted = why
        return HaltedError(why)

    def call(self, seq: int | None) -> int:
        """The recorded call of the one that was just begun; HaltedError when the recording ends
        before its answer."""
        call = self.matched[seq or 0]
        if not self._tape.has_answer(call):
            raise self.halt("recording-ends")
        return call

    def request(self, asked: Asked) -> int:
        """The same of a request to a model."""
        call = self._asked[asked].popleft()
        if not self._tape.has_answer(call):
            raise self.halt("recording-ends")
        return call

    async def turn(self, seq: int) -> None:
        """Wait until everything recorded before `seq` has happened: tasks beside each other go on
        in the order they did, whose messages and whose failure the others may have seen.

        Not for ever: what diverges never happens.
        """
        looks, count = 0, len(self._seen)
        while self._late(seq) and looks < PATIENCE and self.mismatch is None:
            await asyncio.sleep(LOOK)
            looks = looks + 1 if count == len(self._seen) else 0
            count = len(self._seen)

    def missed(self) -> Item | None:
        """The first recorded event that the replay did not come by."""
        items = [visit.next for visit in (*self._left, *self._open(), self._outside)]
        return min((item for item in items if item is not None), default=None)

    def _open(self) -> list[Visit]:
        return [visit for visit in self._tape.visits[1:] if visit.done]

    def _begin(self, event: NodeEntered) -> Visit:
        """The recorded run of the node that was given the same."""
        found = facts(event)
        wanted = digest(found) if found else b""
        same = [visit for visit in self._left if visit.node == event.node]
        visit = next((one for one in same if one.items[0].digest == wanted), None)
        if visit is None:
            other = next(iter(same or self._left), None)
            if other is None or (same and not self._tape.whole and self._is_lane(other)):
                raise self._no_more(event)
            raise self._part(other.items[0], event)
        self._left.remove(visit)
        return visit

    def _is_lane(self, visit: Visit) -> bool:
        """One of several beside each other, each sent its part; others may not have begun."""
        begins = self._tape.at(visit.items[0].offset)
        state = self._tape.trace.value(begins.state) if isinstance(begins, NodeEntered) else None
        return isinstance(state, dict) and "run_id" not in state

    def _visit_of(self, event: AnyEvent) -> Visit:
        of: int | None = getattr(event, "of", None)
        return self._visits.get(of or event.parent or 0, self._outside)

    def _show(self, pause: Pause, visit: Visit) -> None:
        begins = self._tape.at(visit.items[0].offset)
        if not isinstance(begins, NodeEntered):
            raise trace_error("trace-changed", "The trace changed while it was read.")
        said = [self._tape.at(offset) for offset in self._messages]
        self._messages.clear()
        moment = Moment(
            seq=begins.seq,
            node=begins.node or "",
            wave=begins.wave,
            state=self._tape.trace.value(begins.state),
            messages=tuple(one for one in said if isinstance(one, Messaged)),
            goes_to=tuple(self._tape.goes_to(visit)),
        )
        if not pause(moment):
            raise self.halt("quit")

    def _came_by(self, item: Item, event: AnyEvent) -> None:
        self.matched[event.seq] = item.seq
        self._seen.add(item.seq)
        self.last = max(self.last, item.seq)
        if isinstance(event, ModelRequested):
            asked = (event.node, event.task, event.role, event.content)
            self._asked.setdefault(asked, deque()).append(item.seq)
        if self._fork_at is not None and item.seq >= self._fork_at:
            self.forked = True
        if self._until is not None and item.seq >= self._until:
            raise self.halt("until")

    def _late(self, seq: int) -> bool:
        while self._first < len(self._seqs) and self._seqs[self._first] in self._seen:
            self._first += 1
        return self._first < len(self._seqs) and self._seqs[self._first] < seq

    def _no_more(self, event: AnyEvent) -> HaltedError:
        """Nothing is recorded where something happens."""
        if not self._tape.whole:
            return self.halt("recording-ends")
        return self._part(None, event)

    def _part(self, item: Item | None, event: AnyEvent) -> HaltedError:
        if self.mismatch is None:
            self.mismatch = Mismatch(item, event)
        return self.halt("diverged")
