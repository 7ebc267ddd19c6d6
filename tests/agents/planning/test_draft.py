"""Prose becomes a plan, through the real client and a server that answers as a model would."""

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.agents.conftest import KEY, Client
from tests.agents.messages_replies import error, say
from tests.agents.messages_server import MessagesServer
from tests.agents.planning.reading import (
    ANSWER,
    LIBRARY,
    MODEL,
    PLAN,
    changed,
    draft,
    loose,
    said,
    says,
    with_plan,
)

from rockets_agents.errors import AnswerUnusableError
from rockets_agents.model import BudgetSpentError
from rockets_agents.model.budget import Budget
from rockets_agents.planning import assume, estimate_planning
from rockets_tools.documents import Prose, Source
from rockets_tools.plan import read_plan


def test_a_document_becomes_a_plan_with_where_it_comes_from(
    client: Client, server: MessagesServer
) -> None:
    found = draft(client, server, says(ANSWER))
    server.assert_complete()
    assert found.blockers == ()
    checked = read_plan(json.dumps(found.plan))
    assert sorted(checked.plan.roles) == ["admin", "librarian", "user"]
    assert "x-source" not in json.dumps(found.plan)
    assert found.provenance["/entities/0"] == (Source("library.md", 3, 4),)
    assert found.provenance["/entities/2/fields/2"] == (Source("library.md", 8, 8),)
    assert found.provenance["/entities/2/relations/1"] == (Source("library.md", 8, 8),)
    assert found.provenance["/entities/2/acl/user"] == (Source("library.md", 9, 9),)
    assert found.provenance["/nonCrud/0"] == (Source("library.md", 13, 13),)
    assert loose(found.plan)["entities"][2]["acl"]["admin"]["x-guess"] == [
        "Somebody has to keep the system."
    ]
    [question] = found.questions
    assert (question.id, question.pointers) == ("loan-period", ("/entities/2/fields/1",))
    assert question.assumption in question.options
    assert [(a.pointer, a.text) for a in found.assumptions] == [
        ("/entities/0/fields/1", "An ISBN is any text; its digits are free.")
    ]
    assert found.usage.output_tokens == 20
    assert found.budget.spent["lead"].usage == found.usage


def test_the_lead_sees_the_lines_the_schema_and_nothing_secret(
    client: Client, server: MessagesServer
) -> None:
    draft(client, server, says(ANSWER))
    [call] = server.calls
    assert "tools" not in call.body
    message = said(call)
    assert "\n8\tA loan is one copy, lent to one reader" in message
    assert '"RawEntity"' in message or '"Entity"' in message
    assert message.rstrip().endswith("Write the plan for this document.")
    assert KEY not in json.dumps(call.body)


def _invented_key(plan: dict[str, Any]) -> None:
    plan["entities"][0]["fields"][0]["maxLenght"] = 200


def _missing_target(plan: dict[str, Any]) -> None:
    plan["entities"][1]["relations"][0]["targetEntity"] = "Shelf"


def _sdk_entity(plan: dict[str, Any]) -> None:
    plan["entities"].append({"entityName": "User", "fields": [], "x-source": "9", "acl": {}})


def _no_source(plan: dict[str, Any]) -> None:
    plan["entities"][0]["fields"].append({"name": "author"})


def _source_outside(plan: dict[str, Any]) -> None:
    plan["entities"][0]["fields"][0]["x-source"] = "3, 190-200"


def _source_empty(plan: dict[str, Any]) -> None:
    plan["entities"][0]["acl"]["user"]["x-source"] = "5"


def _source_no_lines(plan: dict[str, Any]) -> None:
    plan["entities"][0]["acl"]["user"]["x-source"] = "chapter 2"


def _no_owner(plan: dict[str, Any]) -> None:
    del plan["entities"][2]["ownerField"]


def _required_cycle(plan: dict[str, Any]) -> None:
    plan["entities"][0]["relations"] = [
        {"targetEntity": "Copy", "nullable": False, "x-source": "4"}
    ]


def _paths(plan: dict[str, Any]) -> None:
    plan["paths"] = {"entity": "src/other"}


def _twice(plan: dict[str, Any]) -> None:
    plan["entities"].append(plan["entities"][0])


def _not_a_list(plan: dict[str, Any]) -> None:
    plan["entities"] = {"Book": {}}


