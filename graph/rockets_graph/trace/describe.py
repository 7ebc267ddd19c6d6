"""One line on an event, for people."""

import re
from functools import singledispatch

from pydantic import JsonValue

from rockets_graph import events as shown
from rockets_graph.trace import events
from rockets_graph.trace.events import AnyEvent, Body, Inline

HASH = re.compile(r"[0-9a-f]{64}")
MOST_ITEMS = 4
"""Of a list that are named."""
LONGEST = 160
"""Characters of a line's variable part."""


def describe(event: AnyEvent) -> str:
    """What happened, without when and where."""
    return _cut(_said(event))


@singledispatch
def _said(event: AnyEvent) -> str:
    raise TypeError(type(event).__name__)


@_said.register
def _(event: events.Header) -> str:
    return f"attempt {event.attempt} of {event.run_id}, {event.mode}"


@_said.register
def _(event: events.NodeEntered) -> str:
    return f"node {event.node}"


@_said.register
def _(event: events.NodeLeft) -> str:
    return f"node {event.node} → {', '.join(g.node for g in event.goto) or 'end'}"


@_said.register
def _(event: events.Interrupted) -> str:
    return f"node {event.node} waits for an answer"


@_said.register
def _(event: events.Failed) -> str:
    return f"{event.error}: {problems(event.problems)}"


@_said.register
def _(event: events.JobStarted) -> str:
    return f"{event.role} {event.job} ({event.model})"


@_said.register
def _(event: events.JobFinished) -> str:
    how = "answered" if event.passed else f"gave no answer: {event.detail}"
    return f"{event.role} {event.job} {how}, {event.turns} turns, {event.tokens} tokens"


@_said.register
def _(event: events.ModelRequested) -> str:
    return f"{event.role} asks {event.model}, {len(event.messages)} messages"


@_said.register
def _(event: events.ModelAnswered) -> str:
    return f"{event.role} {'/'.join(event.finish_reasons)}, {event.usage.total} tokens"


@_said.register
def _(event: events.ModelFailed) -> str:
    return f"{event.role} {event.error}: {problems(event.problems)}"


@_said.register
def _(event: events.AnswerRejected) -> str:
    return f"{event.role}'s answer sent back: {brief(event.feedback)}"


@_said.register
def _(event: events.AgentToolCalled) -> str:
    return f"{event.role} {event.tool} {brief(event.arguments)}"


@_said.register
def _(event: events.AgentToolAnswered) -> str:
    how = "refused" if event.is_error else "done"
    return f"{event.role} {event.tool} {how}: {brief(event.text)}"


@_said.register
def _(event: events.ToolCalled) -> str:
    return f"{event.tool} {brief(event.arguments)}"


@_said.register
def _(event: events.ToolAnswered) -> str:
    if event.error is not None:
        return f"{event.tool} {event.error}: {problems(event.problems)}"
    return f"{event.tool} answered {brief(event.result)}{_files(event.files)}"


@_said.register
def _(event: events.Messaged) -> str:
    return f"{event.sender} → {event.receiver} ({event.about}): {brief(event.text)}"


@_said.register
def _(event: events.Progressed) -> str:
    return progress(event.shown)


@_said.register
def _(event: events.RunEnded) -> str:
    return f"run {event.outcome}, tree {event.tree[:12]}"


@singledispatch
def progress(event: events.Shown) -> str:
    """What was shown."""
    raise TypeError(type(event).__name__)


@progress.register
def _(event: shown.WaveStarted) -> str:
    return f"wave {event.wave + 1} of {event.waves}: {', '.join(event.entities)}"


@progress.register
def _(event: shown.WaveFinished) -> str:
    return f"wave {event.wave + 1} {_passed(passed=event.passed)}"


@progress.register
def _(event: shown.StepStarted) -> str:
    return f"step {event.step}"


@progress.register
def _(event: shown.StepFinished) -> str:
    return f"step {event.step} {_passed(passed=event.passed)} {event.detail}"


@progress.register
def _(event: shown.Note) -> str:
    return event.text


@progress.register
def _(event: shown.Warned) -> str:
    return event.problem.message


@progress.register
def _(event: shown.Output) -> str:
    return f"{event.step}: {event.line}"


def _passed(*, passed: bool) -> str:
    return "passed" if passed else "failed"


def brief(body: Body | None) -> str:
    """A body's first words."""
    if body is None:
        return "nothing"
    if not isinstance(body, Inline):
        return f"({body.size} bytes)"
    value = body.value
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    return _plain(value)


def problems(said: tuple[events.Said, ...]) -> str:
    """Their sentences."""
    return " ".join(one.message for one in said)


def _plain(value: JsonValue) -> str:
    if isinstance(value, list):
        few = len(value) <= MOST_ITEMS and all(isinstance(one, str) for one in value)
        return " ".join(map(str, value)) if few and value else f"[{len(value)}]"
    if isinstance(value, dict):
        return f"[{len(value)}]"
    text = str(value)
    return text[:12] if HASH.fullmatch(text) else text


def _files(files: tuple[events.FileChange, ...]) -> str:
    return f", {len(files)} files changed" if files else ""


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
