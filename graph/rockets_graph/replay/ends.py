"""How two runs ended: their reports and their files."""

from collections.abc import Collection

from pydantic import JsonValue

from rockets_graph.replay.divergence import Divergence, readable, told
from rockets_graph.replay.tape import Tape
from rockets_graph.trace.diff import differences
from rockets_graph.trace.events import RunEnded
from rockets_graph.trace.reader import TraceFile

NOT_COMPARED = frozenset({"timings", "next"})
"""Of a report: how long it took, and what to type in the folder where it was."""


def ends_differ(tape: Tape, own: TraceFile, left_out: Collection[str]) -> Divergence | None:
    """The first difference; None, too, where a run did not come to an end."""
    expected = tape.end
    got = next((event for event in own.events() if isinstance(event, RunEnded)), None)
    if expected is None or got is None:
        return None
    found = differences(_end(tape.trace, expected, left_out), _end(own, got, left_out))
    fields = readable(tape.trace, own, found)
    return told(expected, got, fields) if fields else None


def _end(trace: TraceFile, event: RunEnded, left_out: Collection[str]) -> JsonValue:
    tree = trace.tree(event.files)
    return {
        "files": {path: name for path, name in tree.files.items() if path not in left_out},
        "links": {path: name for path, name in tree.links.items() if path not in left_out},
        "report": _report(trace.value(event.report)),
    }


def _report(value: JsonValue) -> JsonValue:
    """Errors by their codes: their sentences may name the folder of the project."""
    if not isinstance(value, dict):
        return value
    kept = {key: part for key, part in value.items() if key not in NOT_COMPARED}
    errors = kept.get("errors")
    if isinstance(errors, list):
        kept["errors"] = [one.get("code") if isinstance(one, dict) else one for one in errors]
    return kept
