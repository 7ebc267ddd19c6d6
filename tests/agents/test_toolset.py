import asyncio
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import JsonValue
from tests.agents.briefs import JOBS
from tests.agents.desks import Bench, Mates, make_desk, make_project

from rockets_agents.findings import Finding, Note
from rockets_agents.role import Role
from rockets_agents.testing import call
from rockets_agents.toolset import TOOLS, Desk, GateReport, ToolRecord, Toolset
from rockets_tools.errors import GateError, MachineError, Problem

ROLES = {job.role.name: job.role for job in JOBS.values()}
MEMBER = ROLES["generator"]
BROKEN = Problem(code="x", message="It is broken.", fix="Mend it.")


def use(desk: Desk, role: Role, name: str, **arguments: JsonValue) -> ToolRecord:
    return asyncio.run(Toolset(role, role.tools, desk).call(call(name, **arguments)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(make_project(tmp_path))


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_a_tool_says_when_to_use_it_and_what_it_takes(name: str, desk: Desk) -> None:
    role = next(role for role in ROLES.values() if name in role.tools)
    (spec,) = (s for s in Toolset(role, role.tools, desk).specs if s.name == name)
    assert "Use it" in spec.description or name in {"send_message", "task_update"}
    Draft202012Validator.check_schema(spec.input_schema)
    assert spec.input_schema["type"] == "object"
    assert spec.input_schema["additionalProperties"] is False
    assert "title" not in spec.input_schema


def test_the_specs_of_a_role_are_in_a_fixed_order(desk: Desk) -> None:
    names = [spec.name for spec in Toolset(MEMBER, MEMBER.tools, desk).specs]
    assert names == sorted(MEMBER.tools)


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_a_role_has_its_own_tools_and_no_others(role: Role, desk: Desk) -> None:
    for name in [*sorted(set(TOOLS) - role.tools), "bash", "read_file ", "__class__"]:
        record = use(desk, role, name, path="src/app.module.ts")
        assert record.is_error
        assert record.text.startswith(f"There is no tool {name[:60]}. Yours: ")
    assert desk.workbench.calls == []


def test_a_tool_of_the_role_that_the_job_was_not_given_is_not_there(desk: Desk) -> None:
    job = JOBS["generator.write_module"]
    record = asyncio.run(Toolset(job.role, job.tools, desk).call(call("integrate")))
    assert record.is_error
    assert desk.workbench.calls == []


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"path": 7},
        {"path": "src/app.module.ts", "first_line": "1"},
        {"path": "src/app.module.ts", "first_line": 0},
        {"path": "src/app.module.ts", "shell": "rm -rf /"},
        {"path": ["src/app.module.ts"]},
    ],
)
def test_wrong_arguments_are_explained(desk: Desk, arguments: dict[str, JsonValue]) -> None:
    record = use(desk, MEMBER, "read_file", **arguments)
    assert record.is_error
    assert record.text.startswith("The arguments of read_file do not fit:\n- ")
    assert record.arguments == arguments


def test_a_step_answers_what_a_model_can_act_on(tmp_path: Path) -> None:
    finding = Finding(severity="error", rule="TS2322", message="No.", file="src/a.ts", line=3)
    bench = Bench(
        answers={"build": [GateReport(passed=False, findings=(finding,), output="x" * 9_000)]}
    )
    desk = make_desk(make_project(tmp_path), bench=bench)
    text = use(desk, MEMBER, "build").text
    assert text.startswith("failed, 1 findings\n<data-")
    assert '"rule": "TS2322"' in text
    assert '"line": 3' in text
    assert len(text) < 8_000
    assert use(desk, MEMBER, "validate", paths=["src/app.module.ts"]).text == "passed"
    assert bench.calls == [("build", ()), ("validate", ("src/app.module.ts",))]


def test_many_and_long_findings_are_bounded(tmp_path: Path) -> None:
    finding = Finding(severity="error", rule="TS1", message="m" * 5_000)
    report = GateReport(passed=False, findings=(finding,) * 500, files=("f",) * 500)
    desk = make_desk(make_project(tmp_path), bench=Bench(answers={"build": [report]}))
    text = use(desk, MEMBER, "build").text
    assert "(and 460 more: mend these first)" in text
    assert len(text) < 50_000


@dataclass
class Broken(Bench):
    error: Exception = field(default_factory=lambda: GateError(BROKEN))

    def build(self) -> GateReport:
        raise self.error


def test_a_red_gate_is_told_and_a_broken_machine_is_raised(tmp_path: Path) -> None:
    files = make_project(tmp_path)
    record = use(make_desk(files, bench=Broken()), MEMBER, "build")
    assert record.is_error
    assert "It is broken. Mend it." in record.text
    with pytest.raises(MachineError):
        use(make_desk(files, bench=Broken(error=MachineError(BROKEN))), MEMBER, "build")


def test_a_teammate_is_told_and_others_are_not(desk: Desk) -> None:
    mates = desk.team
    assert isinstance(mates, Mates)
    assert not use(desk, MEMBER, "send_message", to="reviewer", text="Done.").is_error
    assert use(desk, MEMBER, "send_message", to="builder", text="Do it.").is_error
    assert use(desk, MEMBER, "send_message", to="everyone", text="Hi.").is_error
    assert mates.notes == [Note(sender="generator", receiver="reviewer", text="Done.")]


def test_a_task_is_noted_when_there_is_one(desk: Desk) -> None:
    mates = desk.team
    assert isinstance(mates, Mates)
    tester = ROLES["tester"]
    assert not use(desk, tester, "task_update", task="build", status="done").is_error
    assert use(desk, tester, "task_update", task="nothing", status="done").is_error
    assert mates.updates == [("build", "done", "")]


@dataclass
class Slow(Bench):
    started: threading.Event = field(default_factory=threading.Event)
    ended: bool = False

    def build(self) -> GateReport:
        self.started.set()
        time.sleep(0.3)
        self.ended = True
        return GateReport(passed=True)


def test_a_step_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """Agents that work side by side go on while one of them builds."""
    bench = Slow()
    tools = Toolset(MEMBER, MEMBER.tools, make_desk(make_project(tmp_path), bench=bench))

    async def run() -> int:
        building = asyncio.create_task(tools.call(call("build")))
        ticks = 0
        while not building.done():
            await asyncio.sleep(0.01)
            ticks += 1
        return ticks

    assert asyncio.run(run()) >= 5


def test_nothing_works_on_behind_a_cancelled_job(tmp_path: Path) -> None:
    bench = Slow()
    tools = Toolset(MEMBER, MEMBER.tools, make_desk(make_project(tmp_path), bench=bench))

    async def run() -> None:
        building = asyncio.create_task(tools.call(call("build")))
        await asyncio.to_thread(bench.started.wait, 5)
        building.cancel()
        with pytest.raises(asyncio.CancelledError):
            await building
        assert bench.ended

    asyncio.run(run())
