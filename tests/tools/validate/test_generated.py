"""What our own generator makes has no finding, and each part of it is held to its rule."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.generate import render_entity
from rockets_tools.integrate import integrate
from rockets_tools.plan import load_plan, read_plan
from rockets_tools.plan.model import Plan
from rockets_tools.validate import validate

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "tools/rockets_tools/targets/concepta_5/project"
EXAMPLES = sorted((*ROOT.glob("examples/*.plan.json"), *ROOT.glob("tests/data/**/*.plan.json")))

SHOP = """{"entities": [
  {"entityName": "Order", "fields": [{"name": "title"}, {"name": "class", "type": "enum",
    "enumValues": ["a", "it's"]}], "relations": [{"targetEntity": "User"}],
   "ownerField": "userId", "uniqueConstraint": ["title", "userId"],
   "acl": {"user": {"possession": "own", "operations": ["create", "read", "update", "delete"]},
           "admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]}}},
  {"entityName": "OrderLineWithAnExtraordinarilyLongNameForPrettier", "tableName": "line",
   "fields": [{"name": "text", "apiDescription": "{{ not a template }} /* @Entity('x') */"}],
   "relations": [{"targetEntity": "Order", "nullable": false}], "ownerField": "order.userId",
   "acl": {"user": {"possession": "own", "operations": ["create", "read", "update", "delete"]},
           "manager": {"possession": "any", "operations": ["read"]}}},
  {"entityName": "Event", "fields": [{"name": "name"}], "operations": ["readMany"], "acl": {}}
]}"""

Build = Callable[[Plan], ProjectFiles]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def built(plan: Plan) -> ProjectFiles:
        shutil.copytree(TEMPLATE, tmp_path / "project")
        files = ProjectFiles(tmp_path / "project")
        for wave in plan.waves:
            integrate(files, [render_entity(plan.entities[name], plan.entities) for name in wave])
        return files

    return built


def plans() -> Iterator[Plan]:
    yield read_plan(SHOP, file="plan.json").plan
    yield from (load_plan(path).plan for path in EXAMPLES)


@pytest.mark.parametrize("index", range(1 + len(EXAMPLES)))
def test_a_generated_project_has_no_finding(build: Build, index: int) -> None:
    plan = list(plans())[index]
    files = build(plan)
    assert validate(files, plan=plan, migrations=False).issues == ()
    for wave in plan.waves:
        assert validate(files, plan=plan, entities=wave, migrations=False).issues == ()


FOLDER = "src/modules/order/"


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (
            f"{FOLDER}order.crud.controller.ts",
            "  @AccessControlReadOne(OrderResource.One)\n",
            "",
            "handler-without-grant",
        ),
        (
            f"{FOLDER}order.crud.controller.ts",
            "getMany(request, caller)",
            "getMany(request)",
            "own-scope-enforced",
        ),
        (
            f"{FOLDER}order.crud.controller.ts",
            "@AccessControlQuery({ service: OrderAccessQueryService })\n",
            "",
            "own-scope-enforced",
        ),
        (
            f"{FOLDER}order-access-query.service.ts",
            "    return false;\n",
            "    return true;\n",
            "access-query-deny-by-default",
        ),
        (
            f"{FOLDER}constants/order.constants.ts",
            "'order-list'",
            "'orders'",
            "acl-resource-defined",
        ),
        (
            f"{FOLDER}entities/order.entity.ts",
            "owner: 'userId'",
            "owner: 'user.id2'",
            "owner-field",
        ),
        (
            f"{FOLDER}order-model.service.ts",
            "@InjectDynamicRepository(",
            "@InjectRepository(",
            "inject-repository-location",
        ),
        ("src/app.module.ts", "    OrderModule,\n", "", "module-imported"),
        ("src/app.module.ts", "OrderAccessQueryService,", "", "access-query-service-registered"),
        ("src/config/typeorm.settings.ts", "OrderEntity,", "", "entity-registered"),
    ],
)
def test_a_generated_project_that_was_broken(
    build: Build, path: str, old: str, new: str, rule: str
) -> None:
    plan = read_plan(SHOP, file="plan.json").plan
    files = build(plan)
    text = files.read(path)
    assert text is not None
    assert old in text
    head, _, tail = text.rpartition(old)
    files.write(path, head + new + tail)
    assert rule in {issue.rule for issue in validate(files, plan=plan, migrations=False).issues}
    if not path.startswith("src/config"):
        wave = validate(files, plan=plan, entities=["Order"], migrations=False)
        assert rule in {issue.rule for issue in wave.issues}
