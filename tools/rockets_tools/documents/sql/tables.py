"""CREATE TABLE: columns and table constraints, each read by itself so that one that cannot be
read is told with its line and the others still count."""

from dataclasses import dataclass, field

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import ForeignKey, Ref, Span, Unique
from rockets_tools.documents.sql.columns import SqlColumn, column, names_in, references
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.expressions import text_of
from rockets_tools.documents.sql.tokens import Kind, Token, split
from rockets_tools.plan.problems import quoted

_KINDS_OF_INDEX = frozenset({"FULLTEXT", "SPATIAL", "INVERTED", "VECTOR", "COLUMNSTORE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Columns of another table, and what comes with them."""

    ref: Ref
    span: Span
    keys: bool = True
    defaults: bool = True


@dataclass(slots=True, kw_only=True)
class SqlTable:
    """A table while its script is being read."""

    name: str
    schema: str | None
    span: Span
    columns: dict[str, SqlColumn] = field(default_factory=dict[str, SqlColumn])
    primary_key: tuple[str, ...] = ()
    uniques: list[Unique] = field(default_factory=list[Unique])
    foreign_keys: list[ForeignKey] = field(default_factory=list[ForeignKey])
    checks: list[tuple[str, Span]] = field(default_factory=list[tuple[str, Span]])
    constraints: dict[str, object] = field(default_factory=dict[str, object])
    """By name, lower case: what a DROP CONSTRAINT takes away."""
    likes: list["Like"] = field(default_factory=list["Like"])
    """Tables whose columns it has too."""

    def column(self, name: str) -> SqlColumn | None:
        found = self.columns.get(name)
        if found is None:
            low = name.casefold()
            found = next((c for c in self.columns.values() if c.name.casefold() == low), None)
        return found


class TableReader:
    """Reads the parts of a table's definition into it."""

    def __init__(self, source: str, found: Findings) -> None:
        self._source, self._found = source, found

    def items(self, table: SqlTable, inside: list[Token]) -> None:
        """The list between the parentheses of a CREATE TABLE."""
        for part in split(inside):
            self.item(table, part)

    def item(self, table: SqlTable, part: list[Token]) -> None:
        """A column or a constraint."""
        cursor = Cursor(part)
        if not self.constraint(table, cursor):
            cursor.at = 0
            before = len(table.columns)
            if self.column(table, cursor) is not None and len(table.columns) == before:
                self._found.blocker(
                    "sql-twice",
                    cursor.items[0].line,
                    f"{table.name} has two columns {quoted(cursor.items[0].text)}.",
                    "Remove or rename one of them.",
                )

    def column(self, table: SqlTable, cursor: Cursor) -> SqlColumn | None:
        """A column, put into the table (in place of one of the same name)."""
        line = cursor.line
        read = column(cursor, self._source)
        if read is None:
            self._found.blocker(
                "sql-unreadable",
                line,
                f"A part of the table {quoted(table.name)} cannot be read: "
                f"{quoted(text_of(cursor.items, self._source))}.",
                "Write it as a column or a constraint.",
            )
            return None
        table.columns[read.name] = read
        if read.primary:
            table.primary_key = (read.name,)
        if read.reference is not None:
            table.foreign_keys.append(read.reference)
            read.reference = None
        if read.ignored:
            self._found.notice(
                "sql-option",
                read.span,
                f"{table.name}.{read.name}: {', '.join(map(quoted, read.ignored[:5]))} says "
                "nothing that a plan can say.",
                "Check whether the field misses something.",
            )
        return read

    def constraint(self, table: SqlTable, cursor: Cursor) -> bool:
        """A table constraint, if this is one."""
        name: str | None = None
        line = cursor.line
        span = Span(line, cursor.items[-1].line)
        if cursor.peek() == "CONSTRAINT" and cursor.items[0].kind is Kind.WORD:
            cursor.step()
            if cursor.peek() not in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
                name = cursor.name()
        found = self._keyed(table, cursor, span) or self._other(table, cursor, span, name)
        if found is None:
            return False
        if name is not None:
            table.constraints[name.lower()] = found
        return True

    def _keyed(self, table: SqlTable, cursor: Cursor, span: Span) -> object | None:
        """PRIMARY KEY, UNIQUE, FOREIGN KEY."""
        if cursor.take("PRIMARY", "KEY"):
            table.primary_key = names_in(self._list(cursor))
            return "primary"
        if cursor.take("FOREIGN", "KEY"):
            cursor.take("IF", "NOT", "EXISTS")
            if cursor.peek() != "(":
                cursor.name()
            columns = names_in(self._list(cursor))
            if not cursor.take("REFERENCES"):
                return None
            key = references(cursor, columns, span)
            table.foreign_keys.append(key)
            return key
        if cursor.peek() == "UNIQUE":
            at = cursor.at
            cursor.step()
            inside = self._list(cursor)
            if inside and any(part[0].kind is Kind.SIGN for part in split(inside)):
                cursor.at = at
                return None  # of an expression: told as an index
            if inside:
                unique = Unique(columns=names_in(inside), span=span)
                table.uniques.append(unique)
                return unique
            cursor.at = at
        return None

    def _other(
        self, table: SqlTable, cursor: Cursor, span: Span, name: str | None
    ) -> object | None:
        if cursor.peek() == "CHECK" and cursor.peek(1) in ("(", "NOT"):
            cursor.step()
            cursor.take("NOT", "FOR", "REPLICATION")
            check = (text_of(cursor.group() or [], self._source), span)
            table.checks.append(check)
            return check
        if cursor.take("LIKE"):
            ref = cursor.ref()
            if ref is not None:
                including = {
                    token.upper
                    for index, token in enumerate(cursor.items)
                    if cursor.items[index - 1].upper == "INCLUDING"
                }
                table.likes.append(
                    Like(
                        ref=ref,
                        span=span,
                        keys=not including.isdisjoint({"ALL", "INDEXES"}),
                        defaults=not including.isdisjoint({"ALL", "DEFAULTS", "IDENTITY"}),
                    )
                )
            return ref
        if self._is_index(cursor):
            what = "unique index" if cursor.peek() == "UNIQUE" else "index"
        elif cursor.peek() == "FAMILY" and any(item.upper == "(" for item in cursor.items[:3]):
            what = "column family"
        elif cursor.peek() in ("PROJECTION", "SHARD", "SORT") and cursor.items[-1].upper == ")":
            what = "storage option"
        elif cursor.peek() == "EXCLUDE" and cursor.peek(1) in ("USING", "("):
            what = "exclusion constraint"
        elif cursor.peek() == "PERIOD" and cursor.peek(1) == "FOR":
            what = "period"
        elif cursor.peek() == "SUPPLEMENTAL" and cursor.peek(1) == "LOG":
            what = "supplemental log"
        else:
            return None
        self._found.notice(
            "sql-index" if what.endswith("index") else "sql-constraint",
            span,
            f"The {what} {quoted(name or text_of(cursor.items, self._source))} of {table.name} "
            "has no plan form.",
            "Add it in a migration of your own if you need it.",
        )
        return what

    @staticmethod
    def _is_index(cursor: Cursor) -> bool:
        """`KEY name (columns)`; a column may be called key or index, too."""
        word = cursor.peek()
        if word in _KINDS_OF_INDEX and cursor.peek(1) in ("KEY", "INDEX", "("):
            return True
        if word in ("FULLTEXT", "SPATIAL", "UNIQUE"):
            return any(item.upper == "(" for item in cursor.items)
        if word not in ("KEY", "INDEX") or cursor.items[cursor.at].kind is not Kind.WORD:
            return False
        if any(item.upper == "TYPE" for item in cursor.items[2:]) and word == "INDEX":
            return True  # ClickHouse
        ahead = Cursor(cursor.items)
        ahead.at = cursor.at + 1
        if ahead.peek() != "(":
            ahead.name()
        while not ahead.done and ahead.peek() in (
            "USING",
            "BTREE",
            "HASH",
            "CLUSTERED",
            "UNIQUE",
            "NONCLUSTERED",
        ):
            ahead.step()
        inside = ahead.group()
        return inside is not None and inside != [] and inside[0].kind is not Kind.NUMBER

    @staticmethod
    def _list(cursor: Cursor) -> list[Token]:
        """The next parenthesised list, the words before it (a name, CLUSTERED) skipped."""
        while not cursor.done and cursor.peek() != "(":
            cursor.step()
        return cursor.group() or []
