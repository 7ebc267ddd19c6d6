"""From what the SDK raises to what we do: wait and try again, or stop and say what helps."""

from __future__ import annotations

import math
import re
import ssl
import time
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING, cast

from rockets_tools.errors import Problem

from .errors import (
    AccessRefusedError,
    KeyRefusedError,
    ModelError,
    ModelNotFoundError,
    RequestRefusedError,
    RequestTooLargeError,
    SpendLimitError,
)
from .retry import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from anthropic import APIStatusError
    from pydantic import SecretStr

SPEND_CODES = frozenset(
    {
        "contract_spend_limit_reached",
        "enforced_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable",
        "user_profile_not_billable",
    }
)
"""Limits of money among the 429s and 403s: they end with the month or with a payment."""

SPEND_WORDS = re.compile(r"usage limits|credit balance|spend limit", re.IGNORECASE)
"""In a 400, which has no code for it. The wording may change: then the advice is a poorer one."""

LENGTH_WORDS = re.compile(r"prompt is too long|context (window|length|limit)", re.IGNORECASE)

PASSING_TYPES = frozenset({"rate_limit_error", "overloaded_error", "api_error", "timeout_error"})
PASSING_STATUS = frozenset({408, 409, 425, 429})
FOR_ALL = frozenset({"rate_limit_error", "overloaded_error"})

MOST_CAUSES = 20

MOST_TEXT = 500
"""Characters of somebody else's text that we show."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Will not heal: the kind of error to raise and what it says."""

    kind: type[ModelError]
    problem: Problem
    status: int | None = None
    request_id: str | None = None


def judge_status(error: APIStatusError, *, key: SecretStr, model: str) -> Failure | Refusal:
    """An answer with an error in it, by status or inside a stream that began with 200."""
    said = safe(error.api_message or _plain(error.body) or error.message, key)
    kind = error.type or ""
    error_class = _refusal(kind, error, said)
    if error_class is not None:
        code, fix = ADVICE[error_class]
        return Refusal(
            kind=error_class,
            problem=Problem(
                code=code, message=f"The model {model} could not be asked: {said}", fix=fix
            ),
            status=error.status_code,
            request_id=error.request_id,
        )
    return Failure(
        what=f"{kind or error.status_code}: {said}",
        retry_after=retry_after(error.response.headers),
        for_all=kind in FOR_ALL or error.status_code in (429, 529),
        status=error.status_code,
        request_id=error.request_id,
    )


def _refusal(kind: str, error: APIStatusError, said: str) -> type[ModelError] | None:
    """What is to be raised; None for what may pass."""
    status = error.status_code
    if (
        kind == "billing_error"
        or status == 402
        or error.error_code in SPEND_CODES
        or (status == 400 and SPEND_WORDS.search(said))
    ):
        return SpendLimitError
    if error.response.headers.get("x-should-retry") != "false" and (
        kind in PASSING_TYPES or (status in PASSING_STATUS) or status >= 500
    ):
        return None
    error_class = REFUSALS.get(kind) or REFUSALS.get(status) or RequestRefusedError
    if error_class is RequestRefusedError and LENGTH_WORDS.search(said):
        return RequestTooLargeError
    return error_class


REFUSALS: Mapping[str | int, type[ModelError]] = {
    "authentication_error": KeyRefusedError,
    "permission_error": AccessRefusedError,
    "not_found_error": ModelNotFoundError,
    "request_too_large": RequestTooLargeError,
    "invalid_request_error": RequestRefusedError,
    401: KeyRefusedError,
    403: AccessRefusedError,
    404: ModelNotFoundError,
    413: RequestTooLargeError,
}

ADVICE: Mapping[type[ModelError], tuple[str, str]] = {
    SpendLimitError: (
        "model-spend-limit",
        "Pay or raise the spend limit in the provider's console, then use --resume.",
    ),
    KeyRefusedError: (
        "model-key-refused",
        "Set ANTHROPIC_API_KEY to a valid key, then use --resume.",
    ),
    AccessRefusedError: (
        "model-access-refused",
        "Let the key's workspace use this model, or choose another with --model ROLE=ID.",
    ),
    ModelNotFoundError: (
        "model-not-found",
        "Choose another model with --model ROLE=ID, or mend ANTHROPIC_BASE_URL.",
    ),
    RequestTooLargeError: (
        "model-request-too-large",
        "Split the work into smaller tasks, or choose a model that holds more.",
    ),
    RequestRefusedError: (
        "model-request-refused",
        "Choose another model with --model ROLE=ID; if that does not help, report it.",
    ),
}
"""Stable code and what to do."""


def judge_connection(error: BaseException, *, key: SecretStr) -> Failure | Refusal:
    """No answer, or one that broke off."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refusal(
                kind=AccessRefusedError,
                problem=Problem(
                    code="model-certificate",
                    message=f"The model's server is not trusted: {safe(str(cause), key)}.",
                    fix="Mend ANTHROPIC_BASE_URL, the proxy or SSL_CERT_FILE.",
                ),
            )
    first = causes[-1]
    return Failure(what=safe(f"{error} ({type(first).__name__}: {first})", key))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the first cause last."""
    cause: BaseException | None = error
    seen = 0
    while cause is not None and seen < MOST_CAUSES:
        yield cause
        seen += 1
        if isinstance(cause, BaseExceptionGroup):  # several addresses were tried at once
            cause = cast("BaseExceptionGroup[BaseException]", cause).exceptions[0]
        else:
            cause = cause.__cause__ or cause.__context__


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the other side asks to wait: milliseconds, seconds or a date; None for nonsense."""
    value = headers.get("retry-after", "")
    for text, divisor in ((headers.get("retry-after-ms", ""), 1000), (value, 1)):
        try:
            seconds = float(text) / divisor
        except ValueError:
            continue
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    date = parsedate_tz(value)
    if date is None:
        return None
    sent = parsedate_tz(headers.get("date", ""))
    return max(0.0, mktime_tz(date) - (mktime_tz(sent) if sent else time.time()))


def safe(text: str, key: SecretStr) -> str:
    """Somebody else's text without our key and without line breaks, of bounded length."""
    text = text.replace(key.get_secret_value(), "[key]")
    text = re.sub(r"sk-ant-[\w-]+", "[key]", text)
    text = " ".join(text.split())
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"


def _plain(body: object) -> str:
    """The text of an answer that is not the API's own JSON, as from a proxy."""
    return body if isinstance(body, str) else ""
