"""Collects what is wrong with a plan: everything, in document order, not just the first."""

import difflib
import unicodedata
from collections.abc import Iterable

from rockets_tools.errors import Problem

MAX_PROBLEMS = 200
"""More than a person reads; the rest is counted."""


_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, bidi and other format characters, half surrogates, line and paragraph separators."""


class Problems:
    """Errors and warnings found so far, each at a JSON pointer; lines are added at the end."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def error(self, code: str, pointer: str, message: str, fix: str) -> None:
        self.errors.append(Problem(code=f"plan-{code}", message=message, fix=fix, pointer=pointer))

    def warning(self, code: str, pointer: str, message: str, fix: str) -> None:
        self.warnings.append(
            Problem(code=f"plan-{code}", message=message, fix=fix, pointer=pointer)
        )


def token(key: str) -> str:
    """A key as a step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def unsafe_character(text: str) -> str | None:
    """The first character that hides or reorders text where people read it, as `U+202E`."""
    if text.isprintable():
        return None
    for character in text:
        if character not in "\t\n\r" and unicodedata.category(character) in _UNSAFE:
            return f"U+{ord(character):04X}"
    return None


def quoted(text: str) -> str:
    """Text of a stranger, short and on one line, every control or bidi character escaped."""
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    return ascii(shown) if not shown.isprintable() else f'"{shown}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?`, or the list of what is known when nothing is near and it is short."""
    names = sorted(known)
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word[:100].lower(), lower, n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{lower[near[0]]}"?'
    if names and len(names) <= 30:
        return f"Use one of {', '.join(names)}."
    return "Use a name that exists."
