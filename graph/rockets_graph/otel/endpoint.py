"""Where spans go."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from rockets_tools.errors import InputError, Problem

VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""The first that is set counts."""
DEFAULT = "http://localhost:4318"
"""Where the SDK sends to when nobody says anything."""


def traces_url(endpoint: str | None) -> str | None:
    """The URL to post spans to; None: left to the SDK, which knows what the environment says.

    Raises:
        InputError: what is given, here or in the environment, is no http or https URL.
    """
    if endpoint is None:
        name = _variable()
        if name is not None:
            _require_url(os.environ[name], name)
        return None
    _require_url(endpoint, "The endpoint for OpenTelemetry")
    parts = urlsplit(endpoint)
    if parts.path in {"", "/"}:
        return urlunsplit((parts.scheme, parts.netloc, "/v1/traces", parts.query, ""))
    return endpoint


def place(url: str | None) -> str:
    """Where `traces_url` leads to, for people: without what may be secret in it."""
    name = _variable()
    return shown(url or (os.environ[name] if name else DEFAULT))


def shown(url: str) -> str:
    """The URL without what may be secret in it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


@contextmanager
def settings_of_the_environment() -> Generator[None]:
    """For what builds parts of the SDK, which read OTEL_* variables: a wrong one is said."""
    try:
        yield
    except ValueError as error:
        reason = str(error).rstrip(".")
        raise InputError(
            Problem(
                code="otel-settings",
                message=f"OpenTelemetry cannot use a setting of the environment: {reason}.",
                fix="Correct the OTEL_* variables, or send no spans.",
            )
        ) from error


def _variable() -> str | None:
    return next((name for name in VARIABLES if os.environ.get(name)), None)


def _require_url(text: str, what: str) -> None:
    try:
        parts = urlsplit(text)
        # A port that is no number raises where it is looked at.
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise InputError(
            Problem(
                code="otlp-endpoint",
                message=f"{what} is no http or https URL.",
                fix="Give the base URL of an OTLP/HTTP receiver, e.g. http://127.0.0.1:4318.",
            )
        )
