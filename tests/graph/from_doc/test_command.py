"""`rockets from-doc` on schemas: one command from the file to the project."""

import json
import shlex
from pathlib import Path

import pytest
from tests.command import fresh_project, rockets, snapshot, sources
from tests.graph.from_doc.documents import ORDERS, SHOP, Start, from_doc, write


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path / "shop.sql", SHOP)


def test_a_schema_becomes_a_project(shop: Path, tmp_path: Path) -> None:
    project = tmp_path / "api"
    answer = from_doc(shop, project, "--yes")
    assert answer.code == 0, answer.err
    report = answer.json
    assert report["success"] is True
    assert report["summary"]["completed"] == 2
    assert (report["created"], report["approval"]) == (True, "given")
    assert report["document"]["kind"] == "sql"
    assert report["document"]["uncited"] == [
        {"text": "Prices must never be negative.", "first": 1, "last": 1}
    ]
    assert f"nothing in the plan comes from {shop}:1" in answer.err
    assert "src/modules/product/product.module.ts" in sources(project)
    plan = json.loads((project / ".rockets/plan.json").read_text())
    assert [entity["entityName"] for entity in plan["entities"]] == ["Category", "Product"]
    known = json.loads((project / ".rockets/provenance.json").read_text())
    assert known["planHash"] == report["plan"]["hash"]
    assert known["documents"][0]["file"] == "../shop.sql"


def test_a_dry_run_writes_nothing_and_shows_everything(shop: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    answer = from_doc(shop, tmp_path / "api", "--dry-run")
    assert answer.code == 0
    assert answer.json["status"] == "planned"
    assert answer.json["waves"] == [
        {"index": i, "entities": [e], "status": "pending", "generated": 0, "validated": False}
        for i, e in enumerate(["category", "product"])
    ]
    assert snapshot(tmp_path) == before
    for shown in ("Who may do what", "float(8,2)", "line 9", "many to one, required"):
        assert shown in answer.err


def test_without_a_terminal_the_command_to_approve_is_told(shop: Path, tmp_path: Path) -> None:
    project = tmp_path / "api"
    before = snapshot(tmp_path)
    answer = from_doc(shop, project)
    assert answer.found == [("plan-not-approved", None)]
    assert answer.code == 2
    assert snapshot(tmp_path) == before
    assert "Who may do what" in answer.err
    command = shlex.split(answer.errors[0]["fix"].partition("To approve: ")[2])
    assert command[:3] == ["rockets", "from-doc", str(shop)]
    assert "--skip-build" in command
    assert rockets(*command[1:]).code == 0
    assert (project / ".rockets/plan.json").exists()


def test_an_approval_is_of_one_plan_only(shop: Path, tmp_path: Path) -> None:
    command = shlex.split(
        from_doc(shop, tmp_path / "api").errors[0]["fix"].partition("To approve: ")[2]
    )
    shop.write_text(SHOP.replace("varchar(120)", "varchar(12)"))
    before = snapshot(tmp_path)
    answer = rockets(*command[1:])
    assert answer.code == 2
    assert answer.found == [("plan-changed", None)]
    assert snapshot(tmp_path) == before


def test_blockers_stop_before_anything_is_written(tmp_path: Path) -> None:
    document = write(
        tmp_path / "odd.sql",
        "create table a (id int primary key, b circus);\n"
        "create table c (id int primary key,\n d int references nowhere);",
    )
    before = snapshot(tmp_path)
    answer = from_doc(document, tmp_path / "api", "--yes")
    assert answer.code == 2
    assert [(error["code"], error["line"]) for error in answer.errors] == [
        ("document-unknown-type", 1),
        ("document-unknown-target", 3),
    ]
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("page", ["shop.sql", "../x/shop.sql", "answers.json", "api/plan.md"])
def test_the_page_overwrites_nothing_that_was_given(shop: Path, tmp_path: Path, page: str) -> None:
    (tmp_path / "x").symlink_to(tmp_path)
    write(tmp_path / "answers.json", "{}")
    (tmp_path / "api").mkdir()
    before = snapshot(tmp_path)
    answer = rockets(
        "from-doc", shop, "--project", "api", "--answers", "answers.json", "--page",
        page.replace("..", str(tmp_path)), "--yes", "--skip-build", cwd=tmp_path,
    )  # fmt: skip
    assert (answer.code, answer.found) == (2, [("page-in-the-way", None)])
    assert snapshot(tmp_path) == before


def test_the_project_is_called_like_the_document(tmp_path: Path) -> None:
    write(tmp_path / "Town Library.sql", SHOP)
    answer = rockets("from-doc", "Town Library.sql", "--yes", "--skip-build", cwd=tmp_path)
    assert answer.code == 0, answer.err
    assert answer.json["project"] == "town-library"
    assert json.loads((tmp_path / "town-library/package.json").read_text())["name"] == (
        "town-library"
    )


def test_inside_a_project_it_is_that_project(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "api")
    write(tmp_path / "shop.sql", SHOP)
    answer = rockets("from-doc", "../shop.sql", "--yes", "--skip-build", cwd=project)
    assert answer.code == 0, answer.err
    assert (answer.json["project"], answer.json["created"]) == (".", False)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"letter.txt": "Dear all"}, "directory-not-empty"),
        ({"package.json": '{"dependencies": {"express": "4"}}'}, "project-unknown-target"),
        ({"package.json": '{"dependencies": {"@bitwild/rockets": "1.0.0"}}'},
         "project-unsupported-target"),
        ({"package.json": "{"}, "project-malformed"),
    ],
)  # fmt: skip
def test_a_folder_that_is_no_project_of_ours_is_refused(
    shop: Path, tmp_path: Path, files: dict[str, str], code: str
) -> None:
    project = tmp_path / "api"
    project.mkdir()
    for name, text in files.items():
        write(project / name, text)
    before = snapshot(tmp_path)
    answer = from_doc(shop, project, "--yes")
    assert answer.code == 2
    assert answer.found == [(code, None)]
    assert snapshot(tmp_path) == before


