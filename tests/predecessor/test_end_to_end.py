"""Defects 1 to 12, 48 and 49: what a whole run says, and whether it is true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.command import fresh_project, rockets, snapshot, sources, write_plan
from tests.predecessor.conftest import ENTITIES, Verified, warm
from tests.typescript import members

from rockets_tools.migrate.static import static_migration
from rockets_tools.node import find_node
from rockets_tools.plan import read_plan
from rockets_tools.process import run

PLAIN = {
    "entityName": "Note",
    "fields": [{"name": "text"}],
    "acl": {"admin": {"possession": "any", "operations": ["read"]}},
}


@pytest.mark.node
def test_defect_01_every_project_compiles(verified: Verified) -> None:
    assert verified.report["summary"]["buildPassed"] is True, verified.answer.err
    text = sources(verified.project)["src/config/typeorm.settings.ts"]
    assert "from '../modules/product/entities/product.entity'" in text


@pytest.mark.node
def test_defect_02_smoke_meets_every_route(verified: Verified) -> None:
    smoke = verified.report["smoke"]
    assert smoke["failed"] == 0
    # Eleven entities, four people and more, up to seven routes: far more than nothing.
    assert smoke["cells"] > 300
    assert smoke["attacks"] > 300


@pytest.mark.node
def test_defect_04_success_is_the_smoke_test_too(verified: Verified) -> None:
    assert (verified.answer.code, verified.report["success"]) == (0, True)
    assert verified.report["summary"]["smokeTestPassed"] is True


@pytest.mark.parametrize("version", [None, "latest", "beta.1", "alpha.6", "alpha.7"])
def test_defect_05_the_sdk_is_read_from_the_project(version: str | None, tmp_path: Path) -> None:
    texts = []
    for name, given in (("one", version), ("two", "5.0.0-alpha.4")):
        project = fresh_project(tmp_path / name)
        keys = {} if given is None else {"sdkVersion": given}
        spec = write_plan(tmp_path / "plan.json", PLAIN, **keys)
        answer = rockets("orchestrate", "--project", project, "--spec", spec, "--skip-build")
        assert answer.code == 0, answer.err
        texts.append(sources(project))
    assert texts[0] == texts[1]


@pytest.mark.node
def test_defect_06_an_entity_without_acl_is_the_admins(verified: Verified) -> None:
    assert "Setting has no acl, so only admin may use it." in verified.report["warnings"]
    assert grants_of(verified, "Setting") == {"Admin": ["readAny"]}


@pytest.mark.node
def test_defect_07_every_role_gets_its_grants(verified: Verified) -> None:
    assert grants_of(verified, "Product") == {
        "Admin": ["createAny", "readAny", "updateAny", "deleteAny"],
        "Manager": ["readAny", "updateAny"],
        "User": ["readAny"],
    }


def grants_of(verified: Verified, resource: str) -> dict[str, list[str]]:
    """The actions that each role is granted on a resource."""
    text = re.sub(r"\s+", "", sources(verified.project)["src/app.acl.ts"])
    found = re.findall(
        rf"acRules\.grant\(AppRole\.(\w+)\)\.resource\(\[AppResource\.{resource},[^;]*?\]\)([^;]*);",
        text,
    )
    return {role: re.findall(r"\.(\w+)\(\)", actions) for role, actions in found}


def test_defect_08_blanket_grants_do_not_swallow_the_plan(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    acl = project / "src/app.acl.ts"
    blanket = (
        "\nconst all = Object.values(AppResource);\n"
        "acRules.grant([AppRole.Admin]).resource(all).createAny().readAny().updateAny();\n"
        "acRules.grant([AppRole.User]).resource(all).createOwn().readOwn();\n"
    )
    acl.write_text(acl.read_text() + blanket)
    entity = {**PLAIN, "acl": {"user": {"possession": "any", "operations": ["read"]}}}
    spec = write_plan(tmp_path / "plan.json", entity)
    answer = rockets("orchestrate", "--project", project, "--spec", spec, "--skip-build")
    assert answer.code == 0, answer.err
    after = acl.read_text().partition("createOwn().readOwn();\n")[2]
    pair = "[AppResource.Note, AppResource.NoteList]"
    assert f"acRules.removeResources({pair});" in after
    assert f"acRules.grant(AppRole.User).resource({pair}).readAny();" in after


@pytest.mark.node
def test_defect_09_the_migration_is_of_this_build(verified: Verified) -> None:
    migration = verified.report["migration"]
    assert (migration["method"], migration["proven"]) == ("typeorm", True)
    (path,) = migration["files"]
    text = (verified.project / path).read_text()
    made = set(re.findall(r'CREATE TABLE "(\w+)"', text))
    assert made == {
        "app", "category", "crud", "detail", "news", "product", "product_tag", "review",
        "setting", "shelf", "tag",
    }  # fmt: skip
    assert not (verified.project / "dist/migrations/1600000000000-Stale.js").exists()


@pytest.mark.node
def test_defect_10_a_run_without_migration_can_pass(tmp_path: Path, warm_modules: Path) -> None:
    project = warm(tmp_path / "shop", warm_modules)
    spec = write_plan(tmp_path / "plan.json", PLAIN)
    answer = rockets(
        "orchestrate", "--project", project, "--spec", spec, "--skip-migration", "--skip-smoke"
    )
    assert (answer.code, answer.json["success"]) == (0, True), answer.err
    assert answer.json["summary"]["buildPassed"] is True
    assert answer.json["migration"] is None


def static_statements() -> tuple[str, ...]:
    return static_migration(read_plan(json.dumps({"entities": ENTITIES})).plan).up


def test_defect_11_static_sql_comes_in_order_of_dependency() -> None:
    statements = static_statements()
    tables = [i for i, s in enumerate(statements) if s.startswith("CREATE TABLE")]
    keys = [i for i, s in enumerate(statements) if "FOREIGN KEY" in s]
    assert keys
    assert max(tables) < min(keys)


def test_defect_12_static_sql_has_typeorms_names() -> None:
    text = "\n".join(static_statements())
    names = re.findall(r'CONSTRAINT "([^"]+)"', text)
    assert all(re.fullmatch(r"(PK|FK|UQ|REL)_[0-9a-f]{23,60}", name) for name in names), names
    # A oneToOne is unique; only among the rows that are not deleted, where rows can come back.
    assert re.search(r'UNIQUE INDEX "IDX_\w+" ON "detail" \("productId"\) WHERE', text)
    assert "DEFAULT now()" in text
    assert "'now()'" not in text
    assert max(map(len, re.findall(r'"([^"]*)"', text))) <= 63


@pytest.mark.node
def test_defect_12_a_second_run_makes_no_second_migration(verified: Verified) -> None:
    before = snapshot(verified.project / "src")
    answer = rockets("migrate", "--project", verified.project)
    assert (answer.code, answer.json["files"]) == (0, []), answer.err
    assert answer.json["proven"] is True
    assert snapshot(verified.project / "src") == before


@pytest.mark.node
def test_defect_30_no_step_gives_the_path_to_a_shell(verified: Verified) -> None:
    assert verified.answer.code == 0
    places = (verified.project, verified.project.parent, Path.cwd())
    assert not [p for p in places if (p / "INJECTED").exists()]


@pytest.mark.node
def test_defect_48_generated_code_is_what_a_person_would_commit(verified: Verified) -> None:
    node = find_node()
    for words in (
        ("prettier", "bin/prettier.cjs", "--check", "src"),
        ("eslint", "bin/eslint.js", "src"),
    ):
        script = verified.project / "node_modules" / words[0] / words[1]
        done = run(
            node.argv(script, *words[2:]), cwd=verified.project, env=node.environment(), timeout=120
        )
        assert done.code == 0, done.stdout + done.stderr


@pytest.mark.node
def test_defect_48_plurals_are_english(verified: Verified) -> None:
    texts = sources(verified.project)
    for entity, route in (("news", "news"), ("shelf", "shelves"), ("category", "categories")):
        assert f"path: '{route}'" in texts[f"src/modules/{entity}/{entity}.crud.controller.ts"]


def test_defect_48_nothing_needless(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    spec = write_plan(tmp_path / "plan.json", PLAIN, paths={"shared": None})
    answer = rockets("orchestrate", "--project", project, "--spec", spec, "--skip-build")
    assert answer.code == 0, answer.err
    texts = sources(project)
    assert texts["src/app.module.ts"].count("CrudModule.forRoot(") == 1
    assert "src/modules/note/shared/dtos/note.dto.ts" in texts
    for path, text in texts.items():
        for target in re.findall(r"from '(\.[^']*)'", text):
            folder = (project / path).parent / target
            assert folder.with_name(f"{folder.name}.ts").exists() or (folder / "index.ts").exists()


@pytest.mark.node
def test_defect_49_errors_of_the_build_are_itemised(tmp_path: Path, warm_modules: Path) -> None:
    project = warm(tmp_path / "shop", warm_modules)
    lines = [f"export const wrong{number}: number = 'text';" for number in range(30)]
    (project / "src/broken.ts").write_text("\n".join(lines))
    answer = rockets(
        "orchestrate", "--project", project, "--spec", write_plan(tmp_path / "p.json", PLAIN),
        "--skip-migration", "--skip-smoke",
    )  # fmt: skip
    assert (answer.code, answer.json["failedGate"]) == (1, "build")
    issues: list[dict[str, Any]] = answer.json["issues"]
    assert [(i["rule"], i["file"], i["line"]) for i in issues] == [
        ("TS2322", "src/broken.ts", line + 1) for line in range(30)
    ]
    assert answer.json["next"] == (
        f"rockets orchestrate --project {project} --resume --skip-smoke --skip-migration"
    )


@pytest.mark.node
def test_defect_27_roles_of_the_plan_are_roles_of_the_project(verified: Verified) -> None:
    roles = members(sources(verified.project)["src/app.acl.ts"], "AppRole")
    assert roles == {"Admin": "'admin'", "User": "'user'", "Manager": "'manager'"}
