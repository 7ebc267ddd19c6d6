"""Two modules with behaviour in a real project: compiled, booted, called; red without one guard."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.behaviour_modules import MODULES, answered, orders, orders_project

from rockets_tools.build import build
from rockets_tools.database import ScratchDatabases
from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import integrate_modules
from rockets_tools.migrate import migrate
from rockets_tools.node import NodeTools, find_node
from rockets_tools.smoke import SmokeResult, smoke
from rockets_tools.specs import run_tests
from rockets_tools.validate import validate

pytestmark = [pytest.mark.node, pytest.mark.timeout(600)]

CONTROLLER = "src/modules/order-fulfilment/order-fulfilment.controller.ts"
GRANT = "  @AccessControlUpdateOne(OrderFulfilmentResource.One)\n"
SPECS = [f"test/{name}.test.mjs" for name in MODULES]


@pytest.fixture(scope="module")
def node() -> NodeTools:
    return find_node()


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, warm_modules: Path, node: NodeTools
) -> ProjectFiles:
    """The plan's entities and both modules, wired, migrated and built."""
    files = orders_project(tmp_path_factory.mktemp("behaviour") / "orders")
    (files.root / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    integrate_modules(files, [answered(name) for name in MODULES])
    migrate(files, orders(), node=node)
    build(files, node).require()
    return files


@pytest.fixture(scope="module")
def databases(project: ProjectFiles, node: NodeTools) -> Iterator[ScratchDatabases]:
    with ScratchDatabases(project, node, None) as scratch:
        yield scratch


def of_modules(result: SmokeResult) -> list[tuple[str, bool]]:
    names = {"OrderFulfilment", "OrderReminder"}
    return [(cell.title, cell.passed) for cell in result.cells if cell.entity in names]


def test_they_are_laid_out_and_linted_as_the_project_asks(
    project: ProjectFiles, node: NodeTools
) -> None:
    for tool in (["prettier", "--check", "src", "test"], ["eslint", "src", "test"]):
        found = shutil.which(tool[0], path=str(project.root / "node_modules/.bin"))
        assert found is not None
        command = node.argv(Path(found).resolve(), *tool[1:])
        done = subprocess.run(
            command,
            cwd=project.root,
            env=node.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_specs_and_smoke_are_green_and_nothing_is_found(
    project: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    assert validate(project, plan=orders()).issues == ()
    specs = run_tests(project, node, only=SPECS)
    assert specs.failures == ()
    assert specs.tests == 28
    result = smoke(project, orders(), node=node, databases=databases)
    assert result.failures == ()
    assert len(of_modules(result)) == 9


def test_without_one_grant_all_gates_are_red(
    project: ProjectFiles, node: NodeTools, databases: ScratchDatabases
) -> None:
    text = project.read(CONTROLLER) or ""
    project.write(CONTROLLER, text.replace(GRANT, ""))
    try:
        issues = validate(project, plan=orders()).issues
        assert [(issue.rule, issue.severity) for issue in issues] == [
            ("handler-without-grant", "critical")
        ]
        build(project, node).require()
        result = smoke(project, orders(), node=node, databases=databases)
        assert [cell.title for cell in result.failures] == [
            "smoke-stranger PATCH /order-fulfilment/:id none"
        ]
        failures = run_tests(project, node, only=SPECS).failures
        assert [failure.name for failure in failures] == [
            "order fulfilment > lets no customer move an order"
        ]
    finally:
        project.write(CONTROLLER, text)
