"""SQL Server's procedures that make structure: names for types, new names, descriptions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rockets_tools.documents.schema import Ref, Span
from rockets_tools.documents.sql.cursor import Cursor
from rockets_tools.documents.sql.dialect import Dialect
from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.settle import Domain
from rockets_tools.documents.sql.tables import SqlTable
from rockets_tools.documents.sql.tokens import BrokenSqlError, Kind, Token, split, tokens
from rockets_tools.documents.sql.type_names import type_name

_VALUES = frozenset({Kind.STRING, Kind.QUOTED, Kind.WORD})


@dataclass(slots=True)
class _Arguments:
    """Of one call: by place, and by name in lower case."""

    placed: list[str] = field(default_factory=list[str])
    named: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str, place: int) -> str:
        """The empty text where it is not given."""
        placed = self.placed[place] if place < len(self.placed) else ""
        return self.named.get(name, placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedures:
    """Does what `EXEC sp_…` does, as far as a plan can say it."""

    domains: dict[str, Domain]
    find: Callable[[Ref | None], SqlTable | None]
    rename_table: Callable[[SqlTable, str], None]
    rename_column: Callable[[SqlTable, str, str], bool]
    describe: Callable[[str, str, int], None]
    """Told the description of a whole table: its name, the text, the line."""

    def run(self, statement: Statement) -> bool:
        """False where the call makes nothing a plan knows."""
        cursor = Cursor(statement.tokens)
        cursor.take_any("EXEC", "EXECUTE")
        ref = cursor.ref()
        given = _arguments(cursor.items[cursor.at :])
        match ref.name.lower() if ref else "":
            case "sp_addtype":
                return self._add_type(given, Span(statement.line, statement.last_line))
            case "sp_addextendedproperty" if given.get("name", 0).lower() == "ms_description":
                return self._description(given, statement.line)
            case "sp_rename":
                return self._rename(given)
            case _:
                return False

    def _add_type(self, given: _Arguments, span: Span) -> bool:
        written = _tokens(given.get("phystype", 1))
        kind, _ = type_name(Cursor(written))
        nulls = given.get("nulltype", 2).lower().split()
        self.domains[given.get("typename", 0).lower()] = Domain(
            span=span, type=kind, required=nulls == ["not", "null"]
        )
        return bool(written)

    def _description(self, given: _Arguments, line: int) -> bool:
        schema, name = given.get("level0name", 3), given.get("level1name", 5)
        table = self.find(Ref(name=name, schema=schema or None))
        column, text = given.get("level2name", 7), given.get("value", 1)
        if table is None or given.get("level2type", 6).lower() not in ("", "column"):
            return False
        if not column:
            self.describe(table.name, text, line)
            return True
        described = table.column(column)
        if described is not None:
            described.description = text
        return described is not None

    def _rename(self, given: _Arguments) -> bool:
        parts = [token.text for token in _tokens(given.get("objname", 0)) if token.kind in _VALUES]
        name = given.get("newname", 1)
        if not parts or not name:
            return False
        if given.get("objtype", 2).lower() == "column":
            schema = parts[-3] if len(parts) > 2 else None
            table = self.find(Ref(name=parts[-2], schema=schema)) if len(parts) > 1 else None
            return table is not None and self.rename_column(table, parts[-1], name)
        table = self.find(Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None))
        if table is not None:
            self.rename_table(table, name)
        return table is not None


def _arguments(items: Sequence[Token]) -> _Arguments:
    given = _Arguments()
    for part in split(items):
        named = part[0].upper == "@" and len(part) > 3 and part[2].upper == "="
        value = next((t.text for t in part[3 if named else 0 :] if t.kind in _VALUES), "")
        if named:
            given.named[part[1].text.lower()] = value
        else:
            given.placed.append(value)
    return given


def _tokens(text: str) -> list[Token]:
    try:
        return list(tokens(text, Dialect.TSQL))
    except BrokenSqlError:
        return []
