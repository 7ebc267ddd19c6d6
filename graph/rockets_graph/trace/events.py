"""What a trace says: one typed event per line, told apart by `kind`.

A trace is one or more attempts of a run, each begun by a `Header`; what encloses what is told by
`parent`, and an event that ends something names by `of` what it ends. A body of more than
`MOST_INLINE` bytes is a blob: the event has its hash, the bytes are in the folder beside.
Where OpenTelemetry's GenAI conventions have a name for an attribute, the JSON has that name.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from rockets_graph.events import (
    Note,
    Output,
    StepFinished,
    StepStarted,
    Warned,
    WaveFinished,
    WaveStarted,
)
from rockets_graph.state import Mode

SCHEMA = 1
"""Of the events; a trace of a higher one was written by a newer version of us."""
MOST_INLINE = 2_000
"""Bytes of a body that stand in the event itself."""

ATTRIBUTES: Mapping[str, str] = {
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "role": "gen_ai.agent.name",
    "model": "gen_ai.request.model",
    "max_tokens": "gen_ai.request.max_tokens",
    "answered_by": "gen_ai.response.model",
    "response_id": "gen_ai.response.id",
    "finish_reasons": "gen_ai.response.finish_reasons",
    "first_token_seconds": "gen_ai.response.time_to_first_chunk",
    "prompt_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
    "cache_write_tokens": "gen_ai.usage.cache_write.input_tokens",
    "tool": "gen_ai.tool.name",
    "call_id": "gen_ai.tool.call.id",
}
"""What a field is called in JSON, where that is not its own name."""

Outcome: TypeAlias = Literal["completed", "failed", "interrupted"]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RunId: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,120}$")]
MOST = 2**53 - 1
"""Of any count: up to here every reader of JSON has whole numbers, and none of OTLP overflows."""
LATEST = 9_000_000_000
"""Unix seconds in the year 2255: as nanoseconds, still a number that others can hold."""
Count: TypeAlias = Annotated[int, Field(ge=0, le=MOST)]
Seq: TypeAlias = Annotated[int, Field(ge=1, le=MOST)]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=LATEST, allow_inf_nan=False)]


def attribute(name: str) -> str:
    """What the field `name` is called in JSON."""
    return ATTRIBUTES.get(name, name)


class Data(BaseModel):
    """Part of an event. Closed: an unknown key is an error, not a surprise."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=attribute,
        populate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,  # a run uses few of these, and building each takes its time
        protected_namespaces=(),
    )


class Inline(Data):
    """A body that stands here."""

    value: JsonValue = None


class Blob(Data):
    """A body in the blob folder."""

    blob: Sha256
    """Of its bytes."""
    size: Count
    """Bytes."""
    form: Literal["text", "json"] = "text"


Body: TypeAlias = Inline | Blob


class FileChange(Data):
    """What happened to one file. The hashes are of the bytes with secrets covered, as recorded;
    their blobs are there except for what our own generator wrote, which renders it again."""

    path: str = Field(max_length=4_000)
    """POSIX, relative to the project root."""
    before: Sha256 | None = None
    """None: there was no such file."""
    after: Sha256 | None = None
    """None: it is gone; as `before` when it was only read."""

    @property
    def changed(self) -> bool:
        return self.before != self.after


class Tokens(Data):
    """Of a call. The cached ones are part of the prompt's, as in the GenAI conventions."""

    prompt_tokens: Count = 0
    output_tokens: Count = 0
    cache_read_tokens: Count = 0
    cache_write_tokens: Count = 0
    cache_write_1h_tokens: Count = 0
    """Those of `cache_write_tokens` that are kept for an hour."""

    @property
    def total(self) -> int:
        return self.prompt_tokens + self.output_tokens


class Said(Data):
    """A problem as a person was told it (`rockets_tools.errors.Problem`)."""

    code: str
    message: str
    fix: str
    file: str | None = None
    line: Count | None = None
    pointer: str | None = None


