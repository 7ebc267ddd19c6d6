"""Names of tables and columns."""

from rockets_tools.plan import names
from rockets_tools.plan.problems import Problems, quoted

_SYSTEM_COLUMNS = frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"})
"""Columns every Postgres table has already."""
_SYSTEM_TABLES = "pg_"
"""What the names of Postgres' own tables begin with; they are found before any other."""


def is_system_name(name: str) -> bool:
    """Postgres has a column or a table of this name, or may have one."""
    return name in _SYSTEM_COLUMNS or name.startswith(_SYSTEM_TABLES)


def identifier(problems: Problems, pointer: str, what: str, written: str) -> bool:
    """Whether a table or column may have a name; says so if not."""
    if not names.IDENTIFIER.fullmatch(written):
        problems.error(
            "bad-identifier",
            pointer,
            f"{quoted(written)} cannot be the name of a {what}.",
            "Use letters, digits and `_`, not a digit first; flatten a schema: sales_orders.",
        )
        return False
    if len(written) > names.MAX_IDENTIFIER:
        problems.error(
            "identifier-length",
            pointer,
            f"The {what} {quoted(written)} has {len(written)} characters; Postgres keeps "
            f"{names.MAX_IDENTIFIER}.",
            f'Write a shorter "{what}Name".',
        )
        return False
    if written in _SYSTEM_COLUMNS if what == "column" else written.startswith(_SYSTEM_TABLES):
        problems.error(
            "system-name",
            pointer,
            f"The {what} {quoted(written)} would have a name that Postgres uses itself.",
            f'Write another "{what}Name".',
        )
        return False
    return True