def _hidden_guess(plan: dict[str, Any]) -> None:
    plan["entities"][0]["acl"]["admin"]["x-guess"] = "fine\u202e"


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("Here is the plan you asked for: {", "does not follow the schema"),
    "two fences": (f"```json\n{json.dumps(ANSWER)}\n```\n```\n```", "does not follow the schema"),
    "no plan": ({"entities": PLAN["entities"]}, "plan: Field required"),
    "an invented key": (with_plan(_invented_key), 'Did you mean "maxLength"?'),
    "a missing target": (with_plan(_missing_target), "Copy.Shelf/targetEntity: "),
    "an SDK entity": (with_plan(_sdk_entity), "User"),
    "an invented field": (with_plan(_no_source), "Book.author has neither x-source nor x-guess."),
    "lines that are not there": (with_plan(_source_outside), "you were shown lines 1 to 17"),
    "empty lines": (with_plan(_source_empty), "which are empty"),
    "no lines": (with_plan(_source_no_lines), "x-source of Book@user is not lines"),
    "own scope without owner": (with_plan(_no_owner), "Loan@user"),
    "a cycle": (with_plan(_required_cycle), "lead in a circle"),
    "paths": (with_plan(_paths), "`paths` is about the project"),
    "an entity twice": (with_plan(_twice), "Book"),
    "no list": (with_plan(_not_a_list), "must be an array"),
    "a hidden character": (with_plan(_hidden_guess), "plain characters"),
    "plan and refusal": (changed(refusal="No."), "a refusal and a plan"),
    "neither": (changed(plan={}), "no entities"),
    "an address": (
        changed(assumptions=[{"about": "Book.colour", "text": "Blue."}]),
        '"Book.colour" names no part of the plan',
    ),
    "an assumption that is no option": (
        changed(questions=[{**ANSWER["questions"][0], "assumption": "Never"}]),
        "none of its options",
    ),
    "one id twice": (changed(questions=ANSWER["questions"] * 2), "Two questions have the id"),
    "removing what is not there": (changed(removed=["Shelf"]), "`removed` names"),
    "a bidi text": (
        changed(noticed=[{"lines": "3", "text": "evil\u202e"}]),
        "has the character U+202E",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_told_why_and_given_anew(
    name: str, client: Client, server: MessagesServer
) -> None:
    wrong, reason = WRONG[name]
    reply = say(wrong) if isinstance(wrong, str) else says(wrong)
    found = draft(client, server, reply, says(ANSWER))
    server.assert_complete()
    assert reason in said(server.calls[1])
    assert found.plan == draft(client, server, says(ANSWER)).plan


def test_everything_wrong_is_told_at_once(client: Client, server: MessagesServer) -> None:
    def change(plan: dict[str, Any]) -> None:
        _invented_key(plan)
        _missing_target(plan)
        _no_source(plan)
        _source_outside(plan)

    draft(client, server, says(with_plan(change)), says(ANSWER))
    feedback = said(server.calls[1])
    assert all(
        word in feedback for word in ("maxLength", "Shelf", "Book.author", "x-source of Book.title")
    )


@pytest.mark.parametrize("name", ["no JSON", "a missing target", "an invented field"])
def test_an_answer_that_stays_wrong_is_an_error_and_no_plan(
    name: str, client: Client, server: MessagesServer
) -> None:
    wrong, _ = WRONG[name]
    reply = say(wrong) if isinstance(wrong, str) else says(wrong)
    budget = Budget()
    with pytest.raises(AnswerUnusableError) as caught:
        draft(client, server, reply, reply, reply, budget=budget)
    assert caught.value.problems[0].code == "agent-answer"
    assert len(caught.value.work.rejected) == 3
    assert budget.total.calls == 3


def test_no_application_is_a_blocker_with_the_reason(
    client: Client, server: MessagesServer
) -> None:
    letter = Prose(file="letter.txt", text="Dear aunt, the weather is fine.\n")
    refusal = changed(plan={}, refusal="It is a private letter.", questions=[], assumptions=[])
    found = draft(client, server, says(refusal), document=letter)
    assert found.plan == {}
    [blocker] = found.blockers
    assert blocker.code == "document-no-application"
    assert "private letter" in blocker.message
    assert blocker.file == "letter.txt"
    assert found.budget.spent["lead"].calls == 1


def test_what_the_project_has_stays(client: Client, server: MessagesServer) -> None:
    existing = {
        "entities": [
            {"entityName": "Book", "fields": [{"name": "title", "maxLength": 200}]},
            {"entityName": "Event", "fields": [{"name": "day", "type": "date"}]},
        ],
        "paths": {"entity": "src/features"},
    }
    found = draft(client, server, says(ANSWER), existing=existing)
    plan = read_plan(json.dumps(found.plan)).plan
    assert sorted(plan.entities) == ["Book", "Copy", "Event", "Loan"]
    assert found.plan["paths"] == {"entity": "src/features"}
    assert "Book: title string" in said(server.calls[0])
    assert "src/features" not in said(server.calls[0])


def test_overload_on_the_way_is_waited_for(client: Client, server: MessagesServer) -> None:
    found = draft(client, server, error(529), says(ANSWER))
    assert found.blockers == ()
    assert len(client.waits) == 1


def test_what_was_spent_before_counts_and_the_limit_holds(
    client: Client, server: MessagesServer
) -> None:
    before = draft(client, server, says(ANSWER)).budget
    budget = Budget(max_tokens=before.spent["lead"].tokens + 1000, state=before)
    with pytest.raises(BudgetSpentError):
        draft(client, server, budget=budget)
    assert len(server.calls) == 1


def test_without_answers_the_assumptions_hold(client: Client, server: MessagesServer) -> None:
    found = assume(draft(client, server, says(ANSWER)))
    assert found.questions == ()
    assert found.assumptions[-1].text.endswith("The librarian, per loan")
    assert found.assumptions[-1].pointer == "/entities/2/fields/1"


def test_an_estimate_before_the_first_token() -> None:
    small = estimate_planning(LIBRARY, model_id=MODEL)
    large = estimate_planning(Prose(file="a.md", text=LIBRARY.text * 600), model_id=MODEL)
    assert small.calls == 1
    assert small.cost is not None
    assert Decimal("0.01") < small.cost < Decimal("0.5")
    assert large.calls > 1
    assert large.prompt_tokens > 15 * small.prompt_tokens
    assert estimate_planning(LIBRARY, model_id="house-model").cost is None