class Event(Data):
    """What all events have."""

    seq: Seq
    """Counts through all attempts; a line's number in the file."""
    time: Seconds
    """Unix seconds when it was written: for what ends something, its end."""
    duration: Seconds | None = None
    """Seconds; of events that end something."""
    parent: Seq | None = None
    """The event that encloses it: a node's, a job's, a call's beginning; None: the run."""
    node: str | None = None
    task: str | None = None
    wave: Annotated[int, Field(ge=-1, le=MOST)] | None = None
    """0-based; None before the first one and after the last (which early traces number, too)."""


class Header(Event):
    """An attempt begins; the first event of a trace, and once more for each resume."""

    kind: Literal["header"] = "header"
    schema_version: int = SCHEMA
    run_id: RunId
    attempt: Seq
    versions: dict[str, str]
    """`rockets-team`, `python`, `platform`, `generator`."""
    project: str
    """`name` of the project's package.json."""
    mode: Mode
    plan_hash: str
    plan: Body
    """The plan as it was given, text."""
    waves: tuple[tuple[str, ...], ...]
    """Names of the entities by wave, as in the plan."""
    todo: tuple[tuple[str, ...], ...]
    """Those of them that this attempt has to do."""
    models: dict[str, str]
    """Model ids by role; empty in the sequential cast."""
    options: dict[str, JsonValue]
    """As in force: limits and workers are those that settings and machine gave."""
    spent: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What planning had spent before the run, `BudgetState` as JSON."""
    taken_over: dict[str, JsonValue] | None = None
    """What of an earlier attempt was in flight (`checkpoints.InFlight`); None at the beginning."""
    tree: Sha256
    """`rockets_tools.tree.tree_hash` of the project, secrets in its files covered."""
    files: Body
    """`ProjectTree` as JSON: what was there, every file's bytes a blob."""


class ProjectTree(Data):
    """What is in a project: the tree that `tree_hash` sees, and what a run reads of `.rockets`."""

    files: dict[str, Sha256]
    """Hash of the bytes by path, secrets covered."""
    links: dict[str, str] = Field(default_factory=dict[str, str])
    """Target of each symlink by path."""
    covered: tuple[str, ...] = ()
    """Files that hold a secret: their blobs are not their bytes."""


class NodeEntered(Event):
    kind: Literal["node-entered"] = "node-entered"
    state: Body
    """What the node was given, as JSON."""


class GoTo(Data):
    """Where a node sends the run."""

    node: str
    state: Body | None = None
    """What a Send carries; None: the state of the run."""


class NodeLeft(Event):
    kind: Literal["node-left"] = "node-left"
    of: Seq
    update: Body
    """What it changed in the state, as JSON."""
    goto: tuple[GoTo, ...]


class Interrupted(Event):
    """A node waits for a person; it is entered again when the answer comes."""

    kind: Literal["interrupt"] = "interrupt"
    of: Seq
    value: Body


class Failed(Event):
    """A node, a call or the run ended with an error."""

    kind: Literal["error"] = "error"
    of: Seq | None = None
    error: str
    """Name of its type."""
    problems: tuple[Said, ...]


class JobStarted(Event):
    """A teammate begins to work; its calls are inside."""

    kind: Literal["job-started"] = "job-started"
    operation: Literal["invoke_agent"] = "invoke_agent"
    role: str
    job: str
    model: str


class JobFinished(Event):
    kind: Literal["job-finished"] = "job-finished"
    of: Seq
    role: str
    job: str
    passed: bool
    """It came to an answer."""
    detail: str
    turns: Count
    tokens: Count
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """US dollars; None when a price is not known."""


class ModelRequested(Event):
    """A request as sent. Found again by node, task, role and `content`."""

    kind: Literal["model-request"] = "model-request"
    operation: Literal["chat"] = "chat"
    provider: Literal["anthropic"] = "anthropic"
    role: str
    model: str
    max_tokens: Count
    content: Sha256
    """Of everything that decides the answer (`recorded_model.content_hash`)."""
    system: tuple[Body, ...]
    """Per block, as JSON; so are the next three."""
    messages: tuple[Body, ...]
    tools: tuple[Body, ...]
    output_schema: Body | None = None
    thinking: bool
    effort: str | None = None


