"""Every document we have: a plan that is accepted, or blockers; nothing dropped in silence."""

import json
from pathlib import Path

import pytest
from tests.tools.documents.told import DOCUMENTS, SAMPLES, accepted, untold_columns

from rockets_tools.documents import load_document, read_document
from rockets_tools.errors import InputError


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_plan_is_accepted(path: Path) -> None:
    checked = accepted(load_document(path))
    assert checked.plan.entities


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_column_is_dropped_in_silence(path: Path) -> None:
    assert list(untold_columns(path.read_text(), path.name)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_everything_has_its_lines(path: Path) -> None:
    imported = load_document(path)
    last = path.read_text().count("\n") + 1
    assert all(n.line is not None and 1 <= n.line <= last for n in imported.notices)
    assert all(s.file == str(path) for s in imported.provenance.values())
    assert all(1 <= s.first <= s.last <= last for s in imported.provenance.values())
    entities = imported.plan["entities"]
    assert isinstance(entities, list)
    for index, entity in enumerate(entities):
        assert isinstance(entity, dict)
        for key in ("fields", "relations", "acl"):
            held = entity.get(key, [])
            assert isinstance(held, list | dict)
            names = held if isinstance(held, dict) else range(len(held))
            for name in names:
                assert f"/entities/{index}/{key}/{name}" in imported.provenance


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_same_document_gives_the_same_bytes(path: Path) -> None:
    first, second = load_document(path), load_document(path)
    assert json.dumps(first.plan) == json.dumps(second.plan)
    assert first.notices == second.notices


def test_provenance_points_at_the_lines() -> None:
    imported = load_document(SAMPLES / "chinook.sql")
    text = (SAMPLES / "chinook.sql").read_text().splitlines()
    album = imported.provenance["/entities/0"]
    assert text[album.first - 1] == "CREATE TABLE album"
    assert text[album.last - 1] == ");"
    title = imported.provenance["/entities/0/fields/0"]
    assert "title VARCHAR(160)" in text[title.first - 1]
    artist = imported.provenance["/entities/0/relations/0"]
    assert "album_artist_id_fkey" in text[artist.first - 1]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_line_ends_do_not_matter(path: Path) -> None:
    text = path.read_text()
    unix = read_document(text, file=path.name)
    windows = read_document(text.replace("\n", "\r\n"), file=path.name)
    assert windows.plan == unix.plan
    assert windows.provenance == unix.provenance


def test_a_document_of_no_known_kind_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        read_document("Dear team, please build a shop.", file="letter.txt")
    assert caught.value.problems[0].code == "document-kind"
    with pytest.raises(InputError) as caught:
        read_document("create table a (id int)", file="a.txt", kind="sqll")
    assert '"sql"' in caught.value.problems[0].fix


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("create table a (id int primary key, b text)", "sql"),
        ("Table a {\n id int [pk]\n b text\n}", "dbml"),
        ("model A {\n id Int @id\n b String\n}", "prisma"),
        ("entity A {\n b String\n}", "jdl"),
        ("%% x\nerDiagram\n A { int id PK\n string b }", "mermaid"),
        ("openapi: 3.0.0\ncomponents:\n  schemas:\n    A: {properties: {b: {type: string}}}", ""),
        ("# A\n\n| Field | Type |\n|---|---|\n| b | text |\n", "markdown"),
    ],
)
def test_the_kind_is_told_by_the_content(text: str, kind: str) -> None:
    imported = read_document(text, file="document.txt")
    plan = accepted(imported).plan
    assert [f.name for f in plan.entities["A"].fields] == ["b"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sql", tmp_path):
        with pytest.raises(InputError):
            load_document(path)
    latin = tmp_path / "latin.sql"
    latin.write_bytes("create table größe (id int)".encode("latin-1"))
    with pytest.raises(InputError) as caught:
        load_document(latin)
    assert caught.value.problems[0].code == "file-not-utf8"
    wide = tmp_path / "wide.sql"
    wide.write_bytes("create table a (id int primary key, b int)".encode("utf-16"))
    accepted(load_document(wide))
