"""Default values of a script, as far as they are values and not programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.documents.defaults import fit, is_auto, is_now, postgres_list
from rockets_tools.documents.schema import NOW, ColumnType
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.dialect import Dialect
from rockets_tools.documents.sql.tokens import BrokenSqlError, Kind, Token, split, tokens
from rockets_tools.documents.sql.type_names import STARTS
from rockets_tools.documents.values import number
from rockets_tools.plan.model import FieldType

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


def of_text(text: str, kind: ColumnType, *, listed: bool = False) -> tuple[JsonValue, bool]:
    """A default that another language quotes: its value as the type's, and if it makes keys."""
    try:
        written = read_default(list(tokens(text, Dialect.POSTGRES)), text)
    except BrokenSqlError:
        return None, False
    value = written.value
    if listed and isinstance(value, str):
        value = postgres_list(value)
    if value is None or written.auto or (value == NOW and kind.type is not FieldType.DATE):
        return None, written.auto
    return fit(kind, value), False


def _without_zone(text: str) -> str:
    """`now()` of `timezone('utc', now())` and `now() at time zone 'utc'`."""
    asked = re.fullmatch(r"timezone\(\s*'[^']{1,40}'(?:::text)?\s*,\s*(.{1,60})\)", text, re.I)
    return asked[1] if asked else re.sub(r"(?i)\s+at\s+time\s+zone\s+'[^']{1,40}'$", "", text)


def _bare(items: Sequence[Token]) -> list[Token]:
    """Without the parentheses and casts around it: `('now'::text)::date` is `'now'`."""
    bare = list(items)
    for _ in range(_MAX_DEPTH):
        enclosed = len(bare) >= 2 and bare[0].upper == "("
        if enclosed and len(Cursor(bare).group() or []) == len(bare) - 2:
            bare = bare[1:-1]
            continue
        called = _called_cast(bare)
        if called:
            bare = called
            continue
        cast = _cast(bare)
        if cast is None:
            break
        bare = bare[:cast]
    return bare


def _called_cast(items: Sequence[Token]) -> list[Token]:
    """What `CAST(1 AS bit)` and SQL Server's `CONVERT([bit],(1))` cast; else nothing."""
    inside = Cursor(items[1:]).group() or []
    if len(inside) != len(items) - 3:
        return []
    if items[0].upper == "CONVERT":
        return split(inside)[1] if len(split(inside)) > 1 else []
    words = [token.upper for token in inside]
    return inside[: words.index("AS")] if items[0].upper == "CAST" and "AS" in words else []


_OF_TYPES = frozenset("()[],.")


def _cast(items: Sequence[Token]) -> int | None:
    """Where the cast of the whole expression starts."""
    depth = 0
    for index in range(len(items) - 1, 0, -1):
        token = items[index]
        depth += (token.upper in ("(", "[")) - (token.upper in (")", "]"))
        if token.upper == "::" and depth == 0:
            return index
        if token.kind is Kind.STRING or (token.kind is Kind.SIGN and token.upper not in _OF_TYPES):
            return None
    return None


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
    if first.upper in ("+", "-", "$") and second.kind is Kind.NUMBER:  # SQL Server's $0.00
        value = number(second.text)
        negative = first.upper == "-"
        return RawDefault(value=-value if value and negative else value, text=text)
    introduced = first.upper in ("B", "N", "DATE", "TIMESTAMP") or first.upper.startswith("_")
    if second.kind is Kind.STRING and introduced:  # MySQL's `_utf8mb4'a'` names a character set
        return RawDefault(value=second.text, text=text)
    return RawDefault(text=text, known=False)
