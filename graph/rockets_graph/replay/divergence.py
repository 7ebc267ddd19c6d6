"""Where a replay parts from the recording, in the words of both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from rockets_graph.replay.compare import Mismatch
from rockets_graph.replay.facts import facts
from rockets_graph.replay.tape import Item, Tape
from rockets_graph.trace.describe import describe
from rockets_graph.trace.diff import Difference, differences, resolved
from rockets_graph.trace.events import AnyEvent
from rockets_graph.trace.reader import TraceFile

MOST_FIELDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """The first thing that was recorded otherwise than it happened."""

    what: str
    """A sentence."""
    kind: str
    event: int | None
    """Seq in the recording; None: nothing is recorded there."""
    replayed: int | None
    """Seq in the replay's own trace; None: it did not happen."""
    role: str | None = None
    node: str | None = None
    task: str | None = None
    wave: int | None = None
    fields: tuple[Difference, ...] = ()
    """`a` was expected, `b` is what came."""

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "what": self.what,
            "kind": self.kind,
            "event": self.event,
            "replayed": self.replayed,
            "role": self.role,
            "node": self.node,
            "task": self.task,
            "wave": self.wave,
            "fields": [_field(difference) for difference in self.fields],
        }


def divergence_of(tape: Tape, replayed: TraceFile, found: Mismatch) -> Divergence:
    """Field by field, bodies and files in place of their hashes."""
    expected = tape.at(found.item.offset) if found.item else None
    fields: tuple[Difference, ...] = ()
    if expected is not None and found.event is not None and expected.kind == found.event.kind:
        pairs = differences(_plain(tape.trace, expected), _plain(replayed, found.event))
        fields = readable(tape.trace, replayed, pairs)
    return told(expected, found.event, fields)


def missing(tape: Tape, item: Item) -> Divergence:
    """The replay came to an end before this."""
    return told(tape.at(item.offset), None, ())


def told(
    expected: AnyEvent | None, got: AnyEvent | None, fields: tuple[Difference, ...]
) -> Divergence:
    """Two events, one of which may be missing, and how they differ."""
    event = got or expected
    if event is None:
        raise ValueError("something has to be recorded or to happen")
    return Divergence(
        what=_sentence(expected, got, fields),
        kind=event.kind,
        event=expected.seq if expected else None,
        replayed=got.seq if got else None,
        role=getattr(event, "role", None),
        node=event.node,
        task=event.task,
        wave=event.wave,
        fields=fields,
    )


def _sentence(
    expected: AnyEvent | None, got: AnyEvent | None, fields: tuple[Difference, ...]
) -> str:
    where = _where(got or expected)
    if expected is None:
        return f"{where}, the replay goes on with {_name(got)}; nothing more is recorded."
    if got is None:
        return f"{where}, event {expected.seq} is recorded, {_name(expected)}; it does not happen."
    if len(fields) == 0:
        return f"{where}, {_name(expected)} is recorded as event {expected.seq}; {_name(got)} came."
    more = f" and {len(fields) - 1} more" if len(fields) > 1 else ""
    return f"{where}, event {expected.seq} ({expected.kind}) differs in {fields[0].path}{more}."


def _where(event: AnyEvent | None) -> str:
    if event is None or event.node is None:
        return "In the run"
    wave = f" of wave {event.wave + 1}" if event.wave is not None and event.wave >= 0 else ""
    role = getattr(event, "role", None)
    who = f", {role}" if role else ""
    return f"In {event.node}{wave}{who}" + (f", task {event.task}" if event.task else "")


def _name(event: AnyEvent | None) -> str:
    return f"{event.kind} ({describe(event)})" if event else "nothing"


def _plain(trace: TraceFile, event: AnyEvent) -> JsonValue:
    """What of the event is compared, without hashes of bodies."""
    found: Mapping[str, object] = facts(event) or {}
    plain: JsonValue = to_jsonable_python(dict(found), by_alias=True)
    return resolved(trace, plain)


def readable(a: TraceFile, b: TraceFile, pairs: Iterable[Difference]) -> tuple[Difference, ...]:
    """The first of them, with texts in place of hashes of files, where the traces have them."""
    return tuple(
        Difference(path=pair.path, a=_text(a, pair.a), b=_text(b, pair.b))
        for pair in islice(pairs, MOST_FIELDS)
    )


def _text(trace: TraceFile, value: JsonValue) -> JsonValue:
    if isinstance(value, str) and len(value) == 64 and value in trace.blobs:
        return trace.blobs.read(value).decode("utf-8", "replace")
    return value


def _field(pair: Difference) -> dict[str, JsonValue]:
    long = isinstance(pair.a, str) and isinstance(pair.b, str) and "\n" in pair.a + pair.b
    expected, got = pair.excerpts()
    return {
        "path": pair.path,
        "expected": expected,
        "got": got,
        "diff": [*pair.lines()] if long else None,
    }
