"""Tokens of a call, counted the way they are billed."""

from pydantic import Field

from .messages import Part


class Usage(Part):
    """The four counts are disjoint: their sum is what went through the model."""

    input_tokens: int = Field(default=0, ge=0)
    """Read fresh: neither from the cache nor written to it."""
    output_tokens: int = Field(default=0, ge=0)
    """Thinking included."""
    cache_read_tokens: int = Field(default=0, ge=0)
    cache_write_tokens: int = Field(default=0, ge=0)
    """Kept for five minutes or for an hour."""
    cache_write_1h_tokens: int = Field(default=0, ge=0)
    """Those of `cache_write_tokens` that are kept for an hour, at a higher price."""

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            cache_write_1h_tokens=self.cache_write_1h_tokens + other.cache_write_1h_tokens,
        )
