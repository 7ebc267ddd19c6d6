"""What a Claude model's id says: its family, its version, its date."""

import re
from dataclasses import dataclass

_ID = re.compile(
    r"claude-(?P<family>[a-z]+)-(?P<version>\d{1,2}(?:-\d{1,2})?)(?:-(?P<date>\d{8}))?"
)


@dataclass(frozen=True, slots=True)
class ModelName:
    family: str
    """`opus`, `sonnet`, `haiku`, …"""
    version: tuple[int, ...]
    """`(5, 5)`; `(5,)` comes before `(5, 1)`."""
    date: str
    """Of a pinned snapshot, `20251001`; empty for the id that moves with the version."""


def parse_name(model: str) -> ModelName | None:
    """The parts of `claude-<family>-<version>[-<date>]`; None for an id of any other form."""
    match = _ID.fullmatch(model)
    if match is None:
        return None
    version = tuple(int(number) for number in match["version"].split("-"))
    return ModelName(match["family"], version, match["date"] or "")
