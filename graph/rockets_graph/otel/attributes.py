"""Name and attributes of a span: what its first event says, and what its last one adds."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import singledispatch

from rockets_graph.otel.content import (
    ReadBody,
    input_messages,
    output_messages,
    plain,
    system_instructions,
)
from rockets_graph.trace.events import (
    AgentToolAnswered,
    AgentToolCalled,
    AnswerRejected,
    Body,
    Failed,
    Header,
    Interrupted,
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

Attribute = str | bool | int | float | Sequence[str]
Attributes = dict[str, Attribute]
Beginning = Header | NodeEntered | JobStarted | ModelRequested | AgentToolCalled | ToolCalled
Ending = (
    NodeLeft
    | Interrupted
    | Failed
    | JobFinished
    | ModelAnswered
    | ModelFailed
    | AgentToolAnswered
    | ToolAnswered
    | RunEnded
)

WORKFLOW = "rockets"
MOST_PATHS = 50
MOST_ERROR = 500
"""Characters of what went wrong."""


@singledispatch
def beginning(event: Beginning, read: ReadBody | None) -> tuple[str, Attributes]:
    """Name and attributes of the span that an event begins."""
    raise NotImplementedError(type(event), read)


@beginning.register
def _(event: Header, _: ReadBody | None) -> tuple[str, Attributes]:
    return f"invoke_workflow {WORKFLOW}", {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": WORKFLOW,
        "rockets.mode": event.mode,
        "rockets.attempt": event.attempt,
        "rockets.project": event.project,
        "rockets.plan.hash": event.plan_hash,
        "rockets.plan.entities": sum(len(wave) for wave in event.waves),
        "rockets.plan.waves": len(event.waves),
    }


@beginning.register
def _(event: NodeEntered, _: ReadBody | None) -> tuple[str, Attributes]:
    return event.node or "node", {}


@beginning.register
def _(event: JobStarted, _: ReadBody | None) -> tuple[str, Attributes]:
    return f"invoke_agent {event.role}", {
        "gen_ai.operation.name": event.operation,
        "gen_ai.agent.name": event.role,
        "gen_ai.request.model": event.model,
        "rockets.job": event.job,
    }


@beginning.register
def _(event: ModelRequested, read: ReadBody | None) -> tuple[str, Attributes]:
    known: Attributes = {
        "gen_ai.operation.name": event.operation,
        "gen_ai.provider.name": event.provider,
        "gen_ai.agent.name": event.role,
        "gen_ai.request.model": event.model,
        "gen_ai.request.max_tokens": event.max_tokens,
        "gen_ai.request.stream": True,
        "gen_ai.output.type": "text" if event.output_schema is None else "json",
        "gen_ai.prompt.name": event.role,
    }
    if event.effort is not None:
        known["gen_ai.request.reasoning.level"] = event.effort
    if read is not None:
        known["gen_ai.system_instructions"] = system_instructions(map(read, event.system))
        known["gen_ai.input.messages"] = input_messages(map(read, event.messages))
    return f"{event.operation} {event.model}", known


@beginning.register
def _(event: AgentToolCalled, read: ReadBody | None) -> tuple[str, Attributes]:
    known = _tool(event.tool, event.arguments, read)
    known |= {"gen_ai.tool.call.id": event.call_id, "gen_ai.agent.name": event.role}
    return f"{event.operation} {event.tool}", known


@beginning.register
def _(event: ToolCalled, read: ReadBody | None) -> tuple[str, Attributes]:
    return f"{event.operation} {event.tool}", _tool(event.tool, event.arguments, read)


@singledispatch
def ending(event: Ending, read: ReadBody | None) -> tuple[Attributes, str | None]:
    """Attributes that an event adds to the span it ends, and what went wrong."""
    raise NotImplementedError(type(event), read)


@ending.register
def _(event: NodeLeft, _: ReadBody | None) -> tuple[Attributes, str | None]:
    return {"rockets.goto": [goto.node for goto in event.goto]}, None


@ending.register
def _(event: Interrupted, _: ReadBody | None) -> tuple[Attributes, str | None]:
    return {"rockets.waits_at": event.node or ""}, None


@ending.register
def _(event: Failed, _: ReadBody | None) -> tuple[Attributes, str | None]:
    return {"error.type": event.error}, _sentences(event.problems, event.error)


@ending.register
def _(event: JobFinished, _: ReadBody | None) -> tuple[Attributes, str | None]:
    known: Attributes = {"rockets.turns": event.turns, "rockets.tokens": event.tokens}
    if event.cost is not None:
        known["rockets.cost.usd"] = event.cost
    if event.passed:
        return known, None
    return known | {"error.type": "no_answer"}, event.detail[:MOST_ERROR]


@ending.register
def _(event: ModelAnswered, read: ReadBody | None) -> tuple[Attributes, str | None]:
    known: Attributes = {
        "gen_ai.response.model": event.answered_by,
        "gen_ai.response.finish_reasons": list(event.finish_reasons),
        "gen_ai.usage.input_tokens": event.usage.prompt_tokens,
        "gen_ai.usage.output_tokens": event.usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": event.usage.cache_read_tokens,
        "gen_ai.usage.cache_write.input_tokens": event.usage.cache_write_tokens,
        **_effort(event),
    }
    if event.response_id is not None:
        known["gen_ai.response.id"] = event.response_id
    if event.first_token_seconds is not None:
        known["gen_ai.response.time_to_first_chunk"] = event.first_token_seconds
    if read is not None:
        known["gen_ai.output.messages"] = output_messages(map(read, event.content))
    return known, None


@ending.register
def _(event: ModelFailed, _: ReadBody | None) -> tuple[Attributes, str | None]:
    known = _effort(event) | {"error.type": str(event.status or event.error)}
    return known, _sentences(event.problems, event.error)


@ending.register
def _(event: AgentToolAnswered, read: ReadBody | None) -> tuple[Attributes, str | None]:
    known = _changed(event)
    if read is not None:
        known["gen_ai.tool.call.result"] = plain(read(event.text))
    # What the tool said is content; that it refused is not.
    if event.is_error:
        return known | {"error.type": "tool_error"}, "the tool refused or failed"
    return known, None


@ending.register
def _(event: ToolAnswered, read: ReadBody | None) -> tuple[Attributes, str | None]:
    known = _changed(event)
    if read is not None and event.result is not None:
        known["gen_ai.tool.call.result"] = plain(read(event.result))
    if event.error is not None:
        return known | {"error.type": event.error}, _sentences(event.problems, event.error)
    return known, None


@ending.register
def _(event: RunEnded, _: ReadBody | None) -> tuple[Attributes, str | None]:
    known: Attributes = {"rockets.outcome": event.outcome}
    if event.outcome == "completed":
        return known, None
    return known | {"error.type": event.outcome}, event.outcome


def happening(event: Messaged | AnswerRejected, read: ReadBody | None) -> tuple[str, Attributes]:
    """Name and attributes of an event on a span."""
    if isinstance(event, Messaged):
        known: Attributes = {"rockets.sender": event.sender, "rockets.receiver": event.receiver}
        text = event.text
    else:
        known = {"gen_ai.agent.name": event.role}
        text = event.feedback
    if read is not None:
        known["rockets.text"] = plain(read(text))
    return f"rockets.{event.kind}", known


def _effort(event: ModelAnswered | ModelFailed) -> Attributes:
    """What the call took, failed attempts included."""
    known: Attributes = {"rockets.attempts": event.attempts}
    if event.lost != Tokens():
        known["rockets.lost_tokens"] = event.lost.total
    if event.request_id is not None:
        known["rockets.request_id"] = event.request_id
    if event.cost is not None:
        try:
            cost = Decimal(event.cost)
        except InvalidOperation:
            return known
        if cost.is_finite():
            known["rockets.cost.usd"] = float(cost)
    return known


def _tool(name: str, arguments: Body, read: ReadBody | None) -> Attributes:
    known: Attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
    }
    if read is not None:
        known["gen_ai.tool.call.arguments"] = plain(read(arguments))
    return known


def _changed(event: AgentToolAnswered | ToolAnswered) -> Attributes:
    paths = [change.path for change in event.files if change.changed]
    known: Attributes = {"rockets.files.changed": len(paths)}
    if paths:
        known["rockets.files"] = paths[:MOST_PATHS]
    return known


def _sentences(problems: Sequence[Said], error: str) -> str:
    return (" ".join(problem.message for problem in problems) or error)[:MOST_ERROR]
