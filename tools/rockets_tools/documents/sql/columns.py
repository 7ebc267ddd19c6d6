"""A column of a CREATE TABLE or ALTER TABLE, and what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rockets_tools.documents.schema import ForeignKey, Ref, Span
from rockets_tools.documents.sql.cursor import NAMES, Cursor
from rockets_tools.documents.sql.expressions import RawDefault, default, text_of
from rockets_tools.documents.sql.tokens import Token, split
from rockets_tools.documents.sql.type_names import type_name
from rockets_tools.documents.types import TypeName


@dataclass(slots=True, kw_only=True)
class SqlColumn:
    """A column whose type is still a name: a domain or an enum may be created later."""

    name: str
    span: Span
    type: TypeName
    written_type: str = ""
    enum: tuple[str, ...] | None = None
    """Values of MySQL's inline `enum(…)`."""
    required: bool = False
    unique: bool = False
    primary: bool = False
    auto: bool = False
    computed: bool = False
    default: RawDefault | None = None
    checks: list[str] = field(default_factory=list[str])
    reference: ForeignKey | None = None
    description: str | None = None
    ignored: list[str] = field(default_factory=list[str])
    """Options nobody knows."""


_PLAIN = frozenset(
    {
        "ROWGUIDCOL", "SPARSE", "ENABLE", "DISABLE", "INVISIBLE", "VISIBLE", "VIRTUAL", "STORED",
        "PERSISTED", "HIDDEN", "VALIDATE", "NOVALIDATE", "RELY", "NORELY", "DEFERRABLE",
        "INITIALLY", "DEFERRED", "IMMEDIATE", "FILESTREAM", "FIRST", "CLUSTERED", "NONCLUSTERED",
        "KEY", "FOREIGN", "HASH", "ASCII",
        "UNICODE", "BINARY", "ZEROFILL", "SIGNED", "ALWAYS", "CASCADE", "RESTRICT", "ASC", "DESC",
        "NOCHECK", "ENFORCED", "INVALID", "VALID", "NULL", "NOT", "SORT", "ORDER", "DISTKEY",
        "SORTKEY", "LOGGED", "COMPACT", "START", "NOORDER", "INCREMENT",
    }
)  # fmt: skip
"""Options that say nothing a plan could say."""


def column(cursor: Cursor, source: str) -> SqlColumn | None:
    """Reads a column's definition to the end of the cursor; None where there is no name."""
    token = cursor.token()
    name = cursor.name()
    if token is None or name is None:
        return None
    last = cursor.items[-1].line
    start = cursor.at
    kind, enum = type_name(cursor)
    found = SqlColumn(
        name=name,
        span=Span(token.line, last),
        type=kind,
        written_type=text_of(cursor.items[start : cursor.at], source),
        enum=enum,
    )
    _options(cursor, found, source)
    return found


def _options(cursor: Cursor, found: SqlColumn, source: str) -> None:
    while not cursor.done:
        if (
            _key_option(cursor, found)
            or _value_option(cursor, found, source)
            or _vendor_option(cursor, found)
            or cursor.take("NOT", "FOR", "REPLICATION")
            or cursor.take("NOT", "DEFERRABLE")
            or _skip_option(cursor)
        ):
            continue
        token = cursor.step()
        cursor.group()
        if token is not None and token.upper not in _PLAIN:
            found.ignored.append(token.text)


def _key_option(cursor: Cursor, found: SqlColumn) -> bool:
    """NOT NULL, UNIQUE, PRIMARY KEY, REFERENCES."""
    if cursor.take("NOT", "NULL"):
        found.required = True
    elif cursor.take("NULL"):
        found.required = False
    elif cursor.take("CONSTRAINT"):
        cursor.name()
    elif cursor.take("PRIMARY", "KEY"):
        found.primary = found.required = True
    elif cursor.take("UNIQUE"):
        cursor.take("KEY")
        found.unique = True
    elif cursor.take("REFERENCES"):
        found.reference = references(cursor, (found.name,), found.span)
    else:
        return False
    return True


def _value_option(cursor: Cursor, found: SqlColumn, source: str) -> bool:
    """Where values come from, which are allowed, what they mean."""
    if cursor.take("DEFAULT"):
        cursor.take("ON", "NULL")
        found.default = default(cursor, source)
    elif cursor.take("CHECK"):
        cursor.take("NOT", "FOR", "REPLICATION")
        found.checks.append(text_of(cursor.group() or [], source))
    elif cursor.take("IDENTITY") or cursor.take_any("AUTO_INCREMENT", "AUTOINCREMENT"):
        cursor.group()
        found.auto = True
    elif cursor.take("GENERATED"):
        _generated(cursor, found)
    elif cursor.take("AS"):
        found.computed = True
        cursor.at = len(cursor.items)
    elif cursor.take("COMMENT"):
        cursor.take("=")
        token = cursor.step()
        found.description = token.text if token else None
    else:
        return False
    return True


