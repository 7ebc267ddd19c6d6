"""The text of a plan: what is JSON, what is not, and that all problems come at once."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.tools.plan.documents import entity, field, plan, printed, relation

from rockets_tools.errors import InputError, MachineError
from rockets_tools.plan import load_plan, read_plan


def problems(text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(InputError) as caught:
        read_plan(text, file="plan.json")
    assert all(problem.file == "plan.json" for problem in caught.value.problems)
    return [(problem.code, problem.line) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "plan-json", 1),
        ("{", "plan-json", 1),
        ('{\n"entities": [\n{]}', "plan-json", 3),
        ('{"entities": []} x', "plan-json", 1),
        ("{'entities': []}", "plan-json", 1),
        ('{"entities": NaN}', "plan-json", None),
        ('{"entities": 1e999}', "plan-json", None),
        (f'{{"entities": {"9" * 5000}}}', "plan-json", None),
        ('{"entities": "\\ud800"}', "plan-json", None),
        ("[" * 50 + "]" * 50, "plan-too-deep", None),
        ("[" * 200_000, "plan-too-deep", None),
        ('{"entities":\n[{"entityName": "A",\n"entityName": "B"}]}', "plan-duplicate-key", 3),
        ('{"a": {"b": 1},\n"a": {}}', "plan-duplicate-key", 2),
    ],
)
def test_what_is_no_json_is_one_problem(text: str, code: str, line: int | None) -> None:
    assert problems(text) == [(code, line)]


def test_a_byte_order_mark_is_fine_and_moves_no_line() -> None:
    text, places = printed(plan(entity("Book"), entity("Book")))
    assert problems(f"\ufeff{text}") == [
        ("plan-duplicate-entity", places["/entities/1/entityName"])
    ]


def test_all_problems_of_all_kinds_come_at_once_in_document_order() -> None:
    document = plan(
        {"entitName": "A"},
        entity(
            "B",
            fields=[
                field("a", typ="x"),
                field("b", type="money"),
                {"type": "text"},
                field("id"),
                field("c", type="enum"),
            ],
            relations=[{"type": "manyToOne"}, relation("Nobody"), relation("C", onDelete="never")],
        ),
        entity("C", fields=[field("n", type="number", min=2, max=1)]),
        entity("c"),
    )
    text, places = printed(document)
    with pytest.raises(InputError) as caught:
        read_plan(text)
    found = [(p.code.removeprefix("plan-"), p.pointer) for p in caught.value.problems]
    assert sorted(found) == sorted(
        [
            ("missing-key", "/entities/0"),
            ("unknown-key", "/entities/0/entitName"),
            ("unknown-key", "/entities/1/fields/0/typ"),
            ("unknown-field-type", "/entities/1/fields/1/type"),
            ("missing-key", "/entities/1/fields/2"),
            ("inherited-field", "/entities/1/fields/3/name"),
            ("enum-without-values", "/entities/1/fields/4/type"),
            ("missing-key", "/entities/1/relations/0"),
            ("unknown-value", "/entities/1/relations/2/onDelete"),
            ("contradiction", "/entities/2/fields/0/min"),
            ("duplicate-entity", "/entities/3/entityName"),
        ]
    )
    # "Nobody" may be the entity whose name could not be read: it is not reported.
    lines = [p.line for p in caught.value.problems]
    assert lines == sorted(places[p.pointer or ""] for p in caught.value.problems)


def test_a_shape_error_brings_no_follow_up() -> None:
    text, _ = printed(
        plan(
            entity(
                acl={"user": {"possession": "own", "operations": ["read"]}},
                fields=[field("userId", type="uid")],
                uniqueConstraint=["userId", "title"],
            )
        )
    )
    assert [code for code, _ in problems(text)] == ["plan-unknown-field-type"]


def test_unknown_names_get_a_suggestion() -> None:
    text, _ = printed(plan(entity("Author"), entity(relations=[relation("Auhtor")])))
    with pytest.raises(InputError) as caught:
        read_plan(text)
    assert caught.value.problems[0].fix == 'Did you mean "Author"?'


def test_text_of_strangers_is_escaped_in_messages() -> None:
    text, _ = printed(plan(entity("x\u202e\x1b[31m" + "y" * 60)))
    with pytest.raises(InputError) as caught:
        read_plan(text)
    message = caught.value.problems[0].message
    assert message.isprintable()
    assert "\\u202e\\x1b" in message


def test_a_flood_of_problems_ends() -> None:
    text, _ = printed(plan(entity(fields=[field(f"{i}x") for i in range(400)])))
    assert len(problems(text)) == 200


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def code(path: Path) -> str:
        with pytest.raises((InputError, MachineError)) as caught:
            load_plan(path)
        return caught.value.problems[0].code

    latin = tmp_path / "latin.json"
    latin.write_bytes('{"é": 1}'.encode("latin-1"))
    assert code(tmp_path / "none.json") == "file-not-found"
    assert code(tmp_path) == "file-not-found"
    assert code(latin) == "file-not-utf8"
    assert code(tmp_path / ("x" * 300)) == "disk"


def test_old_plans_with_nulls_and_forgotten_keys_are_accepted() -> None:
    old = plan(
        {
            "entityName": "BlogPostEntity",
            "pluralName": None,
            "tableName": None,
            "generateModelService": True,
            "ownerField": "userId",
            "isJunction": False,
            "paths": {"entity": None, "module": None, "shared": None},
            "fields": [
                {"name": "title", "type": "string", "maxLength": None, "default": None},
                {"name": "author_id", "type": "uuid", "required": True, "minLength": 3},
            ],
            "relations": [
                {
                    "name": "author",
                    "type": "manyToOne",
                    "targetEntity": "UserEntity",
                    "foreignKey": "authorId",
                    "sdkManaged": True,
                    "inverseSide": None,
                    "onDelete": None,
                }
            ],
            "operations": None,
            "acl": None,
            "uniqueConstraint": None,
        },
        sdkVersion="alpha.7",
        nonCrud=[],
    )
    checked = read_plan(json.dumps(old))
    post = checked.plan.entities["BlogPost"]
    assert [f.name for f in post.fields] == ["title"]
    assert post.relation("author").foreign_key == "authorId"
    assert post.relation("author").nullable is False
    assert post.paths.shared == "src/modules/blog-post/shared"
    assert checked.plan.sdk_version == "alpha.7"


def test_own_keys_are_taken_anywhere_and_change_only_the_hash() -> None:
    bare = plan(entity(fields=[field()], relations=[relation("User")]))
    noted = plan(
        entity(
            fields=[field(**{"x-source": "line 3"})],
            relations=[relation("User", **{"x-guess": [1]})],
            **{"x-a": {"b": None}},
        ),
        **{"x-b": 1},
    )
    one, two = read_plan(json.dumps(bare)).plan, read_plan(json.dumps(noted)).plan
    assert one.entities == two.entities
    assert one.hash != two.hash


def test_the_hash_ignores_order_of_keys_and_spaces() -> None:
    one = read_plan('{"entities":[{"entityName":"A","acl":{}}]}').plan
    two = read_plan('{ "entities": [ {"acl": {},\n"entityName": "A"} ] }').plan
    assert one.hash == two.hash
    assert len(one.hash) == 64


def test_five_hundred_entities_take_less_than_half_a_second() -> None:
    acl = {"admin": {"operations": ["create", "read", "update", "delete"]}}
    entities: list[dict[str, Any]] = []
    for number in range(500):
        fields = [field(f"field{i}", maxLength=80, pattern="^[A-Z][a-z ]+$") for i in range(8)]
        relations = [relation(f"Thing{number // 2}", nullable=False)] if number else []
        relations.append(relation(f"Thing{number * 7 % 500}", name="other"))
        entities.append(
            {"entityName": f"Thing{number}", "fields": fields, "relations": relations, "acl": acl}
        )
    text = json.dumps(plan(*entities), indent=2)
    read_plan(json.dumps(plan(entity())))
    spent: list[float] = []
    for _ in range(3):
        started = time.process_time()
        assert len(read_plan(text).plan.entities) == 500
        spent.append(time.process_time() - started)
    assert min(spent) < 0.5


def test_importing_the_plan_loads_nothing_heavy() -> None:
    heavy = ["tree_sitter", "tree_sitter_json", "regex", "regress", "subprocess", "hypothesis"]
    code = f"import rockets_tools.plan, sys; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
