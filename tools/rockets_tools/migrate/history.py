"""The plans that the migrations made here stand for, so that the next can be made from a plan.

Kept as `.rockets/migrations/<timestamp>.plan.json`, each a plan as anybody may write it, with every
default written out. Whoever changed one changed what the next migration starts from, so each is
read as a plan of a stranger and has to name the plan that its migration names.
"""

import json
from collections.abc import Sequence

from pydantic import JsonValue

from rockets_tools.errors import GateError, InputError, Problem
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.migrate.files import Migration, short_hash
from rockets_tools.plan import document, entity_config, read_plan
from rockets_tools.plan.model import Plan

FOLDER = f"{STATE_FOLDER}/migrations"
HASH = "x-plan"
"""The short hash of the plan as it was written."""


def remember(files: ProjectFiles, timestamp: int, plan: Plan) -> None:
    """Keep the plan that a migration stands for; to be called before the migration is written."""
    config: dict[str, JsonValue] = {
        HASH: short_hash(plan),
        "entities": [entity_config(entity) for entity in plan.entities.values()],
    }
    files.write(_path(timestamp), json.dumps(config, ensure_ascii=False, indent=1) + "\n")


def plans_of(files: ProjectFiles, migrations: Sequence[Migration]) -> list[Plan]:
    """The plans of the migrations made here, oldest first.

    Raises `GateError` when one is not known any more: without a database nothing else tells
    which tables a migration made.
    """
    return [_plan_of(files, each) for each in migrations if each.origin is not None]


def _plan_of(files: ProjectFiles, migration: Migration) -> Plan:
    path = _path(migration.timestamp)
    try:
        text = files.read(path)
        if text is None:
            raise _unknown(migration, f"{path} is missing")
        value = document.parse(text, file=path)
        if not isinstance(value, dict) or value.get(HASH) != migration.plan:
            raise _unknown(migration, f"{path} is of another plan")
        return read_plan(text, file=path).plan
    except InputError as error:
        reason = error.problems[0].message.rstrip(".")
        raise _unknown(migration, f"{path} cannot be used: {reason}") from error


def _unknown(migration: Migration, reason: str) -> GateError:
    return GateError(
        Problem(
            code="migration-needs-database",
            message=f"Without a database the tables that {migration.path} makes cannot be found "
            f"out: {reason}.",
            fix="Set DATABASE_URL to a PostgreSQL server, or make the embedded one start.",
            file=migration.path,
        )
    )


def _path(timestamp: int) -> str:
    return f"{FOLDER}/{timestamp}.plan.json"
