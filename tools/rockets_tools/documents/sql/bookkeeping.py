"""Tables in which a database or a migration tool keeps its own books: nobody's entities."""

from rockets_tools.documents.sql.script import Statement
from rockets_tools.documents.sql.tokens import Kind

_MIGRATIONS = frozenset(
    {
        "schema_migrations", "ar_internal_metadata", "django_migrations", "alembic_version",
        "__efmigrationshistory", "_prisma_migrations", "__drizzle_migrations", "knex_migrations",
        "knex_migrations_lock", "flyway_schema_history", "schema_version", "databasechangelog",
        "databasechangeloglock", "goose_db_version", "sequelizemeta", "typeorm_metadata",
        "doctrine_migration_versions", "phinxlog", "pgmigrations", "_sqlx_migrations",
    }
)  # fmt: skip
_SHADOWS = frozenset(
    {"data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "parent",
     "rowid"}
)  # fmt: skip
"""What SQLite's full text and R-tree indexes call the tables they are stored in."""


class Bookkeeping:
    """Knows the tables nobody asked for."""

    def __init__(self) -> None:
        self.virtual: set[str] = set()
        """Virtual tables of SQLite seen so far, lower case."""

    def insert(self, statement: Statement) -> None:
        """`.dump` writes a virtual table as a row of SQLite's own catalogue."""
        texts = [token.text for token in statement.tokens if token.kind is Kind.STRING]
        if texts[:1] == ["table"]:
            self.virtual.add(texts[1].lower())

    def keeper(self, name: str) -> str | None:
        """Who keeps the table of this name; None where it is somebody's data."""
        low = name.lower()
        if low in _MIGRATIONS:
            return "a migration tool"
        if low.startswith("sqlite_"):
            return "SQLite"
        owner, _, rest = low.rpartition("_")
        return f"the virtual table {owner}" if rest in _SHADOWS and owner in self.virtual else None
