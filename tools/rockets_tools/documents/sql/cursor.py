"""Walks over the tokens of one statement or of a part of it."""

from collections.abc import Sequence

from rockets_tools.documents.schema import Ref
from rockets_tools.documents.sql.tokens import Kind, Token

NAMES = frozenset({Kind.WORD, Kind.QUOTED, Kind.STRING})


class Cursor:
    """A position in tokens; looking past the end gives the empty word."""

    def __init__(self, items: Sequence[Token]) -> None:
        self.items = items
        self.at = 0

    @property
    def done(self) -> bool:
        return self.at >= len(self.items)

    @property
    def line(self) -> int:
        return self.items[min(self.at, len(self.items) - 1)].line if self.items else 1

    def peek(self, ahead: int = 0) -> str:
        """Upper case word or sign."""
        at = self.at + ahead
        return self.items[at].upper if at < len(self.items) else ""

    def token(self) -> Token | None:
        return self.items[self.at] if not self.done else None

    def step(self) -> Token | None:
        token = self.token()
        self.at += 1
        return token

    def take(self, *words: str) -> bool:
        """Move past these words if they come next."""
        if all(self.peek(index) == word for index, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def take_any(self, *words: str) -> str:
        """Move past one of these words; which one, or the empty word."""
        word = self.peek()
        if word and word in words:
            self.at += 1
            return word
        return ""

    def name(self) -> str | None:
        """An identifier, quoted or not; SQLite takes single quotes, too."""
        token = self.token()
        if token is None or token.kind not in NAMES:
            return None
        self.at += 1
        return token.text

    def ref(self) -> Ref | None:
        """A name with or without schema (and database, which is left out)."""
        parts: list[str] = []
        while (part := self.name()) is not None:
            parts.append(part)
            if not self.take("."):
                break
            self.take(".")  # database..table
        if not parts:
            return None
        return Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None)

    def group(self) -> list[Token] | None:
        """What is between the parentheses that come next."""
        if self.peek() != "(":
            return None
        depth = 0
        for index in range(self.at, len(self.items)):
            word = self.items[index].upper
            depth += (word == "(") - (word == ")")
            if depth == 0:
                inside = list(self.items[self.at + 1 : index])
                self.at = index + 1
                return inside
        inside = list(self.items[self.at + 1 :])
        self.at = len(self.items)
        return inside
