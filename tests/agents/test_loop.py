import asyncio
import json
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.agents.briefs import ANSWERS, BRIEFS, JOBS
from tests.agents.desks import PROJECT, Bench, make_desk, make_project

from rockets_agents.errors import AnswerUnusableError, RepeatedCallError, TurnsUsedUpError
from rockets_agents.loop import Seat, work
from rockets_agents.model import (
    ModelRequest,
    ModelResponse,
    Text,
    ToolCall,
    ToolResult,
    Usage,
    UserMessage,
)
from rockets_agents.testing import ScriptedModel, Step, answer, call
from rockets_agents.toolset import Desk
from rockets_agents.work import Asked, Called, Done, Happened, Rejected

HEALTH = "src/modules/health/health.service.ts"
READ = call("read_file", path=HEALTH)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(make_project(tmp_path))


def says(name: str) -> ModelResponse:
    return answer(ANSWERS[name].model_dump_json())


def run(
    name: str, desk: Desk, *replies: ModelResponse, events: list[Happened] | None = None
) -> tuple[Done[BaseModel], ScriptedModel]:
    model = ScriptedModel(*(Step(reply, role=JOBS[name].role.name) for reply in replies))
    watch = events.append if events is not None else (lambda _: None)
    seat = Seat(model=model, model_id="scripted", task="task-1", node="here", watch=watch)
    done = asyncio.run(work(JOBS[name], BRIEFS[name], desk=desk, seat=seat))
    model.assert_complete()
    return done, model


def results(request: ModelRequest) -> list[ToolResult]:
    newest = request.messages[-1]
    assert isinstance(newest, UserMessage)
    return [part for part in newest.content if isinstance(part, ToolResult)]


@pytest.mark.parametrize("name", sorted(JOBS))
def test_a_first_answer_that_holds_is_the_answer(name: str, desk: Desk) -> None:
    desk.files.write("src/modules/refund/refund.module.ts", "export class RefundModule {}\n")
    done, model = run(name, desk, says(name))
    assert done.answer == ANSWERS[name]
    assert done.work.turns == 1
    (request,) = model.calls
    job = JOBS[name]
    assert (request.role, request.task, request.node) == (job.role.name, "task-1", "here")
    assert {tool.name for tool in request.tools} == job.tools
    assert (request.output_schema is not None) == job.constrained
    assert [block.cache for block in request.system] == ["5m"]


def test_the_loop_in_full(desk: Desk) -> None:
    """Calls are carried out in order, results go back in that order, everything is told."""
    events: list[Happened] = []
    edit = call("edit_file", path=HEALTH, old="'ok'", new="'fine'")
    first = answer("Looking.", calls=[READ, edit, call("build")])
    done, model = run("builder.repair", desk, first, says("builder.repair"), events=events)
    assert desk.files.read(HEALTH) == PROJECT[HEALTH].replace("'ok'", "'fine'")
    told = results(model.calls[1])
    assert [part.call_id for part in told] == [one.id for one in first.tool_calls]
    assert [part.is_error for part in told] == [False, False, False]
    assert told[2].text == "passed"
    assert [type(event) for event in events] == [Asked, Called, Called, Called, Asked]
    assert [record.name for record in done.work.calls] == ["read_file", "edit_file", "build"]
    assert done.work.changed_files == (HEALTH,)
    assert done.work.usage == Usage(input_tokens=20, output_tokens=10)
    assert done.work.messages[1] == first.message


def test_the_prefix_is_the_same_in_every_turn(desk: Desk) -> None:
    replies = [answer(calls=[call("search", text=f"word{n}")]) for n in range(4)]
    _, model = run("builder.repair", desk, *replies, says("builder.repair"))
    plain = [
        ModelRequest.model_validate_json(
            r.model_dump_json().replace('"cache":"5m"', '"cache":null')
        )
        for r in model.calls
    ]
    for before, after in pairwise(plain):
        assert (before.system, before.tools) == (after.system, after.tools)
        assert after.messages[: len(before.messages)] == before.messages
    marks = [request.model_dump_json().count('"cache":"5m"') for request in model.calls]
    assert marks == [2, 3, 3, 3, 3], "system, what the last turn ended with, and the newest"


def test_a_tool_that_refuses_is_told_and_the_work_goes_on(desk: Desk) -> None:
    blind = call("edit_file", path=HEALTH, old="'ok'", new="''")
    _, model = run("builder.repair", desk, answer(calls=[blind]), says("builder.repair"))
    (told,) = results(model.calls[1])
    assert told.is_error
    assert told.text.startswith(f"Read {HEALTH} before")


BAD = {
    "no JSON": answer("I have fixed it all."),
    "another shape": answer('{"changes": [], "done": true}'),
    "cut off": answer('{"changes": [', stop_reason="max_tokens"),
    "refused": answer("", stop_reason="refusal"),
}


