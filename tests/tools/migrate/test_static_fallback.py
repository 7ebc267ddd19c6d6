"""The migrate step where no database can start, and what TypeORM says once one can."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.tools.migrate.static_plans import after, back_again, before, everything

from rockets_tools.database import ScratchDatabases
from rockets_tools.errors import GateError, MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.migrate import MigrationResult, migrate
from rockets_tools.node import NodeTools, find_node
from rockets_tools.plan import Plan
from rockets_tools.project import new_project

pytestmark = pytest.mark.node

FIRST, SECOND, THIRD = (f"src/migrations/170000000{n}000-ApplyPlan.ts" for n in (1, 2, 3))
SERVER = "db/pglite-server.mjs"


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture(scope="module")
def databases(
    node: NodeTools, warm_modules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScratchDatabases]:
    folder = tmp_path_factory.mktemp("server") / "project"
    new_project(folder)
    (folder / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    with ScratchDatabases(ProjectFiles(folder), node) as databases:
        yield databases


@pytest.fixture
def files(warm_project: Callable[[str], Path]) -> ProjectFiles:
    """A project whose embedded server does not start."""
    files = ProjectFiles(warm_project("project"))
    files.write(SERVER, "console.error('no memory left');\nprocess.exit(1);\n")
    return files


def put(files: ProjectFiles, plan: Plan) -> None:
    for wave in plan.waves:
        rendered = [render_entity(plan.entities[name], plan.entities) for name in wave]
        assert not integrate(files, rendered).conflicts


def summary(result: MigrationResult) -> tuple[str, tuple[str, ...], bool]:
    return result.method, result.files, result.proven


def migrations(files: ProjectFiles) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (files.root / "src/migrations").iterdir()}


def test_without_a_database_and_with_one_again(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    put(files, everything())
    made = migrate(files, everything(), node=node)
    assert summary(made) == ("static", (FIRST,), False)
    assert [warning.code for warning in made.warnings] == ["migration-not-proven"]
    assert "no memory left" in made.warnings[0].message
    mark = (files.read(FIRST) or "").partition("\n")[0]
    assert mark.endswith(": written from the plan without a database, not proven.")

    before_ = migrations(files)
    assert summary(migrate(files, everything(), node=node)) == ("static", (), False)
    # TypeORM runs it, finds nothing that lacks, and reverts it.
    again = migrate(files, everything(), node=node, databases=databases)
    assert summary(again) == ("typeorm", (), True)
    assert again.warnings == ()
    assert migrations(files) == before_


def test_from_one_plan_to_the_next_by_turns(
    files: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    put(files, before())
    with_database = migrate(files, before(), node=node, databases=databases)
    assert summary(with_database) == ("typeorm", (FIRST,), True)

    put(files, after())
    assert summary(migrate(files, after(), node=node)) == ("static", (SECOND,), False)
    assert 'CREATE TABLE "new"' in (files.read(SECOND) or "")
    assert 'CREATE TABLE "target"' not in (files.read(SECOND) or "")
    found = migrate(files, after(), node=node, databases=databases)
    assert summary(found) == ("typeorm", (), True)

    put(files, back_again())
    assert summary(migrate(files, back_again(), node=node)) == ("static", (THIRD,), False)
    found = migrate(files, back_again(), node=node, databases=databases)
    assert summary(found) == ("typeorm", (), True)


def test_a_changed_plan_whose_history_is_lost_is_red(files: ProjectFiles, node: NodeTools) -> None:
    put(files, before())
    migrate(files, before(), node=node)
    was = migrations(files)
    files.delete(".rockets/migrations/1700000001000.plan.json")
    assert migrate(files, before(), node=node).files == ()
    with pytest.raises(GateError) as caught:
        migrate(files, after(), node=node)
    assert caught.value.problems[0].code == "migration-needs-database"
    assert migrations(files) == was


@pytest.mark.parametrize("url", ["postgres://nobody@127.0.0.1:1/none", "mysql://x/y"])
def test_a_wrong_server_is_never_done_without(
    files: ProjectFiles, node: NodeTools, url: str
) -> None:
    put(files, before())
    was = migrations(files)
    with pytest.raises(MachineError):
        migrate(files, before(), node=node, database_url=url)
    assert migrations(files) == was
