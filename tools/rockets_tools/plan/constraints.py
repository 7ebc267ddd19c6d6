"""Does a JSON value fit a field, as the generated DTO and the database will see it?"""

import math
import re
from datetime import datetime
from decimal import Decimal

from pydantic import JsonValue

from rockets_tools.plan import jsregex
from rockets_tools.plan.model import Field, FieldType

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
VARCHAR = 255
_DIGITS = 15
MAX_EXACT = 10**_DIGITS
"""Scaled decimals up to here survive a JSON number unchanged."""

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_URL = re.compile(
    r"(?:(?:https?|ftp)://)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
    r"(?::\d{1,5})?(?:[/?#][^\s<>]*)?"
)
_MAX_EMAIL, _MAX_URL = 254, 2083
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?"
)


def text_limits(field: Field) -> tuple[int, int | None]:
    """Shortest and longest text a string or text field takes."""
    longest = field.max_length
    if longest is None and field.type is FieldType.STRING:
        longest = VARCHAR
    if field.is_email:
        longest = min(longest or _MAX_EMAIL, _MAX_EMAIL)
    if field.is_url:
        longest = min(longest or _MAX_URL, _MAX_URL)
    return field.min_length or 0, longest


def scaled_limits(field: Field) -> tuple[int, int]:
    """Smallest and largest value of a number field, of a float times 10^scale; both whole."""
    return _limits(field, MAX_EXACT)


def _limits(field: Field, most: int) -> tuple[int, int]:
    if field.type is FieldType.NUMBER:
        low, high, factor = INT_MIN, INT_MAX, Decimal(1)
    else:
        high = min(10**field.precision - 1, most)
        low, factor = -high, Decimal(10) ** field.scale
    if field.min is not None:
        low = max(low, math.ceil(Decimal(str(field.min)) * factor))
    if field.max is not None:
        high = min(high, math.floor(Decimal(str(field.max)) * factor))
    return low, high


def misfit(field: Field, value: JsonValue) -> str | None:
    """Why a value does not fit a field ("is longer than 3 characters"), or None.

    Null never fits.
    """
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            reason = _text(field, value)
        case FieldType.NUMBER | FieldType.FLOAT:
            reason = _number(field, value)
        case FieldType.BOOLEAN:
            reason = None if isinstance(value, bool) else "is not true or false"
        case FieldType.DATE:
            reason = None if is_date(value) else "is not an ISO 8601 date and time"
        case FieldType.UUID:
            fits = isinstance(value, str) and _UUID.fullmatch(value)
            reason = None if fits else "is not a UUID"
        case FieldType.ENUM:
            reason = None if value in field.enum_values else "is not one of the enumValues"
        case FieldType.JSON:
            reason = "is null" if value is None else None
    return reason


def is_date(value: JsonValue) -> bool:
    """An ISO 8601 date, with or without time, that JavaScript and Postgres read alike."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_email(text: str) -> bool:
    """An e-mail address that everybody takes as one."""
    return len(text) <= _MAX_EMAIL and _EMAIL.fullmatch(text) is not None and ".." not in text


def is_url(text: str) -> bool:
    """A URL with a public host name; the protocol may be missing."""
    return len(text) <= _MAX_URL and _URL.fullmatch(text) is not None


def _text(field: Field, value: JsonValue) -> str | None:
    if not isinstance(value, str):
        return "is not a string"
    shortest, longest = text_limits(field)
    if len(value) < shortest:
        return f"is shorter than {shortest} characters"
    if longest is not None and len(value) > longest:
        return f"is longer than {longest} characters"
    for broken, reason in (
        ("\0" in value, "has a NUL character, which Postgres cannot store"),
        (field.is_email and not is_email(value), "is not an e-mail address"),
        (field.is_url and not is_url(value), "is not a URL"),
    ):
        if broken:
            return reason
    if field.pattern is not None and not jsregex.matches(field.pattern, value):
        return "does not match the pattern"
    return None


def _number(field: Field, value: JsonValue) -> str | None:
    whole = field.type is FieldType.NUMBER
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not an integer" if whole else "is not a number"
    exact = Decimal(str(value))
    scaled = exact if whole else exact.scaleb(field.scale)
    if scaled != scaled.to_integral_value():
        return "is not an integer" if whole else f"has more than {field.scale} decimals"
    few = len(exact.normalize().as_tuple().digits) <= _DIGITS and abs(exact) < MAX_EXACT
    # `9.99` is exact whatever the scale: of decimal(65,30) any 15 digits are.
    low, high = _limits(field, MAX_EXACT * 10**field.scale) if few else scaled_limits(field)
    if scaled < low or scaled > high:
        factor = 1 if whole else 10**field.scale
        return f"is not between {Decimal(low) / factor:f} and {Decimal(high) / factor:f}"
    return None
