"""TypeORM's migration commands, run in the project on an empty database."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from rockets_tools.database import Database
from rockets_tools.errors import GateError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate.files import NAME, migrations_of, named, path_of
from rockets_tools.node import NodeTools
from rockets_tools.process import run

SCRIPT = Path(__file__).with_name("typeorm.cjs")
DATA_SOURCE = "dist/ormconfig.js"
COMMAND_SECONDS = 600


class Failure(TypedDict):
    """A step that TypeORM refused."""

    step: str
    migration: str | None
    message: str
    query: str | None


class Reverted(TypedDict):
    migration: str
    left: list[str]
    """The catalog afterwards."""


class Proof(TypedDict):
    """What happened when all migrations were run and reverted."""

    missing: list[str]
    """Statements that would still be needed."""
    reverted: list[Reverted]
    """Newest first."""
    failed: Failure | None
    """The revert that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    text: str | None
    """What the command wrote; None when nothing is to change."""
    before: list[str]
    """The catalog that the existing migrations lead to."""


def generate(files: ProjectFiles, node: NodeTools, database: Database, timestamp: int) -> Generated:
    """Run the migrations there are, then `migration:generate`. Raises `GateError`."""
    with tempfile.TemporaryDirectory(prefix="rockets-") as folder:
        found = _command(
            files, node, database, Path(folder), "generate", NAME, str(timestamp), folder
        )
        written = Path(folder, Path(path_of(timestamp)).name)
        return Generated(
            text=written.read_text(encoding="utf-8") if found["changed"] else None,
            before=cast("list[str]", found["before"]),
        )


def run_and_revert(files: ProjectFiles, node: NodeTools, database: Database) -> Proof:
    """Run all migrations, compare, revert all. Raises `GateError` when one does not run."""
    with tempfile.TemporaryDirectory(prefix="rockets-") as folder:
        return cast("Proof", _command(files, node, database, Path(folder), "prove"))


def _command(
    files: ProjectFiles, node: NodeTools, database: Database, folder: Path, *command: str
) -> dict[str, object]:
    if not files.exists(DATA_SOURCE):
        raise GateError(
            Problem(
                code="data-source-missing",
                message="The project has no src/ormconfig.ts that exports a DataSource.",
                fix="Add src/ormconfig.ts with a DataSource as its default export.",
                file="src/ormconfig.ts",
            )
        )
    result = folder / "result.json"
    done = run(
        node.argv(SCRIPT, files.path(DATA_SOURCE), result, *command),
        cwd=files.root,
        env=node.environment(database.environment()),
        timeout=COMMAND_SECONDS,
    )
    if done.code == 0 and result.is_file():
        return cast("dict[str, object]", json.loads(result.read_text(encoding="utf-8")))
    if result.is_file():
        answer = json.loads(result.read_text(encoding="utf-8"))
        raise GateError(problem_of(files, cast("Failure", answer["failed"])))
    said = (done.stderr or done.stdout).strip()
    failure = Failure(step=command[0], migration=None, message=said[-1000:], query=None)
    raise GateError(problem_of(files, failure))


def problem_of(files: ProjectFiles, failure: Failure) -> Problem:
    """A refused step as an error a person can act on, in TypeORM's words."""
    name = failure["migration"]
    what = {
        "connect": "TypeORM cannot load the entities",
        "generate": "TypeORM cannot generate the migration",
        "prove": "TypeORM cannot run the migrations",
        "run": f"The migration {name} does not run" if name else "The migrations do not run",
        "revert": f"The migration {name} does not revert",
    }[failure["step"]]
    statement = f" (in: {failure['query'][:300]})" if failure["query"] else ""
    migration = named(migrations_of(files), name) if name else None
    return Problem(
        code=f"migration-{failure['step']}",
        message=f"{what}: {failure['message']}{statement}.",
        fix="Correct the entity or the migration, then run again with --resume.",
        file=None if migration is None else migration.path,
    )
