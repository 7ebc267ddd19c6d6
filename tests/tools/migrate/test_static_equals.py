"""What is written without a database equals what TypeORM writes: whole catalogs compared."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypedDict, cast

import pytest
from tests.tools.migrate.static_plans import after, back_again, before, everything

from rockets_tools.build import build
from rockets_tools.database import ScratchDatabases
from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.migrate.files import Statements
from rockets_tools.migrate.static import static_migration
from rockets_tools.node import NodeTools, find_node
from rockets_tools.plan import Plan, load_plan
from rockets_tools.project import new_project

pytestmark = pytest.mark.node

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
COMPARE = Path(__file__).with_name("static_compare.cjs")
BASE = "src/migrations/1700000000000-CreateUsersAndRoles.ts"


class Compared(TypedDict):
    """See static_compare.cjs."""

    before: list[str]
    typeorm: list[str]
    fresh: list[str]
    static: list[str]
    missing: list[str]
    reverted: list[str]


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


Compare = Callable[[Sequence[Plan]], tuple[Compared, Statements]]


@pytest.fixture
def compare(
    node: NodeTools, databases: ScratchDatabases, warm_project: Callable[[], Path], tmp_path: Path
) -> Compare:
    """A project that went through all these plans, and the last step of the way."""

    def run(plans: Sequence[Plan]) -> tuple[Compared, Statements]:
        files = ProjectFiles(warm_project())
        for plan in plans:
            for wave in plan.waves:
                rendered = [render_entity(plan.entities[name], plan.entities) for name in wave]
                result = integrate(files, rendered)
                assert not result.conflicts
        build(files, node).require()
        *previous, last = plans
        steps = [static_migration(plan, previous[:index]) for index, plan in enumerate(previous)]
        step = static_migration(last, previous)
        base = files.read(BASE)
        assert base is not None
        result = tmp_path / "compared.json"
        with databases.empty() as database:
            done = subprocess.run(
                node.argv(COMPARE, files.path("dist/ormconfig.js"), result),
                input=json.dumps(
                    {
                        "base": re.findall("`(.*)`", base.partition("async down")[0]),
                        "before": [sql for step in steps for sql in step.up],
                        "up": step.up,
                        "down": step.down,
                    }
                ),
                cwd=files.root,
                env=node.environment(database.environment()),
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return cast("Compared", json.loads(result.read_text())), step

    return run


def assert_equal(found: Compared) -> None:
    assert found["missing"] == [], found["missing"]
    assert found["static"] == found["typeorm"]
    assert found["reverted"] == found["before"]


@pytest.mark.parametrize("name", ["shop", "chinook"])
def test_an_example(compare: Compare, name: str) -> None:
    found, _ = compare([load_plan(EXAMPLES / f"{name}.plan.json").plan])
    assert_equal(found)


def test_every_form(compare: Compare) -> None:
    found, _ = compare([everything()])
    assert_equal(found)
    assert found["static"] == found["fresh"]


def test_every_change(compare: Compare) -> None:
    found, _ = compare([before(), after()])
    assert_equal(found)


def test_there_and_back(compare: Compare) -> None:
    found, _ = compare([before(), after(), back_again()])
    assert_equal(found)
