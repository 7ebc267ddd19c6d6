"""A SQL script as a schema: the statements that make tables, types and keys are read, every other
one is told."""

from collections.abc import Callable, Mapping

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Ref, Schema
from rockets_tools.documents.sql.alter import Alterations, adds_nothing
from rockets_tools.documents.sql.bookkeeping import Bookkeeping
from rockets_tools.documents.sql.catalogue import FIX_LATER, Catalogue
from rockets_tools.documents.sql.creation import Creation
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.dialect import Dialect, detect
from rockets_tools.documents.sql.home import Home
from rockets_tools.documents.sql.indexes import Indexes
from rockets_tools.documents.sql.procedures import Procedures
from rockets_tools.documents.sql.script import Script, Statement
from rockets_tools.documents.sql.settle import settle
from rockets_tools.documents.sql.tables import TableReader
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


def read_sql(text: str, found: Findings, dialect: Dialect | None = None) -> Schema:
    """The tables of a script; what is left out is in `found`."""
    return _Reader(text, dialect or detect(text), found).read()


class _Reader:
    def __init__(self, text: str, dialect: Dialect, found: Findings) -> None:
        self._text, self._dialect, self._found = text, dialect, found
        self._types = Types(text, found)
        self._home = Home(use_names_schema=dialect is not Dialect.TSQL)
        self._catalogue = Catalogue(self._home, found)
        self._bookkeeping = Bookkeeping()
        reader, indexes = TableReader(text, found), Indexes(self._catalogue, found)
        self._alter = Alterations(
            reader,
            text,
            found,
            unique_indexes=indexes.unique,
            keeps_required=dialect is Dialect.ORACLE,
        )
        self._procedures = Procedures(
            domains=self._types.domains,
            find=self._catalogue.find,
            rename_table=lambda table, name: self._catalogue.rename(table, table.name, name),
            rename_column=self._alter.rename,
            describe=self._catalogue.describe,
        )
        creation = Creation(self._catalogue, self._bookkeeping, reader, found)
        self._create: Mapping[str, Callable[[Statement, Cursor], None]] = {
            "TABLE": creation.table,
            "INDEX": indexes.create,
            "TYPE": self._types.create,
            "DOMAIN": self._types.create_domain,
        }

    def read(self) -> Schema:
        for statement in Script(self._text, self._dialect, self._found).statements():
            if not self._home.enters(statement):
                self._statement(statement)
            if not statement.goes_on:
                self._home.close()
        self._home.leave_unsaid(self._catalogue.tables)
        schema = settle(self._catalogue.tables, self._types.domains, self._dialect, self._found)
        made = self._types.domains.items()
        schema.enums = {name: domain.enum for name, domain in made if domain.enum}
        return schema

    def _statement(self, statement: Statement) -> None:
        words = statement.words(3)
        match words:
            case ["CREATE", *_]:
                self._any_create(statement)
            case ["ALTER", "TABLE", *_] | ["ALTER", "IGNORE" | "ONLINE", "TABLE"]:
                self._alter_table(statement)
            case ["ALTER", "TYPE", *_]:
                self._types.alter(statement)
            case ["INSERT", "INTO", "SQLITE_SCHEMA" | "SQLITE_MASTER"]:
                self._bookkeeping.insert(statement)
            case ["DROP", "TABLE", *_]:
                self._drop_table(statement)
            case ["RENAME", "TABLE", *_]:
                self._rename_tables(statement)
            case ["DO", *_]:
                self._block(statement)
            case ["COMMENT", "ON", *_]:
                self._comment(statement)
            case ["EXEC" | "EXECUTE", *_] if self._procedures.run(statement):
                pass
            case _:
                self._skip(statement)

    def _skip(self, statement: Statement) -> None:
        word = statement.tokens[0].upper
        if word in _ROWS:
            self._found.repeated(
                "sql-statement",
                statement.line,
                f"{word} statements are left out: {_ROWS[word]}",
                "Nothing to do.",
            )
            return
        self._found.repeated(
            "sql-statement",
            statement.line,
            f"{quoted(word or statement.tokens[0].text)} statements are left out: "
            "they make no table",
            "Nothing to do, or write as a table what the plan should have.",
        )

    def _any_create(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        while cursor.peek() in _BEFORE_KIND or _mysql_option(cursor):
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
            self._catalogue.note(ref)
            if "VIRTUAL" in before and ref is not None:
                self._bookkeeping.virtual.add(ref.name.lower())
            self._catalogue.leave_out(
                statement.line, f"{' '.join(sorted(before - {'CREATE'})).lower()} table", ref
            )
        elif kind in self._create:
            self._create[kind](statement, cursor)
        else:
            cursor.take("IF", "NOT", "EXISTS")
            what = kind.lower() or "object"
            ref = cursor.ref()
            if kind == "DATABASE" and ref is not None:
                self._home.called(ref.name)
            if kind == "SCHEMA" and statement.goes_on:
                self._home.open(ref.name if ref else None)
            if kind in ("VIEW", "SEQUENCE"):
                self._catalogue.note(ref)
            if what in ("view", "trigger", "function", "procedure", "proc", "policy", "event"):
                self._catalogue.leave_out(statement.line, what, ref)
            else:
                self._found.repeated(
                    "sql-object",
                    statement.line,
                    f"CREATE {kind or '…'} has no plan form and is left out",
                    FIX_LATER,
                )

    def _alter_table(self, statement: Statement, *, careful: bool = False) -> None:
        """`careful`: what is there already, or not there any more, is no mistake."""
        cursor = Cursor(statement.tokens)
        cursor.at = 2 + (cursor.peek(1) != "TABLE")  # MySQL's ALTER IGNORE TABLE
        careful |= cursor.take("IF", "EXISTS")
        cursor.take("ONLY")
        ref = cursor.ref()
        cursor.take("*")
        table = self._catalogue.find(ref)
        if table is None:
            if self._catalogue.is_other(ref):
                return
            if careful or adds_nothing(cursor):
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    "Changes of tables that are not there are left out: they add nothing",
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
        before = table.name
        if cursor.take("ATTACH", "PARTITION"):
            self._attach(statement, cursor.ref())
            return
        self._alter.apply(table, list(cursor.items[cursor.at :]), careful=careful)
        if table.name.lower() != before.lower():
            self._catalogue.rename(table, before, table.name)

    def _attach(self, statement: Statement, ref: Ref | None) -> None:
        """A table becomes a partition of another: its rows are that one's."""
        table = self._catalogue.find(ref)
        if table is not None:
            self._catalogue.remove(table)
        self._catalogue.leave_out(statement.line, "partition", ref)

    def _rename_tables(self, statement: Statement) -> None:
        """MySQL's `RENAME TABLE a TO b, c TO d`."""
        for part in split(statement.tokens[2:]):
            cursor = Cursor(part)
            table = self._catalogue.find(cursor.ref())
            cursor.take("TO")
            ref = cursor.ref()
            if table is not None and ref is not None:
                self._catalogue.rename(table, table.name, ref.name)

    def _block(self, statement: Statement) -> None:
        """`DO $$ BEGIN CREATE TYPE … $$`: what it makes is read, its program is not."""
        body = next((t for t in statement.tokens if t.kind is Kind.STRING), None)
        if body is None or self._text[body.start] != "$":
            return
        tag = self._text.index("$", body.start + 1) + 1 - body.start
        created: list[Token] = []
        self._found.repeated(
            "sql-statement",
            statement.line,
            "DO blocks are programs; only what they create or alter is read",
            "Nothing to do.",
        )
        try:
            for token in tokens(self._text, self._dialect, body.start + tag, body.line):
                ends = token.start >= body.end - tag
                if (token.upper == ";" or ends) and created:
                    self._in_block(Statement(created))
                    created = []
                elif created or token.upper in ("CREATE", "ALTER"):
                    created.append(token)
                if ends:
                    return
        except BrokenSqlError:
            return

    def _in_block(self, statement: Statement) -> None:
        match statement.words(2):
            case ["ALTER", "TABLE"]:
                self._alter_table(statement, careful=True)
            case ["ALTER", "TYPE"]:
                self._types.alter(statement)
            case ["CREATE", *_]:
                self._any_create(statement)
            case _:
                pass

    def _drop_table(self, statement: Statement) -> None:
        cursor = Cursor(statement.tokens)
        cursor.at = 2
        cursor.take("IF", "EXISTS")
        for part in split(cursor.items[cursor.at :]):
            ref = Cursor(part).ref()
            table = self._catalogue.find(ref)
            if table is None:
                self._found.repeated(
                    "sql-statement",
                    statement.line,
                    "DROP TABLE statements before a CREATE TABLE are left out: the project is new",
                    "Nothing to do.",
                )
                continue
            if statement.tokens[-1].upper in ("CASCADE", "CONSTRAINTS"):
                self._catalogue.cut_off(table)
            self._catalogue.remove(table)
            self._catalogue.leave_out(statement.line, "dropped table", ref)

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
            table = self._catalogue.find(Ref(name=parts[-2], schema=schema))
            column = table.column(parts[-1]) if table else None
            if column is not None:
                column.description = token.text
                return
        self._catalogue.describe(".".join(parts), token.text, statement.line)


def _mysql_option(cursor: Cursor) -> bool:
    """`ALGORITHM=…`, `DEFINER=user@host`, `SQL SECURITY …`: the cursor goes to its last word."""
    if cursor.peek() == "SQL" and cursor.peek(1) == "SECURITY":
        cursor.at += 2
        return True
    if cursor.peek() not in ("ALGORITHM", "DEFINER") or cursor.peek(1) != "=":
        return False
    cursor.at += 4 if cursor.peek(3) == "@" else 2
    return True
