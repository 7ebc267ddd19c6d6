"""Words and signs of the small schema languages: DBML, Prisma, JDL, Mermaid.

Each alternative is possessive or a single character, so lexing is linear whatever the input.
"""

import re
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    WORD = "word"
    STRING = "string"
    """In quotes; its text is the value."""
    CODE = "code"
    """In backticks, or a regular expression between slashes."""
    NUMBER = "number"
    SIGN = "sign"
    DOC = "doc"
    """A documentation comment; its text is without the marks."""
    END = "end"


class Token(NamedTuple):
    kind: Kind
    text: str
    line: int
    start: int = 0
    end: int = 0


_SCANNER = re.compile(
    r"""
    (?P<newline>\n)
  | (?P<space>[^\S\n]++|\ufeff)
  | (?P<doc>///[^\n]*+|/\*\*(?!/)(?:[^*]|\*(?!/))*+\*/)
  | (?P<comment>//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)
  | (?P<triple>'''(?:[^'\\]|\\.|'(?!''))*+''')
  | (?P<single>'(?:[^'\\\n]|\\.)*+')
  | (?P<double>"(?:[^"\\\n]|\\.)*+")
  | (?P<code>`[^`]*+`)
  | (?P<word>[^\W\d][\w$]*+|\d++[^\W\d][\w$]*+)
  | (?P<number>(?:\d++(?:\.\d++)?+))
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\n]|\\.)++/")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def tokens(text: str, *, patterns: bool = False) -> list[Token]:
    """All tokens. `patterns`: after `(` a slash starts a regular expression, as in JDL."""
    found: list[Token] = []
    position, line, size = 0, 1, len(text)
    while position < size:
        regex = None
        if patterns and text[position] == "/" and found and found[-1].text == "(":
            regex = _REGEX.match(text, position)
        match = regex or _SCANNER.match(text, position)
        if match is None:  # cannot be: the last alternative takes any character
            break
        group, raw = match.lastgroup, match.group()
        start, position = position, match.end()
        if regex is not None:
            found.append(Token(Kind.CODE, raw[1:-1], line, start, position))
        elif group == "newline":
            line += 1
        elif group == "doc":
            found.append(Token(Kind.DOC, _doc(raw), line, start, position))
            line += raw.count("\n")
        elif group in ("triple", "single", "double"):
            cut = 3 if group == "triple" else 1
            value = _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[1]), raw[cut:-cut])
            found.append(Token(Kind.STRING, value, line, start, position))
            line += raw.count("\n")
        elif group == "code":
            found.append(Token(Kind.CODE, raw[1:-1], line, start, position))
            line += raw.count("\n")
        elif group in _KINDS:
            found.append(Token(_KINDS[group], raw, line, start, position))
        else:
            line += raw.count("\n")
    return found


_KINDS = {"word": Kind.WORD, "number": Kind.NUMBER, "sign": Kind.SIGN}


def _doc(raw: str) -> str:
    if raw.startswith("///"):
        return raw[3:].strip()
    lines = (line.strip().lstrip("*").strip() for line in raw[3:-2].split("\n"))
    return " ".join(line for line in lines if line)


class Cursor:
    """A position in tokens; past the end there is one of kind END."""

    def __init__(self, items: list[Token]) -> None:
        self.items = items
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.items)

    @property
    def last_line(self) -> int:
        """Line of the token read last."""
        return self.items[min(self.at, len(self.items)) - 1].line if self.items else 1

    def peek(self, ahead: int = 0) -> Token:
        at = self.at + ahead
        if at < len(self.items):
            return self.items[at]
        return Token(Kind.END, "", self.items[-1].line if self.items else 1)

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        """One of these words comes next, in any case."""
        token = self.peek(ahead)
        return token.kind is Kind.WORD and token.text.lower() in words

    def take(self, *texts: str) -> bool:
        """Move past these words or signs (any case) if they come next."""
        for index, text in enumerate(texts):
            token = self.peek(index)
            if token.kind not in (Kind.WORD, Kind.SIGN) or token.text.lower() != text:
                return False
        self.at += len(texts)
        return True

    def name(self) -> str | None:
        """A word, or a string that stands for one."""
        token = self.peek()
        if token.kind not in (Kind.WORD, Kind.STRING):
            return None
        self.at += 1
        return token.text

    def group(self, opening: str, closing: str) -> list[Token] | None:
        """What is between two signs, when the first comes next; to the end if it never closes."""
        if self.peek().kind is not Kind.SIGN or self.peek().text != opening:
            return None
        depth = 0
        for index in range(self.at, len(self.items)):
            token = self.items[index]
            if token.kind is Kind.SIGN:
                depth += (token.text == opening) - (token.text == closing)
            if depth == 0:
                inside = self.items[self.at + 1 : index]
                self.at = index + 1
                return inside
        inside = self.items[self.at + 1 :]
        self.at = len(self.items)
        return inside


def split(items: list[Token], separator: str = ",") -> list[list[Token]]:
    """Parts between separators outside of brackets, empty ones left out."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in items:
        sign = token.text if token.kind is Kind.SIGN else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if sign == separator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def values(items: list[Token]) -> tuple[str, ...]:
    """Names of an enum, on one line or on several, with what is said about each left out."""
    cursor = Cursor(items)
    found: list[str] = []
    while not cursor.done:
        token = cursor.peek()
        if cursor.take("@"):
            cursor.take("@")
            cursor.name()
        elif cursor.group("[", "]") is None and cursor.group("(", ")") is None:
            cursor.next()
            if token.kind in (Kind.WORD, Kind.STRING):
                found.append(token.text)
    return tuple(dict.fromkeys(found))


def lines(items: list[Token]) -> list[list[Token]]:
    """Tokens by line; a line goes on while a bracket is open."""
    rows: list[list[Token]] = []
    depth = 0
    line = 0
    for token in items:
        if token.line != line and depth == 0:
            rows.append([])
        line = token.line + token.text.count("\n")
        rows[-1].append(token)
        if token.kind is Kind.SIGN:
            depth += (token.text in "([{") - (token.text in ")]}")
    return rows
