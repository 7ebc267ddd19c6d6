"""Defaults of columns in SQL, worded as PostgreSQL reports them.

TypeORM compares its own wording with the one reported: another would be a difference that no
migration ever settles.
"""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pydantic import JsonValue

from rockets_tools.generate.typescript import number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(iso: str) -> str:
    """Not as text, which the database would answer in the time zone of the session."""
    at = datetime.fromisoformat(iso)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    seconds = decimal(Decimal(micros).scaleb(-6).normalize())
    return f"to_timestamp({seconds})" if seconds.startswith("'") else f"to_timestamp(({seconds}))"


def decimal(value: float | Decimal) -> str:
    """A number; negative and whole ones stand in quotes."""
    digits = format(Decimal(str(value)), "f")
    return digits if value >= 0 and "." in digits else f"'{digits}'"


def text(value: str) -> str:
    """TypeORM takes what follows two colons for a cast, even inside a text: put it together."""
    first, *rest = [part.replace("'", "''") for part in value.split("::")]
    if not rest:
        return f"'{first}'"
    expression = f"'{first}:'"
    for position, part in enumerate(rest):
        end = "'" if position == len(rest) - 1 else ":'"
        glue = " || " if position else "|| "
        expression = f"({expression}{glue}':{part}{end})"
    return expression


def document(value: JsonValue) -> str:
    """JSON, its keys sorted: the database keeps them in an order of its own."""
    return "'" + _json(value).replace("'", "''") + "'"


def _json(value: JsonValue) -> str:
    if isinstance(value, dict):
        return (
            f"{{{','.join(f'{_json(key)}:{_json(item)}' for key, item in sorted(value.items()))}}}"
        )
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)
