"""Characters that hide or reorder text, spelled out so that model and person read the same."""

import re
import unicodedata

from rockets_tools.documents.convert import Remark

_SUSPECT = re.compile(
    r"[^\S \n]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e0fff\ue000-\uf8ff]"
)
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe0e\ufe0f"
_SYMBOLS = frozenset({"So", "Sm", "Po", "Nd"})
"""Categories of what becomes an emoji by a selector."""
_SOFT_HYPHEN = "\u00ad"
_MARKS = "\u200e\u200f"


def visible(text: str) -> tuple[str, tuple[Remark, ...]]:
    r"""The text with such characters as `\u202e`, and what there was to tell of it.

    Kept are the joiners and selectors that scripts and emoji need; soft hyphens vanish, unusual
    spaces become spaces, tabs stay. Lines stay where they are.
    """
    found: dict[int, int] = {}
    line, last = 1, 0

    def spell(match: re.Match[str]) -> str:
        nonlocal line, last
        character, place = match[0], match.start()
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        plain = _harmless(character, before, after)
        if plain is not None:
            return plain
        line += text.count("\n", last, place)
        last = place
        found[line] = found.get(line, 0) + 1
        return ascii(character)[1:-1]

    spelled = _SUSPECT.sub(spell, text)
    if not found:
        return spelled, ()
    lines = ", ".join(map(str, list(found)[:5])) + (" and more" if len(found) > 5 else "")
    return spelled, (
        Remark(
            code="document-invisible-characters",
            line=next(iter(found)),
            message=f"{sum(found.values())} characters that hide or reorder text are spelled out "
            f"(lines {lines}).",
            fix="Look there if somebody may have put them in on purpose.",
        ),
    )


def _harmless(character: str, before: str, after: str) -> str | None:
    """What an ordinary text uses such a character for; None for nothing."""
    if character in "\f\v" or unicodedata.category(character) == "Zs":
        return " "
    if character == _SOFT_HYPHEN:
        return ""
    needed = (
        character == "\t"
        or (character in _JOINERS and before > "\x7f" and after > "\x7f")
        or (character in _SELECTORS and before != "" and unicodedata.category(before) in _SYMBOLS)
        or (character in _MARKS and _right_to_left(before + after))
    )
    return character if needed else None


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)
