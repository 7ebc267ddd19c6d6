"""Default values of a script, as far as they are values and not programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.documents.defaults import is_auto, is_now
from rockets_tools.documents.schema import NOW
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.tokens import Kind, Token
from rockets_tools.documents.sql.type_names import STARTS
from rockets_tools.documents.values import number

_MAX_DEPTH = 20


@dataclass(slots=True, kw_only=True)
class RawDefault:
    """A default as written: a literal, the moment of insertion, a new key, or none of these."""

    value: JsonValue = None
    auto: bool = False
    text: str = ""
    known: bool = True


def text_of(items: Sequence[Token], source: str) -> str:
    """What was written, comments included, as one line."""
    if not items:
        return ""
    return source[items[0].start : items[-1].end]


def default(cursor: Cursor, source: str) -> RawDefault:
    """The expression after DEFAULT, up to the next option."""
    start = cursor.at
    while (token := cursor.token()) is not None:
        word = token.upper
        if word == "(":
            cursor.group()
            continue
        if cursor.at > start and word in STARTS and not _goes_on(cursor):
            break
        if cursor.at > start and word in ("WITH", "FOR") and cursor.peek(1) not in ("TIME",):
            break
        cursor.step()
    return read_default(cursor.items[start : cursor.at], source)


def _goes_on(cursor: Cursor) -> bool:
    """`a IS NOT NULL` inside an expression; `NULL` as the value."""
    return cursor.items[cursor.at - 1].upper in ("::", "(", "||", "+", "-", "*", "IS")


def read_default(items: Sequence[Token], source: str) -> RawDefault:
    """What a default's expression is."""
    bare = _bare(items)
    text = text_of(bare, source)
    if is_auto(text):
        return RawDefault(auto=True, text=text)
    if is_now(text) or is_now(_without_zone(text)):
        return RawDefault(value=NOW, text=text)
    if bare and bare[0].upper == "ARRAY":
        return RawDefault(value=_array(bare[1:]), text=text, known=False)
    if len(bare) == 1:
        return _one(bare[0], text)
    if len(bare) == 2:
        return _two(bare[0], bare[1], text)
    return RawDefault(text=text, known=not bare)


def _without_zone(text: str) -> str:
    """`now()` of `timezone('utc', now())` and `now() at time zone 'utc'`."""
    asked = re.fullmatch(r"timezone\(\s*'[^']{1,40}'(?:::text)?\s*,\s*(.{1,60})\)", text, re.I)
    return asked[1] if asked else re.sub(r"(?i)\s+at\s+time\s+zone\s+'[^']{1,40}'$", "", text)


def _bare(items: Sequence[Token]) -> list[Token]:
    """Without parentheses and a cast around it."""
    bare = list(items)
    depth = 0
    while len(bare) >= 2 and bare[0].upper == "(" and bare[-1].upper == ")":
        if len(Cursor(bare).group() or []) != len(bare) - 2 or depth > _MAX_DEPTH:
            break
        bare = bare[1:-1]
        depth += 1
    cast = next((index for index, token in enumerate(bare) if token.upper == "::"), None)
    plain = cast is not None and not any(token.upper == "(" for token in bare[:cast])
    return bare[:cast] if plain else bare


def _array(items: Sequence[Token]) -> JsonValue:
    """`ARRAY['a', 'b']` of plain literals."""
    if len(items) < 2 or items[0].upper != "[" or items[-1].upper != "]":
        return None
    inner = [token for token in items[1:-1] if token.upper != ","]
    if any(token.kind not in (Kind.STRING, Kind.NUMBER) for token in inner):
        return None
    return [number(t.text) if t.kind is Kind.NUMBER else t.text for t in inner]


def _one(token: Token, text: str) -> RawDefault:
    if token.kind in (Kind.STRING, Kind.QUOTED):
        return RawDefault(value=token.text, text=text)
    if token.kind is Kind.NUMBER:
        return RawDefault(value=number(token.text), text=text)
    if token.upper in ("TRUE", "FALSE"):
        return RawDefault(value=token.upper == "TRUE", text=text)
    return RawDefault(text=text, known=token.upper == "NULL")


def _two(first: Token, second: Token, text: str) -> RawDefault:
    """`-1`, `b'0'`, `DATE '2020-01-01'`."""
    if first.upper in ("+", "-") and second.kind is Kind.NUMBER:
        value = number(second.text)
        negative = first.upper == "-"
        return RawDefault(value=-value if value and negative else value, text=text)
    if second.kind is Kind.STRING and first.upper in ("B", "N", "DATE", "TIMESTAMP"):
        return RawDefault(value=second.text, text=text)
    return RawDefault(text=text, known=False)
