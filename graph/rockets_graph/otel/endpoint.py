"""Where spans go."""

from urllib.parse import urlsplit, urlunsplit

from rockets_tools.errors import InputError, Problem


def traces_url(endpoint: str | None) -> str | None:
    """The URL to post spans to; None: what `OTEL_EXPORTER_OTLP_ENDPOINT` says, by default
    port 4318 of this machine.

    Raises:
        InputError: it is no http or https URL.
    """
    if endpoint is None:
        return None
    try:
        parts = urlsplit(endpoint)
        # A port that is no number raises where it is looked at.
        named = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        parts, named = None, False
    if parts is None or not named:
        raise InputError(
            Problem(
                code="otlp-endpoint",
                message="The endpoint for OpenTelemetry is no http or https URL.",
                fix="Give the base URL of an OTLP/HTTP receiver, e.g. http://127.0.0.1:4318.",
            )
        )
    if parts.path in {"", "/"}:
        return urlunsplit((parts.scheme, parts.netloc, "/v1/traces", parts.query, ""))
    return endpoint


def shown(url: str) -> str:
    """The URL without what may be secret in it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"
