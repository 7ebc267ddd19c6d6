"""What TypeORM calls keys, constraints, indexes and types (its `DefaultNamingStrategy`)."""

from collections.abc import Iterable
from hashlib import sha1
from urllib.parse import quote

from rockets_tools.migrate.static.sql import NOT_DELETED


def primary_key(table: str) -> str:
    """The constraint of a primary key `id`."""
    return f"PK_{_digest(table, ['id'])[:27]}"


def unique(table: str, columns: Iterable[str]) -> str:
    """A unique constraint, by columns in any order."""
    return f"UQ_{_digest(table, columns)[:27]}"


def one_to_one(table: str, column: str) -> str:
    """The unique constraint that a one-to-one relation brings along."""
    return f"REL_{_digest(table, [column])[:26]}"


def foreign_key(table: str, column: str) -> str:
    """A foreign key, wherever it leads."""
    return f"FK_{_digest(table, [column])[:27]}"


def index(table: str, columns: Iterable[str]) -> str:
    """An index over the rows that are not deleted."""
    return f"IDX_{_digest(table, columns, NOT_DELETED)[:26]}"


def enum_type(table: str, column: str) -> str:
    """The type of an enum column."""
    return f"{table}_{column.lower()}_enum"


def _digest(table: str, columns: Iterable[str], *more: str) -> str:
    # TypeORM hashes what JavaScript's encodeURIComponent makes of the text.
    text = quote("_".join([table, *sorted(columns), *more]), safe="!'()*")
    return sha1(text.encode(), usedforsecurity=False).hexdigest()
