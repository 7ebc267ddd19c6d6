"""The one place where names and values of a plan become SQL."""

from collections.abc import Iterable

NOT_DELETED = '"dateDeleted" IS NULL'
"""The rows that a partial unique index covers."""


def identifier(name: str) -> str:
    """A name as it is written, reserved word or not."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def identifiers(names: Iterable[str]) -> str:
    """Several, as between parentheses."""
    return ", ".join(map(identifier, names))


def in_schema(name: str) -> str:
    """A type or an index, as TypeORM names them; tables go by their name alone."""
    return f'"public".{identifier(name)}'


def literal(text: str) -> str:
    """A string; a backslash in it means itself, as on every server since PostgreSQL 9.1."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
