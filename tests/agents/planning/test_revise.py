"""Answers and remarks of a person change what they are about, and nothing else."""

from copy import deepcopy

import pytest
from tests.agents.conftest import Client
from tests.agents.messages_server import MessagesServer
from tests.agents.planning.reading import (
    ANSWER,
    PLAN,
    QUESTION,
    changed,
    draft,
    loose,
    outside_fences,
    revise,
    said,
    says,
)

from rockets_agents.errors import AnswerUnusableError
from rockets_agents.planning import Drafted
from rockets_tools.documents import Source
from rockets_tools.errors import InputError

BOOK, COPY, LOAN = PLAN["entities"]


@pytest.fixture
def before(client: Client, server: MessagesServer) -> Drafted:
    more = {**QUESTION, "id": "isbn-form", "about": ["Book.isbn"], "options": []}
    found = draft(client, server, says(changed(questions=[QUESTION, more])))
    server.calls.clear()
    return found


def fourteen_days() -> dict:
    loan = deepcopy(LOAN)
    del loan["fields"][1]
    loan["fields"].append({"name": "days", "type": "number", "x-guess": "Asked for at approval"})
    return changed(plan={"entities": [loan]}, questions=[], assumptions=[])


def test_an_answer_changes_its_entity_and_leaves_the_rest(
    client: Client, server: MessagesServer, before: Drafted
) -> None:
    answers = {"loan-period": "Fourteen days, always"}
    after = revise(client, server, before, says(fourteen_days()), answers=answers)
    [call] = server.calls
    assert "Fourteen days, always" in said(call)
    assert "Fourteen days, always" not in outside_fences(call)
    assert loose(after.plan)["entities"][:2] == loose(before.plan)["entities"][:2]
    names = [f["name"] for f in loose(after.plan)["entities"][2]["fields"]]
    assert names == ["from", "status", "days"]
    assert after.provenance["/entities/0/fields/1"] == (Source("library.md", 3, 4),)
    assert after.provenance["/entities/2/fields/1"] == (Source("library.md", 8, 8),)
    assert "/entities/2/fields/2" not in after.provenance
    assert [q.id for q in after.questions] == ["isbn-form"]
    assert [a.pointer for a in after.assumptions] == ["/entities/0/fields/1"]
    assert after.budget.spent["lead"].calls == 2
    assert after.usage.output_tokens == 40


def test_the_assumed_answer_costs_nothing(
    client: Client, server: MessagesServer, before: Drafted
) -> None:
    after = revise(client, server, before, answers={"loan-period": QUESTION["assumption"]})
    assert server.calls == []
    assert after.plan == before.plan
    assert [q.id for q in after.questions] == ["isbn-form"]
    assert after.assumptions[-1].text.endswith("The librarian, per loan")


def test_a_remark_is_followed_and_can_take_something_away(
    client: Client, server: MessagesServer, before: Drafted
) -> None:
    answer = changed(plan={}, removed=["Loan", "overdue-loans"], questions=[], assumptions=[])
    after = revise(client, server, before, says(answer), remarks=["We lend nothing."])
    assert [e["entityName"] for e in loose(after.plan)["entities"]] == ["Book", "Copy"]
    assert after.plan["nonCrud"] == []
    assert [q.id for q in after.questions] == ["isbn-form"], "its subject is gone"
    assert not [p for p in after.provenance if p.startswith("/entities/2")]


def test_an_answer_to_nothing_is_the_users_mistake(
    client: Client, server: MessagesServer, before: Drafted
) -> None:
    with pytest.raises(InputError) as caught:
        revise(client, server, before, answers={"loan-perod": "x", "isbn-form": " "})
    assert [p.code for p in caught.value.problems] == ["answer-unknown", "answer-option"]
    assert "loan-period" in caught.value.problems[0].fix
    with pytest.raises(InputError, match="no answer"):
        revise(client, server, before, answers={"loan-period": "Whenever"})
    assert server.calls == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (changed(plan={}, removed=["Loan", "Copy", "Book"], questions=[]), "No entity would be"),
        (changed(plan={}, removed=["Copy"], questions=[], assumptions=[]), "Loan.Copy"),
        (changed(plan={}, refusal="I cannot."), "There is a draft already"),
    ],
)
def test_a_wrong_change_is_told_and_never_half_made(
    wrong: dict, reason: str, client: Client, server: MessagesServer, before: Drafted
) -> None:
    right = says(fourteen_days())
    after = revise(client, server, before, says(wrong), right, remarks=["Change it."])
    assert reason in said(server.calls[1])
    assert len(loose(after.plan)["entities"]) == 3
    with pytest.raises(AnswerUnusableError):
        revise(client, server, before, *[says(wrong)] * 3, remarks=["Change it."])
    assert ANSWER["plan"] == PLAN
