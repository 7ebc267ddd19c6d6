"""Defects 18 to 30: what the predecessor took without a word, and how it failed on the rest."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.command import fresh_project, rockets, snapshot, sources, write_plan
from tests.typescript import members, parse

Plan = dict[str, Any]
E0, F0, R0 = "/entities/0", "/entities/0/fields/0", "/entities/0/relations/0"


def plan(*entities: Plan) -> str:
    return json.dumps({"entities": list(entities)})


def entity(name: str = "Book", **keys: Any) -> Plan:
    return {"entityName": name, "acl": {}, **keys}


def fields(*given: Plan) -> Plan:
    return entity(fields=[{"name": f"f{index}", **keys} for index, keys in enumerate(given)])


def named(*names: str) -> Plan:
    return entity(fields=[{"name": name} for name in names])


@pytest.fixture
def refused(tmp_path: Path) -> Any:
    """What `rockets plan check` says of a plan that it must not let pass."""

    def check(text: str | bytes) -> list[tuple[str, str | None]]:
        file = tmp_path / "plan.json"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        answer = rockets("plan", "check", file)
        assert answer.code == 2, answer.out
        return answer.found

    return check


def accepted(folder: Path, *entities: Plan) -> Any:
    answer = rockets("plan", "check", write_plan(folder / "plan.json", *entities))
    assert answer.code == 0, answer.err
    return answer.json


def test_defect_18_unknown_target(refused: Any) -> None:
    assert refused(plan(entity(relations=[{"targetEntity": "Authr"}]))) == [
        ("plan-unknown-target", f"{R0}/targetEntity")
    ]


def test_defect_19_unknown_types_and_operations(refused: Any) -> None:
    wrong = fields({"type": "money"}, {"type": "varchar2"})
    wrong["operations"] = ["readAll"]
    wrong["relations"] = [{"targetEntity": "User", "type": "belongsTo"}]
    assert sorted(refused(plan(wrong))) == [
        ("plan-unknown-field-type", f"{F0}/type"),
        ("plan-unknown-field-type", f"{E0}/fields/1/type"),
        ("plan-unknown-operation", f"{E0}/operations/0"),
        ("plan-unknown-relation-type", f"{R0}/type"),
    ]


def test_defect_20_duplicate_names(refused: Any) -> None:
    twice = ("plan-duplicate-entity", "/entities/1/entityName")
    assert refused(plan(entity("Dup"), entity("Dup"))) == [twice]
    assert refused(plan(entity("dupThing"), entity("DupThing"))) == [twice]
    assert refused(plan(named("title", "Title"))) == [
        ("plan-duplicate-field", f"{E0}/fields/1/name")
    ]
    assert refused(plan(entity("Category"), entity("Categorie"))) == [
        ("plan-route-taken", "/entities/1/entityName")
    ]


def test_defect_21_traversal_in_a_name(refused: Any, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    before = snapshot(tmp_path)
    text = plan(entity("../../x"))
    answer = rockets("generate", stdin=json.dumps(entity("../../x")))
    assert (answer.code, answer.found) == (2, [("plan-bad-name", "/entityName")])
    assert refused(text) == [("plan-bad-name", f"{E0}/entityName")]
    rockets("orchestrate", "--project", project, "--spec", tmp_path / "plan.json")
    (tmp_path / "plan.json").unlink()
    assert snapshot(tmp_path) == before


def test_defect_22_names_that_are_no_identifiers(refused: Any) -> None:
    for name in ("Foo{}; console.log('pwn'); class X", "3dModel"):
        assert refused(plan(entity(name))) == [("plan-bad-name", f"{E0}/entityName")], name
    assert refused(plan(named("x = 1; evil()", "constructor"))) == [
        ("plan-bad-name", f"{F0}/name"),
        ("plan-reserved-name", f"{E0}/fields/1/name"),
    ]


def test_defect_22_a_name_with_hyphens_becomes_one(tmp_path: Path) -> None:
    accepted(tmp_path, named("first-name"))
    answer = rockets("generate", stdin=json.dumps(named("first-name")))
    texts = {file["path"]: file["content"] for file in answer.json["files"]}
    assert "  firstName!: string;" in texts["src/modules/book/entities/book.entity.ts"]


def test_defect_23_names_of_the_sdk(refused: Any, tmp_path: Path) -> None:
    assert refused(plan(entity("User"))) == [("plan-sdk-entity", f"{E0}/entityName")]
    checked = accepted(
        tmp_path, entity("CarEntity"), entity("Crud", relations=[{"targetEntity": "Car"}])
    )
    assert checked["waves"] == [["Car"], ["Crud"]]


def test_defect_24_fields_that_are_inherited(refused: Any) -> None:
    names = ("id", "version", "dateCreated")
    assert refused(plan(named(*names))) == [
        ("plan-inherited-field", f"{E0}/fields/{index}/name") for index in range(len(names))
    ]


def test_defect_25_texts_that_break_code(tmp_path: Path) -> None:
    quoted = """it's "so" `now` ${x} \\ end"""
    awkward = fields(
        {"default": quoted, "apiDescription": "first\nsecond */ third", "apiExample": quoted},
        {"type": "enum", "enumValues": ["it's", 'the "other"'], "default": "it's"},
        {"type": "json", "default": {"a": ["'", '"']}, "apiExample": {"b": None}},
        {"pattern": "^[a-z\\/]+'\\d$", "apiExample": "a'1"},
    )
    accepted(tmp_path, awkward)
    answer = rockets("generate", stdin=json.dumps(awkward))
    texts = [file["content"] for file in answer.json["files"]]
    (enum,) = [members(text, "BookF1") for text in texts if "export enum BookF1" in text]
    assert [ast.literal_eval(value) for value in enum.values()] == ["it's", 'the "other"']
    for text in texts:
        parse(text)
    (pattern,) = re.findall(r"@Matches\((.*)\)", "\n".join(texts))
    assert ast.literal_eval(pattern) == r"^[a-z\/]+'\d$"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"entities": [', [("plan-json", None)]),
        ("null", [("plan-not-an-object", "")]),
        ("[]", [("plan-not-an-object", "")]),
        ('{"entities": {}}', [("plan-wrong-type", "/entities")]),
        (plan(entity(relations=[{}])), [("plan-missing-key", R0)]),
        (b'{"entities": "\xff"}', [("file-not-utf8", None)]),
    ],
    ids=["malformed", "null", "array", "entities-as-object", "no-target", "not-utf8"],
)
def test_defect_26_documents_of_another_shape(
    text: str | bytes, found: list[tuple[str, str | None]], refused: Any
) -> None:
    assert refused(text) == found


