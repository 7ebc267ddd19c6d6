"""Spans sent while the run goes on; whatever becomes of them, the run is not touched."""

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from rockets_graph.otel.endpoint import settings_of_the_environment, traces_url

if TYPE_CHECKING:
    from rockets_graph.events import Reporter
    from rockets_graph.otel.content import ReadBody
    from rockets_graph.trace.events import AnyEvent

Sink: TypeAlias = "Callable[[AnyEvent], None]"
"""Takes each event of a trace when it was written; from any thread, never raises or waits."""

MOST_WAITING = 50_000
"""Spans that wait to be sent; more are dropped."""
LAST_SECONDS = 2.0
"""How long the end of a run waits for its last spans to be sent."""
EVERY_MILLISECONDS = 1_000
MOST_AT_ONCE = 512
"""Spans of one request."""


@contextmanager
def live_spans(
    endpoint: str | None = None,
    *,
    warn: Callable[[str], None],
    read: "ReadBody | None" = None,
) -> Generator[Sink]:
    """A sink that sends what it takes to an OTLP/HTTP receiver, from a thread of its own.

    Args:
        endpoint: Base URL, or the whole one when it has a path; None: as the environment says
            (`OTEL_EXPORTER_OTLP_ENDPOINT`, headers, certificates, compression).
        warn: Told once, in one sentence, when spans do not arrive.
        read: Gives the value of a body; with it spans hold what was said, too.

    Raises:
        InputError: the endpoint is no URL, or an OTEL_* variable is nothing that can be used.
    """
    url = traces_url(endpoint)
    quiet()
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from rockets_graph.otel.exporter import OneWarning
    from rockets_graph.otel.sdk import SpanPort
    from rockets_graph.otel.spans import SpanMaker

    with settings_of_the_environment():
        exporter = OneWarning(url, warn)
        port = SpanPort(
            BatchSpanProcessor(
                exporter,
                max_queue_size=MOST_WAITING,
                schedule_delay_millis=EVERY_MILLISECONDS,
                max_export_batch_size=MOST_AT_ONCE,
            )
        )
    maker = SpanMaker(read)
    one_at_a_time = threading.Lock()

    def sink(event: "AnyEvent") -> None:
        with one_at_a_time:
            for span in maker.take(event):
                port.send(span)

    try:
        yield sink
    finally:
        with one_at_a_time:
            for span in maker.close():
                port.send(span)
        exporter.hurry()
        # The SDK's own shutdown may wait half a minute for a receiver that hangs.
        last = threading.Thread(target=port.shutdown, name="last spans", daemon=True)
        last.start()
        last.join(LAST_SECONDS)
        if last.is_alive():
            exporter.tell("the receiver did not take the last spans in time")


@contextmanager
def live_sinks(otel: str | None, emit: "Reporter") -> Generator[tuple[Sink, ...]]:
    """What `--otel` means: None no sinks, an empty text as the environment says, else a URL."""
    from rockets_graph.events import Warned
    from rockets_tools.errors import Problem

    if otel is None:
        yield ()
        return
    fix = "Start an OTLP/HTTP receiver there, or export the recorded trace later."

    def warn(sentence: str) -> None:
        emit(Warned(problem=Problem(code="otel", message=sentence, fix=fix)))

    with live_spans(otel or None, warn=warn) as sink:
        yield (sink,)


def quiet() -> None:
    """The SDK logs every attempt that fails, from threads that outlive a run; we say it once."""
    logger = logging.getLogger("opentelemetry")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
