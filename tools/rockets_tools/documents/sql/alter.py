"""ALTER TABLE: every action that changes a column or a key, done to the table read before."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Span, Unique
from rockets_tools.documents.sql.columns import SqlColumn
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.expressions import read_default, text_of
from rockets_tools.documents.sql.tables import SqlTable, TableReader
from rockets_tools.documents.sql.tokens import Token, split
from rockets_tools.documents.sql.type_names import type_name
from rockets_tools.plan.problems import quoted

_NO_MATTER = frozenset(
    {
        "OWNER", "ENABLE", "DISABLE", "CHECK", "NOCHECK", "AUTO_INCREMENT", "REPLICA", "CLUSTER",
        "SET", "RESET", "INHERIT", "FORCE", "NO", "ENGINE", "COMMENT", "CONVERT", "ORDER", "LOCK",
        "ALGORITHM", "VALIDATE", "DEFAULT", "REBUILD", "SWITCH", "TABLESPACE", "PARTITION", "WITH",
        "ATTACH", "DETACH", "CHARACTER", "COLLATE", "LOGGING", "NOLOGGING", "MOVE", "ROW_FORMAT",
    }
)  # fmt: skip
"""First words of actions that change neither column nor key."""


class Alterations:
    """Reads actions into tables."""

    def __init__(self, reader: TableReader, source: str, found: Findings) -> None:
        self._reader, self._source, self._found = reader, source, found
        self.unique_indexes: dict[str, tuple[str, ...]] = {}
        """Columns of the unique indexes seen, by name."""

    def apply(self, table: SqlTable, actions: list[Token]) -> None:
        """All actions of one statement."""
        adding = False
        for part in split(actions):
            cursor = Cursor(part)
            if cursor.peek() == "WITH" and cursor.peek(1) in ("CHECK", "NOCHECK"):
                cursor.at += 2
            if cursor.take("ADD"):
                adding = True
                self._add(table, cursor)
            elif adding and not self._known(cursor):
                self._add(table, cursor)  # T-SQL says ADD once
            elif cursor.peek() in _NO_MATTER:
                self._found.repeated(
                    "sql-alter",
                    cursor.line,
                    f"ALTER TABLE … {cursor.peek()} changes no column and no key",
                    "Nothing to do.",
                )
            elif not self._change(table, cursor):
                self._unreadable(table, cursor)

    @staticmethod
    def _known(cursor: Cursor) -> bool:
        return cursor.peek() in ("ALTER", "DROP", "MODIFY", "CHANGE", "RENAME", "OWNER")

    def _unreadable(self, table: SqlTable, cursor: Cursor) -> None:
        self._found.blocker(
            "sql-alter-unreadable",
            cursor.line,
            f"This change of {quoted(table.name)} cannot be read: "
            f"{quoted(text_of(cursor.items, self._source))}.",
            "Write the change into the CREATE TABLE.",
        )

    def _add(self, table: SqlTable, cursor: Cursor) -> None:
        if cursor.peek() == "(":
            for part in split(cursor.group() or []):
                self._add(table, Cursor(part))
            return
        if cursor.peek() in ("PARTITION", "SUPPLEMENTAL"):
            return
        if self._default_for(table, cursor) or self._using_index(table, cursor):
            return
        at = cursor.at
        rest = Cursor(cursor.items[at:])
        if not rest.items:
            return
        if self._reader.constraint(table, rest):
            return
        rest.at = 0
        rest.take("COLUMN")
        rest.take("IF", "NOT", "EXISTS")
        if rest.peek() == "(":
            for part in split(rest.group() or []):
                self._reader.item(table, part)
            return
        self._reader.column(table, Cursor(rest.items[rest.at :]))

    def _default_for(self, table: SqlTable, cursor: Cursor) -> bool:
        """T-SQL's `CONSTRAINT name DEFAULT value FOR column`."""
        words = [token.upper for token in cursor.items]
        if "FOR" not in words or "DEFAULT" not in words[:4]:
            return False
        start, end = words.index("DEFAULT"), len(words) - 1 - words[::-1].index("FOR")
        after = Cursor(cursor.items)
        after.at = end + 1
        column = table.column(after.name() or "")
        if column is None or end < start:
            return False
        column.default = read_default(cursor.items[start + 1 : end], self._source)
        column.auto |= column.default.auto
        return True

    def _using_index(self, table: SqlTable, cursor: Cursor) -> bool:
        """`CONSTRAINT name UNIQUE USING INDEX index`: the index was made before."""
        words = [token.upper for token in cursor.items]
        if "USING" not in words or "(" in words:
            return False
        at = words.index("USING")
        name = Cursor(cursor.items)
        name.at = at + 2
        columns = self.unique_indexes.get((name.name() or "").lower())
        if columns is None:
            return False
        if "PRIMARY" in words:
            table.primary_key = columns
        else:
            table.uniques.append(
                Unique(columns=columns, span=Span(cursor.line, cursor.items[-1].line))
            )
        return True

    def _change(self, table: SqlTable, cursor: Cursor) -> bool:
        if cursor.take("ALTER") or cursor.take("MODIFY") or cursor.take("CHANGE"):
            word = cursor.items[cursor.at - 1].upper
            cursor.take("COLUMN")
            if cursor.peek() == "(":  # Oracle
                done = [self._modify(table, Cursor(p)) for p in split(cursor.group() or [])]
                return all(done)
            if word == "CHANGE":
                old = cursor.name() or ""
                return self._rename(table, old, cursor.items[cursor.at].text) and self._modify(
                    table, cursor
                )
            return self._modify(table, cursor)
        if cursor.take("DROP"):
            return self._drop(table, cursor)
        if cursor.take("RENAME"):
            return self._renames(table, cursor)
        return False

    def _modify(self, table: SqlTable, cursor: Cursor) -> bool:
        start = cursor.at
        column = table.column(cursor.name() or "")
        if column is None:
            return False
        if cursor.peek() in ("DEFAULT", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY"):
            return self._more_options(column, cursor)
        if not self._one_change(column, cursor):
            self._redefine(table, column, Cursor(cursor.items[start:]))
        return True

    def _one_change(self, column: SqlColumn, cursor: Cursor) -> bool:
        """`SET DEFAULT 5`, `NOT NULL` and the like; False where a whole definition follows."""
        if cursor.take("SET", "DEFAULT"):
            column.default = read_default(cursor.items[cursor.at :], self._source)
            column.auto |= column.default.auto
        elif cursor.take("DROP", "DEFAULT"):
            column.default = None
        elif cursor.take("SET", "NOT", "NULL") or cursor.take("NOT", "NULL"):
            column.required = True
        elif cursor.take("DROP", "NOT", "NULL") or cursor.take("NULL"):
            column.required = False
        elif cursor.take("ADD", "GENERATED"):
            column.auto = True
        elif cursor.take("SET", "DATA", "TYPE") or cursor.take("TYPE"):
            column.type, column.enum = type_name(cursor)
        else:  # storage, statistics, identity options, row guid
            return cursor.peek() in ("SET", "DROP", "RESET", "ADD")
        return True

    def _redefine(self, table: SqlTable, old: SqlColumn, cursor: Cursor) -> None:
        new = self._reader.column(table, cursor)
        if new is None:
            return
        if new.name != old.name:
            table.columns.pop(old.name, None)
        new.unique |= old.unique
        new.checks = new.checks or old.checks
        new.default = new.default or old.default
        new.auto |= old.auto

    def _more_options(self, column: SqlColumn, cursor: Cursor) -> bool:
        """Oracle's `MODIFY c DEFAULT 1 NOT NULL`: options without a type."""
        if cursor.take("DEFAULT"):
            rest = cursor.items[cursor.at :]
            stop = next((i for i, t in enumerate(rest) if t.upper == "NOT"), len(rest))
            column.default = read_default(rest[:stop], self._source)
            cursor.at += stop
        column.required |= any(t.upper == "NOT" for t in cursor.items[cursor.at :])
        return True

    def _drop(self, table: SqlTable, cursor: Cursor) -> bool:
        if cursor.take("CONSTRAINT"):
            cursor.take("IF", "EXISTS")
            self._drop_constraint(table, (cursor.name() or "").lower())
        elif cursor.take("PRIMARY", "KEY"):
            table.primary_key = ()
        elif cursor.take("FOREIGN", "KEY"):
            self._drop_constraint(table, (cursor.name() or "").lower())
        elif cursor.peek() not in ("INDEX", "KEY", "PARTITION", "CHECK"):
            cursor.take("COLUMN")
            cursor.take("IF", "EXISTS")
            if cursor.peek() == "(":
                names = [part[0].text for part in split(cursor.group() or [])]
            else:
                names = [cursor.name() or ""]
            for name in names:
                column = table.column(name)
                if column is None:
                    return False
                del table.columns[column.name]
        return True

    @staticmethod
    def _drop_constraint(table: SqlTable, name: str) -> None:
        gone = table.constraints.pop(name, None)
        if gone == "primary":
            table.primary_key = ()
        table.foreign_keys = [key for key in table.foreign_keys if key is not gone]
        table.uniques = [unique for unique in table.uniques if unique is not gone]
        table.checks = [check for check in table.checks if check is not gone]

    def _renames(self, table: SqlTable, cursor: Cursor) -> bool:
        if cursor.take("TO") or cursor.take("AS"):
            ref = cursor.ref()
            if ref is None:
                return False
            table.name = ref.name
            return True
        if cursor.peek() in ("CONSTRAINT", "INDEX", "KEY"):
            return True
        cursor.take("COLUMN")
        old = cursor.name() or ""
        cursor.take("TO")
        return self._rename(table, old, cursor.name() or "")

    @staticmethod
    def _rename(table: SqlTable, old: str, new: str) -> bool:
        column = table.column(old)
        if column is None or not new:
            return False
        before = column.name
        table.columns = {
            (new if name == before else name): value for name, value in table.columns.items()
        }
        column.name = new
        table.primary_key = tuple(new if c == before else c for c in table.primary_key)
        for unique in table.uniques:
            unique.columns = tuple(new if c == before else c for c in unique.columns)
        for key in table.foreign_keys:
            key.columns = tuple(new if c == before else c for c in key.columns)
        return True
