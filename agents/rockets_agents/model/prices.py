"""What a call costs: the one table of prices, with its date.

Source: Anthropic's page "Pricing" and the pages of the single models, standard rates of the
first-party API (no batch, fast mode or data residency). A model that is not in the table has no
known cost, which is never the same as no cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .names import parse_name
from .usage import Usage

PRICES_AS_OF = "2026-10-16"

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    """Kept for five minutes."""
    cache_write_1h: Decimal

    def cost(self, usage: Usage) -> Decimal:
        short_lived = usage.cache_write_tokens - usage.cache_write_1h_tokens
        return (
            self.input * usage.input_tokens
            + self.output * usage.output_tokens
            + self.cache_read * usage.cache_read_tokens
            + self.cache_write * max(short_lived, 0)
            + self.cache_write_1h * usage.cache_write_1h_tokens
        ) / MILLION


@dataclass(frozen=True, slots=True)
class PriceList:
    base: Price
    long: Price | None = None
    """For a whole call whose prompt has more than `long_prompt` tokens."""
    long_prompt: int = 0

    def of(self, prompt_tokens: int) -> Price:
        if self.long is not None and prompt_tokens > self.long_prompt:
            return self.long
        return self.base


def _price(base: str, output: str, cache_read: str) -> Price:
    """Cache writes are 1.25 times (five minutes) and twice (an hour) the price of input."""
    dollars = Decimal(base)
    return Price(
        input=dollars,
        output=Decimal(output),
        cache_read=Decimal(cache_read),
        cache_write=dollars * Decimal("1.25"),
        cache_write_1h=dollars * 2,
    )


PRICES: Mapping[str, PriceList] = {
    "claude-opus-5-5": PriceList(_price("4", "20", "0.20")),
    "claude-opus-5": PriceList(_price("5", "25", "0.50")),
    "claude-opus-4-8": PriceList(_price("5", "25", "0.50")),
    "claude-opus-4-7": PriceList(_price("5", "25", "0.50")),
    "claude-opus-4-6": PriceList(_price("5", "25", "0.50")),
    "claude-opus-4-5": PriceList(_price("5", "25", "0.50")),
    "claude-sonnet-5-5": PriceList(_price("2", "10", "0.10")),
    "claude-sonnet-5": PriceList(_price("2", "10", "0.20")),
    "claude-sonnet-4-6": PriceList(_price("3", "15", "0.30")),
    "claude-sonnet-4-5": PriceList(_price("3", "15", "0.30")),
    "claude-haiku-5-5": PriceList(
        _price("0.10", "0.50", "0.01"), long=_price("0.50", "2.50", "0.05"), long_prompt=100_000
    ),
    "claude-haiku-4-5": PriceList(_price("1", "5", "0.10")),
    "claude-fable-5-1": PriceList(_price("10", "50", "0.25")),
    "claude-fable-5": PriceList(_price("10", "50", "1")),
    "claude-mythos-5-1": PriceList(_price("10", "50", "0.25")),
    "claude-mythos-5": PriceList(_price("10", "50", "1")),
}


def prices_of(model: str) -> PriceList | None:
    """The prices of an id, with or without a snapshot's date; None when they are not known."""
    name = parse_name(model)
    if name is not None and name.date:
        model = model.removesuffix(f"-{name.date}")
    return PRICES.get(model)


def cost_of(model: str, usage: Usage) -> Decimal | None:
    """US dollars of one call; None when the model's prices are not known."""
    prices = prices_of(model)
    return None if prices is None else prices.of(usage.prompt_tokens).cost(usage)
