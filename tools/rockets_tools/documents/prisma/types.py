"""Types of Prisma, and of the databases under it, as the plan's types."""

from collections.abc import Mapping
from dataclasses import replace

from rockets_tools.documents.lexer import Kind, Token
from rockets_tools.documents.prisma.syntax import Document, Field
from rockets_tools.documents.schema import ColumnType
from rockets_tools.documents.types import TypeName, bits, column_type, enum_type
from rockets_tools.plan.model import FieldType

_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.UUID})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.FLOAT})
_SCALARS: Mapping[str, tuple[ColumnType, frozenset[FieldType]]] = {
    "String": (ColumnType(type=FieldType.TEXT), _TEXTS),
    "Boolean": (ColumnType(type=FieldType.BOOLEAN), frozenset({FieldType.BOOLEAN})),
    "Int": (ColumnType(type=FieldType.NUMBER), _NUMBERS),
    "BigInt": (
        ColumnType(
            type=FieldType.FLOAT,
            precision=19,
            scale=0,
            guess="values beyond 10^15 do not survive a JSON number",
        ),
        _NUMBERS,
    ),
    "Float": (
        ColumnType(
            type=FieldType.FLOAT,
            precision=15,
            scale=6,
            guess="a floating point number is kept as a decimal of 15 digits, 6 after the point",
        ),
        _NUMBERS,
    ),
    "Decimal": (ColumnType(type=FieldType.FLOAT, precision=65, scale=30), _NUMBERS),
    "DateTime": (
        ColumnType(type=FieldType.DATE),
        frozenset({FieldType.DATE, FieldType.STRING}),  # a time of day is a text
    ),
    "Json": (ColumnType(type=FieldType.JSON), frozenset({FieldType.JSON})),
    "Bytes": (
        ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
        frozenset(),
    ),
}
"""The scalar, and what a native type may make of it."""
_NATIVE = frozenset(
    {
        "varchar",
        "char",
        "nvarchar",
        "nchar",
        "decimal",
        "numeric",
        "uuid",
        "date",
        "time",
        "timetz",
        "smallint",
        "tinyint",
        "tinytext",
        "money",
        "bit",
        "uniqueidentifier",
        "year",
        "unsignedint",
        "unsignedbigint",
        "unsignedsmallint",
        "number",
        "citext",
        "inet",
        "xml",
    }
)
"""Native types that say more than the scalar does."""


def type_of(field: Field, document: Document) -> ColumnType | None:
    """None where nothing in the plan can hold it."""
    if field.many:
        return ColumnType(type=FieldType.JSON, guess="a list is kept as a JSON array, unchecked")
    known = _named(field.unsupported) if field.unsupported else None
    if known is not None:
        return known
    if field.kind == "Unsupported" or field.kind in document.composites:
        return ColumnType(type=FieldType.JSON, guess="its parts are kept as JSON, unchecked")
    if field.kind in document.enums:
        return enum_type(document.enums[field.kind])
    return _scalar(field.kind, field.attributes)


def _named(written: str) -> ColumnType | None:
    """A type of the database by its name: `tsvector`, `geometry(Point, 4326)`."""
    name, _, rest = written.partition("(")
    name = name.strip().strip('"').rpartition(".")[2].strip('"').lower()
    sizes = tuple(part.strip() for part in rest.partition(")")[0].split(",") if part.strip())
    return column_type(
        TypeName(name.removesuffix("[]"), sizes, array=written.endswith("[]")), unbounded_text=True
    )


def _scalar(kind: str, attributes: Mapping[str, list[Token]]) -> ColumnType | None:
    """A scalar, as its native type says it closer: `String @db.VarChar(20)`."""
    if kind not in _SCALARS:
        return None
    scalar, allowed = _SCALARS[kind]
    native = next((key for key in attributes if key.startswith("db.")), "")
    word = native.removeprefix("db.").lower()
    if word in _NATIVE:
        sizes = tuple(t.text for t in attributes[native] if t.kind is not Kind.SIGN)
        unsigned = word.startswith("unsigned")
        name = TypeName(word.removeprefix("unsigned"), sizes, unsigned=unsigned)
        closer = bits(sizes) if word == "bit" else column_type(name, unbounded_text=True)
        if closer is not None and closer.type in allowed:
            return closer
    return replace(scalar)
