"""Tables in which a database or a migration tool keeps its own books: nobody's entities."""

from rockets_tools.documents.bookkeeping import MIGRATIONS
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.tokens import Kind

_SHADOWS = frozenset(
    {"data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "parent",
     "rowid"}
)  # fmt: skip
"""What SQLite's full text and R-tree indexes call the tables they are stored in."""


class Bookkeeping:
    """Knows the tables nobody asked for."""

    def __init__(self) -> None:
        self.virtual: set[str] = set()
        """Virtual tables of SQLite seen so far, lower case."""

    def insert(self, statement: Statement) -> None:
        """`.dump` writes a virtual table as a row of SQLite's own catalogue."""
        texts = [token.text for token in statement.tokens if token.kind is Kind.STRING]
        if texts[:1] == ["table"] and len(texts) > 1:
            self.virtual.add(texts[1].lower())

    def keeper(self, name: str) -> str | None:
        """Who keeps the table of this name; None where it is somebody's data."""
        low = name.lower()
        if low in MIGRATIONS:
            return "a migration tool"
        if low.startswith("sqlite_"):
            return "SQLite"
        owner, _, rest = low.rpartition("_")
        return f"the virtual table {owner}" if rest in _SHADOWS and owner in self.virtual else None
