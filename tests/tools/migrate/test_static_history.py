"""The plans that migrations stand for: kept, found again, and never believed unread."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tools.migrate.static_plans import after, before, everything

from rockets_tools.errors import GateError
from rockets_tools.files import ProjectFiles
from rockets_tools.migrate.files import (
    Origin,
    Statements,
    marked,
    migrations_of,
    path_of,
    render,
)
from rockets_tools.migrate.history import plans_of, remember
from rockets_tools.migrate.static.tables import tables_of
from rockets_tools.plan import Plan

STAMP = 1700000001000
KEPT = f".rockets/migrations/{STAMP}.plan.json"


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    return ProjectFiles(tmp_path)


def made(files: ProjectFiles, plan: Plan, timestamp: int = STAMP) -> None:
    remember(files, timestamp, plan)
    text = render(timestamp, Statements(up=("A",), down=("B",)))
    files.write(path_of(timestamp), marked(text, Origin.STATIC, plan))


def test_plans_come_back_with_the_same_tables_oldest_first(files: ProjectFiles) -> None:
    plans = [before(), after(), everything()]
    for index, plan in enumerate(plans):
        made(files, plan, STAMP + index)
    files.write("src/migrations/1600000000000-Hand.ts", "class Hand1600000000000 {}")
    found = plans_of(files, migrations_of(files))
    assert [tables_of(plan.entities) for plan in found] == [
        tables_of(plan.entities) for plan in plans
    ]


def test_a_migration_that_is_gone_is_history_no_more(files: ProjectFiles) -> None:
    made(files, before())
    made(files, after(), STAMP + 1)
    files.delete(path_of(STAMP + 1))
    (plan,) = plans_of(files, migrations_of(files))
    assert plan.entities.keys() == before().entities.keys()


def missing(files: ProjectFiles) -> None:
    files.delete(KEPT)


def torn(files: ProjectFiles) -> None:
    files.write(KEPT, (files.read(KEPT) or "")[:100])


def of_another_plan(files: ProjectFiles) -> None:
    remember(files, STAMP, after())


def no_object(files: ProjectFiles) -> None:
    files.write(KEPT, "[" * 100_000)


def no_plan(files: ProjectFiles) -> None:
    config = json.loads(files.read(KEPT) or "")
    files.write(KEPT, json.dumps({"x-plan": config["x-plan"], "entities": 1}))


def hostile(files: ProjectFiles) -> None:
    config = json.loads(files.read(KEPT) or "")
    config["entities"][0]["tableName"] = 'x"; DROP TABLE "user"; --'
    files.write(KEPT, json.dumps(config))


def not_text(files: ProjectFiles) -> None:
    files.path(KEPT).write_bytes(b"\xff\xfe")


def elsewhere(files: ProjectFiles) -> None:
    outside = files.root.with_name("outside.json")
    files.path(KEPT).rename(outside)
    files.path(KEPT).symlink_to(outside)


@pytest.mark.parametrize(
    "damage",
    [missing, torn, of_another_plan, no_object, no_plan, hostile, not_text, elsewhere],
)
def test_what_is_not_known_needs_a_database(
    files: ProjectFiles, damage: Callable[[ProjectFiles], None]
) -> None:
    made(files, before())
    damage(files)
    with pytest.raises(GateError) as caught:
        plans_of(files, migrations_of(files))
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("migration-needs-database", path_of(STAMP))
    assert KEPT in problem.message
    assert "\n" not in problem.message
