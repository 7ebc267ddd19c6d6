"""`rockets explain`: what a part of the plan is, and the lines it comes from."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.command import fresh_project, rockets, write_plan
from tests.graph.from_doc.documents import from_doc, write

TRACKER = """\
entity Ticket {
  title String required maxlength(80)
  status Status
}
enum Status { OPEN, DONE }
entity Label {
  label String required
}
relationship ManyToMany {
  Ticket{label} to Label
}
relationship ManyToOne {
  Ticket{reportedBy} to User with builtInEntity
}
"""
Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    document = write(folder / "tracker.jdl", TRACKER)
    answer = from_doc(document, folder / "api", "--yes")
    assert answer.code == 0, answer.err
    return folder / "api"


@pytest.fixture(scope="module")
def ask(project: Path) -> Ask:
    return lambda part: rockets("explain", part, "--project", project).json


@pytest.mark.parametrize(
    ("query", "expected", "first", "what"),
    [
        ("Ticket", "entity Ticket", 1, "table ticket, route /tickets"),
        ("ticket", "entity Ticket", 1, "2 fields"),
        ("Ticket.title", "field Ticket.title", 2, "string, required, ≤ 80 characters"),
        ("Ticket.reportedBy", "relation Ticket.reportedBy", 13, "manyToOne User, optional"),
        ("Ticket.reportedById", "relation Ticket.reportedBy", 13, "column reportedById"),
        ("Ticket.label", "relation Ticket.label", 10, "through the entity TicketLabel"),
        ("TicketLabel", "entity TicketLabel", 10, "2 relations"),
        ("TicketLabel.ticket", "relation TicketLabel.ticket", 10, "manyToOne Ticket"),
        ("Ticket@user", "grant Ticket@user", 13, "own rows (owner: reportedById)"),
        ("Ticket:create@user", "grant Ticket@user", 13, "user may create"),
        ("/entities/0/fields/0/maxLength", "field Ticket.title", 2, "string"),
    ],
)
def test_a_part_is_explained_by_its_lines(
    ask: Ask, query: str, expected: str, first: int, what: str
) -> None:
    told = ask(query)
    assert f"{told['kind']} {told['name']}" == expected
    assert what in told["what"]
    [source] = told["sources"]
    assert (source["first"], source["state"]) == (first, "unchanged")
    assert source["file"] == "../tracker.jdl"
    assert source["lines"][0] == TRACKER.splitlines()[first - 1]


def test_grants_of_a_schema_are_told_as_guesses(ask: Ask) -> None:
    told = ask("Ticket@user")
    assert told["why"] == "It was assumed from the document."
    assert told["guesses"]
    assert ask("Ticket.title")["guesses"] == []


def test_what_nobody_may_is_said(ask: Ask) -> None:
    told = ask("Label:delete@user")
    assert told["what"] == "user may not delete"
    assert "refused" in told["why"]
    assert ask("Label:delete")["what"].startswith("admin may")


def test_what_needs_no_document_is_said(ask: Ask) -> None:
    assert "Every entity" in ask("Ticket.dateCreated")["why"]
    assert "SDK" in ask("User")["why"]
    assert ask("admin")["kind"] == "role"


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("Tickt", "Ticket"),
        ("Ticket.titel", "Ticket.title"),
        ("Ticket:creat@user", "Ticket:create"),
        ("Ticket@users", "Ticket@user"),
        ("/entities/7", "Name an entity ("),
        ("", ""),
        ("@", ""),
        ("Ticket.\u202e", ""),
    ],
)
def test_an_unknown_name_is_exit_2_with_what_comes_near(
    project: Path, query: str, near: str
) -> None:
    answer = rockets("explain", query, "--project", project)
    assert answer.code == 2
    assert answer.found == [("part-unknown", None)]
    assert near in answer.errors[0]["fix"]
    assert "\u202e" not in answer.err


def test_a_document_that_changed_or_went_is_not_quoted(project: Path, ask: Ask) -> None:
    document = project.parent / "tracker.jdl"
    document.write_text(f"\n{TRACKER}")
    try:
        assert ask("Ticket.title")["sources"][0]["state"] == "changed"
        assert ask("Ticket.title")["sources"][0]["lines"] == []
        document.unlink()
        assert ask("Ticket.title")["sources"][0]["state"] == "missing"
    finally:
        document.write_text(TRACKER)
    assert ask("Ticket.title")["sources"][0]["state"] == "unchanged"


def test_a_plan_without_a_document_is_explained_by_itself(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "api")
    (project / ".rockets").mkdir()
    write_plan(
        project / ".rockets/plan.json", {"entityName": "Ware", "fields": [{"name": "title"}]}
    )
    told = rockets("explain", "Ware.title", "--project", project).json
    assert told["plan"] == {
        "file": ".rockets/plan.json", "pointer": "/entities/0/fields/0", "line": 6,
    }  # fmt: skip
    assert "no document" in told["why"]
    assert rockets("explain", "Ware", "--project", tmp_path / "none").found == [
        ("plan-missing", None)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"parts": [{"name": "x" * 6000, "kind": "field"}]},
        {"documents": [{"file": "/dev/zero", "sha256": "0" * 64, "kind": "sql"}]},
        {"documents": [{"file": "\0", "sha256": "0" * 64, "kind": "sql"}]},
        {"format": 99},
        {"planHash": 7},
    ],
)
def test_a_strangers_record_breaks_nothing(project: Path, ask: Ask, change: Any) -> None:
    file = project / ".rockets/provenance.json"
    before = file.read_text()
    try:
        record = {**json.loads(before), **change}
        for part in record["parts"]:
            for source in part.get("sources", []):
                source["file"] = record["documents"][0]["file"]
        file.write_text(json.dumps(record))
        answer = rockets("explain", "Ticket.title", "--project", project)
        if answer.code == 0:
            assert answer.json["sources"][0]["lines"] == []
        else:
            assert answer.code == 2
            assert answer.errors[0]["code"].startswith("provenance-")
    finally:
        file.write_text(before)


def test_outside_of_a_project_the_option_that_helps_is_named(tmp_path: Path) -> None:
    answer = rockets("explain", "Book", cwd=tmp_path)
    assert (answer.code, answer.found) == (2, [("plan-missing", None)])
    assert "--project DIR" in answer.errors[0]["fix"]
    assert "--spec" not in answer.errors[0]["fix"]
