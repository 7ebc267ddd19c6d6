"""What the call itself promises: scopes, texts in memory, verdict, records, files of a plan."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan
from rockets_tools.validate import Issue, Severity, ValidateResult, validate
from rockets_tools.validate.catalog import RULES
from rockets_tools.validate.layout import entity_files

Found = Callable[..., list[tuple[str, int]]]
Texts = Mapping[str, str]

FOLDER = "src/modules/product"
CONTROLLER = f"{FOLDER}/product.crud.controller.ts"
SERVICE = f"{FOLDER}/product-price.service.ts"
BAD = "import { A } from 'x/dist/a';\n"


def issue(severity: Severity) -> Issue:
    return Issue(severity=severity, rule="r", message="m", file="f", line=1)


@pytest.mark.parametrize("severity", Severity)
def test_only_a_warning_lets_pass(severity: Severity) -> None:
    result = ValidateResult.of([issue(severity), issue(severity)])
    assert result.passed == (severity is Severity.WARNING)
    assert result.as_json() == {
        "passed": result.passed,
        "issues": [
            {"severity": severity.value, "rule": "r", "message": "m", "file": "f", "line": 1}
        ],
    }


def test_the_nine_rules_with_the_severities_of_the_contract() -> None:
    numbered = {rule.number: rule.severity.value for rule in RULES if rule.number is not None}
    assert numbered == {
        1: "high",
        2: "critical",
        3: "critical",
        4: "high",
        5: "critical",
        6: "high",
        7: "medium",
        8: "medium",
        9: "medium",
    }


def test_every_rule_says_what_it_wants() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.summary.endswith(".")
        assert len(rule.help) > len(rule.summary)


def test_paths_limit_the_findings(found: Found) -> None:
    changes = {SERVICE: BAD, f"{FOLDER}/other.ts": BAD}
    assert found(changes) == [("dist-import", 1)] * 2
    assert found(changes, paths=[SERVICE]) == [("dist-import", 1)]
    assert found(changes, paths=[f"./{SERVICE}", "README.md", "src/gone.ts"]) == [
        ("dist-import", 1)
    ]
    assert found(changes, paths=[]) == []


def test_paths_bring_their_wiring(found: Found, texts: Texts) -> None:
    settings = "src/config/typeorm.settings.ts"
    changes = {settings: texts[settings].replace("[ProductEntity]", "[]"), SERVICE: BAD}
    entity = f"{FOLDER}/entities/product.entity.ts"
    assert found(changes, paths=[entity]) == [("entity-registered", 5)]
    assert found(changes, paths=[settings]) == [("entity-registered", 5)]
    assert found(changes, paths=[SERVICE]) == [("dist-import", 1)]


@pytest.mark.parametrize("path", ["../a.ts", "/etc/a.ts", "src/../../a.ts"])
def test_paths_outside_the_project(found: Found, path: str) -> None:
    with pytest.raises(InputError):
        found({}, paths=[path])


def test_a_symlink_out_of_the_project_is_not_followed(found: Found, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "bad.ts").write_text(BAD)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "linked").symlink_to(outside)
    assert found({}) == []
    with pytest.raises(InputError):
        found({}, paths=["src/linked/bad.ts"])


def test_texts_in_memory_stand_for_the_files(found: Found, texts: Texts) -> None:
    clean = {SERVICE: "export const a = 1;\n"}
    assert found({SERVICE: BAD}, texts=clean) == []
    assert found({}, texts={**clean, CONTROLLER: texts[CONTROLLER], f"{FOLDER}/new.ts": BAD}) == [
        ("dist-import", 1)
    ]


def test_a_file_that_is_not_text(found: Found, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "binary.ts").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as caught:
        found({})
    assert caught.value.problems[0].code == "file-not-utf8"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeffimport { A } from 'a';\n",
        "export class {{{{",
        "(" * 20_000,
        "@@@@\r\nclass\r\n",
        "import { InjectRepository } from;\n@InjectRepository canAccess(",
        "canAccess" + "{" * 5_000,
        f"export class A {{ canAccess() {{ return {'!' * 5_000}true; }} }}",
        f"export class A {{ canAccess() {{ {'if (a) ' * 2_000} return true; }} }}",
    ],
)
def test_text_that_is_hardly_typescript(found: Found, text: str) -> None:
    paths = [SERVICE, f"{FOLDER}/product-access-query.service.ts", CONTROLLER, "src/app.module.ts"]
    for path in paths:
        found({path: text})


def test_line_ends_do_not_matter(found: Found, texts: Texts) -> None:
    assert found({path: text.replace("\n", "\r\n") for path, text in texts.items()}) == []


def record(path: str) -> str:
    return json.dumps(
        {
            "format": 1,
            "generator": "0",
            "entity": "product",
            "classes": [{"name": "A", "file": path}] * 3,
            "resources": [],
            "files": {path: {"sha256": "", "base": ""}},
        }
    )


def test_rule_1_asks_for_a_record(found: Found) -> None:
    kept = ".rockets/generated/product.json"
    assert found({}, records=True) == [("crud-module-generated", 1)]
    assert found({kept: record(CONTROLLER)}, records=True) == []
    assert found({kept: record("src/other.ts")}, records=True) == [("crud-module-generated", 1)]
    assert found({kept: "{"}, records=True) == [("crud-module-generated", 1)]


@pytest.fixture
def plan() -> Plan:
    text = json.dumps({"entities": [{"entityName": "Product", "fields": [{"name": "name"}]}]})
    return read_plan(text, file="plan.json").plan


def test_an_entity_of_the_plan_has_sixteen_files(found: Found, plan: Plan) -> None:
    files = entity_files(plan.entities["Product"])
    assert len(set(files)) == 16
    missing = dict.fromkeys(files, "")
    rules = [rule for rule, _ in found({}, plan=plan)]
    assert rules.count("entity-files-complete") == 16 - 6
    assert "entity-files-complete" not in [rule for rule, _ in found({}, plan=plan, texts=missing)]


def test_a_wave_is_its_own_files(found: Found, plan: Plan) -> None:
    changes = {SERVICE: BAD, f"{FOLDER}/product.crud.service.ts": BAD}
    rules = [rule for rule, _ in found(changes, plan=plan, entities=["Product"])]
    assert rules.count("dist-import") == 1
    assert found(changes, plan=plan, entities=[]) == []


def test_validating_writes_nothing(found: Found, tmp_path: Path) -> None:
    found({SERVICE: BAD})
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    validate(ProjectFiles(tmp_path))
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before
