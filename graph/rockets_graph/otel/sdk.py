"""Our spans, handed to the OpenTelemetry SDK. Import this only where spans are sent."""

import base64
import json
from collections.abc import Sequence
from importlib.metadata import version

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from rockets_graph.otel.attributes import Attribute
from rockets_graph.otel.spans import Span


class SpanPort:
    """Gives finished spans to a processor, with the ids and times that they bring along."""

    def __init__(self, processor: SpanProcessor) -> None:
        ours = version("rockets-team")
        resource = Resource({"service.name": "rockets-team", "service.version": ours})
        self._ids = _GivenIds()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            resource=resource.merge(OTELResourceDetector().detect()),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("rockets_graph.otel", ours)

    def send(self, span: Span) -> None:
        self._ids.trace_id, self._ids.span_id = span.trace_id, span.span_id
        given = self._tracer.start_span(
            _utf8(span.name),
            _below(span),
            SpanKind.CLIENT if span.client else SpanKind.INTERNAL,
            {name: _value(value) for name, value in span.attributes.items()},
            start_time=span.start,
        )
        for name, time, attributes in span.events:
            known = {key: _value(value) for key, value in attributes.items()}
            given.add_event(name, known, timestamp=time)
        if span.error is not None:
            given.set_status(Status(StatusCode.ERROR, _utf8(span.error)))
        given.end(span.end)

    def shutdown(self) -> None:
        self._provider.shutdown()


class Collected(SpanProcessor):
    """Keeps what has ended until somebody takes it."""

    def __init__(self) -> None:
        self._spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self._spans.append(span)

    def __len__(self) -> int:
        return len(self._spans)

    def take(self) -> list[ReadableSpan]:
        spans, self._spans = self._spans, []
        return spans


def otlp_json(spans: Sequence[ReadableSpan]) -> str:
    """One line of an OTLP/JSON file: protobuf's JSON, but with ids in hex, as OTLP wants them."""
    from google.protobuf.json_format import MessageToDict

    document = MessageToDict(encode_spans(spans), use_integers_for_enums=True)
    for resource in document.get("resourceSpans", ()):
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if name in span:
                        span[name] = base64.b64decode(span[name]).hex()
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


class _GivenIds(IdGenerator):
    trace_id = 1
    span_id = 1

    def generate_span_id(self) -> int:
        return self.span_id

    def generate_trace_id(self) -> int:
        return self.trace_id


def _below(span: Span) -> Context:
    if span.parent_id is None:
        return Context()
    parent = SpanContext(span.trace_id, span.parent_id, is_remote=False, trace_flags=TraceFlags(1))
    return set_span_in_context(NonRecordingSpan(parent), Context())


def _value(value: Attribute) -> Attribute:
    if isinstance(value, str):
        return _utf8(value)
    return value if isinstance(value, bool | int | float) else [_utf8(item) for item in value]


def _utf8(text: str) -> str:
    """Protobuf takes no half surrogate pairs."""
    return text.encode("utf-8", "backslashreplace").decode()
