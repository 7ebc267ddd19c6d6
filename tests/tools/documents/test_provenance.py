"""Parts of a plan know their document by name, whatever becomes of the plan's order."""

import json
from pathlib import Path
from typing import Any

import pytest

from rockets_tools.documents.provenance import (
    PROVENANCE_FILE,
    DocumentRecord,
    Lines,
    Part,
    Provenance,
    carried,
    from_project,
    has_value,
    plan_parts,
    read_provenance,
    sourced,
    write_provenance,
)
from rockets_tools.documents.read import Source
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

PLAN: Any = {
    "entities": [
        {
            "entityName": "blog_post",
            "fields": [{"name": "Title", "x-guess": ["short"]}],
            "relations": [{"targetEntity": "UserEntity"}, {"targetEntity": "Tag", "name": "tags"}],
            "acl": {"a/b": {"possession": "any", "operations": ["read"]}},
        },
        {"entityName": "Tag"},
    ],
    "nonCrud": [{"name": "publish-posts"}],
}
LINES = Lines(file="a.sql", first=1, last=2)
RECORD = Provenance(
    plan_hash="0" * 64,
    documents=(DocumentRecord(file="a.sql", sha256="0" * 64, kind="sql"),),
    parts=(Part(name="Tag", kind="entity", sources=(LINES,)),),
)


def test_every_part_has_a_name_and_a_place() -> None:
    assert [(part.name, part.kind, part.pointer) for part in plan_parts(PLAN)] == [
        ("BlogPost", "entity", "/entities/0"),
        ("BlogPost.title", "field", "/entities/0/fields/0"),
        ("BlogPost.user", "relation", "/entities/0/relations/0"),
        ("BlogPost.tags", "relation", "/entities/0/relations/1"),
        ("BlogPost@a/b", "grant", "/entities/0/acl/a~1b"),
        ("Tag", "entity", "/entities/1"),
        ("publish-posts", "module", "/nonCrud/0"),
    ]
    assert all(has_value(PLAN, part.pointer) for part in plan_parts(PLAN))
    assert not has_value(PLAN, "/entities/2")
    assert not has_value(PLAN, "/entities/-1")


@pytest.mark.parametrize("plan", [None, [], {"entities": 7}, {"entities": [7, {"fields": {}}]}])
def test_a_strangers_plan_is_no_accident(plan: Any) -> None:
    assert all(part.kind == "entity" for part in plan_parts(plan))


def test_sources_follow_names_through_an_edit() -> None:
    sources = {"/entities/0/fields/0": [Source("x", 3, 4)], "/entities/1": [Source("x", 9, 9)]}
    parts = sourced(PLAN, sources, "doc.md", grants=True)
    edit = json.loads(json.dumps(PLAN))
    edit["entities"].reverse()
    edit["entities"][1]["fields"][0]["maxLength"] = 5
    edit["entities"][1]["fields"].insert(0, {"name": "slug"})
    after = {part.name: part for part in carried(edit, PLAN, parts, new="person")}
    assert after["Tag"].origin == "document"
    assert after["Tag"].sources[0].first == 9
    assert (after["BlogPost.title"].origin, after["BlogPost.title"].sources[0].last) == (
        "person", 4,
    )  # fmt: skip
    assert (after["BlogPost.slug"].origin, after["BlogPost.slug"].sources) == ("person", ())
    assert after["BlogPost"].origin == "document"


def test_grants_of_a_schema_are_guesses() -> None:
    grant = next(part for part in sourced(PLAN, {}, "a.sql") if part.kind == "grant")
    assert grant.guesses
    grant = next(p for p in sourced(PLAN, {}, "a.md", grants=True) if p.kind == "grant")
    assert not grant.guesses


def test_the_file_is_written_and_read(tmp_path: Path) -> None:
    files = ProjectFiles(tmp_path)
    assert read_provenance(files) is None
    write_provenance(files, RECORD)
    assert read_provenance(files) == RECORD
    path = tmp_path / PROVENANCE_FILE
    before = path.stat().st_mtime_ns
    write_provenance(files, RECORD)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "provenance-corrupt"),
        ("{}", "provenance-corrupt"),
        ('{"format": 2, "planHash": ""}', "provenance-newer"),
        ('{"planHash": "", "parts": [{"name": "A", "kind": "spell"}]}', "provenance-corrupt"),
        ("[" * 100_000, "provenance-corrupt"),
    ],
)
def test_a_strangers_file_is_refused_in_a_sentence(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / ".rockets").mkdir()
    (tmp_path / PROVENANCE_FILE).write_text(text)
    with pytest.raises(InputError) as caught:
        read_provenance(ProjectFiles(tmp_path))
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_document_is_named_from_the_project(tmp_path: Path) -> None:
    assert from_project(tmp_path / "docs/a.sql", tmp_path / "api") == "../docs/a.sql"
    assert from_project(tmp_path / "api/a.sql", tmp_path / "api") == "a.sql"
