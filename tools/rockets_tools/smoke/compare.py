"""Is a value that came back the value that went in?"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

NOW = "now()"
TOLERANCE = 1e-9


def differences(
    expected: Mapping[str, JsonValue], got: Mapping[str, JsonValue], dates: Iterable[str]
) -> Iterator[str]:
    """One sentence for each property of `expected` that `got` has not, or has otherwise."""
    instants = frozenset(dates)
    for name, value in expected.items():
        if name not in got:
            # A NULL may be left out.
            if value is not None:
                yield f"{name} is missing"
        elif not same(value, got[name], date=name in instants):
            yield f"{name} is {shown(got[name])}, not {shown(value)}"


def same(expected: JsonValue, got: JsonValue, *, date: bool = False) -> bool:
    """Equal in value and in JSON type; 1 and 1.0 are one number, true and 1 are not."""
    if date and isinstance(expected, str):
        moment = instant(got)
        return moment is not None and (expected == NOW or moment == instant(expected))
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, int | float):
        return isinstance(got, int | float) and abs(expected - got) <= TOLERANCE * max(
            1, abs(expected)
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and expected.keys() == got.keys()
            and all(same(value, got[name]) for name, value in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(expected) == len(got)
            and all(same(one, other) for one, other in zip(expected, got, strict=True))
        )
    return expected == got


def instant(value: JsonValue) -> datetime | None:
    """The moment an ISO 8601 text names; UTC where it names no zone."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def shown(value: JsonValue) -> str:
    """Short enough for a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"
