"""The fake that users get: strict about what was expected."""

import asyncio

import pytest
from tests.agents.conftest import a_request

from rockets_agents.model import (
    BudgetSpentError,
    Delta,
    Model,
    ModelRequest,
    Text,
    ToolResult,
    user,
)
from rockets_agents.testing import (
    ScriptedModel,
    Step,
    UnconsumedStepsError,
    UnexpectedCallError,
    answer,
    call,
    words,
)
from rockets_tools.errors import Problem


def ask(model: Model, request: ModelRequest) -> str:
    return asyncio.run(model.complete(request)).text


def test_steps_are_found_by_role_task_and_words_in_any_order() -> None:
    model = ScriptedModel(
        Step(answer("a"), role="builder"),
        Step(answer("b"), role="reviewer", task="wave-1"),
        Step(answer("c"), says="wave two"),
        Step(answer("d")),
    )
    assert ask(model, a_request("look at wave two")) == "b"
    assert ask(model, a_request("look at wave two")) == "c"
    assert [step.reply for step in model.remaining] == [answer("a"), answer("d")]
    assert ask(model, a_request(role="builder")) == "a"
    assert ask(model, a_request()) == "d"
    model.assert_complete()
    assert [one.role for one in model.calls] == ["reviewer", "reviewer", "builder", "reviewer"]


def test_a_call_nobody_expected() -> None:
    model = ScriptedModel(Step(answer("a"), role="lead", task="plan"))
    with pytest.raises(UnexpectedCallError, match="reviewer on task 'wave-1'") as caught:
        ask(model, a_request())
    assert "lead, plan" in str(caught.value)
    assert caught.value.request == model.calls[0]
    assert len(model.remaining) == 1


def test_a_step_nobody_asked_for() -> None:
    model = ScriptedModel(Step(answer("a"), role="lead"))
    model.enqueue(Step(answer("b"), says="never"))
    with pytest.raises(UnconsumedStepsError, match="never") as caught:
        model.assert_complete()
    assert len(caught.value.steps) == 2


def test_a_step_may_raise_or_look_at_the_request() -> None:
    spent = BudgetSpentError(Problem(code="budget-spent", message="m", fix="f"))
    model = ScriptedModel(Step(spent), Step(lambda request: answer(request.task)))
    with pytest.raises(BudgetSpentError):
        ask(model, a_request())
    assert ask(model, a_request(task="t")) == "t"


def test_a_watcher_sees_the_text() -> None:
    seen: list[Delta] = []
    asyncio.run(ScriptedModel(Step(answer("a"))).complete(a_request(), on_delta=seen.append))
    assert seen == [Delta(kind="text", text="a")]


def test_calls_of_tools_and_words_of_every_part() -> None:
    response = answer("I look.", calls=[call("read_file", path="a"), call("read_file", path="b")])
    assert response.stop_reason == "tool_use"
    assert len({one.id for one in response.tool_calls}) == 2
    assert response.message is not None
    result = ToolResult(call_id=response.tool_calls[0].id, text="found it")
    turns = (user("go"), response.message, user(result))
    said = words(a_request(messages=turns, system=(Text(text="be brief"),)))
    assert all(word in said for word in ("be brief", "go", "I look.", '"path":"b"', "found it"))
