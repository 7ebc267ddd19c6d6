"""Tables in which a migration tool keeps its own books: nobody's entities."""

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import Schema
from rockets_tools.plan.problems import quoted

MIGRATIONS = frozenset(
    {
        "schema_migrations", "ar_internal_metadata", "django_migrations", "alembic_version",
        "__efmigrationshistory", "_prisma_migrations", "__drizzle_migrations", "knex_migrations",
        "knex_migrations_lock", "flyway_schema_history", "schema_version", "databasechangelog",
        "databasechangeloglock", "goose_db_version", "sequelizemeta", "typeorm_metadata",
        "doctrine_migration_versions", "phinxlog", "pgmigrations", "_sqlx_migrations",
    }
)  # fmt: skip


def leave_out_books(schema: Schema, found: Findings) -> None:
    """Takes such tables out of a document, and says so. (SQL knows more of them, and itself.)"""
    books = [table for table in schema.tables if table.name.lower() in MIGRATIONS]
    for table in books:
        found.notice(
            "bookkeeping",
            table.span,
            f"The {schema.table_word} {quoted(str(table.ref))} is left out: a migration tool keeps "
            "its books in it.",
            "Nothing to do.",
        )
    schema.tables = [table for table in schema.tables if table.name.lower() not in MIGRATIONS]
