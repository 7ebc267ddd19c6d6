"""A SQL script as a schema: the statements that make tables, types and keys are read, every other
one is told."""

from collections.abc import Callable, Mapping
from copy import deepcopy

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref, Schema, Span, Unique
from rockets_tools.documents.sql.alter import Alterations
from rockets_tools.documents.sql.columns import names_in
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.dialect import Dialect, detect
from rockets_tools.documents.sql.script import Script, Statement
from rockets_tools.documents.sql.settle import settle
from rockets_tools.documents.sql.tables import SqlTable, TableReader
from rockets_tools.documents.sql.tokens import BrokenSqlError, Kind, Token, split, tokens
from rockets_tools.documents.sql.user_types import Types
from rockets_tools.plan.problems import quoted

_BEFORE_KIND = frozenset(
    {
        "CREATE", "OR", "REPLACE", "ALTER", "GLOBAL", "LOCAL", "UNLOGGED", "FOREIGN", "UNIQUE",
        "CLUSTERED", "NONCLUSTERED", "MATERIALIZED", "FORCE", "EDITIONABLE", "NONEDITIONABLE",
        "PUBLIC", "CONSTRAINT", "COLUMN", "FULLTEXT", "SPATIAL", "BITMAP", "RECURSIVE", "VIRTUAL",
        "TEMP", "TEMPORARY", "EXTERNAL", "IMMUTABLE", "BLOCKCHAIN", "PRIVATE", "NOFORCE",
    }
)  # fmt: skip

_OTHER_OBJECTS = frozenset(
    {"TRIGGER", "VIEW", "FUNCTION", "PROCEDURE", "PROC", "POLICY", "EVENT", "RULE", "SYNONYM"}
)
_ROWS = {
    "INSERT": "rows are data, not structure",
    "UPDATE": "rows are data, not structure",
    "DELETE": "rows are data, not structure",
    "MERGE": "rows are data, not structure",
    "REPLACE": "rows are data, not structure",
    "COPY": "rows are data, not structure",
    "TRUNCATE": "rows are data, not structure",
    "SELECT": "queries are no structure",
    "WITH": "queries are no structure",
    "GRANT": "database grants are not what the API grants; write the acl in the plan",
    "REVOKE": "database grants are not what the API grants; write the acl in the plan",
}
_FIX_LATER = "Add it in a migration of your own if you need it."


def read_sql(text: str, found: Findings, dialect: Dialect | None = None) -> Schema:
    """The tables of a script; what is left out is in `found`."""
    return _Reader(text, dialect or detect(text), found).read()


