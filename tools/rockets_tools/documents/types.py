"""Type names of databases and notations, as the plan's types.

One table for all of them: a name means the same wherever it is used, save for the few a dialect
turns over (`date` of Oracle has a time, `timestamp` of T-SQL is none).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rockets_tools.documents.schema import ColumnType
from rockets_tools.documents.values import enum_fits
from rockets_tools.plan.model import FieldType

_STRINGS = (
    "char|character|nchar|bpchar|national char|national character|native character|varchar|varchar2"
    "|nvarchar|nvarchar2|character varying|char varying|nchar varying|national varchar"
    "|national character varying|varying character|string|sysname|name|inet|cidr|macaddr|macaddr8"
    "|rowid|urowid|tinytext|shorttext|slug|phone|country|currency|graphic|vargraphic|unichar"
    "|univarchar|alphanum|lvarchar|fixedstring|ipv4|ipv6|inet4|inet6|ipaddress|varchar_ignorecase"
)
_TEXTS = (
    "text|mediumtext|longtext|ntext|clob|nclob|long|citext|long varchar|xml|xmltype|markdown|html"
    "|character large object|richtext|tsquery|jsonpath|pg_lsn|regclass|regtype|regproc|line string"
    "|dbclob|memo|unitext|long vargraphic|national character large object|blob sub_type text"
    "|blob sub_type 1"
)
_BLOBS = (
    "blob|tinyblob|mediumblob|longblob|bytea|binary|varbinary|image|raw|long raw|bfile|bytes|byte[]"
    "|binary varying|binary large object|filestream|binary data|file|varbyte|longbinary|ole object"
    "|blob sub_type binary|blob sub_type 0|hllsketch|hyperloglog|sketch"
)
_INTS = (
    "int|integer|int4|mediumint|int3|signed|pls_integer|binary_integer|simple_integer|int32|uint16"
    "|usmallint|middleint|smallinteger|tinyinteger|mediuminteger|unsignedinteger"
)
_SMALL = "smallint|int2|tinyint|int1|int16|short|byte|int8_t|byteint|uint8|utinyint"
_BIG = (
    "bigint|int64|big int|unsigned big int|long long|bigserial type|oid|xid|uint32|uint64|uinteger"
    "|ubigint|int128|uint128|int256|uint256|hugeint|uhugeint|largeint|biginteger"
    "|unsignedbiginteger|foreignid"
)
_DECIMALS = "decimal|numeric|dec|number|fixed|big decimal|bignumeric|bigdecimal|smalldecimal"
_FLOATS = (
    "float|real|double|double precision|float4|float8|float32|float64|binary_float|binary_double"
    "|decfloat|single|longreal"
)
_MONEY = "money|smallmoney|price|amount"
_DATES = (
    "timestamp|timestamptz|timestamp with time zone|timestamp without time zone|datetime|datetime2"
    "|smalldatetime|datetimeoffset|timestamp with local time zone|date time|timestamp_ntz|instant"
    "|zoned datetime|zoneddatetime|localdatetime|date-time|timestamp_ltz|timestamp_tz|timestampltz"
    "|timestampntz|datetime64|datetime32|seconddate|bigdatetime|offsetdatetime|timestamp_s"
    "|timestamp_ms|timestamp_ns"
)
_TIMES = "time|timetz|time with time zone|time without time zone|local time|localtime"
_INTERVALS = "interval|duration"
_JSON = (
    "json|jsonb|hstore|object|array|map|list|dict|variant|sql_variant|geometry|geography|point|line"
    "|lseg|box|path|polygon|circle|linestring|multipoint|multilinestring|multipolygon"
    "|geometrycollection|geomcollection|sdo_geometry|int4range|int8range|numrange|tsrange|tstzrange"
    "|daterange|vector|cube|struct|record|any|super|tuple|nested|row|dynamic|halfvec|sparsevec|bson"
    "|int4multirange|datemultirange|tsmultirange|nummultirange|st_geometry|union"
)
_UUIDS = "uuid|uniqueidentifier|guid|uuidv4|uuid_v4|uuid4"
_BOOLS = "bool|boolean|logical|yesno|flag"
_COUNTERS = "counter|autoincrement|identity|autonumber"
_SERIALS = {
    "serial": FieldType.NUMBER,
    "serial4": FieldType.NUMBER,
    "smallserial": FieldType.NUMBER,
}
_BIG_SERIALS = ("bigserial", "serial8")

_GUESS_TIME = "a time of day is kept as text"
_GUESS_JSON = "its inner form is kept as JSON, unchecked"
_GUESS_BLOB = "binary data is kept as base64 text"
_GUESS_DATE = "a day is kept as a moment, midnight UTC"
_GUESS_BIG = "values beyond 10^15 do not survive a JSON number"
_GUESS_FLOAT = "a floating point number is kept as a decimal of 15 digits, 6 after the point"
_GUESS_YEAR = "a year is kept as a number"


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written: `character varying(20)[]` is ("character varying", ("20",), 1)."""

    name: str
    """Lower case, single spaces, no schema."""
    arguments: tuple[str, ...] = ()
    array: bool = False
    unsigned: bool = False


