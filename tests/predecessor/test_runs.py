"""Defects 13 to 17 and 50 to 52: state, resume, what is left alone, and what is looked at."""

import fcntl
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.command import Answer, fresh_project, rockets, snapshot, sources, write_plan

ACL = {"admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]}}
CATEGORY = {"entityName": "Category", "fields": [{"name": "name"}], "acl": ACL}
PRODUCT = {
    "entityName": "Product",
    "fields": [{"name": "title"}],
    "relations": [{"targetEntity": "Category", "nullable": False}],
    "acl": ACL,
}
SERVICE = "src/modules/product/product.crud.service.ts"
BY_HAND = (
    "import { InjectRepository } from '@nestjs/typeorm';\n\n"
    "export class ProductCrudService {\n"
    "  constructor(@InjectRepository(Object) readonly rows: unknown) {}\n}\n"
)
"""What the gate refuses: a repository outside of an adapter."""

Run = Callable[..., Answer]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fresh_project(tmp_path / "shop")


@pytest.fixture
def run(project: Path) -> Run:
    """`rockets orchestrate` on the project, without Node; entities given become the plan."""

    def orchestrate(*options: str, entities: tuple[dict[str, Any], ...] = ()) -> Answer:
        spec = write_plan(project.with_suffix(".json"), *entities) if entities else None
        given = ("--spec", spec) if spec else ()
        return rockets("orchestrate", "--project", project, *given, "--skip-build", *options)

    return orchestrate


def state_of(project: Path) -> Any:
    return json.loads((project / ".rockets/state.json").read_text(encoding="utf-8"))


def put(project: Path, path: str, text: str) -> Path:
    file = project / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def replace(project: Path, path: str, old: str, new: str) -> None:
    text = (project / path).read_text(encoding="utf-8")
    assert old in text
    put(project, path, text.replace(old, new))


def test_defect_13_a_failed_entity_is_not_failed_for_ever(project: Path, run: Run) -> None:
    mine = put(project, SERVICE, BY_HAND)
    first = run(entities=(CATEGORY, PRODUCT))
    assert (first.code, first.json["summary"]["failed"]) == (1, 1)
    assert state_of(project)["failedEntities"] == ["product"]
    mine.unlink()
    second = run("--resume")
    assert (second.code, second.json["success"]) == (0, True), second.err
    summary = second.json["summary"]
    assert (summary["completed"], summary["failed"]) == (2, 0)
    assert state_of(project)["failedEntities"] == []


def test_defect_14_a_red_gate_completes_nothing(project: Path, run: Run) -> None:
    mine = put(project, SERVICE, BY_HAND)
    answer = run(entities=(CATEGORY, PRODUCT))
    assert answer.json["failedGate"] == "validate"
    assert [
        (i["rule"], i["file"]) for i in answer.json["issues"] if i["severity"] != "warning"
    ] == [("inject-repository-location", SERVICE)]
    assert state_of(project)["completedEntities"] == ["category"]
    mine.unlink()
    tagged = {**PRODUCT, "fields": [{"name": "title"}, {"name": "sku"}]}
    assert run("--resume", entities=(CATEGORY, tagged)).code == 0
    assert "sku" in sources(project)["src/modules/product/entities/product.entity.ts"]


@pytest.mark.parametrize("option", ["--dry-run", "--validate-only"])
def test_defect_15_looking_writes_nothing(option: str, project: Path, run: Run) -> None:
    assert run(entities=(CATEGORY,)).code == 0
    before = snapshot(project)
    answer = run(option, entities=(CATEGORY, PRODUCT))
    assert answer.json["summary"]["totalEntities"] == 2
    assert snapshot(project) == before


def test_defect_15_an_unknown_flag_is_refused(project: Path, run: Run) -> None:
    before = snapshot(project)
    answer = run("--dryrun", entities=(CATEGORY,))
    assert (answer.code, answer.found) == (2, [("usage", None)])
    assert "--dry-run" in answer.errors[0]["message"]
    assert snapshot(project) == before


def test_defect_15_a_plan_given_with_resume_is_used(project: Path, run: Run) -> None:
    assert run(entities=(CATEGORY,)).code == 0
    answer = run("--resume", entities=(CATEGORY, PRODUCT))
    assert (answer.code, answer.json["summary"]["completed"]) == (0, 2)
    plan = json.loads((project / ".rockets/plan.json").read_text(encoding="utf-8"))
    assert len(plan["entities"]) == 2


def test_defect_16_one_run_at_a_time(project: Path, run: Run) -> None:
    lock = project / ".rockets/run.lock"
    lock.parent.mkdir()
    with lock.open("w+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("4711\n")
        held.flush()
        before = snapshot(project)
        answer = run(entities=(CATEGORY,))
        assert (answer.code, answer.found) == (2, [("project-busy", None)])
        assert "4711" in answer.errors[0]["message"]
        assert snapshot(project) == before
    assert run(entities=(CATEGORY,)).code == 0


def test_defect_16_no_temporary_files_stay(project: Path, run: Run) -> None:
    before = set(snapshot(project))
    assert run(entities=(CATEGORY, PRODUCT)).code == 0
    ours = {p for p in set(snapshot(project)) - before if p.startswith(".rockets/")}
    ours -= {p for p in ours if p.startswith(".rockets/runs")}  # recordings, kept on purpose
    kept = {"plan.json", "state.json", "generated", "generated/category", "generated/product"}
    assert not [p for p in ours if re.search(r"tmp|lock|\d{4}", p)], ours
    assert {f".rockets/{p}" for p in kept} <= {re.sub(r"\.json$", "", p) for p in ours} | ours


def test_defect_17_your_edits_stay(project: Path, run: Run) -> None:
    assert run(entities=(CATEGORY, PRODUCT)).code == 0
    path = "src/modules/product/product-model.service.ts"
    replace(project, path, "export class", "// USER EDIT\nexport class")
    longer = {**PRODUCT, "fields": [{"name": "title"}, {"name": "sku"}]}
    answer = run(entities=(CATEGORY, longer))
    assert (answer.code, answer.json["conflicts"]) == (0, []), answer.err
    assert "// USER EDIT\nexport class" in sources(project)[path]
    assert "sku" in sources(project)["src/modules/product/entities/product.entity.ts"]


def test_defect_17_an_entity_that_left_the_plan_is_told(project: Path, run: Run) -> None:
    assert run(entities=(CATEGORY, PRODUCT)).code == 0
    answer = run(entities=(CATEGORY,))
    (orphan,) = answer.json["orphans"]
    assert orphan.startswith("product is not in the plan any more")
    assert "src/app.module.ts:" in orphan


def findings(project: Path) -> dict[str, dict[str, Any]]:
    answer = rockets("validate", "--project", project)
    return {issue["rule"]: issue for issue in answer.json["issues"]}


def test_defect_50_a_table_is_covered_by_its_own_migration_only(project: Path, run: Run) -> None:
    assert run(entities=(CATEGORY,)).code == 0
    first = 'await queryRunner.query(`CREATE TABLE "otp" ("category" character varying)`);'
    text = f"export class Otp1700000009000 {{\n  async up(queryRunner) {{ {first} }}\n}}\n"
    put(project, "src/migrations/1700000009000-Otp.ts", text)
    issue = findings(project)["table-migrated"]
    assert issue["file"] == "src/modules/category/entities/category.entity.ts"
    put(project, "src/migrations/1700000009000-Otp.ts", text.replace('"otp"', '"category"'))
    assert "table-migrated" not in findings(project)


def test_defect_50_an_owner_is_a_property_not_a_part_of_a_name(tmp_path: Path) -> None:
    own = {"user": {"possession": "own", "operations": ["read"]}}
    fields = [{"name": "userIdentifier", "type": "uuid"}]
    plan = write_plan(tmp_path / "p.json", {"entityName": "X", "fields": fields, "acl": own})
    assert rockets("plan", "check", plan).found == [("plan-no-owner", "/entities/0/acl/user")]


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("src/app.module.ts", "    CategoryModule,\n", "module-imported"),
        (
            "src/app.module.ts",
            "        CategoryAccessQueryService,\n",
            "access-query-service-registered",
        ),
        ("src/app.acl.ts", "  Category = 'category',\n", "acl-resource-defined"),
        (
            "src/app.module.ts",
            "    CrudModule.forRoot({ settings: crudSettings }),\n",
            "crud-module-root",
        ),
    ],
    ids=["module", "query service", "resource", "crud root"],
)
def test_defect_51_what_is_not_registered_is_found(
    path: str, line: str, rule: str, project: Path, run: Run
) -> None:
    assert run("--skip-migration", entities=(CATEGORY,)).code == 0
    assert set(findings(project)) == {"table-migrated"}
    replace(project, path, line, "")
    answer = rockets("validate", "--project", project)
    issue = next(issue for issue in answer.json["issues"] if issue["rule"] == rule)
    assert answer.code == 1
    assert issue["file"].startswith("src/")
    assert isinstance(issue["line"], int)


def test_defect_52_what_cannot_be_wired_leaves_the_sources_as_they_were(
    project: Path, run: Run
) -> None:
    module = "src/app.module.ts"
    # Whatever `base` has may take the place of the imports.
    replace(project, module, "  ],\n})", "  ],\n  ...base,\n})")
    before = snapshot(project / "src")
    answer = run(entities=(CATEGORY,))
    assert (answer.code, answer.json["failedGate"]) == (1, "integrate")
    (issue,) = answer.json["issues"]
    lines = sources(project)[module].splitlines()
    assert (issue["file"], lines[issue["line"] - 1]) == (module, "  ...base,")
    assert snapshot(project / "src") == before
    replace(project, module, "  ...base,\n", "")
    assert run("--resume").code == 0
