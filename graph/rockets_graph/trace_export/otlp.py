"""The spans of a recorded run, to a receiver or into an OTLP/JSON file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rockets_graph.otel.endpoint import place, settings_of_the_environment, traces_url
from rockets_graph.trace_export.bodies import Bodies
from rockets_graph.trace_export.target import replaced
from rockets_tools.errors import MachineError, Problem

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from rockets_graph.trace.reader import TraceFile

BATCH = 256
"""Spans of one request, or of one line of a file."""


def send_spans(trace: "TraceFile", endpoint: str, *, content: bool) -> int:
    """Send every span to an OTLP/HTTP receiver; how many there were.

    Raises:
        InputError: the endpoint is no URL.
        MachineError: the receiver does not take them.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import SpanExportResult

    from rockets_graph.otel.live import quiet

    url = traces_url(endpoint)
    sent = 0
    quiet()
    with settings_of_the_environment():
        exporter = OTLPSpanExporter(endpoint=url)
    for batch in _batches(trace, content=content):
        if exporter.export(batch) is not SpanExportResult.SUCCESS:
            raise _not_taken(place(url), sent)
        sent += len(batch)
    return sent


def write_spans(trace: "TraceFile", path: Path, *, content: bool) -> int:
    """Write every span as OTLP/JSON, a document a line; how many there were."""
    from rockets_graph.otel.sdk import otlp_json

    written = 0
    with replaced(path) as stream:
        for batch in _batches(trace, content=content):
            stream.write(f"{otlp_json(batch)}\n".encode())
            written += len(batch)
    return written


def _batches(trace: "TraceFile", *, content: bool) -> "Iterator[list[ReadableSpan]]":
    from rockets_graph.otel.sdk import Collected, SpanPort
    from rockets_graph.otel.spans import SpanMaker

    collected = Collected()
    with settings_of_the_environment():
        port = SpanPort(collected)
    maker = SpanMaker(Bodies(trace).value if content else None)
    for event in trace.events():
        for span in maker.take(event):
            port.send(span)
        if len(collected) >= BATCH:
            yield collected.take()
    for span in maker.close():
        port.send(span)
    if len(collected):
        yield collected.take()


def _not_taken(place: str, sent: int) -> MachineError:
    return MachineError(
        Problem(
            code="otlp-receiver",
            message=f"The receiver at {place} does not take the spans ({sent} were sent).",
            fix="Start an OTLP/HTTP receiver there, or give a file in place of the URL.",
        )
    )
