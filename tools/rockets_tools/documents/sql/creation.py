"""CREATE TABLE: columns, constraints, and what comes from other tables."""

from copy import deepcopy
from dataclasses import replace

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref, Span
from rockets_tools.documents.sql.bookkeeping import Bookkeeping
from rockets_tools.documents.sql.catalogue import FIX_LATER, Catalogue
from rockets_tools.documents.sql.columns import SqlColumn
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.tables import Like, SqlTable, TableReader
from rockets_tools.documents.sql.tokens import Token, split
from rockets_tools.plan.problems import quoted


class Creation:
    """Puts tables into the catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookkeeping: Bookkeeping,
        reader: TableReader,
        found: Findings,
    ) -> None:
        self._catalogue, self._bookkeeping = catalogue, bookkeeping
        self._reader, self._found = reader, found

    def table(self, statement: Statement, cursor: Cursor) -> None:
        """Read one from its name on; what is no table of a plan is told."""
        cursor.take("IF", "NOT", "EXISTS")
        token = cursor.token()
        if token is not None and token.text.startswith("#"):  # SQL Server
            self._catalogue.leave_out(statement.line, "temporary table", Ref(name=token.text))
            return
        ref = cursor.ref()
        if ref is None or not ref.name:
            self._found.blocker(
                "sql-unreadable",
                statement.line,
                "This CREATE TABLE names no table.",
                "Write CREATE TABLE name (columns).",
            )
            return
        span = Span(statement.line, statement.last_line)
        keeper = self._bookkeeping.keeper(ref.name)
        if keeper is not None:
            self._catalogue.note(ref)
            self._found.notice(
                "sql-bookkeeping",
                span,
                f"The table {quoted(str(ref))} is left out: {keeper} keeps its books in it.",
                "Nothing to do.",
            )
            return
        if cursor.take("PARTITION", "OF"):
            self._catalogue.note(ref)
            self._catalogue.leave_out(statement.line, "partition", ref)
            return
        table = SqlTable(name=ref.name, schema=self._catalogue.home.of(ref), span=span)
        inside = _columns(cursor)
        if inside is not None:
            self._reader.items(table, inside)
        elif cursor.take("LIKE"):
            like = cursor.ref()
            table.likes += [Like(ref=like, span=span)] if like else []
        parents = self._options(table, cursor)
        if len(parents) == 1 and table.checks and not table.columns:  # rows that a check picks
            self._catalogue.note(ref)
            self._catalogue.leave_out(statement.line, "partition", ref)
            return
        self._inherit(table)
        if not table.columns and not table.likes:
            self._found.blocker(
                "sql-no-columns",
                statement.line,
                f"The table {quoted(str(ref))} lists no columns here.",
                "Write its columns: CREATE TABLE name (columns).",
            )
            return
        self._catalogue.put(table)

    def _inherit(self, table: SqlTable) -> None:
        """Columns of INHERITS and LIKE come before the table's own."""
        own, table.columns = table.columns, {}
        for like in table.likes:
            ref, span, parent = like.ref, like.span, self._catalogue.find(like.ref)
            if parent is None:
                self._found.blocker(
                    "sql-unknown-table",
                    span,
                    f"{table.name} takes columns from {quoted(str(ref))}, which this script does "
                    "not create before.",
                    "Put its CREATE TABLE before this one.",
                )
                continue
            table.columns |= _copies(parent, like)
            if like.keys:
                table.primary_key = table.primary_key or parent.primary_key
                table.uniques += [replace(unique, span=span) for unique in parent.uniques]
            self._found.notice(
                "sql-inherits",
                span,
                f"{table.name} gets the columns of {parent.name} as its own.",
                "Nothing to do.",
            )
        table.columns |= own

    def _options(self, table: SqlTable, cursor: Cursor) -> list[Ref]:
        """What follows the columns; the tables it INHERITS from."""
        parents: list[Ref] = []
        while not cursor.done:
            line = cursor.line
            if cursor.take("INHERITS"):
                refs = [Cursor(part).ref() for part in split(cursor.group() or [])]
                parents += [ref for ref in refs if ref is not None]
                table.likes += [Like(ref=ref, span=Span(line, line)) for ref in parents]
            elif cursor.take("PARTITION", "BY"):
                self._found.notice(
                    "sql-partition",
                    line,
                    f"The partitioning of {table.name} has no plan form.",
                    FIX_LATER,
                )
                cursor.at = len(cursor.items)
            elif cursor.take("COMMENT"):
                cursor.take("=")
                token = cursor.step()
                self._catalogue.describe(table.name, token.text if token else "", line)
            else:
                cursor.step()
        return parents


def _columns(cursor: Cursor) -> list[Token] | None:
    """The list of columns; warehouses have options before it: `CLUSTER BY (a) (a int, …)`."""
    start = cursor.at
    while not cursor.done and cursor.peek() not in ("AS", "LIKE", "SELECT", "INHERITS"):
        inside = cursor.group()
        if inside is None:
            cursor.step()
        elif any(len(part) > 1 for part in split(inside)) or cursor.done:
            return inside
    cursor.at = start
    return cursor.group()


def _copies(parent: SqlTable, like: Like) -> dict[str, SqlColumn]:
    """The columns of another table, as far as LIKE takes them."""
    copies = deepcopy(parent.columns)
    for column in copies.values():
        column.unique &= like.keys
        if not like.defaults:
            column.default, column.auto = None, False
    return copies