class ModelAnswered(Event):
    kind: Literal["model-response"] = "model-response"
    of: Seq
    role: str
    answered_by: str
    response_id: str | None = None
    request_id: str | None = None
    finish_reasons: tuple[str, ...]
    content: tuple[Body, ...]
    """Per part, as JSON."""
    usage: Tokens
    lost: Tokens
    """Of attempts that broke after the model had begun."""
    cost: str | None = None
    """US dollars, decimal, lost tokens included; None when the price is not known."""
    first_token_seconds: Seconds | None = None
    attempts: Count
    waits: tuple[Seconds, ...] = ()
    """Before each attempt after the first."""


class ModelFailed(Event):
    """The call gave no answer."""

    kind: Literal["model-failed"] = "model-failed"
    of: Seq
    role: str
    error: str
    """Name of its type in `rockets_agents.model.errors`, or of a cancellation."""
    problems: tuple[Said, ...]
    status: Count | None = None
    """HTTP status of the last attempt."""
    request_id: str | None = None
    attempts: Count
    waits: tuple[Seconds, ...] = ()
    lost: Tokens
    cost: str | None = None


class AnswerRejected(Event):
    """An answer did not hold; the model is told and answers again."""

    kind: Literal["answer-rejected"] = "answer-rejected"
    role: str
    feedback: Body


class AgentToolCalled(Event):
    """A model's call of a tool begins; what the tool does is inside."""

    kind: Literal["agent-tool-call"] = "agent-tool-call"
    operation: Literal["execute_tool"] = "execute_tool"
    role: str
    tool: str
    """As called; there may be no such tool."""
    call_id: str
    arguments: Body


class AgentToolAnswered(Event):
    kind: Literal["agent-tool-result"] = "agent-tool-result"
    of: Seq
    role: str
    tool: str
    call_id: str
    is_error: bool
    text: Body
    """What the model was told."""
    files: tuple[FileChange, ...]
    """What the file tools read or changed."""


class ToolCalled(Event):
    """A node's or an agent's call of the `Toolbox` begins. Found again by node, tool, `key` and
    order among equals."""

    kind: Literal["tool-call"] = "tool-call"
    operation: Literal["execute_tool"] = "execute_tool"
    tool: str
    """Name of the method."""
    arguments: Body
    key: Sha256
    """Hash of the arguments."""


class ToolAnswered(Event):
    """What it answered, or the error it raised."""

    kind: Literal["tool-result"] = "tool-result"
    of: Seq
    tool: str
    result: Body | None = None
    error: str | None = None
    """Name of the error's type."""
    exit_code: Annotated[int, Field(ge=0, le=255)] | None = None
    """Of an error that a person is shown: it says who must act, and so what a node does with it."""
    problems: tuple[Said, ...] = ()
    files: tuple[FileChange, ...] = ()
    """What it wrote; of those of our own tools that only wire and render, see `result`."""


class Messaged(Event):
    """A teammate told another something."""

    kind: Literal["message"] = "message"
    sender: str
    receiver: str
    about: str
    text: Body


Shown: TypeAlias = WaveStarted | WaveFinished | StepStarted | StepFinished | Note | Warned | Output


class Progressed(Event):
    """What people who watched were shown."""

    kind: Literal["progress"] = "progress"
    shown: Annotated[Shown, Field(discriminator="kind")]


class RunEnded(Event):
    """The last event of an attempt that was not killed."""

    kind: Literal["run-ended"] = "run-ended"
    of: Seq
    """Its header."""
    outcome: Outcome
    report: Body
    """`Report.as_json()`."""
    tree: Sha256
    files: Body
    """`ProjectTree` as JSON; without blobs of what the run wrote."""


AnyEvent: TypeAlias = (
    Header
    | NodeEntered
    | NodeLeft
    | Interrupted
    | Failed
    | JobStarted
    | JobFinished
    | ModelRequested
    | ModelAnswered
    | ModelFailed
    | AnswerRejected
    | AgentToolCalled
    | AgentToolAnswered
    | ToolCalled
    | ToolAnswered
    | Messaged
    | Progressed
    | RunEnded
)


@cache
def any_event() -> TypeAdapter[AnyEvent]:
    """Reads one event from JSON, by its kind."""
    return TypeAdapter(Annotated[AnyEvent, Field(discriminator="kind")])
