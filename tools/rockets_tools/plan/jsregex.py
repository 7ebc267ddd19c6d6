r"""JavaScript regular expressions (no flags): are they valid, do they match, what do they match.

`regress` knows the grammar; what it accepts is read into a small tree, which is written out again
for the `regex` module (it can give up after a while, so no pattern hangs us) and from which
matching text is made. Characters are UTF-16 units, as in JavaScript.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from rockets_tools.plan.js_text import Dice, write
from rockets_tools.plan.js_tree import (
    Anchor,
    Characters,
    Choice,
    Group,
    Look,
    Node,
    Reference,
    Repeat,
    Sequenced,
    UnsupportedError,
    parse,
)

if TYPE_CHECKING:
    import regex

MATCH_SECONDS = 0.05
"""Longer, and a match is given up."""
_WORD = "[A-Za-z0-9_]"
_ANCHORS = {
    "^": r"\A",
    "$": r"\Z",
    r"\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    r"\B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}


def fault(pattern: str) -> str | None:
    """Why a pattern cannot be used, or None."""
    try:
        _compiled(pattern)
    except UnsupportedError as error:
        return str(error)
    return None


def test(pattern: str, text: str) -> bool | None:
    """Like `pattern.test(text)`; None when that takes too long to know."""
    try:
        return _compiled(pattern).search(_units(text), timeout=MATCH_SECONDS) is not None
    except TimeoutError:
        return None


def matches(pattern: str, text: str) -> bool:
    """`test`, where not to know counts as no match."""
    return test(pattern, text) is True


def example(pattern: str, dice: Dice, *, growth: int, readable: bool) -> str:
    """A text that probably matches a valid pattern (see `js_text.write`)."""
    return write(_parsed(pattern), dice, growth=growth, readable=readable)


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> Node:
    import regress

    try:
        regress.Regex(pattern)
    except regress.RegressError as error:
        raise UnsupportedError(str(error).rstrip(".")) from error
    return parse(_units(pattern))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> "regex.Pattern[str]":
    import regex

    try:
        return regex.compile(_python(_parsed(pattern)), regex.VERSION1)
    except (regex.error, OverflowError) as error:
        raise UnsupportedError(f"it is too complex ({error})") from error


def _units(text: str) -> str:
    if text.isascii():
        return text
    units = memoryview(text.encode("utf-16-le")).cast("H")
    return "".join(map(chr, units))


def _python(node: Node) -> str:
    """The same expression for the `regex` module."""
    match node:
        case Characters():
            inside = "".join(f"\\u{low:04x}-\\u{high:04x}" for low, high in node.ranges)
            text = f"[{inside}]" if inside else "(?!)"
        case Anchor():
            text = _ANCHORS[node.sign]
        case Reference():
            text = rf"(?:\g<{node.group}>)"
        case Sequenced():
            text = "".join(_python(part) for part in node.parts)
        case Choice():
            text = f"(?:{'|'.join(_python(arm) for arm in node.arms)})"
        case Group():
            text = f"({'' if node.number else '?:'}{_python(node.body)})"
        case Look():
            text = f"(?{node.sign}{_python(node.body)})"
        case Repeat():
            most = "" if node.most is None else node.most
            lazy = "?" if node.lazy else ""
            text = f"(?:{_python(node.body)}){{{node.least},{most}}}{lazy}"
    return text
