"""Bad plans through `rockets orchestrate`: one clear error each, exit 2 and nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.command import Answer, fresh_project, rockets, snapshot

E0, F0, R0 = "/entities/0", "/entities/0/fields/0", "/entities/0/relations/0"


def book(**keys: Any) -> str:
    return json.dumps({"entities": [{"entityName": "Book", "acl": {}, **keys}]}, indent=2)


def field(**keys: Any) -> str:
    return book(fields=[{"name": "title", **keys}])


def two(first: str, second: str) -> str:
    return json.dumps({"entities": [{"entityName": name, "acl": {}} for name in (first, second)]})


PLANS: dict[str, tuple[str, str, str | None]] = {
    "malformed": ('{"entities": [}', "plan-json", None),
    "empty": ("", "plan-json", None),
    "key twice": ('{"entities": [], "entities": []}', "plan-duplicate-key", None),
    "too deep": ('{"entities":' + "[" * 200 + "]" * 200 + "}", "plan-too-deep", None),
    "far too deep": ('{"entities":' + "[" * 100_000, "plan-too-deep", None),
    "half a surrogate": ('{"entities": ["\\ud800"]}', "plan-json", None),
    "not a number": ('{"entities": [NaN]}', "plan-json", None),
    "no entities": ('{"entities": []}', "plan-no-entities", "/entities"),
    "unknown key": (book(feilds=[]), "plan-unknown-key", f"{E0}/feilds"),
    "unknown type": (field(type="money"), "plan-unknown-field-type", f"{F0}/type"),
    "enum without values": (field(type="enum"), "plan-enum-without-values", f"{F0}/type"),
    "unknown target": (
        book(relations=[{"targetEntity": "Nobody"}]),
        "plan-unknown-target",
        f"{R0}/targetEntity",
    ),
    "duplicate entity": (two("Book", "book"), "plan-duplicate-entity", "/entities/1/entityName"),
    "duplicate field": (
        book(fields=[{"name": "a"}, {"name": "a"}]),
        "plan-duplicate-field",
        f"{E0}/fields/1/name",
    ),
    "traversal in the name": (two("../../x", "Book"), "plan-bad-name", f"{E0}/entityName"),
    "traversal in the plural": (book(pluralName="../x"), "plan-bad-name", f"{E0}/pluralName"),
    "traversal in the table": (book(tableName="../x"), "plan-bad-identifier", f"{E0}/tableName"),
    "traversal in a path": (book(paths={"module": "../x"}), "plan-bad-path", f"{E0}/paths/module"),
    "an absolute path": (book(paths={"entity": "/etc"}), "plan-bad-path", f"{E0}/paths/entity"),
    "a path into node_modules": (
        book(paths={"shared": "src/node_modules"}),
        "plan-bad-path",
        f"{E0}/paths/shared",
    ),
    "traversal in the package": (
        book(sharedPackage="../../x"),
        "plan-bad-path",
        f"{E0}/sharedPackage",
    ),
    "traversal in a module's name": (
        json.dumps(
            {"entities": [{"entityName": "Book", "acl": {}}], "nonCrud": [{"name": "../x"}]}
        ),
        "plan-bad-name",
        "/nonCrud/0/name",
    ),
    "traversal in an enum's name": (
        field(type="enum", enumValues=["a"], enumName="../x"),
        "plan-bad-name",
        f"{F0}/enumName",
    ),
    "code in a field": (
        book(fields=[{"name": "x = 1; evil()"}]),
        "plan-bad-name",
        f"{F0}/name",
    ),
    "SQL in a column": (
        field(columnName='x"; DROP TABLE "user"; --'),
        "plan-bad-identifier",
        f"{F0}/columnName",
    ),
    "code in a role": (
        book(acl={"x'); evil(); ('": {"operations": ["read"]}}),
        "plan-bad-role",
        f"{E0}/acl/x'); evil(); ('",
    ),
    "code in an owner": (
        book(
            acl={"user": {"possession": "own", "operations": ["read"]}}, ownerField="x; evil()"
        ),
        "plan-no-owner",
        f"{E0}/ownerField",
    ),
    "code in a package": (
        book(sharedPackage="x'; evil(); '"),
        "plan-bad-path",
        f"{E0}/sharedPackage",
    ),
    "a pattern that never ends": (
        field(pattern="(a{1000}){1000}"),
        "plan-bad-pattern",
        f"{F0}/pattern",
    ),
    "hidden characters": (
        field(apiDescription="a\u202eb"),
        "plan-unsafe-text",
        f"{F0}/apiDescription",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all of them: nobody writes into it."""
    return fresh_project(tmp_path_factory.mktemp("bad-plans") / "shop")


def orchestrate(project: Path, spec: Path) -> Answer:
    """Run on a plan that must be refused, and look that nothing was written anywhere."""
    before = snapshot(project.parent)
    answer = rockets("orchestrate", "--project", project, "--spec", spec, cwd=project)
    assert answer.code == 2, answer.out + answer.err
    assert snapshot(project.parent) == before
    for error in answer.errors:
        assert set(error) == {"code", "message", "file", "line", "pointer", "fix"}
        assert error["file"] == str(spec)
        assert error["message"] in answer.err
        assert error["fix"] in answer.err
        assert (error["message"] + error["fix"]).isprintable()
    return answer


@pytest.mark.parametrize("name", PLANS)
def test_bad_plan(name: str, project: Path, tmp_path: Path) -> None:
    text, code, pointer = PLANS[name]
    spec = tmp_path / "plan.json"
    spec.write_text(text, encoding="utf-8")
    answer = orchestrate(project, spec)
    assert answer.found == [(code, pointer)]
    assert answer.errors[0]["line"] or name in {
        "too deep",
        "far too deep",
        "half a surrogate",
        "not a number",
    }


def test_all_at_once_in_the_order_of_the_document(project: Path, tmp_path: Path) -> None:
    spec = tmp_path / "plan.json"
    spec.write_text(
        json.dumps(
            {
                "entities": [
                    {
                        "entityName": "Page",
                        "acl": {},
                        "fields": [{"name": "a", "type": "money"}, {"name": "b", "type": "enum"}],
                    },
                    {"entityName": "Book", "acl": {}, "relations": [{"targetEntity": "Nobody"}]},
                ]
            },
            indent=1,
        ),
        encoding="utf-8",
    )
    answer = orchestrate(project, spec)
    lines = [error["line"] for error in answer.errors]
    assert len(lines) == 3
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "bytes_", [b'{"entities": "\xff\xfe"}', b"\x00\x01", b"\xff\xfe{\x00}\x00"]
)
def test_a_plan_that_is_no_text(bytes_: bytes, project: Path, tmp_path: Path) -> None:
    spec = tmp_path / "plan.json"
    spec.write_bytes(bytes_)
    orchestrate(project, spec)


def test_a_plan_that_is_not_there(project: Path, tmp_path: Path) -> None:
    orchestrate(project, tmp_path / "nowhere.json")
    orchestrate(project, project / "package.json" / "below-a-file.json")


def test_a_plan_that_is_a_folder(project: Path, tmp_path: Path) -> None:
    before = snapshot(project)
    answer = rockets("orchestrate", "--project", project, "--spec", tmp_path)
    assert (answer.code, len(answer.errors)) == (2, 1)
    assert snapshot(project) == before
