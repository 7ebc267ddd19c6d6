"""What of an event a replay compares: what was done and said, never when or how long it took."""

import hashlib
import json
from collections.abc import Mapping
from functools import singledispatch
from typing import TypeAlias

from pydantic_core import to_jsonable_python

from rockets_graph.trace import events
from rockets_graph.trace.events import AnyEvent, Event, Said

Facts: TypeAlias = Mapping[str, object]

INTERRUPTIONS = frozenset({"KeyboardInterrupt", "CancelledError", "SystemExit"})
"""Errors that a person or the system caused: no replay does the same at the same moment."""


def digest(facts: Facts) -> bytes:
    """The same for the same facts. Bodies count by their hash, so no blob is read."""
    said = json.dumps(to_jsonable_python(facts), sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).digest()


def is_interruption(event: AnyEvent) -> bool:
    """From here on a recorded run was ended from outside."""
    match event:
        case events.Failed() | events.ToolAnswered() | events.ModelFailed():
            return event.error in INTERRUPTIONS
        case events.RunEnded():
            return event.outcome == "interrupted"
        case _:
            return False


def facts(event: AnyEvent) -> Facts | None:
    """None: nothing of it is compared. Who and where are facts like the others; the wave is part of
    the state that the node around it was given."""
    found = _facts(event)
    if found is None:
        return None
    return {"kind": event.kind, "node": event.node, "task": event.task, **found}


@singledispatch
def _facts(_: Event) -> Facts | None:
    """Model answers are given, progress is for the eyes."""
    return None


@_facts.register
def _(event: events.Header) -> Facts:
    return {
        "plan_hash": event.plan_hash,
        "mode": event.mode,
        "waves": event.waves,
        "todo": event.todo,
        "models": event.models,
        "taken_over": event.taken_over,
    }


@_facts.register
def _(event: events.NodeEntered) -> Facts:
    return {"state": event.state}


@_facts.register
def _(event: events.NodeLeft) -> Facts:
    return {"update": event.update, "goto": event.goto}


@_facts.register
def _(event: events.Interrupted) -> Facts:
    return {"value": event.value}


@_facts.register
def _(event: events.Failed) -> Facts:
    return {"error": event.error, "problems": codes(event.problems)}


@_facts.register
def _(event: events.JobStarted) -> Facts:
    return {"role": event.role, "job": event.job, "model": event.model}


@_facts.register
def _(event: events.JobFinished) -> Facts:
    return {
        "role": event.role,
        "job": event.job,
        "passed": event.passed,
        "turns": event.turns,
        "tokens": event.tokens,
    }


@_facts.register
def _(event: events.ModelRequested) -> Facts:
    return {
        "role": event.role,
        "model": event.model,
        "max_tokens": event.max_tokens,
        "system": event.system,
        "tools": event.tools,
        "messages": event.messages,
        "output_schema": event.output_schema,
        "thinking": event.thinking,
        "effort": event.effort,
    }


@_facts.register
def _(event: events.AnswerRejected) -> Facts:
    return {"role": event.role, "feedback": event.feedback}


@_facts.register
def _(event: events.AgentToolCalled) -> Facts:
    return {"role": event.role, "tool": event.tool, "arguments": event.arguments}


@_facts.register
def _(event: events.AgentToolAnswered) -> Facts:
    return {
        "role": event.role,
        "tool": event.tool,
        "is_error": event.is_error,
        "text": event.text,
        "files": event.files,
    }


@_facts.register
def _(event: events.ToolCalled) -> Facts:
    return {"tool": event.tool, "arguments": event.arguments}


@_facts.register
def _(event: events.ToolAnswered) -> Facts:
    return {
        "tool": event.tool,
        "result": event.result,
        "error": event.error,
        "problems": codes(event.problems),
        "files": event.files,
    }


@_facts.register
def _(event: events.Messaged) -> Facts:
    return {
        "sender": event.sender,
        "receiver": event.receiver,
        "about": event.about,
        "text": event.text,
    }


@_facts.register
def _(event: events.RunEnded) -> Facts:
    """Report and files are looked at when all is done (`ends.py`)."""
    return {"outcome": event.outcome}


def codes(problems: tuple[Said, ...]) -> list[str]:
    """The sentences may name the folder of the project."""
    return [problem.code for problem in problems]
