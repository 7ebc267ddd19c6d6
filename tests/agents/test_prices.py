from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rockets_agents.model import Usage
from rockets_agents.model.prices import PRICES, PRICES_AS_OF, cost_of

COUNT = st.integers(0, 10_000_000)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    written = draw(COUNT)
    return Usage(
        input_tokens=draw(COUNT),
        output_tokens=draw(COUNT),
        cache_read_tokens=draw(COUNT),
        cache_write_tokens=written,
        cache_write_1h_tokens=draw(st.integers(0, written)),
    )


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("claude-opus-5-5", Usage(input_tokens=1_000_000), "4"),
        ("claude-opus-5-5", Usage(output_tokens=1_000_000), "20"),
        ("claude-opus-5-5", Usage(cache_read_tokens=1_000_000), "0.20"),
        ("claude-sonnet-5-5", Usage(cache_write_tokens=1_000_000), "2.50"),
        (
            "claude-sonnet-5-5",
            Usage(cache_write_tokens=1_000_000, cache_write_1h_tokens=400_000),
            "3.10",
        ),
        ("claude-haiku-5-5", Usage(input_tokens=100_000, output_tokens=1000), "0.0105"),
        ("claude-haiku-5-5", Usage(input_tokens=100_001), "0.0500005"),
        ("claude-haiku-5-5", Usage(input_tokens=1, cache_read_tokens=100_000), "0.0050005"),
        ("claude-haiku-4-5-20251001", Usage(input_tokens=1_000_000), "1"),
    ],
)
def test_a_call_costs(model: str, usage: Usage, dollars: str) -> None:
    assert cost_of(model, usage) == Decimal(dollars)


@pytest.mark.parametrize("model", ["claude-opus-9", "eu.anthropic.claude-opus-5-5", "gpt", ""])
def test_an_unknown_model_has_no_cost_which_is_not_zero(model: str) -> None:
    assert cost_of(model, Usage(input_tokens=5)) is None


@given(st.sampled_from(sorted(PRICES)), usages(), usages())
def test_more_tokens_never_cost_less(model: str, one: Usage, more: Usage) -> None:
    first, both = cost_of(model, one), cost_of(model, one + more)
    assert first is not None
    assert both is not None
    assert both >= first >= 0


@given(usages(), usages())
def test_usage_adds_up(one: Usage, other: Usage) -> None:
    both = one + other
    assert both.total_tokens == one.total_tokens + other.total_tokens
    assert both.prompt_tokens + both.output_tokens == both.total_tokens


def test_the_table_has_its_date() -> None:
    assert date.fromisoformat(PRICES_AS_OF) > date(2026, 1, 1)


def test_reading_from_the_cache_is_the_cheapest_and_an_hour_the_dearest() -> None:
    for prices in PRICES.values():
        for price in filter(None, (prices.base, prices.long)):
            order = (price.cache_read, price.input, price.cache_write, price.cache_write_1h)
            assert list(order) == sorted(order)
            assert price.output > price.cache_write_1h
