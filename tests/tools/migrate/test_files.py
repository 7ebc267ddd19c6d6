"""Names and marks of migration files."""

from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.migrate.files import (
    Origin,
    Statements,
    marked,
    migrations_of,
    named,
    next_timestamp,
    path_of,
    render,
)
from rockets_tools.plan.model import Plan

PLAN = Plan(entities={}, waves=(), roles=(), hash="0123456789abcdef" * 4)


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    return ProjectFiles(tmp_path)


def test_the_first_timestamp_is_a_constant(files: ProjectFiles) -> None:
    assert migrations_of(files) == []
    assert next_timestamp([]) == 1_700_000_000_000


def test_the_next_timestamp_follows_the_newest_by_name_or_class(files: ProjectFiles) -> None:
    files.write("src/migrations/1750000000000-First.ts", "export class First1750000000000 {}")
    files.write("src/migrations/renamed.ts", "export class Late1760000000000 {}")
    files.write("src/migrations/README.md", "class No1990000000000")
    files.write("src/migrations/index.ts", "export {};")
    found = migrations_of(files)
    assert [migration.timestamp for migration in found] == [1750000000000, 1760000000000]
    assert next_timestamp(found) == 1760000001000
    assert named(found, "Late1760000000000") == found[1]
    assert named(found, "Late1760000000001") is None


@pytest.mark.parametrize("origin", Origin)
def test_a_mark_is_read_as_it_was_written(files: ProjectFiles, origin: Origin) -> None:
    text = marked(render(1700000000000, Statements(up=("A",), down=("B",))), origin, PLAN)
    assert max(map(len, text.splitlines()[:1])) <= 100
    files.write(path_of(1700000000000), text)
    (found,) = migrations_of(files)
    assert (found.origin, found.plan) == (origin, "0123456789ab")


def test_a_hand_written_file_has_no_mark(files: ProjectFiles) -> None:
    files.write("src/migrations/1750000000000-A.ts", "// Made by Rockets for fun.\nclass A {}")
    assert migrations_of(files)[0].origin is None


def test_sql_cannot_leave_its_literal() -> None:
    sql = "COMMENT ON TABLE a IS '`; process.exit(); ` ${x} \\` \\\\'"
    text = render(1700000000000, Statements(up=(sql,), down=()))
    line = next(line for line in text.splitlines() if "COMMENT" in line)
    assert line == (
        "        await queryRunner.query(`COMMENT ON TABLE a IS "
        "'\\`; process.exit(); \\` \\${x} \\\\\\` \\\\\\\\'`);"
    )
