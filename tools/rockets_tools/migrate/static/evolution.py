"""How one table that is there becomes the one wanted: what TypeORM's schema builder would do."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rockets_tools.migrate.static import names
from rockets_tools.migrate.static.changes import (
    Change,
    add_column,
    add_foreign_key,
    add_unique,
    change_column,
    create_index,
    rename_column,
    rename_constraint,
    undone,
)
from rockets_tools.migrate.static.model import Column, Table

_Groups = Mapping[str, tuple[str, ...]]


class Evolution:
    """The steps for one table, to be taken in the order in which they stand here.

    A column whose type is another is made anew and its values are lost, as with TypeORM. Unlike
    there a new length is given to the column that is there, so that its values stay.
    """

    def __init__(self, before: Table, wanted: Table) -> None:
        self._before = before
        self._wanted = wanted
        self._uniques = dict(before.uniques)
        self._columns = dict(before.columns)
        self._renamed = _renamed(before, wanted)
        if self._renamed is not None:
            old, new = self._renamed
            self._columns[new] = replace(self._columns.pop(old), name=new)
        self._gone = {
            name
            for name, column in self._columns.items()
            if name not in wanted.columns or wanted.columns[name].type != column.type
        }

    @property
    def result(self) -> Table:
        """The table after all steps; in a new one some constraint could have another name."""
        return replace(self._wanted, uniques=self._uniques)

    def drop_foreign_keys(self) -> Iterator[Change]:
        for name, key in self._before.foreign_keys.items():
            if self._wanted.foreign_keys.get(name) != key:
                yield from undone([add_foreign_key(self._before.name, name, key)])

    def drop_indexes(self) -> Iterator[Change]:
        kept = self._kept(self._before.indexes, self._wanted.indexes)
        for name, columns in self._before.indexes.items():
            if name not in kept:
                yield from undone([create_index(self._before.name, name, columns)])

    def drop_composites(self) -> Iterator[Change]:
        kept = self._kept(self._before.uniques, self._wanted.uniques)
        for name, columns in self._before.uniques.items():
            if len(columns) > 1 and name not in kept:
                yield from self._drop_unique(name)

    def rename(self) -> Iterator[Change]:
        if self._renamed is None:
            return
        old, new = self._renamed
        table = self._before.name
        yield from rename_column(table, self._before.columns[old], new)
        for name in self._singles(old):
            del self._uniques[name]
            renamed = name
            if name == names.unique(table, [old]):
                renamed = names.unique(table, [new])
                yield rename_constraint(table, name, renamed)
            self._uniques[renamed] = (new,)

    def drop_columns(self) -> Iterator[Change]:
        for name in self._columns:
            if name in self._gone:
                for unique in self._singles(name):
                    yield from self._drop_unique(unique)
                yield from undone(add_column(self._before.name, self._columns[name]))

    def add_columns(self) -> Iterator[Change]:
        for name, column in self._wanted.columns.items():
            if name not in self._columns or name in self._gone:
                yield from add_column(self._before.name, column)
                if self._is_wanted_single(name):
                    yield self._add_unique(names.unique(self._before.name, [name]), (name,))

    def change_columns(self) -> Iterator[Change]:
        for name, column in self._wanted.columns.items():
            if name not in self._columns or name in self._gone:
                continue
            yield from change_column(self._before.name, self._columns[name], column)
            singles = self._singles(name)
            if not self._is_wanted_single(name):
                for unique in singles:
                    yield from self._drop_unique(unique)
            elif not singles:
                yield self._add_unique(names.unique(self._before.name, [name]), (name,))

    def create_indexes(self) -> Iterator[Change]:
        kept = self._kept(self._before.indexes, self._wanted.indexes)
        for name, columns in self._wanted.indexes.items():
            if name not in kept:
                yield create_index(self._before.name, name, columns)

    def create_composites(self) -> Iterator[Change]:
        for name, columns in self._wanted.uniques.items():
            if len(columns) > 1 and name not in self._uniques:
                yield self._add_unique(name, columns)

    def create_foreign_keys(self) -> Iterator[Change]:
        for name, key in self._wanted.foreign_keys.items():
            if self._before.foreign_keys.get(name) != key:
                yield add_foreign_key(self._before.name, name, key)

    def _kept(self, before: _Groups, wanted: _Groups) -> set[str]:
        return {
            name
            for name, columns in before.items()
            if name in wanted and self._gone.isdisjoint(columns)
        }

    def _singles(self, column: str) -> list[str]:
        return [name for name, columns in self._uniques.items() if columns == (column,)]

    def _is_wanted_single(self, column: str) -> bool:
        return (column,) in self._wanted.uniques.values()

    def _add_unique(self, name: str, columns: tuple[str, ...]) -> Change:
        self._uniques[name] = columns
        return add_unique(self._before.name, name, columns)

    def _drop_unique(self, name: str) -> list[Change]:
        return undone([add_unique(self._before.name, name, self._uniques.pop(name))])


def _renamed(before: Table, wanted: Table) -> tuple[str, str] | None:
    """TypeORM takes it for a renaming when just one column of a table is another."""
    if len(before.columns) != len(wanted.columns):
        return None
    old = _traits(before) - _traits(wanted)
    new = _traits(wanted) - _traits(before)
    if len(old) != 1 or len(new) != 1:
        return None
    ((old_name, old_type, *_),) = old
    ((new_name, new_type, *_),) = new
    return (old_name, new_name) if old_name != new_name and old_type == new_type else None


def _traits(table: Table) -> set[tuple[str, str, bool, bool]]:
    """By which TypeORM knows a column again."""

    def traits(column: Column) -> tuple[str, str, bool, bool]:
        unique = (column.name,) in table.uniques.values()
        return column.name, column.type, column.nullable, unique

    return {traits(column) for column in table.columns.values()}
