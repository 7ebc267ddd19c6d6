"""Words, strings and signs of a SQL script, whatever its dialect, with their lines.

One compiled alternation of possessive parts: each character is looked at once, so no script can
make it slow.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from rockets_tools.documents.sql.dialect import Dialect


class Kind(Enum):
    WORD = "word"
    QUOTED = "quoted"
    """An identifier in quotes; its text is without them."""
    STRING = "string"
    """Its text is the value."""
    NUMBER = "number"
    SIGN = "sign"


class Token(NamedTuple):
    kind: Kind
    text: str
    upper: str
    """The text of a word in upper case; of anything else the empty string, so that a quoted name
    is never taken for a keyword; of a sign the sign."""
    line: int
    start: int
    end: int


class BrokenSqlError(ValueError):
    """A quote or comment is never closed."""

    def __init__(self, what: str, line: int) -> None:
        self.what, self.line = what, line
        super().__init__(what)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "Z": ""}


_Q_QUOTE = (
    r"[nN]?[qQ]'(?:\[(?:[^\]]|\](?!'))*+\]|\((?:[^)]|\)(?!'))*+\)|\{(?:[^}]|\}(?!'))*+\}"
    r"|<(?:[^>]|>(?!'))*+>|(?P<mark>[^\s\[({<])(?:(?!(?P=mark)').)*+(?P=mark))'"
)
"""Oracle's `q'[it's]'`, with any sign for the brackets."""


@lru_cache(maxsize=8)
def scanner(dialect: Dialect) -> re.Pattern[str]:
    """The alternation for a dialect; the name of the group that matched says what it is."""
    mysql = dialect is Dialect.MYSQL
    plain = r"'(?:[^'\\]|''|\\.)*+'" if mysql else r"'(?:[^']|'')*+'"
    double = r'"(?:[^"\\]|""|\\.)*+"' if mysql else r'"(?:[^"]|"")*+"'
    brackets = dialect in (Dialect.TSQL, Dialect.SQLITE)
    oracle = dialect is Dialect.ORACLE
    parts = [
        r"(?P<newline>\n)",
        r"(?P<space>[^\S\n]++|\ufeff)",
        r"(?P<comment>--[^\n]*+" + (r"|\#[^\n]*+" if mysql else "") + ")",
        r"(?P<hint>/\*![0-9]*+|\*/)" if mysql else r"(?P<hint>(?!))",
        r"(?P<block>/\*)",
        r"(?P<escaped>[eE]'(?:[^'\\]|''|\\.)*+')",
        rf"(?P<chosen>{_Q_QUOTE})|(?P<unchosen>[nN]?[qQ]')" if oracle else r"(?P<chosen>(?!))",
        rf"(?P<string>[nN]?{plain})",
        rf"(?P<double>{double})",
        r"(?P<back>`(?:[^`]|``)*+`)",
        r"(?P<bracket>\[(?:[^\]\n]|\]\])*+\])" if brackets else r"(?P<bracket>(?!))",
        r"(?P<dollar>\$(?:[^\W\d]\w*+)?+\$)",
        r"(?P<word>[^\W\d][\w$#@]*+)",
        r"(?P<number>(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+)",
        r"(?P<open>['\"`])",
        r"(?P<sign>::|<>|!=|<=|>=|\|\||.)",
    ]
    return re.compile("|".join(parts), re.DOTALL)


def tokens(text: str, dialect: Dialect, start: int = 0, line: int = 1) -> Iterator[Token]:
    """Tokens from a position on; raises `BrokenSqlError` where a quote never closes."""
    scan = scanner(dialect).match
    position, size = start, len(text)
    while position < size:
        match = scan(text, position)
        if match is None or match.lastgroup is None:
            raise BrokenSqlError("a character", line)
        group, begin, position = match.lastgroup, position, match.end()
        if group in _PLAIN:
            kind = _PLAIN[group]
            raw = match.group()
            upper = "" if kind is Kind.NUMBER else raw.upper()
            yield Token(kind, raw, upper, line, begin, position)
        elif group not in _SILENT:
            token, position = _long(text, match, dialect, line)
            if token is not None:
                yield token
            line += text.count("\n", begin, position)


_NESTING = (Dialect.POSTGRES, Dialect.TSQL)
"""Where a comment may have comments in it."""
_PLAIN = {"word": Kind.WORD, "sign": Kind.SIGN, "number": Kind.NUMBER}
_SILENT = frozenset({"space", "comment", "hint"})


def _long(text: str, match: re.Match[str], dialect: Dialect, line: int) -> tuple[Token | None, int]:
    """What may go over several lines, and where it ends."""
    group, raw, start, end = match.lastgroup, match.group(), match.start(), match.end()
    if group == "newline":
        return None, end
    if group == "block":
        return None, _end_of_comment(text, start, line, nested=dialect in _NESTING)
    if group == "dollar":
        if dialect not in (Dialect.POSTGRES, Dialect.ANSI):
            return Token(Kind.SIGN, raw, raw, line, start, end), end
        close = text.find(raw, end)
        if close < 0:
            raise BrokenSqlError(f"the quote {raw}", line)
        return Token(Kind.STRING, text[end:close], "", line, start, close + len(raw)), close + len(
            raw
        )
    if group == "chosen":
        value = raw[raw.index("'") + 2 : -2]
        return Token(Kind.STRING, value, "", line, start, end), end
    if group in ("open", "unchosen"):
        raise BrokenSqlError(f"the quote {raw}", line)
    escapes = group == "escaped" or (dialect is Dialect.MYSQL and group in ("string", "double"))
    kind, value = _unquoted(raw, escapes=escapes)
    return Token(kind, value, "", line, start, end), end


def _unquoted(raw: str, *, escapes: bool) -> tuple[Kind, str]:
    mark = raw[-1]
    start = raw.index(mark) + 1 if mark == "'" else 1
    value = raw[start:-1].replace(mark * 2, mark)
    if escapes:
        value = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), value, flags=re.DOTALL)
    return Kind.STRING if mark == "'" else Kind.QUOTED, value


def _end_of_comment(text: str, start: int, line: int, *, nested: bool) -> int:
    depth, position = 1, start + 2
    while depth:
        close = text.find("*/", position)
        if close < 0:
            raise BrokenSqlError("a comment", line)
        if nested:
            depth += text.count("/*", position, close)
        depth -= 1
        position = close + 2
    return position


_GENERIC = frozenset({"ARRAY", "STRUCT", "MAP", "RANGE", "ROW"})
"""Types that take other types between `<` and `>`."""


def split(items: Sequence[Token], separator: str = ",") -> list[list[Token]]:
    """The parts between separators that are in no parenthesis; empty parts are left out."""
    parts: list[list[Token]] = [[]]
    depth = angles = 0
    before = ""
    for token in items:
        if token.upper in ("(", "["):
            depth += 1
        elif token.upper in (")", "]"):
            depth -= 1
        elif token.upper == "<" and (angles or before in _GENERIC):
            depth, angles = depth + 1, angles + 1
        elif token.upper == ">" and angles:
            depth, angles = depth - 1, angles - 1
        before = token.upper
        if token.upper == separator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]
