"""What the test server can be told to do with a call: answers, errors, accidents."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

from tests.agents.messages_rules import Json


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server does with one call."""

    content: Sequence[Json] = ()
    stop_reason: str = "end_turn"
    output_tokens: int = 20
    status: int = 200
    error: Json | None = None
    """`{"type": …, "message": …}`: the body when the status is not 200, else an event."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent in place of everything else."""
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds before each event."""
    after: int | None = None
    """Number of events after which `then` happens."""
    then: Literal["error", "cut", "end", "half"] = "cut"
    """An error event, a reset connection, a clean end, or half an event and then an end."""


def say(text: str, **how: Any) -> Reply:
    return Reply(content=({"type": "text", "text": text},), **how)


def say_json(value: object, **how: Any) -> Reply:
    """An answer under an output schema."""
    return say(json.dumps(value), **how)


def use(name: str, arguments: Json, *, text: str = "", **how: Any) -> Reply:
    """An answer that calls a tool."""
    words = ({"type": "text", "text": text},) if text else ()
    call = {"type": "tool_use", "id": f"toolu_{next(_numbers)}", "name": name, "input": arguments}
    return Reply(content=(*words, call), stop_reason="tool_use", **how)


def error(
    status: int,
    kind: str = "",
    message: str = "as told",
    *,
    code: str | None = None,
    **headers: str,
) -> Reply:
    """An error as the API sends it; keyword `retry_after="3"` is a header."""
    details = {"details": {"error_code": code}} if code else {}
    return Reply(
        status=status,
        error={"type": kind or KINDS.get(status, "api_error"), "message": message, **details},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def broken(reply: Reply, *, after: int, then: Literal["error", "cut", "end", "half"]) -> Reply:
    """The reply, but something happens after that many events; an error is one of overload."""
    overload = {"type": "overloaded_error", "message": "Overloaded"}
    return replace(reply, after=after, then=then, error=overload if then == "error" else None)


KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}

_numbers = count(1)
