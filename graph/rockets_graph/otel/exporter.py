"""The exporter of a live run: it complains once."""

from collections.abc import Callable, Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from rockets_graph.otel.endpoint import place


class OneWarning(SpanExporter):
    """Sends by OTLP over HTTP; used by the one thread of its processor."""

    def __init__(self, url: str | None, warn: Callable[[str], None]) -> None:
        self._inner = OTLPSpanExporter(endpoint=url)
        self._place = place(url)
        self._warn = warn
        self._told = False
        self._failed = False
        """The newest batch did not arrive."""
        self._in_a_hurry = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._in_a_hurry and self._failed:
            return SpanExportResult.FAILURE
        result = self._inner.export(spans)
        self._failed = result is not SpanExportResult.SUCCESS
        if self._failed:
            self.tell("the receiver does not take them")
        return result

    def hurry(self) -> None:
        """The run is over: nobody waits for a receiver that was not there before."""
        self._in_a_hurry = True

    def tell(self, why: str) -> None:
        if not self._told:
            self._told = True
            self._warn(f"No OpenTelemetry spans at {self._place}: {why}; the run goes on.")

    def shutdown(self) -> None:
        # The SDK leaves this method without types.
        shutdown: Callable[[], None] = self._inner.shutdown
        shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)
