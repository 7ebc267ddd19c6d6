"""Logs: a readable line on a terminal, JSON elsewhere; bound with run, node and wave.

The command line calls `configure`; a program that uses us as a library and does not hears
nothing.
"""

import logging
import sys
from typing import Protocol, TextIO


def configure(stream: TextIO, *, verbose: bool = False) -> None:
    """Send logs of this process to `stream`: warnings and worse, everything when verbose."""
    import structlog

    readable = stream.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.WARNING
        ),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )


class Log(Protocol):
    """What nodes need of a logger; structlog's have it."""

    def bind(self, **values: object) -> "Log": ...
    def debug(self, event: str, **values: object) -> object: ...


class Quiet:
    """The logger of a process that did not ask for logs; spares it structlog's import."""

    def bind(self, **_: object) -> "Quiet":
        return self

    def debug(self, event: str, **values: object) -> None:
        pass


def run_logger(run_id: str) -> Log:
    """The logger of one run."""
    if "structlog" not in sys.modules:
        return Quiet()
    import structlog

    if not structlog.is_configured():
        return Quiet()
    log: Log = structlog.get_logger().bind(run=run_id)
    return log
