"""`rockets plan DOC`: the plan on stdout, what was assumed on stderr."""

import json
from pathlib import Path

from tests.command import rockets
from tests.tools.documents.told import SAMPLES


def test_the_plan_is_on_stdout_and_notices_are_on_stderr(tmp_path: Path) -> None:
    answer = rockets("plan", SAMPLES / "chinook.sql")
    assert answer.code == 0
    assert len(answer.json["entities"]) == 11
    assert "album.album_id is the key and becomes Album.id" in answer.err
    plan = tmp_path / "plan.json"
    plan.write_text(answer.out)
    assert rockets("plan", "check", plan).json["success"] is True


def test_out_writes_the_plan_to_a_file(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    answer = rockets("plan", "--out", plan, SAMPLES / "ecommerce.dbml")
    assert answer.code == 0
    assert answer.json["plan"] == str(plan)
    assert {notice["code"] for notice in answer.json["notices"]} > {"document-user"}
    assert json.loads(plan.read_text())["entities"]
    assert rockets("plan", "check", plan).code == 0
    assert rockets("plan", SAMPLES / "chinook.sql", "--out", tmp_path / "no/such/folder").code != 0


def test_blockers_stop_with_exit_2_and_write_nothing(tmp_path: Path) -> None:
    document, plan = tmp_path / "schema.sql", tmp_path / "plan.json"
    document.write_text("create table a (id int primary key,\n b circus)")
    answer = rockets("plan", document, "--out", plan)
    assert answer.code == 2
    assert answer.found == [("document-unknown-type", None)]
    assert answer.errors[0]["line"] == 2
    assert not plan.exists()


def test_wrong_input_is_one_clear_error(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all")
    assert rockets("plan", letter).found == [("document-kind", None)]
    assert rockets("plan", letter, "--kind", "sequel").found == [("document-kind", None)]
    assert rockets("plan", tmp_path / "none.sql").found == [("file-not-found", None)]
    assert rockets("plan", letter, "--nonsense").code == 2
