"""The changes a migration is made of, each with what takes it back, worded as TypeORM does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rockets_tools.migrate.static import names
from rockets_tools.migrate.static.model import ENUM, Column, ForeignKey, Table
from rockets_tools.migrate.static.sql import (
    NOT_DELETED,
    identifier,
    identifiers,
    in_schema,
    literal,
)


@dataclass(frozen=True, slots=True)
class Change:
    up: str
    down: str


def undone(changes: Sequence[Change]) -> list[Change]:
    """The changes that take `changes` back."""
    return [Change(change.down, change.up) for change in reversed(changes)]


def create_table(table: Table) -> list[Change]:
    """With its types and indexes; foreign keys wait until all tables are there."""
    types = [
        change for column in table.columns.values() for change in _create_type(table.name, column)
    ]
    parts = [_definition(table.name, column) for column in table.columns.values()]
    parts += [_unique(name, columns) for name, columns in table.uniques.items()]
    key = identifier(names.primary_key(table.name))
    parts.append(f"CONSTRAINT {key} PRIMARY KEY ({identifier('id')})")
    name = identifier(table.name)
    create = Change(f"CREATE TABLE {name} ({', '.join(parts)})", f"DROP TABLE {name}")
    indexes = [create_index(table.name, *index) for index in table.indexes.items()]
    return [*types, create, *indexes]


def add_column(table: str, column: Column) -> list[Change]:
    """With its type, without a constraint."""
    drop = f"DROP COLUMN {identifier(column.name)}"
    add = _alter(table, f"ADD {_definition(table, column)}", drop)
    return [*_create_type(table, column), add]


def rename_column(table: str, column: Column, name: str) -> list[Change]:
    """With its type, without its constraint."""
    old, new = identifier(column.name), identifier(name)
    renamed = [_alter(table, f"RENAME COLUMN {old} TO {new}", f"RENAME COLUMN {new} TO {old}")]
    if column.type == ENUM:
        types = names.enum_type(table, column.name), names.enum_type(table, name)
        renamed.append(_rename_type(*types))
    return renamed


def change_column(table: str, old: Column, new: Column) -> list[Change]:
    """A column that keeps its name and the kind of its type."""
    column = f"ALTER COLUMN {identifier(new.name)}"
    found: list[Change] = []
    if old.size != new.size:
        types = (f"{column} TYPE {_type(table, each)}" for each in (new, old))
        found.append(_alter(table, *types))
    recast = old.enum_values != new.enum_values
    if recast:
        found += _recast(table, old, new)
    if old.nullable != new.nullable:
        null, required = f"{column} DROP NOT NULL", f"{column} SET NOT NULL"
        found.append(_alter(table, *((null, required) if new.nullable else (required, null))))
    if old.default != new.default and not (recast and old.default is not None):
        found.append(_alter(table, _set_default(new), _set_default(old)))
    return found


def add_unique(table: str, name: str, columns: Iterable[str]) -> Change:
    """A unique constraint for a table that is there."""
    return _alter(table, f"ADD {_unique(name, columns)}", f"DROP CONSTRAINT {identifier(name)}")


def rename_constraint(table: str, old: str, new: str) -> Change:
    """A constraint that goes by the name of a column follows it."""
    before, after = identifier(old), identifier(new)
    return _alter(
        table, f"RENAME CONSTRAINT {before} TO {after}", f"RENAME CONSTRAINT {after} TO {before}"
    )


def create_index(table: str, name: str, columns: Iterable[str]) -> Change:
    """An index that keeps rows unique as long as they are not deleted."""
    return Change(
        f"CREATE UNIQUE INDEX {identifier(name)} ON {identifier(table)} "
        f"({identifiers(columns)}) WHERE {NOT_DELETED}",
        f"DROP INDEX {in_schema(name)}",
    )


def add_foreign_key(table: str, name: str, key: ForeignKey) -> Change:
    """A foreign key; both tables are there."""
    return _alter(
        table,
        f"ADD CONSTRAINT {identifier(name)} FOREIGN KEY ({identifier(key.column)}) "
        f"REFERENCES {identifier(key.table)}({identifier('id')}) "
        f"ON DELETE {key.on_delete} ON UPDATE NO ACTION",
        f"DROP CONSTRAINT {identifier(name)}",
    )


def _alter(table: str, up: str, down: str) -> Change:
    alter = f"ALTER TABLE {identifier(table)}"
    return Change(f"{alter} {up}", f"{alter} {down}")


def _recast(table: str, old: Column, new: Column) -> list[Change]:
    """Values of an enum cannot be taken away: another type takes its place.

    Rows with a value that is no more make the migration fail; nothing is lost.
    """
    name = names.enum_type(table, new.name)
    aside = f"{name}_old"
    column = identifier(new.name)
    cast = (
        f'ALTER COLUMN {column} TYPE {type_} USING {column}::"text"::{type_}'
        for type_ in (in_schema(name), in_schema(aside))
    )
    without = Column(name=new.name, type=ENUM)
    changes = [_rename_type(name, aside), _type_change(name, new.enum_values)]
    if old.default is not None:
        # It would have to be cast as well.
        changes.append(_alter(table, _set_default(without), _set_default(old)))
    changes.append(_alter(table, *cast))
    if old.default is not None and new.default is not None:
        changes.append(_alter(table, _set_default(new), _set_default(without)))
    changes += undone([_type_change(aside, old.enum_values)])
    return changes


def _create_type(table: str, column: Column) -> list[Change]:
    if column.type != ENUM:
        return []
    return [_type_change(names.enum_type(table, column.name), column.enum_values)]


def _type_change(name: str, values: Iterable[str]) -> Change:
    labels = ", ".join(map(literal, values))
    type_ = in_schema(name)
    return Change(f"CREATE TYPE {type_} AS ENUM({labels})", f"DROP TYPE {type_}")


def _rename_type(old: str, new: str) -> Change:
    return Change(
        f"ALTER TYPE {in_schema(old)} RENAME TO {identifier(new)}",
        f"ALTER TYPE {in_schema(new)} RENAME TO {identifier(old)}",
    )


def _set_default(column: Column) -> str:
    set_ = "DROP DEFAULT" if column.default is None else f"SET DEFAULT {column.default}"
    return f"ALTER COLUMN {identifier(column.name)} {set_}"


def _unique(name: str, columns: Iterable[str]) -> str:
    return f"CONSTRAINT {identifier(name)} UNIQUE ({identifiers(columns)})"


def _definition(table: str, column: Column) -> str:
    parts = [identifier(column.name), _type(table, column)]
    if not column.nullable:
        parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    return " ".join(parts)


def _type(table: str, column: Column) -> str:
    if column.type == ENUM:
        return in_schema(names.enum_type(table, column.name))
    size = ",".join(map(str, column.size))
    return f"{column.type}({size})" if size else column.type
