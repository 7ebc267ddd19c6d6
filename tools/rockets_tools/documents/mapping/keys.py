"""What becomes of a key, and of columns every entity brings along (docs/decisions/0010)."""

from collections.abc import Mapping

from rockets_tools.documents.mapping import words
from rockets_tools.documents.schema import Column, Table
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType

_KEY_WORDS = frozenset({"id", "key", "pk", "uuid", "guid", "sk", "oid", "rowid", "ident", "seq"})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.FLOAT})
_UUID_LENGTHS = frozenset({16, 21, 22, 24, 25, 26, 32, 36, 38})
"""Characters of a uuid, an ObjectId, a cuid, a ULID, a nano id as text."""

_MATCHES: Mapping[str, tuple[str, frozenset[FieldType]]] = {
    **dict.fromkeys(
        (
            "createdat", "created", "createdon", "createddate", "creationdate", "datecreated",
            "createdate", "createtime", "createdtime", "creationtime", "insertedat",
            "createtimestamp", "dateadded", "addedat", "addedon", "gmtcreate", "gmtcreated",
            "createdtimestamp", "createdattimestamp", "createdatetime", "creationtimestamp",
        ),
        ("dateCreated", frozenset({FieldType.DATE})),
    ),
    **dict.fromkeys(
        (
            "updatedat", "updated", "updatedon", "updateddate", "dateupdated", "updatedate",
            "updatetime", "modifiedat", "modified", "modifiedon", "modifieddate", "datemodified",
            "modifydate", "lastmodified", "lastmodifiedat", "lastmodifieddate", "lastupdate",
            "lastupdated", "lastupdatedat", "changedat", "modificationdate", "lastmodifiedon",
            "lastupdatedon", "lastmodificationdate", "lastmodificationtime", "gmtmodified",
            "changed",
        ),
        ("dateUpdated", frozenset({FieldType.DATE})),
    ),
    **dict.fromkeys(
        (
            "deletedat", "deleted", "deletedon", "deleteddate", "datedeleted", "deletetime",
            "deletiontime",
        ),
        ("dateDeleted", frozenset({FieldType.DATE})),
    ),
    **dict.fromkeys(
        ("version", "rowversion", "lockversion", "optlock", "objectversion"),
        ("version", _NUMBERS),
    ),
}  # fmt: skip


def inherited(column: Column) -> str | None:
    """The inherited property a column is, by its name and type."""
    match = _MATCHES.get(names.key(words.plain(column.name)))
    if match is None or column.type is None:
        return None
    return match[0] if column.type.type in match[1] else None


def key_column(table: Table) -> str | None:
    """The one column of a key; where no key is written, a column called `id`."""
    if len(table.primary_key) == 1:
        column = table.column(table.primary_key[0])
        return column.name if column else None
    if not table.primary_key:
        column = table.column("id")
        return column.name if column else None
    return None


def counted(table: Table) -> Column | None:
    """The one number the database counts for each row, whether it is the key or not."""
    whole = [
        column
        for column in table.columns.values()
        if column.auto and column.type is not None and column.type.type in _NUMBERS
    ]
    return whole[0] if len(whole) == 1 else None


def is_surrogate(table: Table, column: Column, *, vague: bool) -> bool:
    """A key without meaning: entities have a uuid `id` in its place."""
    parts = names.words(words.plain(column.name)) or ("",)
    low = "".join(parts)
    called = (
        parts[-1] in _KEY_WORDS
        or parts[0] == "id"  # id_cliente
        or (low.startswith("id") and low[2:] in spellings(table))
        or (low.endswith("id") and low[:-2] in spellings(table))
    )
    if column.auto or (vague and parts == ("id",)):
        return True
    kind = column.type
    if kind is None:
        return called
    match kind.type:
        case FieldType.NUMBER | FieldType.FLOAT | FieldType.UUID:
            return called
        case FieldType.STRING | FieldType.TEXT:
            exact = parts in (("id",), ("uuid",), ("guid",), ("pk",))
            return (exact and (kind.max_length or 255) >= 16) or (
                called and kind.max_length in _UUID_LENGTHS
            )
        case _:
            return False


def spellings(table: Table) -> set[str]:
    """What columns call a table: its name and the singular of it, each in one word."""
    name = words.plain(table.entity or table.name)
    return {names.key(name), names.key(words.plain(words.singular(name)))}
