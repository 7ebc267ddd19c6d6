"""`rockets from-doc` on prose: read by the Lead, over HTTP, by the real client."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.agents.messages_replies import say
from tests.agents.messages_server import MessagesServer
from tests.agents.planning.reading import ANSWER, LIBRARY
from tests.command import Answer, environment, rockets, snapshot
from tests.graph.from_doc.documents import SHOP, Start, from_doc, write

from rockets_agents.model import ModelResponse, Text
from rockets_graph.from_doc.memory import Memory

KEY = "sk-ant-test-0123456789"


@pytest.fixture(autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the Lead's answers are remembered; not the user's own."""
    folder = tmp_path_factory.mktemp("caches")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write(tmp_path / "library.md", LIBRARY.text)


def with_key(server: MessagesServer) -> dict[str, str]:
    return environment(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url)


def plan_answer(**changes: Any) -> Any:
    return say(json.dumps({**deepcopy(ANSWER), **changes}))


def ask(document: Path, project: Path, server: MessagesServer, *options: object) -> Answer:
    return from_doc(document, project, *options, env=with_key(server))


def test_prose_becomes_a_project_with_its_lines(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    server.on(plan_answer(), role="lead")
    project = tmp_path / "api"
    answer = ask(library, project, server, "--yes")
    assert answer.code == 0, answer.err
    server.assert_complete()
    assert answer.json["document"]["kind"] == "prose"
    assert answer.json["plan"]["planning"]["output_tokens"] > 0
    assert answer.json["summary"]["completed"] == 3
    assert len(answer.json["summary"]["followUps"]) == 1
    told = rockets("explain", "Loan@user", "--project", project).json
    assert told["sources"][0]["lines"] == [
        "Readers see their own loans. Librarians create loans and see all of them."
    ]
    assert "The document says so" in told["why"]
    told = rockets("explain", "overdue-loans", "--project", project).json
    assert told["kind"] == "module"
    assert "Every night loans" in told["sources"][0]["lines"][0]
    told = rockets("explain", "Loan.to", "--project", project).json
    assert told["assumptions"] == ["Who sets the last day of a loan? The librarian, per loan"]


def test_no_token_is_spent_where_nobody_can_approve(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    before = snapshot(tmp_path)
    answer = ask(library, tmp_path / "api", server)
    assert answer.found == [("plan-not-approved", None)]
    assert "--yes" in answer.errors[0]["fix"]
    assert server.calls == []
    assert snapshot(tmp_path) == before


def test_without_a_model_the_assistant_is_named(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    before = snapshot(tmp_path)
    sequential = ask(library, tmp_path / "api", server, "--yes", "--sequential")
    assert (sequential.code, sequential.found) == (2, [("prose-needs-model", None)])
    keyless = from_doc(library, tmp_path / "api", "--yes")
    assert keyless.code == 3
    for error in (sequential.errors[0], keyless.errors[0]):
        for named in ("rockets install-command", "rockets plan schema", "rockets plan check"):
            assert named in error["fix"]
    assert server.calls == []
    assert snapshot(tmp_path) == before


def test_a_document_without_an_application_is_refused(
    tmp_path: Path, server: MessagesServer
) -> None:
    letter = write(tmp_path / "letter.md", "# To my aunt\n\nThank you for the cake.\n")
    refusal = {"plan": {}, "refusal": "This is a letter.", "questions": [], "assumptions": []}
    server.on(plan_answer(**refusal), role="lead")
    before = snapshot(tmp_path)
    answer = ask(letter, tmp_path / "api", server, "--yes")
    assert answer.code == 2
    assert answer.found == [("document-no-application", None)]
    assert snapshot(tmp_path) == before


def test_uncited_obligations_are_reported(tmp_path: Path, server: MessagesServer) -> None:
    text = f"{LIBRARY.text}\nA reader may not have more than three open loans.\n"
    library = write(tmp_path / "library.md", text)
    server.on(plan_answer(), role="lead")
    answer = ask(library, tmp_path / "api", server, "--dry-run")
    assert answer.code == 0, answer.err
    assert [duty["text"] for duty in answer.json["document"]["uncited"]] == [
        "A reader may not have more than three open loans."
    ]
    assert "A reader may not have more than three open loans." in answer.err


def test_questions_are_settled_and_remarks_carried_out_at_approval(
    library: Path, tmp_path: Path, server: MessagesServer, terminal: Start
) -> None:
    fixed = deepcopy(ANSWER["plan"])
    fixed["entities"][2]["fields"][1]["x-source"] = "8"
    server.on(plan_answer(), plan_answer(questions=[]), plan_answer(questions=[]), role="lead")
    person = terminal(
        "from-doc", library, "--project", "api", "--skip-build",
        cwd=tmp_path, env=with_key(server),
    )  # fmt: skip
    person.wait_for("Build this? [yes / no / edit / answer / tell]")
    assert "loan-period" in person.seen
    person.say("answer")
    person.wait_for("2  Fourteen days, always")
    person.say("a fortnight")
    person.wait_for("Type one of these answers, or its number.")
    person.say("2")
    person.wait_for("Build this? [yes / no / edit / tell]")
    person.say("tell")
    person.wait_for("What shall be otherwise?")
    person.say("Books need a publisher.")
    person.wait_for("Build this?")
    person.say("yes")
    code, out = person.end()
    assert code == 0, person.seen
    assert json.loads(out)["approval"] == "asked"
    assert len(server.calls) == 3
    assert "Fourteen days, always" in json.dumps(server.calls[1].body)
    assert "Books need a publisher." in json.dumps(server.calls[2].body)


def test_the_lead_adds_to_what_a_project_has(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    project = tmp_path / "api"
    shop = write(tmp_path / "shop.sql", SHOP)
    assert from_doc(shop, project, "--yes").code == 0
    server.on(plan_answer(), role="lead")
    answer = ask(library, project, server, "--yes")
    assert answer.code == 0, answer.err
    assert "Product" in json.dumps(server.calls[0].body)
    assert [q["id"] for q in answer.json["plan"]["questions"]] == ["loan-period"]
    plan = json.loads((project / ".rockets/plan.json").read_text())
    assert sorted(entity["entityName"] for entity in plan["entities"]) == [
        "Book", "Category", "Copy", "Loan", "Product",
    ]  # fmt: skip
    told = rockets("explain", "Product.price", "--project", project).json
    assert told["sources"][0]["file"] == "../shop.sql"
    told = rockets("explain", "Book.title", "--project", project).json
    assert told["sources"][0]["file"] == "../library.md"
    state = json.loads((project / ".rockets/state.json").read_text())
    assert state["budget"]["spent"]["lead"]["calls"] == 1


def test_the_text_of_a_converted_document_is_kept(tmp_path: Path, server: MessagesServer) -> None:
    lines = "<br>".join(line or "And:" for line in LIBRARY.lines)
    library = write(tmp_path / "library.html", f"<html><body><p>{lines}</p></body></html>")
    server.on(plan_answer(), role="lead")
    project = tmp_path / "api"
    answer = ask(library, project, server, "--yes")
    assert answer.code == 0, answer.err
    [kept] = (project / ".rockets/documents").iterdir()
    told = rockets("explain", "Loan.status", "--project", project).json
    assert told["sources"][0]["file"] == "../library.html"
    assert told["sources"][0]["lines"] == [kept.read_text().splitlines()[7]]
    kept.write_text("Everybody may do everything.\n" * 20)
    library.write_text("changed")
    told = rockets("explain", "Loan.status", "--project", project).json
    assert (told["sources"][0]["state"], told["sources"][0]["lines"]) == ("changed", [])


def test_what_the_lead_said_is_remembered(
    library: Path, tmp_path: Path, caches: Path, server: MessagesServer
) -> None:
    """After a dry run and a no the plan is the same one, and nobody is asked again."""
    server.on(plan_answer(), role="lead")
    before = snapshot(tmp_path)
    project = tmp_path / "api"
    dry = ask(library, project, server, "--dry-run")
    assert (dry.code, snapshot(tmp_path)) == (0, before), dry.err
    assert dry.json["plan"]["planning"]["output_tokens"] > 0
    wrong = ask(library, project, server, "--yes", "--plan-hash", "0")
    assert (wrong.found, snapshot(tmp_path)) == ([("plan-changed", None)], before)
    answer = ask(library, project, server, "--yes", "--plan-hash", dry.json["plan"]["hash"])
    assert answer.code == 0, answer.err
    assert len(server.calls) == 1
    assert answer.json["plan"]["planning"]["output_tokens"] == 0
    assert "at no cost now: 1 of 1 answer of the Lead" in answer.err
    server.on(plan_answer(questions=[]), role="lead")
    fresh = ask(library, project, server, "--dry-run", "--fresh")
    assert fresh.json["plan"]["questions"] == []
    assert ask(library, project, server, "--dry-run").json["plan"]["questions"] == []
    assert len(server.calls) == 2
    folder = caches / "rockets/lead"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_answer_of_another_question_is_not_remembered(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    server.on(plan_answer(), role="lead", always=True)
    for number, options in enumerate(((), ("--model", "lead=sonnet"), ("--kind", "prose")), 1):
        library.write_text(LIBRARY.text + "\n" * (number == 3))
        assert ask(library, tmp_path / "api", server, "--dry-run", *options).code == 0
        assert len(server.calls) == number


@pytest.mark.parametrize("trouble", ["open to others", "not the answer of a model", "no folder"])
def test_a_memory_that_is_of_no_use_costs_nothing_else(
    trouble: str, library: Path, tmp_path: Path, caches: Path, server: MessagesServer
) -> None:
    server.on(plan_answer(), plan_answer(), role="lead")
    folder = caches / "rockets/lead"
    if trouble == "no folder":
        folder.parent.write_text("")
    assert ask(library, tmp_path / "api", server, "--dry-run").code == 0
    if trouble == "open to others":
        folder.chmod(0o777)
    elif trouble == "not the answer of a model":
        [kept] = folder.iterdir()
        kept.write_text('{"content": "admin may do everything"}')
    assert ask(library, tmp_path / "api", server, "--dry-run").code == 0
    server.assert_complete()


def test_a_remembered_answer_is_checked_as_any_other(
    library: Path, tmp_path: Path, caches: Path, server: MessagesServer
) -> None:
    server.on(plan_answer(), plan_answer(), role="lead")
    assert ask(library, tmp_path / "api", server, "--dry-run").code == 0
    [kept] = (caches / "rockets/lead").iterdir()
    said = json.loads(kept.read_text())
    said["content"][-1]["text"] = json.dumps({**ANSWER, "plan": {"entities": [{}]}})
    kept.write_text(json.dumps(said))
    assert ask(library, tmp_path / "api", server, "--dry-run").code == 0
    assert "cannot be used" in json.dumps(server.calls[1].body)
    server.assert_complete()


def test_half_a_character_is_no_trouble(tmp_path: Path) -> None:
    """UTF-8 cannot hold it, and a model may say it."""
    memory = Memory(tmp_path / "lead")
    said = ModelResponse(content=(Text(text="\ud83d"),), stop_reason="end_turn", model="m")
    memory.keep("key", said)
    assert memory.recall("key") is not None


def test_a_talk_that_came_to_nothing_is_forgotten(
    library: Path, tmp_path: Path, server: MessagesServer
) -> None:
    server.on(*[plan_answer(removed=["Shelf\u202e"])] * 3, plan_answer(), role="lead")
    answer = ask(library, tmp_path / "api", server, "--dry-run")
    assert (answer.code, answer.found) == (1, [("agent-answer", None)])
    assert "which is no part of the plan so far" in answer.errors[0]["message"], "why, at once"
    assert "he is asked anew" in answer.errors[0]["fix"]
    assert "\u202e" not in answer.err
    assert ask(library, tmp_path / "api", server, "--dry-run").code == 0
    server.assert_complete()


@pytest.mark.node
def test_prose_becomes_a_green_project(
    library: Path, warm_project: Callable[[str], Path], server: MessagesServer
) -> None:
    """Roles and ownership that only the text names are proven over HTTP."""
    server.on(plan_answer(), role="lead")
    project = warm_project("api")
    answer = rockets("from-doc", library, "--project", project, "--yes", env=with_key(server))
    assert answer.code == 0, answer.err
    server.assert_complete()
    assert answer.json["migration"]["proven"] is True
    assert answer.json["smoke"]["failed"] == 0
    assert answer.json["smoke"]["attacks"] > 50
