"""Tables as TypeORM sees them: what a migration can create, change and drop."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Schema = Mapping[str, "Table"]
"""By table name, in the order they are created."""

ENUM = "enum"
"""The type of a column with a PostgreSQL enum type of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    name: str
    type: str
    """In PostgreSQL's words without its size, or `ENUM`."""
    size: tuple[int, ...] = ()
    """Length, or precision and scale."""
    nullable: bool = False
    default: str | None = None
    """SQL."""
    enum_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference to the `id` of another table."""

    column: str
    table: str
    on_delete: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Its primary key is `id`."""

    name: str
    columns: Mapping[str, Column]
    """By name, in order."""
    uniques: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Columns by name of the constraint."""
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Columns by name of the index; each is unique among the rows that are not deleted."""
    foreign_keys: Mapping[str, ForeignKey] = field(default_factory=dict[str, ForeignKey])
    """By name of the constraint."""