def _table() -> dict[str, ColumnType]:
    kinds: list[tuple[str, ColumnType]] = [
        (_STRINGS, ColumnType(type=FieldType.STRING)),
        (_TEXTS, ColumnType(type=FieldType.TEXT)),
        (_BLOBS, ColumnType(type=FieldType.TEXT, guess=_GUESS_BLOB)),
        (_INTS, ColumnType(type=FieldType.NUMBER)),
        (_SMALL, ColumnType(type=FieldType.NUMBER)),
        (_BIG, ColumnType(type=FieldType.FLOAT, precision=19, scale=0, guess=_GUESS_BIG)),
        (_DECIMALS, ColumnType(type=FieldType.FLOAT)),
        (_FLOATS, ColumnType(type=FieldType.FLOAT, precision=15, scale=6, guess=_GUESS_FLOAT)),
        (_MONEY, ColumnType(type=FieldType.FLOAT, precision=15, scale=4)),
        (_DATES, ColumnType(type=FieldType.DATE)),
        ("date|local date|localdate|date32", ColumnType(type=FieldType.DATE, guess=_GUESS_DATE)),
        (_TIMES, ColumnType(type=FieldType.STRING, max_length=24, guess=_GUESS_TIME)),
        (
            _INTERVALS,
            ColumnType(
                type=FieldType.STRING, max_length=100, guess="a span of time is kept as text"
            ),
        ),
        ("year", ColumnType(type=FieldType.NUMBER, guess=_GUESS_YEAR)),
        (_JSON, ColumnType(type=FieldType.JSON, guess=_GUESS_JSON)),
        ("json|jsonb", ColumnType(type=FieldType.JSON)),
        (_UUIDS, ColumnType(type=FieldType.UUID)),
        (_BOOLS, ColumnType(type=FieldType.BOOLEAN)),
        ("url|uri|link", ColumnType(type=FieldType.STRING, is_url=True)),
        ("email", ColumnType(type=FieldType.STRING, is_email=True)),
        ("hierarchyid|ltree", ColumnType(type=FieldType.TEXT, guess="a path is kept as text")),
        ("set", ColumnType(type=FieldType.JSON, guess="a set is kept as a JSON array, unchecked")),
        (
            "tsvector",
            ColumnType(type=FieldType.TEXT, omit="it is a search index over other columns"),
        ),
        (
            "rowversion",
            ColumnType(type=FieldType.NUMBER, omit="the database counts it; entities have version"),
        ),
        ("|".join((*_SERIALS, _COUNTERS)), ColumnType(type=FieldType.NUMBER, auto=True)),
        (
            "|".join(_BIG_SERIALS),
            ColumnType(type=FieldType.FLOAT, precision=19, scale=0, guess=_GUESS_BIG, auto=True),
        ),
    ]
    return {name: kind for names, kind in kinds for name in names.split("|")}


_TYPES = _table()
_UNSIGNED = frozenset(
    {
        "uint8", "uint16", "uint32", "uint64", "uint128", "uint256", "utinyint", "usmallint",
        "uinteger", "ubigint", "uhugeint", "unsignedinteger", "unsignedbiginteger",
    }
)  # fmt: skip
_UNBOUNDED = frozenset({"varchar", "nvarchar", "character varying"})
"""In Postgres and SQLite these have no length of their own."""
_INTEGER_DIGITS = 9


