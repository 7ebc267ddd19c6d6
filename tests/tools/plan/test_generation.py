"""One entity alone: what `generate` reads, from us or from anybody."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.tools.plan.documents import entity, field, plan, relation

from rockets_tools.errors import InputError
from rockets_tools.plan import (
    Plan,
    config_hash,
    entity_config,
    generation_input,
    load_plan,
    parse_generation_input,
    read_plan,
)

EXAMPLES = Path(__file__).parents[3] / "examples"


def resolved(*entities: Any) -> Plan:
    return read_plan(json.dumps(plan(*entities))).plan


@pytest.mark.parametrize("name", ["shop", "chinook"])
def test_the_way_through_json_and_back(name: str) -> None:
    checked = load_plan(EXAMPLES / f"{name}.plan.json").plan
    for key, one in checked.entities.items():
        value = json.loads(json.dumps(generation_input(checked, key)))
        back, related = parse_generation_input(value)
        assert back == one
        assert {r: related[r] for r in value["context"]} == {
            r: checked.entities[r] for r in value["context"]
        }


def test_context_holds_targets_and_what_owners_lead_through() -> None:
    chinook = load_plan(EXAMPLES / "chinook.plan.json").plan
    context = generation_input(chinook, "InvoiceLine")["context"]
    assert isinstance(context, dict)
    assert sorted(context) == ["Customer", "Invoice", "Track"]


def test_short_names_and_acronyms_survive() -> None:
    two = resolved(
        entity("A", fields=[field("x_y_z")], relations=[relation("B", type="manyToMany")]),
        entity("B"),
    )
    back, related = parse_generation_input(generation_input(two, "AB"))
    assert back == two.entities["AB"]
    assert back.from_many_to_many
    assert related["A"].fields[0].name == "xYZ"


def test_a_bare_entity_is_enough() -> None:
    back, related = parse_generation_input(
        entity("blog_post", fields=[field()], relations=[relation("Author", inverseSide="posts")])
    )
    assert back.name == "BlogPost"
    assert back.relation("author").foreign_key == "authorId"
    assert list(related) == ["Author"]
    assert related["Author"].plural == "authors"
    assert related["Author"].relation("posts").inverse == "author"


def test_a_context_by_hand_says_what_differs() -> None:
    _, related = parse_generation_input(
        {
            "entity": entity("Post", relations=[relation("Person")]),
            "context": {"Person": {"pluralName": "folks", "paths": {"shared": "src/contracts"}}},
        }
    )
    assert related["Person"].plural == "folks"
    assert related["Person"].paths.shared == "src/contracts/person"


@pytest.mark.parametrize(
    ("value", "code", "pointer"),
    [
        (None, "plan-wrong-type", ""),
        ([], "plan-wrong-type", ""),
        ({}, "plan-missing-key", ""),
        ({"entity": 3}, "plan-wrong-type", "/entity"),
        (entity(fields=[field(type="money")]), "plan-unknown-field-type", "/fields/0/type"),
        ({"entity": entity("../x")}, "plan-bad-name", "/entity/entityName"),
        (
            {"entity": entity(), "context": {"a/b": {"paths": {"module": "/etc"}}}},
            "plan-bad-name",
            "/context/a~1b/entityName",
        ),
        (
            {"entity": entity(), "context": {"Tag": {"paths": {"module": "/etc"}}}},
            "plan-bad-path",
            "/context/Tag/paths/module",
        ),
        ({"entity": entity(), "context": []}, "plan-wrong-type", "/context"),
        ({"entity": entity(), "contxt": {}}, "plan-unknown-key", "/contxt"),
        (entity(fields=[field(pattern="(")]), "plan-bad-pattern", "/fields/0/pattern"),
        (
            entity(relations=[relation("Invitation")]),
            "plan-sdk-target",
            "/relations/0/targetEntity",
        ),
    ],
)
def test_bad_input_is_pointed_at(value: Any, code: str, pointer: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_generation_input(value)
    assert [(p.code, p.pointer) for p in caught.value.problems][:1] == [(code, pointer)]


def test_every_default_is_written_out() -> None:
    config = entity_config(resolved(entity(fields=[field()])).entities["Book"])
    assert config == {
        "entityName": "Book",
        "pluralName": "books",
        "tableName": "book",
        "paths": {"entity": "src/modules", "module": "src/modules", "shared": "src/shared"},
        "fields": [
            {
                "name": "title",
                "columnName": "title",
                "type": "string",
                "required": True,
                "unique": False,
                "isUrl": False,
                "isEmail": False,
                "creatable": True,
                "updatable": True,
                "expose": True,
            }
        ],
        "relations": [],
        "operations": [
            "readMany", "readOne", "createOne", "updateOne", "deleteOne", "recoverOne",
        ],
        "acl": {},
        "isJunction": False,
    }  # fmt: skip


def test_the_hash_follows_what_the_text_depends_on() -> None:
    def digest(name: str, **author: Any) -> str:
        return config_hash(
            resolved(
                entity("Book", relations=[relation("Author")]),
                entity("Author", **author),
                entity("Other", fields=[field("n")]),
            ),
            name,
        )

    assert digest("Book") == digest("Book")
    assert digest("Book") != digest("Book", pluralName="writers")
    assert digest("Other") == digest("Other", pluralName="writers")


def test_where_an_entity_stands_in_the_plan_does_not_matter() -> None:
    one, two = resolved(entity("A"), entity("B")), resolved(entity("B"), entity("A"))
    assert one.entities["A"].pointer != two.entities["A"].pointer
    assert config_hash(one, "A") == config_hash(two, "A")
    assert one.entities["A"] == two.entities["A"]