@pytest.mark.parametrize("kind", sorted(BAD))
def test_an_answer_that_cannot_be_read_is_sent_back(kind: str, desk: Desk) -> None:
    events: list[Happened] = []
    done, model = run("builder.repair", desk, BAD[kind], says("builder.repair"), events=events)
    assert done.answer == ANSWERS["builder.repair"]
    newest = model.calls[1].messages[-1]
    assert isinstance(newest, UserMessage)
    (part,) = newest.content
    assert isinstance(part, Text)
    assert done.work.rejected == (part.text,)
    assert [type(event) for event in events] == [Asked, Rejected, Asked]


@pytest.mark.parametrize("kind", sorted(BAD))
def test_repair_rounds_are_bounded(kind: str, desk: Desk) -> None:
    with pytest.raises(AnswerUnusableError) as caught:
        run("builder.repair", desk, BAD[kind], BAD[kind], BAD[kind])
    assert caught.value.work.turns == 3
    assert len(caught.value.work.rejected) == 3
    assert caught.value.exit_code == 1
    assert "builder gave 3 answers" in str(caught.value)
    assert caught.value.work.rejected[-1].split()[0] in str(caught.value), "and why"


def test_broken_attempts_are_counted(desk: Desk) -> None:
    reply = says("builder.repair").model_copy(update={"lost": Usage(output_tokens=7)})
    done, _ = run("builder.repair", desk, reply)
    assert done.work.usage == Usage(input_tokens=10, output_tokens=12)


def test_a_full_context_is_not_asked_again(desk: Desk) -> None:
    full = answer("{", stop_reason="model_context_window_exceeded")
    with pytest.raises(AnswerUnusableError):
        run("builder.repair", desk, full)


def edited(name: str, **changes: object) -> ModelResponse:
    return answer(json.dumps({**json.loads(ANSWERS[name].model_dump_json()), **changes}))


FINDING = json.loads(ANSWERS["reviewer.review"].model_dump_json())["findings"][0]
REQUEST = json.loads(ANSWERS["tester.diagnose"].model_dump_json())["requests"][0]
TASK = json.loads(ANSWERS["lead.breakdown"].model_dump_json())["tasks"][0]
MODULE = "src/modules/refund/refund.module.ts"
WRONG = [
    ("reviewer.review", {"findings": [{**FINDING, "file": "src/gone.ts"}]}, "not one of the files"),
    ("reviewer.review", {"findings": [{**FINDING, "line": 99}]}, "has no line 99"),
    ("reviewer.review", {"findings": [{**FINDING, "rule": 10}]}, "findings.0.rule"),
    ("tester.diagnose", {"requests": [{**REQUEST, "file": "src/gone.ts"}]}, "no file src/gone.ts"),
    ("tester.diagnose", {"requests": [{**REQUEST, "file": "../a.ts"}]}, "no file ../a.ts"),
    ("tester.diagnose", {"requests": []}, "at least one request"),
    ("generator.fix", {"fixes": []}, "one entry for each request"),
    ("lead.breakdown", {"tasks": []}, "exactly one task"),
    ("lead.breakdown", {"tasks": [{**TASK, "uses": ["Invoice"]}]}, "uses Invoice"),
    ("lead.breakdown", {"tasks": [{**TASK, "blocked_by": ["refund"]}]}, "wait for each other"),
    ("lead.breakdown", {"tasks": [{**TASK, "blocked_by": ["gone"]}]}, "blocked by gone"),
    ("lead.plan", {"plan": {"entities": {}}}, '"entities" must be an array'),
    ("lead.revise", {"removed": ["Invoice"]}, '`removed` names "Invoice"'),
    ("lead.settle", {"choices": []}, "exactly one choice"),
    ("lead.plan", {"plan": {"entities": [{"entityName": "User"}]}}, "User"),
    ("generator.write_module", {"files": ["src/modules/refund/gone.ts"]}, "no file"),
    ("generator.write_module", {"files": ["src/app.acl.ts"]}, "not a file of this module"),
    ("generator.write_module", {"module": {"name": "X", "file": MODULE}}, "has no class X"),
    ("generator.write_module", {"resources": []}, "no resource of this module"),
]


@pytest.mark.parametrize(("name", "changes", "why"), WRONG)
def test_an_answer_that_says_something_wrong_is_sent_back(
    name: str, changes: dict[str, object], why: str, desk: Desk
) -> None:
    desk.files.write(MODULE, "export class RefundModule {}\n")
    done, _ = run(name, desk, edited(name, **changes), says(name))
    assert done.answer == ANSWERS[name]
    (feedback,) = done.work.rejected
    assert why in feedback


