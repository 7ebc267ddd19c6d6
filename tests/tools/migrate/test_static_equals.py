"""What is written without a database equals what TypeORM writes: whole catalogs compared."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

import pytest
from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from tests.strategies import plans
from tests.tools.migrate.static_plans import after, back_again, before, everything

from rockets_tools.build import build
from rockets_tools.database import ScratchDatabases
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.migrate.static import static_migration
from rockets_tools.node import NodeTools, find_node
from rockets_tools.plan import Plan, load_plan, read_plan
from rockets_tools.project import new_project

pytestmark = pytest.mark.node

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
RANDOM_PLANS = 4
RANDOM_CHANGES = 10


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


@pytest.fixture
def ask(node: NodeTools, databases: ScratchDatabases, tmp_path: Path) -> Callable[..., Any]:
    """What one of the scripts beside this file answers, run on an empty database."""

    def run(script: str, project: Path, value: object) -> Any:
        result = tmp_path / "result.json"
        with databases.empty() as database:
            done = subprocess.run(
                node.argv(Path(__file__).with_name(script), project, result),
                input=json.dumps(value),
                env=node.environment(database.environment()),
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(result.read_text())

    return run


Compare = Callable[..., Compared]


@pytest.fixture
def compare(
    node: NodeTools, ask: Callable[..., Any], warm_project: Callable[[str], Path]
) -> Compare:
    """Both ways to take the last step of a project that went through all these plans."""

    def run(*plans: Plan, name: str = "project") -> Compared:
        files = ProjectFiles(warm_project(name))
        for plan in plans:
            put(files, plan)
        build(files, node).require()
        step = static_migration(plans[-1], plans[:-1])
        question = {
            "base": base_of(files),
            "before": way(plans[:-1]),
            "up": step.up,
            "down": step.down,
        }
        found: Compared = ask("static_compare.cjs", files.path("dist/ormconfig.js"), question)
        return found

    return run


def put(files: ProjectFiles, plan: Plan) -> None:
    """The entities of a plan, generated and wired."""
    for wave in plan.waves:
        rendered = [render_entity(plan.entities[name], plan.entities) for name in wave]
        assert not integrate(files, rendered).conflicts


def base_of(files: ProjectFiles) -> list[str]:
    """The statements of the migration that a new project brings along."""
    text = files.read("src/migrations/1700000000000-CreateUsersAndRoles.ts")
    assert text is not None
    return re.findall("`(.*)`", text.partition("async down")[0])


def way(plans: Sequence[Plan]) -> list[str]:
    """The statements of one migration after another."""
    steps = [static_migration(plan, plans[:index]) for index, plan in enumerate(plans)]
    return [sql for step in steps for sql in step.up]


def assert_equal(found: Compared) -> None:
    assert found["missing"] == [], found["missing"]
    assert found["static"] == found["typeorm"]
    assert found["reverted"] == found["before"]


@pytest.mark.parametrize("name", ["shop", "chinook"])
def test_an_example(compare: Compare, name: str) -> None:
    found = compare(load_plan(EXAMPLES / f"{name}.plan.json").plan)
    assert_equal(found)
    assert found["static"] == found["fresh"]


def test_every_form(compare: Compare) -> None:
    found = compare(everything())
    assert_equal(found)
    assert found["static"] == found["fresh"]


def test_every_change(compare: Compare) -> None:
    found = compare(before(), after())
    assert_equal(found)
    # A table does not know when it became what it is, save for the name of one constraint.
    assert set(map(anonymous, found["fresh"])) <= set(map(anonymous, found["static"]))


def test_there_and_back(compare: Compare) -> None:
    """Also: the table of an entity that had left is still there, and is changed."""
    assert_equal(compare(before(), after(), back_again()))


def test_random_plans(compare: Compare) -> None:
    for index, plan in enumerate(random_plans(RANDOM_PLANS, 4, 15)):
        found = compare(plan, name=f"project{index}")
        assert_equal(found)
        assert found["static"] == found["fresh"]


def test_random_changes(ask: Callable[..., Any], warm_project: Callable[[str], Path]) -> None:
    """From any plan to any other: as new, besides what stays; and back."""
    files = ProjectFiles(warm_project("project"))
    base = base_of(files)
    plans = random_plans(2 * RANDOM_CHANGES, 15, 30)
    pairs = list(zip(plans[::2], plans[1::2], strict=True))
    scripts = [
        script
        for old, new in pairs
        for script in (
            [*base, *way([old])],
            [*base, *way([new])],
            [*base, *way([old, new])],
            [*base, *way([old, new]), *static_migration(new, [old]).down],
        )
    ]
    found = ask("static_run.cjs", files.root, scripts)
    for index in range(len(pairs)):
        was, fresh, changed, reverted = found[4 * index : 4 * index + 4]
        assert set(map(anonymous, fresh)) <= set(map(anonymous, changed))
        assert reverted == was


def anonymous(line: str) -> str:
    """A line of a catalog: a unique column is a unique column, whatever its constraint's name."""
    return re.sub(r"(REL|UQ)_\w+", "UQ", line)


def random_plans(count: int, smallest: int, largest: int) -> list[Plan]:
    """Always the same ones."""
    found: list[Plan] = []

    @seed(count)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(plans(min_entities=smallest, max_entities=largest))
    def collect(raw: dict[str, Any]) -> None:
        try:
            found.append(read_plan(json.dumps(raw)).plan)
        except InputError:
            # That all of them are valid is what the tests of the plan look at.
            reject()

    collect()
    return found[:count]
