"""What a page is made of. Text is as it came from outside; the renderers escape it."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences below each other."""

    items: tuple[str, ...]
    marked: bool = True
    """With a bullet."""


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Mermaid; only a file can show it."""

    text: str


Block: TypeAlias = Lines | Table | Diagram


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A plan to be approved: first what matters for the answer, then all the rest."""

    title: str
    summary: tuple[Section, ...]
    details: tuple[Section, ...]