def test_the_same_call_over_and_over_ends_the_job(desk: Desk) -> None:
    with pytest.raises(RepeatedCallError) as caught:
        run("builder.repair", desk, *(answer(calls=[READ]) for _ in range(3)))
    assert [record.name for record in caught.value.work.calls] == ["read_file"] * 3
    assert "same call of read_file 3 times" in str(caught.value)


def test_it_is_warned_before(desk: Desk) -> None:
    _, model = run(
        "builder.repair", desk, answer(calls=[READ]), answer(calls=[READ]), says("builder.repair")
    )
    assert "made this call before" not in results(model.calls[1])[0].text
    assert "made this call before" in results(model.calls[2])[0].text


def test_looking_again_after_a_change_is_no_repetition(desk: Desk) -> None:
    replies: list[ModelResponse] = []
    for old, new in (("ok", "a"), ("a", "b"), ("b", "c"), ("c", "d")):
        edit = call("edit_file", path=HEALTH, old=f"'{old}'", new=f"'{new}'")
        replies.append(answer(calls=[READ, edit, call("build")]))
    run("builder.repair", desk, *replies, says("builder.repair"))


def test_going_to_and_fro_is_a_repetition_although_files_change(desk: Desk) -> None:
    there = call("edit_file", path=HEALTH, old="'ok'", new="'no'")
    back = call("edit_file", path=HEALTH, old="'no'", new="'ok'")
    with pytest.raises(RepeatedCallError):
        run("builder.repair", desk, answer(calls=[READ]), *[answer(calls=[there, back])] * 3)


def test_tools_that_are_not_there_are_a_repetition_too(desk: Desk) -> None:
    with pytest.raises(RepeatedCallError):
        run("builder.repair", desk, *[answer(calls=[call("bash", command="ls")])] * 3)


def test_turns_are_bounded_and_the_last_one_is_announced(desk: Desk) -> None:
    job = JOBS["reviewer.review"]
    looks = [answer(calls=[call("search", text=f"word{n}")]) for n in range(job.max_turns)]
    model = ScriptedModel(*map(Step, looks))
    seat = Seat(model=model, model_id="scripted", task="wave-1")
    with pytest.raises(TurnsUsedUpError) as caught:
        asyncio.run(work(job, BRIEFS["reviewer.review"], desk=desk, seat=seat))
    assert caught.value.work.turns == job.max_turns == len(model.calls)
    assert "last call" in model.calls[-1].messages[-1].model_dump_json()
    assert "last call" not in model.calls[-2].messages[-1].model_dump_json()


def test_calls_of_one_turn_are_bounded_and_each_has_its_result(desk: Desk) -> None:
    calls = [call("search", text=f"word{n}") for n in range(200)]
    done, model = run("builder.repair", desk, answer(calls=calls), says("builder.repair"))
    told = results(model.calls[1])
    assert [part.call_id for part in told] == [one.id for one in calls]
    assert [part.is_error for part in told] == [False] * 25 + [True] * 175
    assert len(done.work.calls) == 25


def test_a_call_that_was_cut_off_is_not_carried_out(desk: Desk) -> None:
    cut = answer(
        "Now", calls=[call("write_file", path="src/a.ts", text="x")], stop_reason="max_tokens"
    )
    done, _ = run("builder.repair", desk, cut, says("builder.repair"))
    assert done.work.calls == ()
    assert desk.files.read("src/a.ts") is None


def test_a_cancelled_job_stops_and_leaves_whole_files(tmp_path: Path) -> None:
    """Even one whose model and tools answer at once."""
    desk = make_desk(make_project(tmp_path))
    seen: list[Happened] = []

    def endless(request: ModelRequest) -> ModelResponse:
        path = f"src/new{len(request.messages)}.ts"
        return answer(
            calls=[ToolCall(id="w", name="write_file", arguments={"path": path, "text": "x\n"})]
        )

    async def cancel_soon() -> None:
        model = ScriptedModel(*(Step(endless) for _ in range(100)))
        seat = Seat(model=model, model_id="scripted", task="build", watch=seen.append)
        job = asyncio.create_task(
            work(JOBS["builder.repair"], BRIEFS["builder.repair"], desk=desk, seat=seat)
        )
        while len(seen) < 4:
            await asyncio.sleep(0)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job

    asyncio.run(cancel_soon())
    made = [event for event in seen if isinstance(event, Called)]
    assert 2 <= len(made) < 50
    for event in made:
        assert desk.files.read(event.record.touched[0].path) == "x\n"


def test_steps_that_stay_red_are_told_as_such(tmp_path: Path) -> None:
    bench = Bench()
    desk = make_desk(make_project(tmp_path), bench=bench)
    run("tester.diagnose", desk, answer(calls=[call("smoke")]), says("tester.diagnose"))
    assert bench.calls == [("smoke", ())]
