"""What a structured document says, before it means a plan: tables, columns, keys, relations.

Every reader fills this, whatever its language; `mapping` turns it into a plan. Names are as the
document writes them. Values are mutable because an `ALTER TABLE` changes what came before it.
"""

from dataclasses import dataclass, field

from pydantic import JsonValue

from rockets_tools.plan.model import FieldType

NOW = "now()"
"""Default of a date that is the moment of insertion, as the plan writes it."""

Cascade = str
"""`CASCADE`, `SET NULL` or `RESTRICT`: what the plan knows."""


@dataclass(frozen=True, slots=True)
class Span:
    """Lines of the document, 1-based, both inclusive."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A table as another place names it."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(slots=True, kw_only=True)
class ColumnType:
    """What a column can hold, in the plan's types."""

    type: FieldType
    max_length: int | None = None
    min_length: int | None = None
    min: float | int | None = None
    max: float | int | None = None
    precision: int | None = None
    scale: int | None = None
    pattern: str | None = None
    is_email: bool = False
    is_url: bool = False
    enum: tuple[str, ...] = ()
    guess: str | None = None
    """What was assumed on the way, the end of a sentence: `its time zone is not kept`."""
    auto: bool = False
    """The type itself makes values (`serial`, `rowversion`)."""
    omit: str | None = None
    """Why a column of this type is left out, the end of a sentence."""


@dataclass(slots=True, kw_only=True)
class Column:
    name: str
    span: Span
    type: ColumnType | None = None
    """None: nothing in the plan can hold it."""
    written_type: str = ""
    """As the document spells it, for messages."""
    required: bool = False
    unique: bool = False
    default: JsonValue = None
    auto: bool = False
    """The database or the library makes the value: identity, sequence, generated uuid."""
    computed: bool = False
    hidden: bool = False
    """The document says that no answer carries it."""
    description: str | None = None
    property: str | None = None
    """Its name in code, where the document has one beside the column's."""


@dataclass(slots=True, kw_only=True)
class ForeignKey:
    columns: tuple[str, ...]
    """Empty where the document names no column: the relation brings its own."""
    target: Ref
    span: Span
    target_columns: tuple[str, ...] = ()
    """Empty: the target's primary key."""
    on_delete: Cascade | None = None
    name: str | None = None
    """The relation's own name, where the document has one."""
    inverse: str | None = None
    """Name of the other side on the target, where the document has one."""
    unique: bool = False
    """One to one, said by the document itself."""
    required: bool | None = None
    """None: as its columns are."""
    guess: str | None = None
    """Why a relation nobody wrote is assumed, one sentence."""
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class Unique:
    columns: tuple[str, ...]
    span: Span
    alive: str | None = None
    """Only rows count in which the column of this name is null: those nobody deleted."""


@dataclass(slots=True, kw_only=True)
class Table:
    name: str
    span: Span
    schema: str | None = None
    columns: dict[str, Column] = field(default_factory=dict[str, Column])
    primary_key: tuple[str, ...] = ()
    uniques: list[Unique] = field(default_factory=list[Unique])
    foreign_keys: list[ForeignKey] = field(default_factory=list[ForeignKey])
    entity: str | None = None
    """Its name in code, where the document has one beside the table's."""
    stored_as: str | None = None
    """Its name in the database, where the document goes by the one in code."""

    @property
    def ref(self) -> Ref:
        return Ref(name=self.name, schema=self.schema)

    def column(self, name: str) -> Column | None:
        """By its exact name, else in any case."""
        found = self.columns.get(name)
        if found is None:
            low = name.casefold()
            found = next((c for c in self.columns.values() if c.name.casefold() == low), None)
        return found


@dataclass(slots=True, kw_only=True)
class ManyToMany:
    """Two tables joined without a table of the join."""

    source: Ref
    target: Ref
    span: Span
    name: str | None = None
    inverse: str | None = None


@dataclass(slots=True, kw_only=True)
class Schema:
    """A whole document."""

    tables: list[Table] = field(default_factory=list[Table])
    many_to_many: list[ManyToMany] = field(default_factory=list[ManyToMany])
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Types of its own that other parts of a mixed document may use, by lower-case name."""
    outside_user: Table = field(
        default_factory=lambda: Table(name="user", span=Span(1, 1)), repr=False
    )
    """Stands for the SDK's User where the document refers to users it does not define."""
    table_word: str = "table"
    """What the language calls a table: `model`, `entity`."""
    column_word: str = "column"
    maps_names: bool = True
    """Tables and columns exist in a database, so their names are kept in the plan."""
    implicit_keys: bool = False
    """The language has no keys of its own, so a missing one needs no word."""
    vague: bool = False
    """A sketch: the type of a key says nothing, and unknown types are texts."""