def column_type(
    written: TypeName, *, unbounded_text: bool = False, oracle: bool = False, tsql: bool = False
) -> ColumnType | None:
    """The plan's type for a written one; None where the name is not a type anybody knows.

    `unbounded_text`: a varchar without a length has none, as in Postgres and SQLite.
    """
    name = written.name
    if tsql and name == "timestamp" and not written.arguments:
        name = "rowversion"
    if name == "int8":
        name = "bigint"
    base = _TYPES.get(name)
    if base is None:
        return None
    if written.array:
        return ColumnType(type=FieldType.JSON, guess="a list is kept as a JSON array, unchecked")
    found = replace(base)
    sizes = [int(a) for a in written.arguments[:2] if a.isdecimal() and len(a) < 9]
    _sized(found, name, sizes, written, unbounded_text=unbounded_text)
    if name in ("bit", "tinyint") and not tsql and sizes == [1] and name != "bit":
        return ColumnType(type=FieldType.BOOLEAN)
    if oracle and name == "date":
        found.guess = None
    if (written.unsigned or name in _UNSIGNED) and found.type in (
        FieldType.NUMBER,
        FieldType.FLOAT,
    ):
        _unsign(found, name)
    return found


def bits(sizes: Sequence[str]) -> ColumnType:
    """`bit` is a boolean, `bit(8)` a text of zeros and ones."""
    if not sizes or sizes[0] == "1":
        return ColumnType(type=FieldType.BOOLEAN)
    return ColumnType(
        type=FieldType.STRING,
        max_length=int(sizes[0]) if sizes[0].isdecimal() and len(sizes[0]) < 6 else None,
        guess="bits are kept as a text of zeros and ones",
    )


def _sized(
    found: ColumnType, name: str, sizes: list[int], written: TypeName, *, unbounded_text: bool
) -> None:
    """Lengths and digits, where the type has them."""
    if found.type is FieldType.STRING and found.max_length is None:
        if sizes and 0 < sizes[0] <= 10_485_760:
            found.max_length = sizes[0]
        elif written.arguments[:1] and written.arguments[0].lower() == "max":
            found.type = FieldType.TEXT
        elif name in ("char", "character", "nchar", "bpchar"):
            found.max_length = None if name == "bpchar" else 1
        elif unbounded_text and name in _UNBOUNDED:
            found.type = FieldType.TEXT
    elif name in _DECIMALS.split("|"):
        _decimal(found, sizes, written)
    elif name in ("double", "float") and len(sizes) == 2:
        found.precision, found.scale, found.guess = sizes[0], sizes[1], None


def _decimal(found: ColumnType, sizes: list[int], written: TypeName) -> None:
    scale = sizes[1] if len(sizes) > 1 else 0
    if not written.arguments:
        found.precision, found.scale = 15, 6
        found.guess = "a number without digits said is kept with 15, 6 after the point"
    elif not sizes or written.arguments[0] == "*":
        found.precision, found.scale = 19, 0
    elif scale == 0 and sizes[0] <= _INTEGER_DIGITS:
        found.type = FieldType.NUMBER
        limit = 10 ** sizes[0] - 1
        found.min, found.max = -limit, limit
    else:
        found.precision, found.scale = max(sizes[0], scale, 1), scale


def _unsign(found: ColumnType, name: str) -> None:
    found.min = 0
    if name in ("int", "integer", "int4"):
        found.type, found.precision, found.scale, found.max = FieldType.FLOAT, 10, 0, 4294967295
    elif name in _BIG.split("|"):
        found.precision = 20


def enum_type(values: Sequence[str]) -> ColumnType:
    """An enum of these values, or a text where a plan's enum cannot have them."""
    distinct = list(dict.fromkeys(values))
    if not enum_fits(distinct):
        return ColumnType(
            type=FieldType.STRING, guess="its values do not fit an enum and are kept as any text"
        )
    return ColumnType(type=FieldType.ENUM, enum=tuple(distinct))
