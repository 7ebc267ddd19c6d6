"""The migrate step: bring the migrations up to the entities, and prove it."""

import contextlib
import time
from dataclasses import dataclass
from typing import Literal

from rockets_tools.build import build
from rockets_tools.database import DatabaseKind, ScratchDatabases
from rockets_tools.errors import MachineError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate import typeorm
from rockets_tools.migrate.files import (
    Origin,
    class_of,
    marked,
    migrations_of,
    next_timestamp,
    path_of,
    render,
    short_hash,
)
from rockets_tools.migrate.history import plans_of, remember
from rockets_tools.migrate.proof import Made, prove
from rockets_tools.migrate.static import static_migration
from rockets_tools.node import NodeTools
from rockets_tools.plan.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationResult:
    """What the migrate step did."""

    method: Literal["typeorm", "static"]
    files: tuple[str, ...]
    """Written by this call, relative to the project root; none when nothing was to change."""
    proven: bool
    """All migrations ran on an empty database, left no difference, and reverted."""
    seconds: float
    warnings: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "method": self.method,
            "files": list(self.files),
            "proven": self.proven,
            "seconds": round(self.seconds, 3),
            "warnings": [warning.as_json() for warning in self.warnings],
        }


def migrate(
    files: ProjectFiles,
    plan: Plan,
    *,
    node: NodeTools,
    databases: ScratchDatabases | None = None,
    database_url: str | None = None,
) -> MigrationResult:
    """Add the migration that the entities need, if they need one, and prove all migrations.

    Builds first. Works in an empty database of `databases` (entered; shared with other steps),
    else of its own: beside `database_url`, or embedded. Where the embedded server cannot start,
    the migration is written from `plan` and from the plans of the migrations before it, and not
    proven. Raises `GateError` when the build, a migration or the proof fails, with the words of
    the tool; a file made by this call does not stay then.
    """
    started = time.monotonic()
    for migration in migrations_of(files):
        if migration.origin is Origin.PENDING:
            files.delete(migration.path)
    with contextlib.ExitStack() as stack:
        if databases is None:
            databases = stack.enter_context(ScratchDatabases(files, node, database_url))
        build(files, node).require()
        missing = _what_is_missing(databases)
        if missing is None:
            path, warnings = _generate_and_prove(files, plan, node, databases)
        else:
            path, warnings = _write_from_plan(files, plan), (_not_proven(missing),)
    return MigrationResult(
        method="typeorm" if missing is None else "static",
        files=() if path is None else (path,),
        proven=missing is None,
        seconds=time.monotonic() - started,
        warnings=warnings,
    )


def _what_is_missing(databases: ScratchDatabases) -> Problem | None:
    """Why no database can be had. A server that the user named must work: doing without it would
    hide a mistake."""
    try:
        databases.wait_ready()
    except MachineError as error:
        if databases.kind is DatabaseKind.SERVER:
            raise
        return error.problems[0]
    return None


def _not_proven(missing: Problem) -> Problem:
    return Problem(
        code="migration-not-proven",
        message="The migrations were not run, because there is no database; what was edited in an "
        f"entity by hand is not in a migration written from the plan. {missing.message}",
        fix=missing.fix,
        file=missing.file,
    )


def _generate_and_prove(
    files: ProjectFiles, plan: Plan, node: NodeTools, databases: ScratchDatabases
) -> tuple[str | None, tuple[Problem, ...]]:
    timestamp = next_timestamp(migrations_of(files))
    with databases.empty() as database:
        generated = typeorm.generate(files, node, database, timestamp)
    if generated.text is None:
        return None, prove(files, node, databases)
    path = path_of(timestamp)
    files.write(path, marked(generated.text, Origin.PENDING, plan))
    try:
        build(files, node).require()
        made = Made(name=class_of(timestamp), path=path, before=generated.before)
        warnings = prove(files, node, databases, made)
        remember(files, timestamp, plan)
        files.write(path, marked(generated.text, Origin.PROVEN, plan))
    except BaseException:
        files.delete(path)
        raise
    return path, warnings


def _write_from_plan(files: ProjectFiles, plan: Plan) -> str | None:
    """The fallback without a database; None when the migrations already stand for this plan."""
    existing = migrations_of(files)
    made_here = [migration for migration in existing if migration.origin is not None]
    if made_here and made_here[-1].plan == short_hash(plan):
        return None
    statements = static_migration(plan, plans_of(files, made_here))
    if not statements.up:
        return None
    timestamp = next_timestamp(existing)
    path = path_of(timestamp)
    remember(files, timestamp, plan)
    files.write(path, marked(render(timestamp, statements), Origin.STATIC, plan))
    return path
