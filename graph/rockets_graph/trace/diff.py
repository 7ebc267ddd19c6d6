"""Where two runs part: the first thing that one did and the other did not.

Runs are compared by what they did, not by the position of a line: visits of nodes are matched by
node, wave and task, and what happened inside of each by its order there, so that tasks beside each
other may end in any order. What differs between any two runs (times, ids) is not looked at.
"""

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue
from pydantic_core import to_json

from rockets_graph.trace.errors import TraceError
from rockets_graph.trace.events import AnyEvent, Blob, Header, NodeEntered, Progressed, RunEnded
from rockets_graph.trace.reader import TraceFile

VOLATILE = frozenset(
    {
        "attempts", "attempt", "call_id", "content", "duration", "first_token_seconds", "of",
        "parent", "request_id", "response_id", "run_id", "seconds", "seq", "time", "timings",
        "tokens", "waits", "taken_over",
    }
)  # fmt: skip
"""Of an event: what another run has otherwise in any case, or says a second time."""
VOLATILE_INSIDE = frozenset({"id", "call_id", "run_id", "runId", "signature", "timings", "seconds"})
"""The same in a body."""
VOLATILE_OPTIONS = frozenset({"keep_runs", "project", "resume", "spec", "checkpoints"})
MOST_LINES = 60
"""Of a text's difference."""
MOST_SHOWN = 300
"""Characters of a value that are shown."""
BEFORE = 60
"""Of them, those before the place where two long values part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that is not the same."""

    path: str
    """`messages[2].content[0].text`."""
    a: JsonValue
    b: JsonValue

    def lines(self) -> list[str]:
        """Readable: of texts the lines that differ."""
        if isinstance(self.a, str) and isinstance(self.b, str) and "\n" in self.a + self.b:
            found = difflib.unified_diff(
                self.a.splitlines(), self.b.splitlines(), "a", "b", lineterm="", n=2
            )
            lines = list(found)
            more = len(lines) - MOST_LINES
            return lines[:MOST_LINES] + ([f"… {more} more lines"] if more > 0 else [])
        a, b = map(_text, self.excerpts())
        return [f"a: {a}", f"b: {b}"]

    def excerpts(self) -> tuple[JsonValue, JsonValue]:
        """Both values; of long ones, as text, what is around the place where they part."""
        a, b = _text(self.a), _text(self.b)
        if max(len(a), len(b)) <= MOST_SHOWN:
            return self.a, self.b
        parted = (n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other)
        start = max(0, next(parted, min(len(a), len(b))) - BEFORE)
        return _cut(a, start), _cut(b, start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """The place, and what each of the two has there."""

    what: str
    """A sentence."""
    a: AnyEvent | None
    b: AnyEvent | None
    fields: tuple[Difference, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        event = self.a or self.b
        return {
            "what": self.what,
            "kind": event.kind if event else None,
            "node": event.node if event else None,
            "task": event.task if event else None,
            "wave": event.wave if event else None,
            "a": self.a.seq if self.a else None,
            "b": self.b.seq if self.b else None,
            "fields": [{"path": f.path, "a": f.a, "b": f.b} for f in self.fields],
        }


@dataclass(slots=True)
class _Item:
    seq: int
    kind: str
    digest: bytes


@dataclass(slots=True)
class _Visit:
    """A node's run, or what lies outside of nodes."""

    key: tuple[str, int, str]
    first: int
    items: list[_Item] = field(default_factory=list[_Item])


def parting(a: TraceFile, b: TraceFile) -> Parting | None:
    """The first difference in the order of `a`; None: the two did the same."""
    left = list(_visits(b))
    for visit in _visits(a):
        other = next((one for one in left if one.key == visit.key), None)
        if other is None:
            return Parting(
                what=f"A goes to {_name(visit)}, B does not.",
                a=_event(a, visit.first),
                b=_event(b, left[0].first) if left else None,
            )
        left.remove(other)
        found = _compare(a, b, visit, other)
        if found is not None:
            return found
    if left:
        return Parting(what=f"B goes to {_name(left[0])}, A does not.", a=None,
                       b=_event(b, left[0].first))  # fmt: skip
    return None


def _compare(a: TraceFile, b: TraceFile, one: _Visit, other: _Visit) -> Parting | None:
    """The first difference inside of two visits of the same node."""
    for i, j in zip(one.items, other.items, strict=False):
        if i.digest == j.digest and i.kind == j.kind:
            continue
        left, right = _event(a, i.seq), _event(b, j.seq)
        if i.kind != j.kind or left is None or right is None:
            return Parting(
                what=f"In {_name(one)}, A has {i.kind} where B has {j.kind}.", a=left, b=right
            )
        found = differences(comparable(a, left), comparable(b, right))
        fields = tuple(_readable(a, b, difference) for difference in found)
        where = fields[0].path if fields else "its content"
        return Parting(
            what=f"In {_name(one)}, the two differ in {where} of {i.kind}.",
            a=left, b=right, fields=fields,
        )  # fmt: skip
    longer, trace, name = (one, a, "A") if len(one.items) > len(other.items) else (other, b, "B")
    same = min(len(one.items), len(other.items))
    if len(longer.items) == same:
        return None
    extra = longer.items[same]
    event = _event(trace, extra.seq)
    return Parting(
        what=f"In {_name(one)}, {name} goes on with {extra.kind}, the other does not.",
        a=event if name == "A" else None,
        b=event if name == "B" else None,
    )


def _visits(trace: TraceFile) -> Iterator[_Visit]:
    """In the order they began; memory holds a hash for each event."""
    visits: list[_Visit] = []
    owner: dict[int, _Visit] = {}
    for event in trace.events():
        if isinstance(event, Progressed):
            continue
        of: int | None = getattr(event, "of", None)
        visit = owner.get(event.parent or 0) or owner.get(of or 0)
        if isinstance(event, NodeEntered | RunEnded) or visit is None:
            lane = _lane(trace, event) if isinstance(event, NodeEntered) else ""
            key = (event.node or event.kind, -1 if event.wave is None else event.wave, lane)
            visit = _Visit(key, event.seq)
            visits.append(visit)
        owner[event.seq] = visit
        digest = hashlib.blake2b(to_json(comparable(trace, event)), digest_size=16).digest()
        visit.items.append(_Item(event.seq, event.kind, digest))
    return iter(visits)


def _lane(trace: TraceFile, event: NodeEntered) -> str:
    """Tells tasks of one node apart that run beside each other: what a Send carries for them."""
    match trace.value(event.state):
        case {"mode": _}:
            return ""  # the state of the run: visits follow each other
        case {"module": str(name)}:
            return f"module {name}"
        case {"round": int(number)}:
            return f"round {number}"
        case {"number": int(number)}:
            return f"batch {number + 1}"
        case _:
            return ""


def comparable(trace: TraceFile, event: AnyEvent) -> JsonValue:
    """What two runs that do the same have in common, bodies in place of their hashes."""
    dumped: dict[str, JsonValue] = event.model_dump(mode="json", by_alias=False, exclude_none=True)
    plain = {
        name: _stable(resolved(trace, value))
        for name, value in dumped.items()
        # The answer's content is a list; the request's is the hash of what is said besides.
        if name not in VOLATILE or (name == "content" and isinstance(value, list))
    }
    if isinstance(event, Header):
        options = plain.get("options")
        if isinstance(options, dict):
            plain["options"] = {k: v for k, v in options.items() if k not in VOLATILE_OPTIONS}
        plain["versions"] = {"generator": event.versions.get("generator")}
        plain.pop("project", None)
    if isinstance(event, Header | RunEnded):
        plain.pop("tree", None)  # said by the files, each by its name
    return plain


def resolved(trace: TraceFile, value: JsonValue) -> JsonValue:
    """A part of an event, the bodies in it in place of what tells where they are."""
    if isinstance(value, list):
        return [resolved(trace, one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value"}:
        return value["value"]
    if value.keys() == {"blob", "size", "form"}:
        try:
            return trace.value(Blob.model_validate(value))
        except TraceError as error:
            return error.problems[0].message
    return {key: resolved(trace, inner) for key, inner in value.items()}


def _stable(value: JsonValue) -> JsonValue:
    """Without the ids that a model's provider or a run makes up."""
    if isinstance(value, list):
        return [_stable(one) for one in value]
    if isinstance(value, dict):
        return {k: _stable(v) for k, v in value.items() if k not in VOLATILE_INSIDE}
    return value


def differences(a: JsonValue, b: JsonValue, path: str = "") -> Iterator[Difference]:
    """Field by field, in the order of `a`."""
    if a == b:
        return
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            yield from differences(a.get(key), b.get(key), f"{path}.{key}" if path else key)
    elif isinstance(a, list) and isinstance(b, list):
        for index in range(max(len(a), len(b))):
            one, other = (side[index] if index < len(side) else None for side in (a, b))
            yield from differences(one, other, f"{path}[{index}]")
    else:
        yield Difference(path=path, a=a, b=b)


def _readable(a: TraceFile, b: TraceFile, difference: Difference) -> Difference:
    """The texts in place of two hashes, where both traces have them."""
    one, other = difference.a, difference.b
    if not (isinstance(one, str) and isinstance(other, str)):
        return difference
    if one not in a.blobs or other not in b.blobs:
        return difference
    texts = [t.blobs.read(name).decode("utf-8", "replace") for t, name in ((a, one), (b, other))]
    return Difference(path=difference.path, a=texts[0], b=texts[1])


def _event(trace: TraceFile, seq: int) -> AnyEvent | None:
    return next((event for event in trace.events() if event.seq == seq), None)


def _name(visit: _Visit) -> str:
    node, wave, lane = visit.key
    return node + (f" of wave {wave + 1}" if wave >= 0 else "") + (f" ({lane})" if lane else "")


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _cut(text: str, start: int) -> str:
    end = start + MOST_SHOWN
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
