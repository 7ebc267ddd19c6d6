"""Values made from constraints: valid, distinct, the same everywhere; and invalid ones."""

import subprocess
import sys
from typing import Any

import pytest
from tests.effort import at_most

from rockets_tools.plan.constraints import INT_MAX, INT_MIN, misfit
from rockets_tools.plan.model import Field, FieldType
from rockets_tools.plan.values import NoValueError, can_make, capacity, invalid_samples, sample


def field(kind: str = "string", **keys: Any) -> Field:
    return Field(name="firstName", column="firstName", type=FieldType(kind), **keys)


FIELDS = [
    field(),
    field(max_length=1),
    field(max_length=3),
    field(min_length=30, max_length=40),
    field("text", min_length=300),
    field(is_email=True),
    field(is_email=True, max_length=6),
    field(is_email=True, min_length=200),
    field(is_email=True, pattern=r"@example\.com$"),
    field(is_url=True),
    field(is_url=True, max_length=6),
    field(is_url=True, min_length=1000, max_length=2000),
    field(pattern=r"^[A-Z]{3}-\d{4,8}$"),
    field(pattern=r"^(?=.*[A-Z])(?=.*\d)(?=.*[!@#]).{8,}$"),
    field(pattern="^[a-z]+(-[a-z]+)*$", max_length=6),
    field(pattern="^(A|B)$"),
    field(pattern="^[a-z ]+$", min_length=120),
    field(pattern="[A-Z]", min_length=20),
    field(pattern="^(a+)+$", min_length=100),
    field(pattern=r"^\+?[1-9]\d{1,14}$", example="+4930123"),
    field("number"),
    field("number", min=1, max=5),
    field("number", max=-5),
    field("number", min=INT_MAX - 3),
    field("number", min=0.5, max=3.5),
    field("float"),
    field("float", precision=3, scale=2),
    field("float", precision=1000, scale=20),
    field("float", min=0.5, max=1.25),
    field("float", precision=5, scale=0),
    field("boolean"),
    field("date"),
    field("date", example="2020-01-01"),
    field("uuid"),
    field("json"),
    field("json", example={"a": [1]}),
    field("enum", enum_values=("a", "it's", "c")),
]


@pytest.mark.parametrize("one", FIELDS, ids=str)
def test_samples_fit_and_differ(one: Field) -> None:
    size = min(30, capacity(one))
    made = [sample(one, ordinal) for ordinal in range(size)]
    assert [misfit(one, value) for value in made] == [None] * size
    assert len({repr(value) for value in made}) == size
    if one.example is not None:
        assert made[0] == one.example
    assert misfit(one, sample(one, 10**9)) is None


@pytest.mark.parametrize("one", FIELDS, ids=str)
def test_invalid_samples_are_invalid(one: Field) -> None:
    for value, why in invalid_samples(one):
        assert misfit(one, value) is not None, (value, why)


def test_what_is_wrong_is_said() -> None:
    reasons = {why for _, why in invalid_samples(field(min_length=2, max_length=9, pattern="^x"))}
    assert reasons == {"wrong type", "null", "too long", "too short", "pattern violated"}
    assert {why for _, why in invalid_samples(field("number", min=1, max=2))} == {
        "wrong type", "null", "not an integer", "too small", "too large",
    }  # fmt: skip
    optional = field("enum", enum_values=("a",), required=False)
    assert {why for _, why in invalid_samples(optional)} == {"wrong type", "not in the enum"}
    with_default = field("boolean", has_default=True, default=True)
    assert {why for _, why in invalid_samples(with_default)} == {"wrong type"}


@pytest.mark.parametrize(
    "one",
    [
        field(pattern="^a(?!.)b$"),
        field(pattern="[]"),
        field(pattern="^a{10}$", max_length=9),
        field(is_email=True, max_length=5),
        field(is_email=True, is_url=True),
        field(is_email=True, min_length=255, max_length=300),
        field("number", min=INT_MAX + 1),
        field("float", precision=2, scale=1, min=10),
    ],
    ids=str,
)
def test_where_no_value_exists_none_is_made(one: Field) -> None:
    assert not can_make(one)
    with pytest.raises(NoValueError):
        sample(one)


def test_an_example_helps_where_nothing_can_be_made() -> None:
    one = field(pattern=r"^(\w)(\w)(\w)-\3\2\1$", example="abc-cba")
    assert sample(one, 0) == "abc-cba"
    impossible = field(pattern=r"^x{2}(?=never)?y$(?!.)|^zz9$", example="zz9")
    assert misfit(impossible, sample(impossible, 5)) is None


def test_a_catastrophic_pattern_gives_up_soon() -> None:
    with at_most(3):
        can_make(field(pattern=r"^(([a-z]+)*)*\d(?!.)(?<=z)$", min_length=60, max_length=80))


def test_the_same_values_in_every_process() -> None:
    code = (
        "from rockets_tools.plan.model import *; from rockets_tools.plan.values import sample;"
        "f = Field(name='x', column='x', type=FieldType.STRING, pattern=r'^[^a]\\w{3,9}[$%&]$');"
        "print([sample(f, i) for i in range(20)])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("one", "value", "fits"),
    [
        (field(), "x" * 255, True),
        (field(), "x" * 256, False),
        (field("text"), "x" * 100_000, True),
        (field(), "a\0b", False),
        (field("number"), INT_MIN, True),
        (field("number"), INT_MIN - 1, False),
        (field("number"), 1.0, True),
        (field("number"), True, False),
        (field("float"), 99999999.99, True),
        (field("float"), 100000000, False),
        (field("float"), 0.1, True),
        (field("float"), 0.001, False),
        (field("float", precision=65, scale=30), 9.99, True),
        (field("float", precision=65, scale=30), 1e20, False),
        (field("boolean"), 0, False),
        (field("date"), "2024-02-29", True),
        (field("date"), "2023-02-29", False),
        (field("date"), "2024-02-29T10:00:00.123+02:00", True),
        (field("date"), "20240229", False),
        (field("date"), "2024-W01-1", False),
        (field("date"), 0, False),
        (field("uuid"), "3f2504e0-4f89-41d3-9a0c-0305e82c3301", True),
        (field("uuid"), "3f2504e04f8941d39a0c0305e82c3301", False),
        (field("json"), False, True),
        (field("json"), None, False),
        (field(is_email=True), "a.b+c@sub.example.org", True),
        (field(is_email=True), "a@b", False),
        (field(is_url=True), "example.com", True),
        (field(is_url=True), "http://localhost", False),
        (field(is_url=True), "https://example.com/a b", False),
    ],
    ids=str,
)
def test_misfit(one: Field, value: Any, fits: bool) -> None:
    assert (misfit(one, value) is None) is fits
