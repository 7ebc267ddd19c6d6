"""Scalar types of OpenAPI properties, with their formats and limits."""

from collections.abc import Mapping
from dataclasses import replace

from rockets_tools.documents.schema import ColumnType
from rockets_tools.documents.yaml_text import Value
from rockets_tools.plan.constraints import INT_MAX, INT_MIN
from rockets_tools.plan.model import FieldType

_FORMATS: Mapping[str, ColumnType] = {
    "date-time": ColumnType(type=FieldType.DATE),
    "date": ColumnType(type=FieldType.DATE, guess="a day is kept as a moment, midnight UTC"),
    "time": ColumnType(type=FieldType.STRING, max_length=24, guess="a time of day is kept as text"),
    "uuid": ColumnType(type=FieldType.UUID),
    "email": ColumnType(type=FieldType.STRING, is_email=True),
    "uri": ColumnType(type=FieldType.STRING, is_url=True),
    "url": ColumnType(type=FieldType.STRING, is_url=True),
    "binary": ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
    "byte": ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
}


def plain_type(written: str | None, item: Value) -> ColumnType:
    """The type of a property, without the enums and references around it."""
    match written:
        case "string":
            kind = _string(item)
        case "integer":
            kind = _integer(item)
        case "number":
            kind = _number(item)
        case "boolean":
            kind = ColumnType(type=FieldType.BOOLEAN)
        case "file":
            kind = replace(_FORMATS["binary"])
        case "array":
            kind = ColumnType(type=FieldType.JSON, guess="a list is kept as JSON, unchecked")
        case _:
            kind = ColumnType(type=FieldType.JSON, guess="an object is kept as JSON, unchecked")
    return kind


def is_nullable(item: Value) -> bool:
    """In the spelling of 3.0, of 3.1, or as one of several forms."""
    wrapped = item.get("anyOf") or item.get("oneOf")
    parts = wrapped.items if wrapped else []
    return (
        item.flag("nullable")
        or "null" in item.texts("type")
        or any(part.text("type") == "null" for part in parts)
    )


def _string(item: Value) -> ColumnType:
    known = _FORMATS.get(item.text("format") or "")
    if known is not None and known.type is not FieldType.STRING:
        return ColumnType(type=known.type, guess=known.guess)
    longest, shortest = item.number("maxLength"), item.number("minLength")
    fits = isinstance(longest, int) and 0 < longest <= 10_485_760
    short = known is not None or fits
    return ColumnType(
        type=FieldType.STRING if short else FieldType.TEXT,
        max_length=_longest(longest, known),
        min_length=shortest if isinstance(shortest, int) and 0 <= shortest <= 100_000 else None,
        pattern=item.text("pattern"),
        is_email=bool(known and known.is_email),
        is_url=bool(known and known.is_url),
        guess=known.guess if known else None,
    )


def _longest(written: float | int | None, known: ColumnType | None) -> int | None:
    if isinstance(written, int) and 0 < written <= 10_485_760:
        return written
    return known.max_length if known else None


def _integer(item: Value) -> ColumnType:
    low, high = _limits(item, 1)
    small = all(v is None or INT_MIN <= v <= INT_MAX for v in (low, high))
    if item.text("format") == "int64" or not small:
        return ColumnType(
            type=FieldType.FLOAT,
            precision=19,
            scale=0,
            min=low,
            max=high,
            guess="values beyond 10^15 do not survive a JSON number",
        )
    return ColumnType(type=FieldType.NUMBER, min=low, max=high)


def _number(item: Value) -> ColumnType:
    step = item.number("multipleOf")
    text = f"{step:.10f}".rstrip("0") if step else ""
    scale = len(text.partition(".")[2]) if step else 6
    low, high = _limits(item, 10.0**-scale)
    return ColumnType(
        type=FieldType.FLOAT,
        precision=15,
        scale=scale,
        min=low,
        max=high,
        guess=None if step else "a number is kept as a decimal of 15 digits, 6 after the point",
    )


def _limits(item: Value, step: float) -> tuple[float | int | None, float | int | None]:
    """Smallest and largest value; exclusive limits in both spellings."""
    low, high = item.number("minimum"), item.number("maximum")
    if low is not None and item.flag("exclusiveMinimum"):
        low += step
    if high is not None and item.flag("exclusiveMaximum"):
        high -= step
    above, below = item.number("exclusiveMinimum"), item.number("exclusiveMaximum")
    low = above + step if above is not None else low
    high = below - step if below is not None else high
    return low, high
