import pytest
from pydantic import JsonValue

from rockets_tools.smoke.compare import differences, same


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, 1.0),
        (0.1, 0.1),
        ({"a": [1, None]}, {"a": [1, None]}),
        (None, None),
        ("x", "x"),
        (True, True),
    ],
)
def test_equal(expected: JsonValue, got: JsonValue) -> None:
    assert same(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, "1"),
        (1.5, "1.50"),
        (True, 1),
        (0, False),
        ({"a": 1}, {}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ([1, 2], [1]),
        (None, ""),
        ({}, []),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_different(expected: JsonValue, got: JsonValue) -> None:
    assert not same(expected, got)


def test_dates_are_compared_as_moments() -> None:
    assert same("2024-01-15T12:00:00.000Z", "2024-01-15T13:00:00+01:00", date=True)
    assert not same("2024-01-15T12:00:00.000Z", "2024-01-15T12:00:01.000Z", date=True)
    assert not same("2024-01-15T12:00:00.000Z", "yesterday", date=True)
    assert same("now()", "2026-01-15T12:00:00.000Z", date=True)
    assert not same("now()", None, date=True)


def test_what_is_missing_and_what_differs_is_named() -> None:
    found = list(differences({"a": 1, "b": 2, "c": None}, {"a": 3}, ()))
    assert found == ["a is 3, not 1", "b is missing"]