class _Reader:
    def __init__(self, text: str, dialect: Dialect, found: Findings) -> None:
        self._text, self._dialect, self._found = text, dialect, found
        self._tables: list[SqlTable] = []
        self._by_name: dict[str, list[SqlTable]] = {}
        self._types = Types(text, found)
        self._left_out: set[str] = set()
        """Tables that are no tables of the plan, lower case: partitions, temporary ones."""
        self._reader = TableReader(text, found)
        self._alter = Alterations(self._reader, text, found)
        self._create: Mapping[str, Callable[[Statement, Cursor], None]] = {
            "TABLE": self._create_table,
            "INDEX": self._create_index,
            "TYPE": self._types.create,
            "DOMAIN": lambda _, cursor: self._types.create_domain(cursor),
        }

    def read(self) -> Schema:
        for statement in Script(self._text, self._dialect, self._found).statements():
            self._statement(statement)
        return settle(self._tables, self._types.domains, self._dialect, self._found)

    def _statement(self, statement: Statement) -> None:
        words = statement.words(3)
        match words:
            case ["CREATE", *_]:
                self._any_create(statement)
            case ["ALTER", "TABLE", *_]:
                self._alter_table(statement)
            case ["ALTER", "TYPE", *_]:
                self._types.alter(statement)
            case ["DROP", "TABLE", *_]:
                self._drop_table(statement)
            case ["RENAME", "TABLE", *_]:
                self._rename_tables(statement)
            case ["DO", *_]:
                self._block(statement)
            case ["COMMENT", "ON", *_]:
                self._comment(statement)
            case [word, *_] if word in _ROWS:
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    f"{word} statements are left out: {_ROWS[word]}",
                    "Nothing to do.",
                )
            case [word, *_]:
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    f"{quoted(word or statement.tokens[0].text)} statements are left out: "
                    "they make no table",
                    "Nothing to do, or write as a table what the plan should have.",
                )
            case _:
                pass

    def _any_create(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        while cursor.peek() in _BEFORE_KIND:
            cursor.step()
        # Snowflake's TRANSIENT, HANA's COLUMN, Teradata's MULTISET, …
        ahead = next((n for n in range(3) if cursor.peek(n) == "TABLE"), 0)
        if cursor.peek() not in self._create and cursor.peek() not in _OTHER_OBJECTS:
            cursor.at += ahead
        before = {token.upper for token in statement.tokens[: cursor.at]}
        kind = cursor.peek()
        cursor.step()
        if kind == "TABLE" and not before.isdisjoint({"TEMP", "TEMPORARY", "VIRTUAL", "PRIVATE"}):
            cursor.take("IF", "NOT", "EXISTS")
            ref = cursor.ref()
            self._left_out.add(ref.name.lower() if ref else "")
            self._leave_out(
                statement, f"{' '.join(sorted(before - {'CREATE'})).lower()} table", ref
            )
        elif kind in self._create:
            self._create[kind](statement, cursor)
        else:
            cursor.take("IF", "NOT", "EXISTS")
            what = kind.lower() or "object"
            if what in ("view", "trigger", "function", "procedure", "proc", "policy", "event"):
                self._leave_out(statement, what, cursor.ref())
            else:
                self._found.repeated(
                    "sql-object",
                    statement.line,
                    f"CREATE {kind or '…'} has no plan form and is left out",
                    _FIX_LATER,
                )

    def _leave_out(self, statement: Statement, what: str, ref: Ref | None) -> None:
        self._found.notice(
            f"sql-{what.replace(' ', '-')}",
            statement.line,
            f"The {what} {quoted(str(ref))} has no plan form.",
            _FIX_LATER if what != "policy" else "Write who may see which rows as acl in the plan.",
        )

    def _create_table(self, statement: Statement, cursor: Cursor) -> None:
        cursor.take("IF", "NOT", "EXISTS")
        ref = cursor.ref()
        if ref is None or not ref.name or ref.name.startswith("#"):
            self._found.blocker(
                "sql-unreadable",
                statement.line,
                "This CREATE TABLE names no table.",
                "Write CREATE TABLE name (columns).",
            )
            return
        span = Span(statement.line, statement.last_line)
        if cursor.take("PARTITION", "OF"):
            self._left_out.add(ref.name.lower())
            self._leave_out(statement, "partition", ref)
            return
        table = SqlTable(name=ref.name, schema=ref.schema, span=span)
        inside = _columns(cursor)
        if inside is not None:
            self._reader.items(table, inside)
        elif cursor.take("LIKE"):
            like = cursor.ref()
            table.likes += [(like, span)] if like else []
        self._table_options(table, cursor)
        self._inherit(table)
        if not table.columns and not table.likes:
            self._found.blocker(
                "sql-no-columns",
                statement.line,
                f"The table {quoted(str(ref))} lists no columns here.",
                "Write its columns: CREATE TABLE name (columns).",
            )
            return
        self._put(table)

    def _inherit(self, table: SqlTable) -> None:
        """Columns of INHERITS and LIKE come before the table's own."""
        own, table.columns = table.columns, {}
        for ref, span in table.likes:
            parent = self._find(ref)
            if parent is None:
                self._found.blocker(
                    "sql-unknown-table",
                    span,
                    f"{table.name} takes columns from {quoted(str(ref))}, which this script does "
                    "not create before.",
                    "Put its CREATE TABLE before this one.",
                )
                continue
            table.columns |= {name: deepcopy(column) for name, column in parent.columns.items()}
            table.primary_key = table.primary_key or parent.primary_key
            table.uniques += [Unique(columns=u.columns, span=span) for u in parent.uniques]
            self._found.notice(
                "sql-inherits",
                span,
                f"{table.name} gets the columns of {parent.name} as its own.",
                "Nothing to do.",
            )
        table.columns |= own

    def _put(self, table: SqlTable) -> None:
        same = [
            t
            for t in self._by_name.get(table.name.lower(), [])
            if (t.schema or "").lower() == (table.schema or "").lower()
        ]
        if same:
            self._found.notice(
                "sql-twice",
                table.span,
                f"The table {quoted(table.name)} was created before, at line "
                f"{same[0].span.first}; the first one counts.",
                "Remove one of the two.",
            )
            return
        self._tables.append(table)
        self._by_name.setdefault(table.name.lower(), []).append(table)

    def _table_options(self, table: SqlTable, cursor: Cursor) -> None:
        while not cursor.done:
            line = cursor.line
            if cursor.take("INHERITS"):
                for part in split(cursor.group() or []):
                    parent = Cursor(part).ref()
                    if parent is not None:
                        table.likes.append((parent, Span(line, line)))
            elif cursor.take("PARTITION", "BY"):
                self._found.notice(
                    "sql-partition",
                    line,
                    f"The partitioning of {table.name} has no plan form.",
                    _FIX_LATER,
                )
                cursor.at = len(cursor.items)
            elif cursor.take("COMMENT"):
                cursor.take("=")
                token = cursor.step()
                self._table_comment(table.name, token.text if token else "", line)
            else:
                cursor.step()

    def _table_comment(self, name: str, text: str, line: int) -> None:
        self._found.notice(
            "sql-comment",
            line,
            f"The comment on {name} has no place in the plan: {quoted(text)}.",
            "Nothing to do.",
        )

    def _find(self, ref: Ref | None) -> SqlTable | None:
        if ref is None:
            return None
        named = self._by_name.get(ref.name.lower(), [])
        exact = [t for t in named if (t.schema or "").lower() == (ref.schema or "").lower()]
        return next(iter(exact or named), None)

    def _alter_table(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        cursor.at = 2
        careful = cursor.take("IF", "EXISTS")
        cursor.take("ONLY")
        ref = cursor.ref()
        cursor.take("*")
        table = self._find(ref)
        if table is None:
            if ref is not None and ref.name.lower() in self._left_out:
                return
            if careful and cursor.peek() == "DROP":
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    "Changes before a CREATE TABLE that only tidy up are left out: the project is "
                    "new",
                    "Nothing to do.",
                )
                return
            self._found.blocker(
                "sql-unknown-table",
                statement.line,
                f"ALTER TABLE of {quoted(str(ref))}, which this script does not create.",
                "Put its CREATE TABLE before it, or remove the statement.",
            )
            return
        before = table.name.lower()
        if cursor.take("ATTACH", "PARTITION"):
            self._attach(statement, cursor.ref())
            return
        self._alter.apply(table, list(cursor.items[cursor.at :]))
        if table.name.lower() != before:
            self._renamed(table, before, table.name)

    def _attach(self, statement: Statement, ref: Ref | None) -> None:
        """A table becomes a partition of another: its rows are that one's."""
        table = self._find(ref)
        if table is not None:
            self._tables.remove(table)
            self._by_name[table.name.lower()].remove(table)
            self._left_out.add(table.name.lower())
        self._leave_out(statement, "partition", ref)

    def _rename_tables(self, statement: Statement) -> None:
        """MySQL's `RENAME TABLE a TO b, c TO d`."""
        for part in split(statement.tokens[2:]):
            cursor = Cursor(part)
            table = self._find(cursor.ref())
            cursor.take("TO")
            ref = cursor.ref()
            if table is not None and ref is not None:
                self._renamed(table, table.name.lower(), ref.name)

    def _renamed(self, table: SqlTable, before: str, name: str) -> None:
        table.name = name
        self._by_name[before].remove(table)
        self._by_name.setdefault(name.lower(), []).append(table)
        for key in (key for other in self._tables for key in other.foreign_keys):
            if key.target.name.lower() == before and self._find(key.target) is None:
                key.target = Ref(name=name, schema=key.target.schema)

    def _block(self, statement: Statement) -> None:
        """`DO $$ BEGIN CREATE TYPE … $$`: what it creates is read, its program is not."""
        body = next((t for t in statement.tokens if t.kind is Kind.STRING), None)
        if body is None or self._text[body.start] != "$":
            return
        tag = self._text.index("$", body.start + 1) + 1 - body.start
        created: list[Token] = []
        self._found.repeated(
            "sql-statement",
            statement.line,
            "DO blocks are programs; only what they create is read",
            "Nothing to do.",
        )
        try:
            for token in tokens(self._text, self._dialect, body.start + tag, body.line):
                ends = token.start >= body.end - tag
                if (token.upper == ";" or ends) and created:
                    self._any_create(Statement(created))
                    created = []
                elif created or token.upper == "CREATE":
                    created.append(token)
                if ends:
                    return
        except BrokenSqlError:
            return

    def _drop_table(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        cursor.at = 2
        cursor.take("IF", "EXISTS")
        for part in split(cursor.items[cursor.at :]):
            ref = Cursor(part).ref()
            table = self._find(ref)
            if table is None:
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    "DROP TABLE statements before a CREATE TABLE are left out: the project is new",
                    "Nothing to do.",
                )
                continue
            self._tables.remove(table)
            self._by_name[table.name.lower()].remove(table)
            self._left_out.add(table.name.lower())
            self._leave_out(statement, "table dropped again", ref)

    def _create_index(self, statement: Statement, cursor: Cursor) -> None:
        unique = any(token.upper == "UNIQUE" for token in statement.tokens[:4])
        cursor.take("CONCURRENTLY")
        cursor.take("IF", "NOT", "EXISTS")
        name = cursor.ref() if cursor.peek() != "ON" else None
        cursor.take("ON")
        cursor.take("ONLY")
        table = self._find(cursor.ref())
        if cursor.take("USING"):
            cursor.step()
        inside = cursor.group() or []
        plain = all(
            part and part[0].kind in (Kind.WORD, Kind.QUOTED) and not _is_call(part)
            for part in split(inside)
        )
        partial = any(token.upper == "WHERE" for token in cursor.items[cursor.at :])
        if unique and table is not None and plain and inside and not partial:
            columns = names_in(inside)
            span = Span(statement.line, statement.last_line)
            table.uniques.append(Unique(columns=columns, span=span))
            if name is not None:
                self._alter.unique_indexes[name.name.lower()] = columns
            return
        what = "unique index" if unique else "index"
        self._found.notice(
            "sql-index",
            statement.line,
            f"The {what} {quoted(str(name or ''))} on "
            f"{table.name if table else 'an unknown table'} has no plan form.",
            "Add it in a migration of your own if you need it."
            if not unique
            else "Write uniqueConstraint in the plan if it should hold for every row.",
        )

    def _comment(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        cursor.at = 2
        what = cursor.step()
        parts: list[str] = []
        while (part := cursor.name()) is not None and part.upper() != "IS":
            parts.append(part)
            cursor.take(".")
        cursor.take("IS")
        token = statement.tokens[-1]
        if token.kind is not Kind.STRING:
            self._found.repeated(
                "sql-comment",
                statement.line,
                "COMMENT ON in this form is left out",
                "Write apiDescription in the plan if an answer's documentation should say it.",
            )
            return
        if what is not None and what.upper == "COLUMN" and len(parts) > 1:
            schema = parts[-3] if len(parts) > 2 else None
            table = self._find(Ref(name=parts[-2], schema=schema))
            column = table.column(parts[-1]) if table else None
            if column is not None:
                column.description = token.text
                return
        self._table_comment(".".join(parts), token.text, statement.line)


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


def _is_call(part: list[Token]) -> bool:
    """`lower(name)` in an index; `name(20)` is a length."""

    return len(part) > 2 and part[1].upper == "(" and part[2].kind is not Kind.NUMBER