def _vendor_option(cursor: Cursor, found: SqlColumn) -> bool:
    """What only one database says, and a plan can say too."""
    if cursor.take("COMPUTED", "BY") or cursor.take("COMPUTED"):  # Firebird
        cursor.group()
        found.computed = True
    elif cursor.take("SUB_TYPE"):
        token = cursor.step()
        if token is not None and token.text.upper() in ("TEXT", "1"):
            found.type = TypeName("text")
    elif cursor.take("SEGMENT", "SIZE"):
        cursor.step()
    elif cursor.take_any("MATERIALIZED", "ALIAS", "EPHEMERAL"):  # ClickHouse
        found.computed = True
        cursor.at = len(cursor.items)
    elif cursor.take("OPTIONS"):  # BigQuery
        options = cursor.group() or []
        names = [token.text.lower() for token in options]
        at = names.index("description") + 2 if "description" in names else len(options)
        found.description = options[at].text if at < len(options) else None
    elif cursor.take("FOR"):  # DB2: FOR BIT DATA
        cursor.step()
        cursor.take("DATA")
    else:
        return False
    return True


def _generated(cursor: Cursor, found: SqlColumn) -> None:
    """`GENERATED ALWAYS AS IDENTITY (…)`, `GENERATED ALWAYS AS (expression) STORED`."""
    cursor.take_any("ALWAYS", "BY")
    cursor.take("DEFAULT")
    cursor.take("ON", "NULL")
    cursor.take("AS")
    if cursor.take("IDENTITY"):
        cursor.group()
        found.auto = True
    elif cursor.take("ROW"):  # system versioning
        cursor.take_any("START", "END")
        found.computed = True
    else:
        cursor.group()
        found.computed = True


def _skip_option(cursor: Cursor) -> bool:
    """Options with an argument that say nothing a plan could say."""
    if cursor.take("ON", "UPDATE") or cursor.take("ON", "CONFLICT"):
        cursor.step()
        cursor.group()
    elif cursor.take("CHARACTER", "SET") or cursor.take_any(
        "COLLATE", "CHARSET", "STORAGE", "COMPRESSION", "COLUMN_FORMAT", "ENCODE", "AFTER"
    ):
        cursor.take("=")
        cursor.ref()
    elif cursor.take("USING", "INDEX"):
        cursor.take("TABLESPACE")
        if cursor.group() is None:
            cursor.ref()
    elif cursor.take_any("CODEC", "TAG", "WITH"):
        cursor.group()
    elif cursor.take("ON"):  # a filegroup
        cursor.name()
    elif cursor.take_any("MASKED", "ENCRYPTED"):
        cursor.take("WITH")
        cursor.group()
    elif cursor.take("INDEX"):
        cursor.name()
    elif cursor.take("NO", "INHERIT"):
        pass
    else:
        return False
    return True


def references(cursor: Cursor, columns: tuple[str, ...], span: Span) -> ForeignKey:
    """What follows REFERENCES."""
    target = cursor.ref() or Ref(name="")
    group = cursor.group() if cursor.peek() == "(" else None
    key = ForeignKey(
        columns=columns, target=target, target_columns=names_in(group or []), span=span
    )
    while not cursor.done:
        if cursor.take("ON", "DELETE"):
            key.on_delete = _action(cursor)
            cursor.group()  # the columns that are set to null
        elif cursor.take("ON", "UPDATE"):
            _action(cursor)
        elif cursor.take("MATCH"):
            cursor.step()
        elif not (
            cursor.take("NOT", "DEFERRABLE")
            or cursor.take("DEFERRABLE")
            or cursor.take("INITIALLY", "DEFERRED")
            or cursor.take("INITIALLY", "IMMEDIATE")
            or cursor.take("NOT", "VALID")
            or cursor.take("NOT", "FOR", "REPLICATION")
            or cursor.take_any("ENABLE", "DISABLE", "VALIDATE", "NOVALIDATE", "RELY")
        ):
            break
    return key


def _action(cursor: Cursor) -> str | None:
    if cursor.take("CASCADE"):
        return "CASCADE"
    if cursor.take("SET", "NULL"):
        return "SET NULL"
    if cursor.take("RESTRICT"):
        return "RESTRICT"
    if cursor.take("NO", "ACTION") or cursor.take("SET", "DEFAULT"):
        return None
    cursor.step()
    return None


def names_in(items: Sequence[Token]) -> tuple[str, ...]:
    """Column names of a list, their lengths and order left out."""
    return tuple(part[0].text for part in split(items) if part[0].kind in NAMES)
