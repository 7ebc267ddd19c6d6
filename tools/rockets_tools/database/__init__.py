"""Databases that exist for one proof or one smoke test."""

from rockets_tools.database.scratch import Database, DatabaseKind, ScratchDatabases
from rockets_tools.database.url import reachable, redacted

__all__ = ["Database", "DatabaseKind", "ScratchDatabases", "reachable", "redacted"]
