"""Values the generated create body refuses with 400, for tests from outside."""

from collections.abc import Iterator
from itertools import count

from pydantic import JsonValue

from rockets_tools.plan import texts
from rockets_tools.plan.constraints import misfit, scaled_limits, text_limits
from rockets_tools.plan.model import Field, FieldType

_WRONG_TYPE: dict[FieldType, JsonValue] = {
    FieldType.STRING: 12345,
    FieldType.TEXT: 12345,
    FieldType.NUMBER: "many",
    FieldType.FLOAT: "much",
    FieldType.BOOLEAN: "maybe",
    FieldType.DATE: "yesterday",
    FieldType.UUID: 12345,
    FieldType.ENUM: 12345,
}
"""A value of another type; json takes every type."""


def invalid_samples(field: Field) -> list[tuple[JsonValue, str]]:
    """Invalid values, each with what is wrong with it; empty where everything is valid."""
    found: list[tuple[JsonValue, str]] = []
    if field.type in _WRONG_TYPE:
        found.append((_WRONG_TYPE[field.type], "wrong type"))
    if field.required and not field.has_default:
        found.append((None, "null"))
    match field.type:
        case FieldType.STRING | FieldType.TEXT:
            found += _texts(field)
        case FieldType.NUMBER | FieldType.FLOAT:
            found += _numbers(field)
        case FieldType.ENUM:
            found.append((_outside(field.enum_values), "not in the enum"))
        case FieldType.DATE | FieldType.UUID:
            found.append(("not-valid", "malformed"))
        case FieldType.BOOLEAN | FieldType.JSON:
            pass
    return found


def _texts(field: Field) -> Iterator[tuple[JsonValue, str]]:
    shortest, longest = text_limits(field)
    if longest is not None and longest <= 100_000:
        yield "x" * (longest + 1), "too long"
    if shortest > 0:
        yield "x" * (shortest - 1), "too short"
    if field.is_email:
        yield "not an e-mail", "not an e-mail address"
    if field.is_url:
        yield "not a url", "not a URL"
    if field.pattern is not None:
        for candidate in _strange(field):
            if misfit(field, candidate) == "does not match the pattern":
                yield candidate, "pattern violated"
                return


def _strange(field: Field) -> Iterator[str]:
    """Texts of allowed length that a pattern probably does not match."""
    shortest, longest = text_limits(field)
    yield from (sign * max(1, shortest) for sign in "~ aA0-é")
    try:
        good = texts.text(field, 0)
    except texts.NoValueError:
        good = ""
    yield from (f"{good}~", f"~{good}", good[:-1], good.swapcase())
    if longest is not None:
        yield "~" * longest


def _numbers(field: Field) -> Iterator[tuple[JsonValue, str]]:
    if field.type is FieldType.NUMBER:
        yield scaled_limits(field)[0] + 0.5, "not an integer"
    if field.min is not None:
        yield field.min - 1, "too small"
    if field.max is not None:
        yield field.max + 1, "too large"


def _outside(values: tuple[str, ...]) -> str:
    return next(text for text in (f"none-of-them{'x' * n}" for n in count()) if text not in values)
