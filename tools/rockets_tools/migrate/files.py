"""The migration files of a project: their order, their names and how each was made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rockets_tools.files import ProjectFiles, disk_error
from rockets_tools.plan.model import Plan

FOLDER = "src/migrations"
NAME = "ApplyPlan"
"""What every migration made here is called; the timestamp tells them apart."""
FIRST_TIMESTAMP = 1_700_000_000_000
"""Milliseconds; used when there is no migration yet."""
STEP = 1000
"""Milliseconds between the newest migration and the next."""


class Origin(StrEnum):
    """How a migration was made here, in the words of the first line of its file."""

    PENDING = "typeorm migration:generate, not proven yet"
    """By a run that was killed before the proof: to be made again."""
    PROVEN = "typeorm migration:generate, proven"
    """It runs on an empty database, leaves no difference to the entities, and reverts."""
    STATIC = "written from the plan without a database, not proven"


_MARK = re.compile(rf"// Made by Rockets for plan (\w*): ({'|'.join(Origin)})\.\n")
_FILE = re.compile(r"(?P<timestamp>\d{13})-[\w-]+\.ts")
_CLASS = re.compile(r"\bclass\s+\w*?(\d{13})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A migration file that is there."""

    path: str
    """Relative to the project root."""
    timestamp: int
    """Milliseconds; TypeORM runs them in this order."""
    origin: Origin | None
    """None: not made here."""
    plan: str | None
    """Short hash of the plan it was made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """SQL that changes a database, and SQL that takes that back; each in order."""

    up: tuple[str, ...]
    down: tuple[str, ...]


def short_hash(plan: Plan) -> str:
    """How a migration file names the plan."""
    return plan.hash[:12]


def marked(text: str, origin: Origin, plan: Plan) -> str:
    """A migration file that says at its top how it was made."""
    return f"// Made by Rockets for plan {short_hash(plan)}: {origin}.\n{text}"


def migrations_of(files: ProjectFiles) -> list[Migration]:
    """All migrations, oldest first."""
    folder = files.path(FOLDER)
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise disk_error(error, FOLDER) from error
    found: list[Migration] = []
    for name in names:
        text = files.read(f"{FOLDER}/{name}") if name.endswith(".ts") else None
        if text is None:
            continue
        stamps = [int(stamp) for stamp in _CLASS.findall(text)]
        if (named := _FILE.fullmatch(name)) is not None:
            stamps.append(int(named["timestamp"]))
        if stamps:
            mark = _MARK.match(text)
            found.append(
                Migration(
                    path=f"{FOLDER}/{name}",
                    timestamp=max(stamps),
                    origin=None if mark is None else Origin(mark[2]),
                    plan=None if mark is None else mark[1],
                )
            )
    return sorted(found, key=lambda migration: (migration.timestamp, migration.path))


def next_timestamp(existing: list[Migration]) -> int:
    """One step after the newest, so that the same project always gets the same."""
    return existing[-1].timestamp + STEP if existing else FIRST_TIMESTAMP


def path_of(timestamp: int) -> str:
    """Where a migration made here goes."""
    return f"{FOLDER}/{timestamp}-{NAME}.ts"


def class_of(timestamp: int) -> str:
    """What its class is called."""
    return f"{NAME}{timestamp}"


def named(migrations: Iterable[Migration], class_name: str) -> Migration | None:
    """The migration of a class: its name ends in the timestamp."""
    return next((m for m in migrations if class_name.endswith(str(m.timestamp))), None)


def render(timestamp: int, statements: Statements) -> str:
    """A migration of these statements, laid out as TypeORM's own command does."""
    name = class_of(timestamp)
    return (
        'import { MigrationInterface, QueryRunner } from "typeorm";\n'
        "\n"
        f"export class {name} implements MigrationInterface {{\n"
        f"    name = '{name}'\n"
        "\n"
        "    public async up(queryRunner: QueryRunner): Promise<void> {\n"
        f"{_queries(statements.up)}\n"
        "    }\n"
        "\n"
        "    public async down(queryRunner: QueryRunner): Promise<void> {\n"
        f"{_queries(statements.down)}\n"
        "    }\n"
        "\n"
        "}\n"
    )


def _queries(statements: tuple[str, ...]) -> str:
    return "\n".join(
        f"        await queryRunner.query(`{_escaped(statement)}`);" for statement in statements
    )


def _escaped(sql: str) -> str:
    """SQL inside a JavaScript template literal, which would make a line feed of a raw return."""
    escaped = sql.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return escaped.replace("\r", "\\r")
