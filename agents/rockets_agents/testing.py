"""A model for tests: it says what it was told to say, and fails on what nobody expected.

    model = ScriptedModel(
        Step(answer('{"findings": []}'), role="reviewer"),
        Step(answer(calls=[call("read_file", path="src/main.ts")]), role="builder", task="build"),
    )
    …
    model.assert_complete()

A call takes the first step left that fits its role, its task and its words, so agents that work
beside each other may ask in any order.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_agents.model import (
    Delta,
    HiddenThinking,
    ModelError,
    ModelRequest,
    ModelResponse,
    OnDelta,
    RoleName,
    StopReason,
    Text,
    ToolCall,
    Usage,
)
from rockets_agents.model.messages import AssistantPart, UserPart


class UnexpectedCallError(AssertionError):
    """No step left fits the call."""

    def __init__(self, request: ModelRequest, remaining: Sequence["Step"]) -> None:
        steps = "\n".join(f"  - {step}" for step in remaining) or "  (none)"
        super().__init__(
            f"no step for a call of the {request.role} on task {request.task!r}; left:\n{steps}"
        )
        self.request = request


class UnconsumedStepsError(AssertionError):
    """The code under test asked less often than it was expected to."""

    def __init__(self, steps: Sequence["Step"]) -> None:
        super().__init__("never asked for:\n" + "\n".join(f"  - {step}" for step in steps))
        self.steps = tuple(steps)


@dataclass(frozen=True, slots=True)
class Step:
    """One answer and the call it is meant for; what is None or empty fits any."""

    reply: ModelResponse | ModelError | Callable[[ModelRequest], ModelResponse]
    """An answer, an error to raise, or a function of the request."""
    role: RoleName | None = None
    task: str | None = None
    says: str = ""
    """Words that must occur in the request's system blocks or messages."""

    def fits(self, request: ModelRequest) -> bool:
        return (
            self.role in (None, request.role)
            and self.task in (None, request.task)
            and self.says in words(request)
        )

    def __str__(self) -> str:
        return f"{self.role or 'any role'}, {self.task or 'any task'}, {self.says or 'any words'}"


class ScriptedModel:
    """A `Model` without a network."""

    def __init__(self, *steps: Step) -> None:
        self.calls: list[ModelRequest] = []
        """All requests so far, the refused ones too."""
        self._steps = list(steps)

    @property
    def remaining(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    def enqueue(self, *steps: Step) -> None:
        self._steps.extend(steps)

    def assert_complete(self) -> None:
        if self._steps:
            raise UnconsumedStepsError(self._steps)

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        # Through JSON, as in a trace: what cannot be recorded must not work in a test.
        request = ModelRequest.model_validate_json(request.model_dump_json())
        self.calls.append(request)
        step = next((step for step in self._steps if step.fits(request)), None)
        if step is None:
            raise UnexpectedCallError(request, self._steps)
        self._steps.remove(step)
        if isinstance(step.reply, ModelError):
            raise step.reply
        response = step.reply(request) if callable(step.reply) else step.reply
        if on_delta is not None and response.text:
            on_delta(Delta(kind="text", text=response.text))
        return response


def words(request: ModelRequest) -> str:
    """All that the request says, for tests to look into."""
    blocks = [block.text for block in request.system]
    parts = [part for message in request.messages for part in message.content]
    return "\n".join([*blocks, *map(_words, parts)])


def _words(part: UserPart | AssistantPart) -> str:
    if isinstance(part, ToolCall):
        return part.model_dump_json()
    return "" if isinstance(part, HiddenThinking) else part.text


def answer(
    text: str = "",
    *,
    calls: Sequence[ToolCall] = (),
    stop_reason: StopReason | None = None,
    usage: Usage | None = None,
    model: str = "scripted",
) -> ModelResponse:
    """A response with this text and these calls."""
    parts = [Text(text=text)] if text else []
    return ModelResponse(
        content=(*parts, *calls),
        stop_reason=stop_reason or ("tool_use" if calls else "end_turn"),
        usage=usage or Usage(input_tokens=10, output_tokens=5),
        model=model,
    )


def call(name: str, /, **arguments: JsonValue) -> ToolCall:
    """A tool call: `call("read_file", path="src/main.ts")`; its id follows from what it says."""
    said = json.dumps([name, arguments], sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    return ToolCall(id=f"toolu_{digest}", name=name, arguments=arguments)
