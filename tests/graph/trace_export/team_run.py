"""The events of a small team run: two waves, a review, a fix by the Generator, a red smoke test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from rockets_graph.trace.events import (
    AgentToolAnswered,
    AgentToolCalled,
    AnswerRejected,
    AnyEvent,
    Body,
    FileChange,
    GoTo,
    Header,
    Inline,
    JobFinished,
    JobStarted,
    Messaged,
    ModelAnswered,
    ModelFailed,
    ModelRequested,
    NodeEntered,
    NodeLeft,
    RunEnded,
    Said,
    Tokens,
    ToolAnswered,
    ToolCalled,
)

HASH = "0" * 64
START = 1_795_000_000.0
PLAN = """{"entities": [
  {"entityName": "Category"},
  {"entityName": "Product", "relations": [{"targetEntity": "Category", "nullable": false}]}
]}"""
MATRIX: list[dict[str, JsonValue]] = [
    {
        "entity": "Product",
        "role": "user",
        "operation": op,
        "granted": granted,
        "passed": op != "deleteOne",
    }
    for op, granted in [("readMany", "any"), ("createOne", "own"), ("deleteOne", "none")]
]


def inline(value: JsonValue) -> Inline:
    return Inline(value=value)


@dataclass
class Script:
    """Writes events as a run would: a clock that goes on, numbers that count up."""

    now: float = START
    events: list[AnyEvent] = field(default_factory=list[AnyEvent])
    where: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, kind: type[Any], *, after: float = 0.1, **values: Any) -> int:
        self.now = round(self.now + after, 3)
        seq = len(self.events) + 1
        if "of" in values and values["of"] is not None:
            begun = self.events[values["of"] - 1]
            values.setdefault("duration", round(self.now - begun.time, 3))
            values.setdefault("parent", begun.parent)
        self.events.append(kind(seq=seq, time=self.now, **{**self.where, **values}))
        return seq

    def header(self, *, attempt: int = 1, plan: Body | None = None, **values: Any) -> int:
        known: dict[str, Any] = {
            "run_id": "2026-11-24T09:00:00-shop",
            "attempt": attempt,
            "versions": {"rockets-team": "0.1.0", "python": "3.11"},
            "project": "shop-api",
            "mode": "team",
            "plan_hash": "abc",
            "plan": plan or inline(PLAN),
            "waves": (("Category",), ("Product",)),
            "todo": (("Category",), ("Product",)),
            "models": {"reviewer": "claude-haiku-4-5", "generator": "claude-sonnet-4-5"},
            "options": {},
            "tree": HASH,
            "files": inline({"files": {}}),
        }
        return self.add(Header, **{**known, **values})

    def node(self, name: str, wave: int | None, **values: Any) -> int:
        self.where = {"node": name, "wave": wave, **values}
        return self.add(NodeEntered, state=inline({}))

    def leave(self, of: int, *goto: str) -> int:
        seq = self.add(NodeLeft, of=of, update=inline({}), goto=tuple(GoTo(node=n) for n in goto))
        self.where = {}
        return seq

    def tool(self, parent: int, tool: str, *, took: float = 0.5, **answer: Any) -> int:
        of = self.add(ToolCalled, tool=tool, arguments=inline({"wave": 0}), key=HASH, parent=parent)
        return self.add(ToolAnswered, of=of, tool=tool, after=took, **answer)

    def chat(self, parent: int, role: str, said: Sequence[JsonValue], **answer: Any) -> int:
        of = self.ask(parent, role)
        known: dict[str, Any] = {
            "answered_by": "claude-haiku-4-5-20251001",
            "response_id": "msg_1",
            "finish_reasons": ("end_turn",),
            "content": tuple(inline(part) for part in said),
            "usage": Tokens(
                prompt_tokens=1200, output_tokens=80, cache_read_tokens=900, cache_write_tokens=100
            ),
            "lost": Tokens(),
            "cost": "0.0021",
            "first_token_seconds": 0.4,
            "attempts": 1,
        }
        return self.add(ModelAnswered, of=of, role=role, after=2.0, **{**known, **answer})

    def ask(self, parent: int, role: str, *messages: JsonValue) -> int:
        asked = messages or (
            {"role": "user", "content": [{"type": "text", "text": "Review wave 1."}]},
        )
        return self.add(
            ModelRequested,
            role=role,
            model="claude-haiku-4-5",
            max_tokens=4000,
            content=HASH,
            system=(inline({"type": "text", "text": f"You are the {role}."}),),
            messages=tuple(inline(message) for message in asked),
            tools=(),
            output_schema=inline({"type": "object"}),
            thinking=False,
            effort="low",
            parent=parent,
        )


def team_run(*, changes: tuple[FileChange, ...] = ()) -> list[AnyEvent]:
    """The events; `changes` is what the Generator's edit did to files."""
    run = Script()
    header = run.header()
    for wave in range(2):
        run.where = {}
        node = run.node("integrate", wave)
        run.tool(node, "integrate", result=inline({"actions": ["wired"]}))
        run.leave(node, "validate")
        node = run.node("validate", wave)
        run.tool(node, "validate", result=inline({"passed": True}))
        run.leave(node, "reviewer")
        review(run, wave)
    fix(run, changes)
    node = run.node("tester", None)
    run.tool(
        node,
        "smoke",
        took=20.0,
        result=inline(
            {"passed": False, "details": {"cells": 3}, "matrix": list[JsonValue](MATRIX)}
        ),
    )
    run.leave(node, "lead_report")
    report: JsonValue = {
        "success": False,
        "waves": [
            {"index": 0, "entities": ["category"], "status": "completed"},
            {"index": 1, "entities": ["product"], "status": "completed"},
        ],
        "summary": {"totalEntities": 2, "completed": 2, "failed": 0},
        "failedGate": "smoke",
        "issues": [{"message": "deleteOne as user gave 200, expected 403."}],
    }
    run.add(
        RunEnded,
        of=header,
        outcome="failed",
        report=inline(report),
        tree=HASH,
        files=inline({"files": {change.path: change.after for change in changes}}),
    )
    return run.events


