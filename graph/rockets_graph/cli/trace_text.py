"""Recorded runs in lines and in JSON: what `rockets trace` prints."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import printable

if TYPE_CHECKING:
    from pydantic import JsonValue

    from rockets_graph.trace.diff import Parting
    from rockets_graph.trace.reader import TraceFile
    from rockets_graph.trace.runs import RunSummary
    from rockets_graph.trace.view import Filter, Row

MOST_FIELDS = 8
"""Of a difference that are shown."""


def run_lines(runs: "Sequence[RunSummary]") -> Iterator[str]:
    """A line for each run, the newest last."""
    if not runs:
        yield "No run is recorded here."
    for run in runs:
        cost = "?" if run.cost is None else f"{run.cost:.2f}"
        yield printable(
            f"{run.run_id}  {run.outcome:<11}  {run.seconds:8.1f} s  {run.mode:<10}  "
            f"{run.entities:4} entities  {run.tokens:9} tokens  ${cost}"
            + (f"  {run.attempts} attempts" if run.attempts > 1 else "")
            + (f"  ({run.problem})" if run.problem else "")
        )


def head_lines(run: "RunSummary") -> Iterator[str]:
    """What stands above a run's events."""
    when = datetime.fromtimestamp(run.started, UTC)
    yield from run_lines([run])
    yield f"{when:%Y-%m-%d %H:%M:%S} UTC, {run.events} events, {run.folder}"
    if run.roles:
        yield "tokens: " + ", ".join(f"{role} {n}" for role, n in sorted(run.roles.items()))
    yield ""


def row_line(row: "Row") -> str:
    """One event: number, when, what, how long."""
    took = f"  [{row.took:.2f} s]" if row.took is not None and row.took >= 0.005 else ""
    event = row.event
    where = f" @{event.task}" if event.task else ""
    indent = "  " * min(row.depth, 20)
    return printable(
        f"{event.seq:6} {row.seconds:9.2f}  {indent}{row.text}{where}{took}".replace("\n", " ")
    )


def print_events(trace: "TraceFile", wanted: "Filter") -> None:
    """The one document, written as it is read: a long run does not fit into memory twice."""
    import json

    from rockets_graph.trace.runs import summary
    from rockets_graph.trace.view import rows

    run = summary(trace)
    click.echo(f'{{"run": {json.dumps(run.as_json(), ensure_ascii=False)}, "events": [', nl=False)
    comma = "\n"
    for row in rows(trace, wanted, "timeline"):
        click.echo(f"{comma}{row.event.model_dump_json(exclude_none=True)}", nl=False)
        comma = ",\n"
    click.echo("\n]}")


def whole_event(trace: "TraceFile", number: int) -> "JsonValue":
    """An event with its bodies in place of their hashes; raises `TraceError` without one."""
    from rockets_graph.trace.diff import resolved
    from rockets_graph.trace.errors import trace_error

    for event in trace.events():
        if event.seq == number:
            plain: JsonValue = event.model_dump(mode="json", exclude_none=True)
            return resolved(trace, plain)
    raise trace_error(
        "trace-no-event",
        f"The trace has no event {number}.",
        fix="`rockets trace show TRACE` shows their numbers.",
        file=str(trace.source),
    )


def parting_lines(found: "Parting | None") -> Iterator[str]:
    """Where two runs part."""
    if found is None:
        yield "The two runs did the same."
        return
    from rockets_graph.trace.describe import describe

    yield found.what
    for name, event in (("A", found.a), ("B", found.b)):
        if event is not None:
            yield f"  {name}: event {event.seq}, {event.kind}: {describe(event)}"
    for field in found.fields[:MOST_FIELDS]:
        yield f"{field.path}:"
        for line in field.lines():
            yield f"  {line}"
    if len(found.fields) > MOST_FIELDS:
        yield f"(and {len(found.fields) - MOST_FIELDS} more fields)"
