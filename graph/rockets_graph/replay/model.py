"""The model of a replay: it says what was said, at once."""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter, ValidationError

from rockets_agents.model import Delta, Model, ModelRequest, ModelResponse, OnDelta, Timing
from rockets_graph.replay.again import model_error
from rockets_graph.replay.compare import Comparison
from rockets_graph.replay.tape import Tape
from rockets_graph.trace.errors import trace_error
from rockets_graph.trace.events import ModelAnswered, ModelFailed
from rockets_graph.trace.recorded_model import content_hash, usage_of
from rockets_graph.trace.redact import Secrets

_RESPONSE = TypeAdapter(ModelResponse)


class ReplayModel:
    """A `Model`. Sits inside of `RecordedModel`, which has told the comparison of the request."""

    def __init__(
        self,
        tape: Tape,
        comparison: Comparison,
        secrets: Secrets,
        live: AbstractAsyncContextManager[Model] | None = None,
    ) -> None:
        """`live` is asked once the run goes its own way; `secrets` as in the replay's trace."""
        self._tape = tape
        self._comparison = comparison
        self._secrets = secrets
        self._live = live
        self._model: Model | None = None

    async def __aenter__(self) -> Self:
        if self._live is not None:
            self._model = await self._live.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            await self._live.__aexit__(kind, error, trace)

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        if self._comparison.forked and self._model is not None:
            return await self._model.complete(request, on_delta=on_delta)
        content = content_hash(request, self._secrets)
        call = self._comparison.request((request.node or None, request.task, request.role, content))
        event = self._tape.answer(call)
        if not isinstance(event, ModelAnswered | ModelFailed):
            raise trace_error("trace-answer", f"No model answers event {call} of the trace.")
        await self._comparison.turn(event.seq)
        if isinstance(event, ModelFailed):
            raise model_error(event)
        response = self._response(event)
        if on_delta is not None and response.text:
            on_delta(Delta(kind="text", text=response.text))
        return response

    def _response(self, event: ModelAnswered) -> ModelResponse:
        said = {
            "content": [self._tape.trace.value(part) for part in event.content],
            "stop_reason": next(iter(event.finish_reasons), "other"),
            "usage": usage_of(event.usage),
            "lost": usage_of(event.lost),
            "model": event.answered_by,
            "message_id": event.response_id,
            "request_id": event.request_id,
            "timing": Timing(attempts=event.attempts),
        }
        try:
            return _RESPONSE.validate_python(said)
        except ValidationError as error:
            raise trace_error(
                "trace-answer", f"Event {event.seq} of the trace is no answer of a model."
            ) from error
