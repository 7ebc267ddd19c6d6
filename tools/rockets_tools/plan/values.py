"""Values for requests and tests, from a field's own constraints: valid ones and invalid ones.

The same field and ordinal give the same value on every machine.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pydantic import JsonValue

from rockets_tools.plan import texts
from rockets_tools.plan.constraints import INT_MAX, misfit, scaled_limits
from rockets_tools.plan.invalid_values import invalid_samples
from rockets_tools.plan.model import Field, FieldType
from rockets_tools.plan.texts import NoValueError

__all__ = ["NoValueError", "can_make", "capacity", "invalid_samples", "sample"]

_FIRST_DAY = datetime(2024, 1, 15, 12, tzinfo=UTC)
_MINUTES = 10_000_000


def sample(field: Field, ordinal: int = 0) -> JsonValue:
    """A valid value of a field: its example for ordinal 0 where it has one, else made up.

    Ordinals below `capacity(field)` give distinct values; beyond, they start again. Raises
    `NoValueError` where there is neither an example nor a way to make a value, which a checked
    plan has not.
    """
    has_example = field.example is not None and misfit(field, field.example) is None
    if has_example and ordinal == 0:
        return field.example
    try:
        value = _made(field, ordinal)
    except NoValueError:
        if not has_example:
            raise
        return field.example
    if has_example and value == field.example:
        return _made(field, 0)  # the one value the example displaced
    return value


def can_make(field: Field) -> bool:
    """Whether there is a value without an example."""
    try:
        _made(field, 0)
    except NoValueError:
        return False
    return True


def capacity(field: Field) -> int:
    """How many distinct values `sample` can give; at least 1, large where there is no limit."""
    match field.type:
        case FieldType.BOOLEAN:
            size = 2
        case FieldType.ENUM:
            size = len(field.enum_values)
        case FieldType.NUMBER | FieldType.FLOAT:
            low, high = scaled_limits(field)
            size = high - low + 1
        case FieldType.STRING | FieldType.TEXT:
            size = texts.capacity(field)
        case FieldType.DATE:
            size = _MINUTES
        case FieldType.UUID | FieldType.JSON:
            size = INT_MAX
    return max(1, size)


def _made(field: Field, ordinal: int) -> JsonValue:
    value: JsonValue
    match field.type:
        case FieldType.BOOLEAN:
            value = ordinal % 2 == 0
        case FieldType.ENUM:
            value = field.enum_values[ordinal % len(field.enum_values)]
        case FieldType.UUID:
            value = f"00000000-0000-4000-8000-{ordinal % 16**12:012x}"
        case FieldType.DATE:
            moment = _FIRST_DAY + timedelta(minutes=ordinal % _MINUTES)
            value = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        case FieldType.JSON:
            value = {"label": f"{texts.label(field.name)} {ordinal + 1}", "nested": {"on": True}}
        case FieldType.NUMBER | FieldType.FLOAT:
            value = _number(field, ordinal)
        case FieldType.STRING | FieldType.TEXT:
            value = texts.text(field, ordinal)
    return value


def _number(field: Field, ordinal: int) -> int | float:
    low, high = scaled_limits(field)
    if low > high:
        raise NoValueError
    one = 1 if field.type is FieldType.NUMBER else 10**field.scale
    start = low if field.min is not None else min(max(low, one), high)
    scaled = low + (start - low + ordinal) % (high - low + 1)
    if field.type is FieldType.NUMBER:
        return scaled
    return float(Decimal(scaled).scaleb(-field.scale))
