"""The database schema a script is in: where its names without a schema belong."""

from collections.abc import Iterable

from rockets_tools.documents.schema import Ref
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.tables import SqlTable

_OWN = frozenset({"", "public", "dbo", "main", "default", "$user", "pg_catalog"})
"""The schema that needs no name, and what a search path has beside it."""
_WAYS = (
    ("SET", "SEARCH_PATH"),
    ("SET", "SESSION", "SEARCH_PATH"),
    ("SET", "LOCAL", "SEARCH_PATH"),
    ("SET", "SCHEMA"),
    ("SET", "CURRENT", "SCHEMA"),
    ("ALTER", "SESSION", "SET", "CURRENT_SCHEMA"),
    ("USE", "SCHEMA"),
    ("USE",),
)
_NO_SCHEMA = frozenset({"DATABASE", "CATALOG", "ROLE", "WAREHOUSE"})
"""What else a warehouse can USE."""


class Home:
    """Follows a script from schema to schema."""

    def __init__(self, *, use_names_schema: bool) -> None:
        """`use_names_schema`: `USE x` enters one, which in T-SQL it does not."""
        self.current: str | None = None
        self._use_names_schema = use_names_schema
        self._outside: tuple[str | None, ...] = ()
        """Where the script was before a CREATE SCHEMA that goes on; empty: none does."""
        self._names: set[str] = set()

    def enters(self, statement: Statement) -> bool:
        """The statement goes to a schema, and does nothing else."""
        cursor = Cursor(statement.tokens)
        way = next((way for way in _WAYS if cursor.take(*way)), None)
        if way is None:
            return False
        cursor.take_any("=", "TO")
        beside = way == ("USE",) and cursor.take_any(*_NO_SCHEMA) != ""
        ref = cursor.ref()
        while ref is not None and ref.name.casefold() in _OWN and cursor.take(","):
            ref = cursor.ref()
        name = ref.name if ref is not None and ref.name.casefold() not in _OWN else None
        if not beside and (way != ("USE",) or self._use_names_schema):
            self.current = name
        self.called(name or "")
        return True

    def called(self, name: str) -> None:
        """The database itself goes by this name: `CREATE DATABASE shop`."""
        self._names.add(name.casefold())

    def open(self, name: str | None) -> None:
        """`CREATE SCHEMA s CREATE TABLE t …`: what the statement goes on to make is in `s`."""
        self._outside = (self.current,)
        if (name or "").upper() != "AUTHORIZATION":  # the own schema of whoever is named next
            self.current = name

    def close(self) -> None:
        """The statement ends that opened a schema, if one did."""
        if self._outside:
            self.current, self._outside = self._outside[0], ()

    def of(self, ref: Ref) -> str | None:
        """The schema a name belongs to."""
        return ref.schema or self.current

    def leave_unsaid(self, tables: Iterable[SqlTable]) -> None:
        """Where all tables are in the one schema that is the database, no name says which."""
        tables = list(tables)
        said = {(table.schema or "").casefold() for table in tables} - _OWN
        if len(said) > 1 or not said <= self._names:
            return
        for table in tables:
            table.schema = _unsaid(table.schema, self._names)
            for key in table.foreign_keys:
                schema = _unsaid(key.target.schema, self._names)
                key.target = Ref(name=key.target.name, schema=schema)


def _unsaid(schema: str | None, names: set[str]) -> str | None:
    return None if (schema or "").casefold() in names else schema
