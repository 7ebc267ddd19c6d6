"""The name of a column's type: words, sizes, array marks, the values of an inline enum."""

from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.tokens import Kind, Token
from rockets_tools.documents.types import TypeName

STARTS = frozenset(
    {
        "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "CONSTRAINT",
        "COLLATE", "CHARSET", "GENERATED", "AS", "IDENTITY", "AUTO_INCREMENT", "AUTOINCREMENT",
        "COMMENT", "ON", "ROWGUIDCOL", "SPARSE", "ENABLE", "DISABLE", "INVISIBLE", "VISIBLE",
        "VIRTUAL", "STORED", "PERSISTED", "STORAGE", "COMPRESSION", "KEY", "FOREIGN", "MASKED",
        "HIDDEN", "ENCRYPTED", "FILESTREAM", "INDEX", "INLINE", "ENCODE", "ASCII", "UNICODE",
        "COLUMN_FORMAT", "SORT", "USING", "FIRST", "AFTER", "DISTKEY", "SORTKEY", "LOGGED",
        "COMPACT", "OPTIONS", "COMPUTED", "SUB_TYPE", "SEGMENT", "CODEC", "TTL", "EPHEMERAL",
        "ALIAS", "MATERIALIZED", "FOR", "TAG",
    }
)  # fmt: skip
"""Words that end a type, and a default."""

_MAX_WORDS = 8
_VALUES = (["enum"], ["set"], ["enum8"], ["enum16"])
_WRITTEN = frozenset({Kind.STRING, Kind.QUOTED, Kind.WORD})
_WRAPPERS = (["nullable"], ["lowcardinality"])


def type_name(cursor: Cursor) -> tuple[TypeName, tuple[str, ...] | None]:
    """The type that comes next, and the values when it is an inline enum or set."""
    reader = _Reader(cursor)
    while (token := cursor.token()) is not None and reader.takes(token):
        pass
    return reader.result()


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._words: list[str] = []
        self._sizes: tuple[str, ...] = ()
        self._values: tuple[str, ...] | None = None
        self._array = self._unsigned = False

    def takes(self, token: Token) -> bool:
        """Move past one part of the type; False where it has ended."""
        word = token.upper
        inside = {"(": self._parenthesis, "<": self._angles, "[": self._brackets}.get(word)
        if inside is not None:
            return inside()
        if word == ".":
            self._words.clear()  # what came before was the schema
        elif self._ends(word):
            return False
        elif word == "ARRAY" and self._words:
            self._array = True
        elif word in ("UNSIGNED", "ZEROFILL") and self._words:
            self._unsigned = True
        elif word in ("SIGNED", "BINARY") and self._words:
            pass
        elif token.kind in (Kind.WORD, Kind.QUOTED) and len(self._words) < _MAX_WORDS:
            self._words.append(token.text.lower())
        elif token.kind is not Kind.QUOTED and word != "%":
            return False
        self._cursor.step()
        return True

    def _ends(self, word: str) -> bool:
        after = self._cursor.peek(1)
        if word == "CHARACTER":
            return after == "SET"
        if word == "WITH":
            return after not in ("TIME", "LOCAL")
        return word in STARTS and (word != "KEY" or bool(self._words))

    def _parenthesis(self) -> bool:
        if not self._words:
            return False
        inside = self._cursor.group() or []
        if self._words in _VALUES:
            self._words = [self._words[0].rstrip("0123456789")]
            self._values = tuple(item.text for item in inside if item.kind in _WRITTEN)
        elif self._words in _WRAPPERS:  # ClickHouse
            inner, self._values = type_name(Cursor(inside))
            self._words, self._sizes = inner.name.split(" "), inner.arguments
            self._array, self._unsigned = inner.array, inner.unsigned
        elif not self._sizes:
            self._sizes = tuple(i.text for i in inside if i.kind is not Kind.SIGN or i.text == "*")
        return True

    def _angles(self) -> bool:
        """`ARRAY<STRING>`, `STRUCT<a INT64, b STRING>` of BigQuery and Spark."""
        depth = 0
        while (token := self._cursor.step()) is not None:
            depth += (token.upper == "<") - (token.upper == ">")
            if depth == 0:
                break
        return True

    def _brackets(self) -> bool:
        self._array = True
        while not self._cursor.done and not self._cursor.take("]"):
            self._cursor.step()
        return True

    def result(self) -> tuple[TypeName, tuple[str, ...] | None]:
        """What was read."""
        name = " ".join(self._words)
        if name.startswith("interval"):
            name = "interval"
        if name.startswith("_") and name[1:].isalnum():  # Postgres' own name of an array type
            name, self._array = name[1:], True
        made = TypeName(
            name=name, arguments=self._sizes, array=self._array, unsigned=self._unsigned
        )
        return made, self._values