def test_wrong_options_are_refused_before_a_write(shop: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    assert from_doc(shop, tmp_path / "api", "--kind", "sequel").found == [("document-kind", None)]
    assert from_doc(shop, tmp_path / "api", "--scripts", tmp_path / "none").code == 2
    answers = write(tmp_path.parent / "answers.json", '{"colour": "blue"}')
    unknown = from_doc(shop, tmp_path / "api", "--yes", "--answers", answers)
    assert unknown.found == [("answer-unknown", None)]
    assert "this plan has no questions" in unknown.errors[0]["fix"]
    missing = from_doc(shop, tmp_path / "api", "--yes", "--answers", tmp_path / "none.json")
    assert str(tmp_path / "none.json") in missing.errors[0]["message"]
    assert "answers" in missing.errors[0]["fix"]
    answers.write_text('["blue"]')
    assert from_doc(shop, tmp_path / "api", "--yes", "--answers", answers).found == [
        ("answers-malformed", None)
    ]
    assert snapshot(tmp_path) == before


def test_a_project_without_our_common_files_gets_them(shop: Path, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "api")
    lost = project / "src/common/crud/json.decorator.ts"
    text = lost.read_text()
    lost.unlink()
    before = snapshot(tmp_path)
    shown = from_doc(shop, project, "--dry-run")
    assert shown.json["adoption"]["written"] == ["src/common/crud/json.decorator.ts"]
    assert "files it lacks and gets: src/common/crud/json.decorator.ts" in shown.err
    assert snapshot(tmp_path) == before
    assert from_doc(shop, project, "--yes").code == 0
    assert lost.read_text() == text


def test_a_team_without_a_key_is_refused_before_a_write(shop: Path, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    answer = from_doc(shop, tmp_path / "api", "--team", "--yes")
    assert (answer.code, answer.found) == (3, [("model-key-missing", None)])
    assert snapshot(tmp_path) == before


def test_prose_without_a_key_is_told_what_helps(tmp_path: Path) -> None:
    document = write(tmp_path / "idea.md", "# A shop\n\nPeople buy things.\n")
    answer = from_doc(document, tmp_path / "api")
    assert (answer.code, answer.found) == (3, [("model-key-missing", None)])
    assert "--sequential" not in answer.errors[0]["fix"]
    assert "install-command" in answer.errors[0]["fix"]


@pytest.mark.parametrize("said", ["\x04", "\x03"])
def test_an_interruption_at_the_question_leaves_nothing(
    shop: Path, tmp_path: Path, terminal: Start, said: str
) -> None:
    before = snapshot(tmp_path)
    person = terminal("from-doc", shop, "--project", "api", cwd=tmp_path)
    person.wait_for("Build this?")
    if said == "\x04":
        person.say("help")
        person.wait_for("edit: change the plan in your editor")
        person.wait_for("Build this?")
        person.say(said)
    else:
        person.interrupt()
    code, _ = person.end()
    assert code == 130
    assert "nothing was written" in person.seen
    assert "next:" not in person.seen
    assert "is saved" not in person.seen
    assert snapshot(tmp_path) == before


class TestSecondDocument:
    """A project that has something already."""

    def test_entities_of_another_document_stay(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        orders = write(tmp_path / "orders.sql", ORDERS)
        answer = from_doc(orders, project, "--yes")
        assert answer.code == 0, answer.err
        assert "say nothing about" in answer.err or "says nothing about" in answer.err
        assert answer.json["orphans"] == []
        plan = json.loads((project / ".rockets/plan.json").read_text())
        assert [e["entityName"] for e in plan["entities"]] == ["Order", "Category", "Product"]
        told = rockets("explain", "Product.price", "--project", project).json
        assert told["sources"][0]["file"] == "../shop.sql"
        told = rockets("explain", "Order", "--project", project).json
        assert told["sources"][0]["file"] == "../orders.sql"

    def test_what_leaves_its_document_leaves_the_plan(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        shop.write_text(SHOP[: SHOP.index("create table product")].replace("80", "90"))
        answer = from_doc(shop, project, "--yes")
        assert answer.code == 0, answer.err
        assert "changed: Category" in answer.err
        assert "left the document; their files stay, see the report: Product" in answer.err
        assert "product is not in the plan any more" in answer.json["orphans"][0]

    def test_a_clash_is_a_question(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        other = write(
            tmp_path / "other.sql",
            "create table category (id int primary key, colour text not null);",
        )
        keep = write(tmp_path / "keep.json", '{"replace-Category": "no"}')
        shown = from_doc(other, project, "--dry-run")
        assert [q["id"] for q in shown.json["plan"]["questions"]] == ["replace-Category"]
        unclear = write(tmp_path / "unclear.json", '{"replace-Category": "rather not"}')
        before = snapshot(project)
        answer = from_doc(other, project, "--yes", "--answers", unclear)
        assert (answer.found, snapshot(project)) == ([("answer-option", None)], before)
        answer = from_doc(other, project, "--yes", "--answers", keep)
        assert answer.code == 0, answer.err
        text = (project / ".rockets/plan.json").read_text()
        assert "colour" not in text
        told = rockets("explain", "Category.name", "--project", project).json
        assert told["sources"][0]["file"] == "../shop.sql"
        assert from_doc(other, project, "--yes").code == 0
        assert "colour" in (project / ".rockets/plan.json").read_text()

    def test_an_entity_written_by_hand_is_not_overwritten(self, shop: Path, tmp_path: Path) -> None:
        project = fresh_project(tmp_path / "api")
        own = project / "src/stock/product.entity.ts"
        own.parent.mkdir()
        write(
            own,
            "import { Entity } from 'typeorm';\n\n@Entity('wares')\n"
            "export class ProductEntity {}\n",
        )
        before = snapshot(tmp_path)
        answer = from_doc(shop, project, "--yes")
        assert answer.code == 2
        assert [(e["code"], e["file"], e["line"]) for e in answer.errors] == [
            ("entity-exists", "src/stock/product.entity.ts", 4)
        ]
        assert snapshot(tmp_path) == before


class TestResume:
    def test_an_approved_plan_goes_on_without_a_question(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        (project / ".rockets/state.json").unlink()
        answer = from_doc(shop, project, "--resume")
        assert answer.code == 0, answer.err
        assert answer.json["approval"] == "earlier"

    def test_a_changed_document_is_asked_about(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        shop.write_text(SHOP.replace("varchar(120)", "varchar(12)"))
        before = snapshot(tmp_path)
        assert from_doc(shop, project, "--resume").found == [("plan-not-approved", None)]
        assert snapshot(tmp_path) == before
        answer = from_doc(shop, project, "--resume", "--yes")
        assert answer.code == 0, answer.err
        assert "resuming: 1 of 2 entities stay" in answer.err

    def test_a_plan_changed_under_the_approval_stops(self, shop: Path, tmp_path: Path) -> None:
        project = tmp_path / "api"
        assert from_doc(shop, project, "--yes").code == 0
        plan = project / ".rockets/plan.json"
        plan.write_text(plan.read_text().replace('"admin"', '"user"'))
        before = snapshot(tmp_path)
        answer = from_doc(shop, project, "--resume")
        assert answer.found == [("plan-changed", None)]
        assert snapshot(tmp_path) == before

    def test_a_half_made_project_is_completed(self, shop: Path, tmp_path: Path) -> None:
        project = fresh_project(tmp_path / "shop")
        (project / "package.json").unlink()
        assert from_doc(shop, project, "--resume", "--yes").code == 0


class TestTerminal:
    def test_no_writes_nothing(self, shop: Path, tmp_path: Path, terminal: Start) -> None:
        before = snapshot(tmp_path)
        person = terminal("from-doc", shop, "--project", "api", "--skip-build", cwd=tmp_path)
        person.wait_for("Build this? [yes / no / edit]")
        person.say("perhaps")
        person.wait_for("Build this?")
        person.say("no")
        code, out = person.end()
        assert code == 2
        assert json.loads(out)["errors"][0]["code"] == "plan-refused"
        assert snapshot(tmp_path) == before

    def test_an_edit_is_checked_shown_and_traced(
        self, shop: Path, tmp_path: Path, terminal: Start
    ) -> None:
        editor = write(
            tmp_path / "editor",
            "#!/bin/sh\n"
            'if grep -q circus "$1"; then sed -i s/circus/float/ "$1"; exit; fi\n'
            'sed -i -e s/float/circus/ -e \'s/"maxLength": 120/"maxLength": 60/\' "$1"\n',
        )
        editor.chmod(0o755)
        person = terminal(
            "from-doc", shop, "--project", "api", "--skip-build",
            cwd=tmp_path, env={"VISUAL": "", "EDITOR": str(editor)},
        )  # fmt: skip
        person.wait_for("Build this?")
        person.say("e")
        # The first save is no plan: that is said, and the editor opens again on that text.
        person.wait_for("Build this?")
        assert "plan-" in person.seen
        assert "60 characters" in person.seen
        assert "a person's edit" in person.seen
        person.say("yes")
        code, out = person.end()
        assert code == 0, person.seen
        assert json.loads(out)["approval"] == "asked"
        told = rockets("explain", "Product.title", "--project", tmp_path / "api").json
        assert "A person wrote or changed it" in told["why"]
        assert told["sources"][0]["first"] == 8
        told = rockets("explain", "Product.price", "--project", tmp_path / "api").json
        assert told["why"] == "The document says so."
        assert told["sources"][0]["first"] == 9
        # The document, read again, knows nothing of the edit: that is said, and the plan stays.
        shop.write_text(SHOP.replace("varchar(80)", "varchar(90)"))
        before = (tmp_path / "api/.rockets/plan.json").read_bytes()
        again = from_doc(shop, tmp_path / "api", "--yes")
        assert again.json["plan"]["undoneEdits"] == ["Product.title"], again.err
        assert "(.rockets/plan.edited.json): Product.title" in again.err
        assert (tmp_path / "api/.rockets/plan.edited.json").read_bytes() == before
        assert from_doc(shop, tmp_path / "api", "--yes").json["plan"]["undoneEdits"] == []
