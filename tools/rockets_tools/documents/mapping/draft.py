"""Entities of a plan while an import makes them."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from rockets_tools.documents.mapping import words
from rockets_tools.documents.schema import Column, ColumnType, ForeignKey, Span, Table
from rockets_tools.plan import names

USER = "User"


@dataclass(slots=True, kw_only=True)
class FieldDraft:
    name: str
    column: Column
    type: ColumnType
    column_name: str | None
    required: bool
    unique: bool = False
    default: JsonValue = None
    expose: bool = True
    guesses: list[str] = field(default_factory=list[str])


@dataclass(slots=True, kw_only=True)
class RelationDraft:
    name: str
    foreign_key: str
    target: str
    """An entity's name."""
    span: Span
    columns: tuple[str, ...]
    """Columns of the document it stands for."""
    column_name: str | None = None
    one_to_one: bool = False
    nullable: bool = False
    on_delete: str | None = None
    inverse: str | None = None
    description: str | None = None
    guesses: list[str] = field(default_factory=list[str])


@dataclass(slots=True, kw_only=True)
class JoinDraft:
    """A manyToMany."""

    name: str
    target: str
    span: Span
    inverse: str | None = None


@dataclass(slots=True, kw_only=True)
class EntityDraft:
    name: str
    table: Table
    table_name: str
    plural_name: str | None = None
    fields: list[FieldDraft] = field(default_factory=list[FieldDraft])
    relations: list[RelationDraft] = field(default_factory=list[RelationDraft])
    joins: list[JoinDraft] = field(default_factory=list[JoinDraft])
    unique: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    is_junction: bool = False
    owner_field: str | None = None
    owner_span: Span | None = None
    guesses: list[str] = field(default_factory=list[str])
    key: tuple[str, ...] = ()
    """The key of the document, where it is not the `id` every entity has."""
    properties: set[str] = field(default_factory=lambda: set(words.INHERITED_LOW))
    """Property names taken, lower case."""
    columns: set[str] = field(default_factory=lambda: set(words.INHERITED_LOW))
    """Column names taken, lower case."""
    property_of: dict[str, str] = field(default_factory=dict[str, str])
    """Column of the document to the property it became."""

    def taken(self, name: str) -> bool:
        return name.lower() in self.properties or names.is_dangerous(name)


@dataclass(slots=True, kw_only=True)
class Link:
    """A foreign key whose target was found."""

    key: ForeignKey
    target: Table
