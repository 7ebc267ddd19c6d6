"""ALTER TABLE: every action that changes a column or a key, done to the table read before."""

from collections.abc import Iterator, Mapping, Sequence

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Span, Unique
from rockets_tools.documents.sql.columns import SqlColumn
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.expressions import read_default, text_of
from rockets_tools.documents.sql.tables import SqlTable, TableReader
from rockets_tools.documents.sql.tokens import Kind, Token, split
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


def adds_nothing(cursor: Cursor) -> bool:
    """What follows `ALTER TABLE name` makes neither column nor key; it may take some away."""
    return all(_adds_nothing(part) for part in split(cursor.items[cursor.at :]))


def _adds_nothing(action: list[Token]) -> bool:
    first, *rest = (token.upper for token in action)
    if first == "ALTER":  # COLUMN a DROP DEFAULT
        return "DROP" in rest
    return first == "DROP" or (first in _NO_MATTER and first != "WITH")


def _parts(actions: Sequence[Token]) -> Iterator[list[Token]]:
    """The actions; Oracle puts no comma between `ADD (…)` and `MODIFY (…)`."""
    for part in split(actions):
        start = depth = 0
        for index, token in enumerate(part):
            depth += (token.upper == "(") - (token.upper == ")")
            if (
                index > start + 1
                and depth == 0
                and token.upper in ("ADD", "MODIFY")
                and part[start].upper in ("ADD", "MODIFY")
                and part[index - 1].upper != "COLUMN"
            ):
                yield part[start:index]
                start = index
        yield part[start:]


class Alterations:
    """Reads actions into tables."""

    def __init__(
        self,
        reader: TableReader,
        source: str,
        found: Findings,
        *,
        unique_indexes: Mapping[str, tuple[str, ...]],
        keeps_required: bool,
    ) -> None:
        """`unique_indexes`: columns by name, filled while the script is read.

        `keeps_required`: a new definition leaves NOT NULL as it was, as in Oracle.
        """
        self._reader, self._source, self._found = reader, source, found
        self._keeps_required = keeps_required
        self._careful = False
        self._unique_indexes = unique_indexes

    def apply(self, table: SqlTable, actions: list[Token], *, careful: bool = False) -> None:
        """All actions of one statement.

        `careful`: what is there already, or not there any more, is no mistake.
        """
        self._careful = careful
        adding = False
        for part in _parts(actions):
            cursor = Cursor(part)
            if cursor.peek() == "WITH" and cursor.peek(1) in ("CHECK", "NOCHECK"):
                cursor.at += 2
            if cursor.take("ADD"):
                adding = True
                self._add(table, cursor)
            elif adding and not self._known(cursor) and not self._is_setting(cursor):
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

    @staticmethod
    def _is_setting(cursor: Cursor) -> bool:
        """MySQL's `ENGINE=InnoDB`, `COMMENT 'x'`, `CONVERT TO …`: no column starts like this."""
        after = cursor.items[1] if len(cursor.items) > 1 else None
        return cursor.peek() in _NO_MATTER and (
            after is None
            or after.upper in ("=", "TO", "BY", "CHARACTER", "CHARSET", "COLLATE")
            or after.kind in (Kind.STRING, Kind.NUMBER)
        )

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
        if not self._reader.constraint(table, rest):
            rest.at = 0
            self._add_columns(table, rest)

    def _add_columns(self, table: SqlTable, cursor: Cursor) -> None:
        cursor.take("COLUMN")
        careful = cursor.take("IF", "NOT", "EXISTS") or self._careful
        if cursor.peek() == "(":
            for part in split(cursor.group() or []):
                self._reader.item(table, part)
            return
        column = Cursor(cursor.items[cursor.at :])
        there = careful and table.column(column.name() or "") is not None
        if not there:
            column.at = 0
            self._reader.column(table, column)

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
        columns = self._unique_indexes.get((name.name() or "").lower())
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
        if cursor.peek() in ("ALTER", "MODIFY", "CHANGE"):
            return self._change_column(table, cursor)
        if cursor.take("DROP"):
            return self._drop(table, cursor)
        if cursor.take("RENAME"):
            return self._renames(table, cursor)
        return False

    def _change_column(self, table: SqlTable, cursor: Cursor) -> bool:
        word = cursor.take_any("ALTER", "MODIFY", "CHANGE")
        if self._changes_no_column(table, cursor):
            return True
        cursor.take("COLUMN")
        if cursor.peek() == "(":  # Oracle
            done = [self._modify(table, Cursor(p)) for p in split(cursor.group() or [])]
            return all(done)
        if word == "CHANGE":
            old, new = cursor.name() or "", cursor.token()
            return (
                new is not None
                and self.rename(table, old, new.text)
                and self._modify(table, cursor)
            )
        return self._modify(table, cursor)

    @staticmethod
    def _changes_no_column(table: SqlTable, cursor: Cursor) -> bool:
        """`MODIFY CONSTRAINT c ENABLE`, `ALTER INDEX i INVISIBLE`."""
        token = cursor.token()
        return (
            token is not None
            and token.upper in ("CONSTRAINT", "PRIMARY", "INDEX", "CHECK", "PARTITION", "LOB")
            and table.column(token.text) is None
        )

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
        if self._keeps_required and not any(token.upper == "NULL" for token in cursor.items):
            new.required = old.required
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
            careful = cursor.take("IF", "EXISTS") or self._careful
            if cursor.peek() == "(":
                names = [part[0].text for part in split(cursor.group() or [])]
            else:
                names = [cursor.name() or ""]
            dropped = [self._drop_column(table, name) for name in names]
            return careful or all(dropped)
        return True

    @staticmethod
    def _drop_column(table: SqlTable, name: str) -> bool:
        """A column goes with every key that names it."""
        column = table.column(name)
        if column is None:
            return False
        del table.columns[column.name]
        low = column.name.casefold()

        def stays(columns: tuple[str, ...]) -> bool:
            return all(name.casefold() != low for name in columns)

        table.primary_key = table.primary_key if stays(table.primary_key) else ()
        table.foreign_keys = [key for key in table.foreign_keys if stays(key.columns)]
        table.uniques = [u for u in table.uniques if stays((*u.columns, u.alive or ""))]
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
        return self.rename(table, old, cursor.name() or "") or self._careful

    @staticmethod
    def rename(table: SqlTable, old: str, new: str) -> bool:
        """Give a column another name, in every key, too; False where there is none."""
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
            unique.alive = new if unique.alive == before else unique.alive
        for key in table.foreign_keys:
            key.columns = tuple(new if c == before else c for c in key.columns)
        return True
