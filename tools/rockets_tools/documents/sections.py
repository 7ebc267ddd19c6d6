"""A long document in pieces that are read one after the other, cut where it starts anew."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rockets_tools.documents.prose import Prose

MOST_CHARACTERS = 100_000
"""Of a section: about 30,000 tokens, of which a plan can be written in one answer."""
MOST_HEADINGS = 200
MOST_HEADING = 100
_ATX = re.compile(r"(#{1,6})\s+(\S.*)")
_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,5})\.?\s+([^\W\d_].{0,90})")
_PAGE = re.compile(r"\[page \d{1,5}\]")


@dataclass(frozen=True, slots=True)
class Heading:
    line: int
    level: int
    """From 1; the smaller, the more it holds."""
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a document, 1-based, both inclusive."""

    first: int
    last: int


def sections(prose: Prose, most: int = MOST_CHARACTERS) -> tuple[Section, ...]:
    """The whole document, in order, in pieces of at most `most` characters; a single line that is
    longer is a piece of its own."""
    weights = _weights(prose)
    ends = [0, *accumulate(len(line) + 1 for line in prose.lines)]
    found: list[Section] = []
    start = 0
    while ends[-1] - ends[start] > most:
        furthest = max(bisect_right(ends, ends[start] + most) - 1, start + 1)
        nearest = bisect_right(ends, ends[start] + most // 2)
        # Of seams that are as good as each other the last.
        cuts = range(furthest, min(max(nearest, start + 1), furthest) - 1, -1)
        cut = max(cuts, key=weights.__getitem__)
        found.append(Section(start + 1, cut))
        if cut == len(prose.lines):
            return tuple(found)
        start = cut
    return (*found, Section(start + 1, len(prose.lines)))


def halves(prose: Prose, section: Section) -> tuple[Section, ...]:
    """The section in two, cut in the same way; itself when it is but one line."""
    before = section.first - 1
    text = "".join(f"{line}\n" for line in prose.lines[before : section.last])
    # With room for two thirds the cut is in the middle third, and what is left fits.
    pieces = sections(Prose(file=prose.file, text=text), len(text) * 2 // 3 + 1)
    return tuple(Section(before + piece.first, before + piece.last) for piece in pieces)


def _weights(prose: Prose) -> list[int]:
    """How good it is to cut before each line: headings by level, pages, ends of paragraphs."""
    weights = [0] * (len(prose.lines) + 1)
    for index, line in enumerate(prose.lines[:-1]):
        if not line.strip():
            weights[index + 1] = 1
    for start in prose.pages:
        weights[start - 1] = 2
    for heading in headings(prose):
        opens_page = heading.line - 1 in prose.pages
        weights[heading.line - 1 - opens_page] = 10 - heading.level
    return weights


def headings(prose: Prose) -> tuple[Heading, ...]:
    """Those of Markdown; where there are none, numbered lines that stand alone."""
    found = tuple(_marked(prose.lines))
    return found or tuple(_numbered(prose.lines))


def outline(prose: Prose) -> tuple[Heading, ...]:
    """The headings that fit into a table of contents, deeper levels left out first."""
    found = headings(prose)
    for level in range(6, 0, -1):
        kept = tuple(h for h in found if h.level <= level)
        if len(kept) <= MOST_HEADINGS:
            return kept
    return found[:MOST_HEADINGS]


def _marked(lines: Sequence[str]) -> Iterator[Heading]:
    fenced = ""
    for number, line in enumerate(lines, 1):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and mark == (fenced or mark):
            fenced = "" if fenced else mark
        elif not fenced and (match := _ATX.fullmatch(line.rstrip())):
            yield Heading(number, len(match[1]), match[2].strip("# ")[:MOST_HEADING])


def _numbered(lines: Sequence[str]) -> Iterator[Heading]:
    for number, line in enumerate(lines, 1):
        match = _NUMBERED.fullmatch(line.strip())
        if match is None or line.rstrip().endswith((".", ",", ";", ":")):
            continue
        before = lines[number - 2].strip() if number > 1 else ""
        if not before or _PAGE.fullmatch(before):
            level = match[1].count(".") + 1
            yield Heading(number, level, f"{match[1]} {match[2]}"[:MOST_HEADING])