def test_defect_26_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(b"\xef\xbb\xbf" + plan(entity()).encode())
    assert rockets("plan", "check", file).code == 0
    project = fresh_project(tmp_path / "shop")
    answer = rockets("orchestrate", "--project", project, "--spec", file, "--skip-build")
    assert (answer.code, answer.json["success"]) == (0, True), answer.err


def test_defect_27_own_scope_needs_an_owner(refused: Any) -> None:
    own = {"user": {"possession": "own", "operations": ["read"]}}
    assert refused(plan(entity(acl=own))) == [("plan-no-owner", f"{E0}/acl/user")]


def test_defect_27_a_role_that_the_project_does_not_have_yet(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    acl = {"manager": {"possession": "any", "operations": ["read"]}}
    spec = write_plan(tmp_path / "plan.json", entity(acl=acl))
    assert rockets("orchestrate", "--project", project, "--spec", spec, "--skip-build").code == 0
    assert members(sources(project)["src/app.acl.ts"], "AppRole") == {
        "Admin": "'admin'",
        "User": "'user'",
        "Manager": "'manager'",
    }


def test_defect_28_edges_follow_normalised_names(tmp_path: Path) -> None:
    checked = accepted(
        tmp_path,
        entity("Alpha", relations=[{"targetEntity": "zcategory"}, {"targetEntity": "BlogPost"}]),
        entity("Zcategory"),
        entity("blog_post"),
    )
    assert checked["waves"] == [["BlogPost", "Zcategory"], ["Alpha"]]


def test_defect_29_the_whole_plan_is_checked_first(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    late = entity(
        "Late",
        fields=[{"name": "kind", "type": "enum"}],
        relations=[{"targetEntity": "Early", "nullable": False}],
    )
    spec = write_plan(tmp_path / "plan.json", entity("Early"), late)
    before = snapshot(project)
    answer = rockets("orchestrate", "--project", project, "--spec", spec)
    assert (answer.code, answer.found) == (
        2,
        [("plan-enum-without-values", "/entities/1/fields/0/type")],
    )
    assert snapshot(project) == before


def test_defect_30_a_project_path_is_no_program(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "inj$(touch INJECTED); touch INJECTED")
    spec = write_plan(tmp_path / "plan.json", entity())
    arguments = ("orchestrate", "--project", project, "--spec", spec, "--skip-build")
    assert rockets(*arguments, cwd=tmp_path).code == 0
    assert not list(tmp_path.rglob("INJECTED"))
