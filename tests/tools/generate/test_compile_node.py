"""Generated code under the generated project's own rules: tsc strict, eslint strict, prettier."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.strategies import plans

from rockets_tools.generate import render_entity
from rockets_tools.generate.result import Rendered
from rockets_tools.plan import Plan, read_plan
from rockets_tools.plan.model import Entity

pytestmark = pytest.mark.node

EXAMPLES = 8
MAX_ENTITIES = 8

LOAD = """
require('reflect-metadata');
const { readdirSync } = require('node:fs');
const files = readdirSync('dist', { recursive: true }).filter((name) => name.endsWith('.js'));
const generated = files.filter((name) => /^plan\\d+/.test(name)).sort();
const ordered = process.argv[1] === 'backwards' ? generated.reverse() : generated;
ordered.forEach((name) => require(`./dist/${name}`));
console.log(generated.length);
"""


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, warm_modules: Path, plan: Callable[[str], Plan]
) -> Path:
    """A fresh project with the broad plan and random ones, each below a folder of its own."""
    from rockets_tools.project import new_project

    folder = tmp_path_factory.mktemp("compile") / "project"
    new_project(folder)
    (folder / "node_modules").symlink_to(warm_modules, target_is_directory=True)
    found = [plan("broad"), *_random_plans()]
    for number, each in enumerate(found):
        for rendered in _moved(each, f"src/plan{number}/"):
            for file in rendered.files:
                path = folder / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.content, encoding="utf-8")
    return folder


def _random_plans() -> list[Plan]:
    found: list[Plan] = []

    @seed(2)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plans(max_entities=MAX_ENTITIES))
    def collect(raw: dict[str, object]) -> None:
        found.append(read_plan(json.dumps(raw), file="plan.json").plan)

    collect()
    return found


def _moved(plan: Plan, folder: str) -> Iterator[Rendered]:
    def move(path: str) -> str:
        return path.replace("src/", folder, 1)

    entities: dict[str, Entity] = {}
    for name, entity in plan.entities.items():
        paths = entity.paths
        moved = replace(
            paths,
            entity=move(paths.entity),
            module=move(paths.module),
            shared=move(paths.shared),
        )
        entities[name] = replace(entity, paths=moved)
    for entity in entities.values():
        yield render_entity(entity, entities)


def _node(project: Path, *arguments: str) -> str:
    result = subprocess.run(
        ["node", *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    return result.stdout


def test_it_compiles_and_loads_in_any_order(project: Path) -> None:
    """Loading shows import cycles that only break at run time."""
    _node(project, "node_modules/typescript-7/bin/tsc", "-p", "tsconfig.json")
    assert int(_node(project, "-e", LOAD, "forwards")) > 300
    assert int(_node(project, "-e", LOAD, "backwards")) > 300


def test_prettier_has_nothing_to_change(project: Path) -> None:
    _node(project, "node_modules/prettier/bin/prettier.cjs", "--check", "src")


def test_eslint_has_nothing_to_say(project: Path) -> None:
    _node(project, "node_modules/eslint/bin/eslint.js", "src")