def review(run: Script, wave: int) -> None:
    node = run.node("reviewer", wave, task=f"review-{wave}")
    job = run.add(JobStarted, role="reviewer", job="review", model="claude-haiku-4-5", parent=node)
    run.chat(job, "reviewer", [{"type": "text", "text": '{"findings": []}'}])
    run.add(AnswerRejected, role="reviewer", feedback=inline("The answer is not JSON."), parent=job)
    run.add(
        Messaged,
        sender="reviewer",
        receiver="generator",
        about=f"review-{wave}",
        text=inline("Deny by default when a user has no role."),
        parent=job,
    )
    run.add(
        JobFinished,
        of=job,
        role="reviewer",
        job="review",
        passed=True,
        detail="1 finding",
        turns=1,
        tokens=1280,
        cost=0.0021,
    )
    run.leave(node, "generator")


def fix(run: Script, changes: tuple[FileChange, ...]) -> None:
    node = run.node("generator", 1, task="fix-1")
    job = run.add(JobStarted, role="generator", job="fix", model="claude-sonnet-4-5", parent=node)
    call: JsonValue = {
        "type": "tool_call",
        "id": "toolu_1",
        "name": "edit_file",
        "arguments": {"path": "src/a.ts"},
    }
    run.chat(job, "generator", [call], finish_reasons=("tool_use",))
    edit = run.add(
        AgentToolCalled,
        role="generator",
        tool="edit_file",
        call_id="toolu_1",
        arguments=inline({"path": "src/a.ts", "old": "true", "new": "false"}),
        parent=job,
    )
    run.add(
        AgentToolAnswered,
        of=edit,
        role="generator",
        tool="edit_file",
        call_id="toolu_1",
        is_error=False,
        text=inline("Changed src/a.ts at line 1."),
        files=changes,
    )
    asked = run.ask(job, "generator")
    run.add(
        ModelFailed,
        of=asked,
        role="generator",
        error="OverloadedError",
        problems=(Said(code="model-overloaded", message="The model is overloaded.", fix="Wait."),),
        status=529,
        attempts=6,
        lost=Tokens(prompt_tokens=10),
    )
    run.add(
        JobFinished,
        of=job,
        role="generator",
        job="fix",
        passed=False,
        detail="The model is overloaded.",
        turns=2,
        tokens=1280,
    )
    run.leave(node, "integrate")
