"""What it means that migrations are proven."""

from dataclasses import dataclass

from rockets_tools.database import ScratchDatabases
from rockets_tools.errors import GateError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate import typeorm
from rockets_tools.migrate.files import FOLDER, migrations_of, named
from rockets_tools.node import NodeTools


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A migration that was just made."""

    name: str
    """Its class."""
    path: str
    """Relative to the project root."""
    before: list[str]
    """The catalog that the migrations before it lead to."""


def prove(
    files: ProjectFiles,
    node: NodeTools,
    databases: ScratchDatabases,
    made: Made | None = None,
) -> tuple[Problem, ...]:
    """Run all migrations on an empty database, compare with the entities, revert all.

    Raises `GateError` when one does not run, when the entities still differ, when `made` does not
    revert to what was before it, or when one made by this tool does not revert. A migration that
    a person wrote and that does not revert is theirs to judge: a warning.
    """
    with databases.empty() as database:
        proof = typeorm.run_and_revert(files, node, database)
    migrations = migrations_of(files)
    newest = migrations[-1].path if migrations else FOLDER
    if proof["missing"]:
        raise GateError(
            Problem(
                code="migration-difference",
                message="After all migrations the database still differs from the entities; "
                f"missing: {_some(proof['missing'])}.",
                fix="Write the entity so that the database keeps it as it is written.",
                file=newest,
            )
        )
    errors: list[Problem] = []
    warnings: list[Problem] = []
    after = {reverted["migration"]: reverted["left"] for reverted in proof["reverted"]}
    if made is not None and after.get(made.name, made.before) != made.before:
        errors.append(_not_reverted(made.path, set(after[made.name]) ^ set(made.before)))
    failed = proof["failed"]
    if failed is not None:
        guilty = named(migrations, failed["migration"] or "")
        ours = guilty is not None and guilty.origin is not None
        (errors if ours else warnings).append(typeorm.problem_of(files, failed))
    elif left := proof["reverted"][-1]["left"] if proof["reverted"] else []:
        all_ours = all(migration.origin is not None for migration in migrations)
        (errors if all_ours else warnings).append(_not_reverted(newest, set(left)))
    if errors:
        raise GateError(errors)
    return tuple(warnings)


def _not_reverted(file: str, left: set[str]) -> Problem:
    return Problem(
        code="migration-revert",
        message=f"Reverting does not lead back to where it began: {_some(sorted(left))}.",
        fix="Correct the down() of the migration.",
        file=file,
    )


def _some(lines: list[str]) -> str:
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return "; ".join(line[:200] for line in lines[:3]) + more
