"""CREATE INDEX: what is unique by one is a constraint, every other index is told."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref, Span, Unique
from rockets_tools.documents.sql.catalogue import FIX_LATER, Catalogue
from rockets_tools.documents.sql.columns import names_in
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.tokens import Kind, Token, split
from rockets_tools.plan.problems import quoted


class Indexes:
    """Reads indexes into their tables."""

    def __init__(self, catalogue: Catalogue, found: Findings) -> None:
        self._catalogue, self._found = catalogue, found
        self.unique: dict[str, tuple[str, ...]] = {}
        """Columns of the unique ones, by name in lower case; a constraint may use them later."""

    def create(self, statement: Statement, cursor: Cursor) -> None:
        """Read one from its name on."""
        unique = any(token.upper == "UNIQUE" for token in statement.tokens[:4])
        cursor.take("CONCURRENTLY")
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.ref() if cursor.peek() != "ON" else None
        cursor.take("ON")
        cursor.take("ONLY")
        table = self._catalogue.find(cursor.ref())
        if cursor.take("USING"):
            cursor.step()
        inside = cursor.group() or []
        plain = all(
            part and part[0].kind in (Kind.WORD, Kind.QUOTED) and not _is_call(part)
            for part in split(inside)
        )
        columns = names_in(inside)
        whole, alive = _rows(cursor, columns)
        if unique and table is not None and plain and inside and whole:
            span = Span(statement.line, statement.last_line)
            table.uniques.append(Unique(columns=columns, span=span, alive=alive))
            if name is not None:
                self.unique[name.name.lower()] = columns
            return
        what = f"unique index{_named(name)}" if unique else f"index{_named(name)}"
        self._found.notice(
            "sql-index",
            statement.line,
            f"The {what} on {table.name if table else 'an unknown table'} has no plan form.",
            FIX_LATER
            if not unique
            else "Write uniqueConstraint in the plan if it should hold for every row.",
        )


def _named(name: Ref | None) -> str:
    return f" {quoted(str(name))}" if name else ""


def _rows(cursor: Cursor, columns: tuple[str, ...]) -> tuple[bool, str | None]:
    """Whether an index covers every row, and the column that is null in those it covers.

    `WHERE a IS NOT NULL` leaves nothing out: nulls are never alike anyway.
    """
    while not cursor.done and not cursor.take("WHERE"):
        cursor.step()
    known = {name.lower() for name in columns}
    alive: str | None = None
    while not cursor.done and cursor.peek() not in ("WITH", "ON"):
        if cursor.take_any("(", ")", "AND"):
            continue
        name = cursor.name() or ""
        if alive is None and cursor.take("IS", "NULL"):
            alive = name
        elif name.lower() not in known or not cursor.take("IS", "NOT", "NULL"):
            return False, None
    return True, alive


def _is_call(part: list[Token]) -> bool:
    """`lower(name)` in an index; `name(20)` is a length."""

    return len(part) > 2 and part[1].upper == "(" and part[2].kind is not Kind.NUMBER
