"""Model calls: each request as sent, each answer as received, what it cost."""

import asyncio
import time
from contextvars import ContextVar
from hashlib import sha256

from rockets_agents.model import Model, ModelError, ModelRequest, ModelResponse, OnDelta
from rockets_agents.model.prices import cost_of
from rockets_agents.model.usage import Usage
from rockets_graph.trace.events import ModelAnswered, ModelFailed, ModelRequested, Tokens
from rockets_graph.trace.recorded_nodes import problems_of
from rockets_graph.trace.redact import Secrets
from rockets_graph.trace.scope import Scope, current, inside
from rockets_graph.trace.writer import Trace, as_json

_waits: ContextVar[list[float] | None] = ContextVar("rockets_model_waits", default=None)


def note_wait(seconds: float) -> None:
    """The call under way will be tried again after so long; to be called by the retry policy."""
    waits = _waits.get()
    if waits is not None:
        waits.append(seconds)


def content_hash(request: ModelRequest, secrets: Secrets) -> str:
    """Of everything that decides the answer: a replay finds the answer by it."""
    said = request.model_dump(mode="json", exclude={"role", "task", "node"})
    return sha256(secrets.cover(as_json(said))).hexdigest()


class RecordedModel:
    """Wraps any `Model`; answers and errors pass unchanged."""

    def __init__(self, model: Model, trace: Trace) -> None:
        self._model = model
        self._trace = trace

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        trace, outer = self._trace, current()
        scope = Scope(
            trace=trace,
            parent=outer.parent if outer else None,
            node=request.node or (outer.node if outer else None),
            task=request.task,
            wave=outer.wave if outer else None,
        )
        waits: list[float] = []
        _waits.set(waits)
        start = time.perf_counter()
        with inside(scope):
            seq = self._requested(request)
        try:
            response = await self._model.complete(request, on_delta=on_delta)
        except (ModelError, asyncio.CancelledError) as error:
            with inside(scope):
                self._failed(request, seq, error, waits, time.perf_counter() - start)
            raise
        with inside(scope):
            self._answered(request, seq, response, waits, time.perf_counter() - start)
        return response

    def _requested(self, request: ModelRequest) -> int:
        body = self._trace.body
        content = content_hash(request, self._trace.secrets)
        system = tuple(map(body, request.system))
        messages = tuple(map(body, request.messages))
        tools = tuple(map(body, request.tools))
        schema = None if request.output_schema is None else body(request.output_schema)
        return self._trace.write(
            lambda at: ModelRequested(
                **at,
                role=request.role,
                model=request.model,
                max_tokens=request.max_tokens,
                content=content,
                system=system,
                messages=messages,
                tools=tools,
                output_schema=schema,
                thinking=request.thinking,
                effort=request.effort,
            )
        )

    def _answered(
        self,
        request: ModelRequest,
        seq: int,
        response: ModelResponse,
        waits: list[float],
        seconds: float,
    ) -> None:
        content = tuple(map(self._trace.body, response.content))
        self._trace.write(
            lambda at: ModelAnswered(
                **at,
                duration=seconds,
                of=seq,
                role=request.role,
                answered_by=response.model,
                response_id=response.message_id,
                request_id=response.request_id,
                finish_reasons=(response.stop_reason,),
                content=content,
                usage=tokens(response.usage),
                lost=tokens(response.lost),
                cost=_cost(request.model, response.usage, response.lost),
                first_token_seconds=response.timing.first_token_seconds,
                attempts=response.timing.attempts,
                waits=tuple(waits),
            )
        )

    def _failed(
        self,
        request: ModelRequest,
        seq: int,
        error: ModelError | asyncio.CancelledError,
        waits: list[float],
        seconds: float,
    ) -> None:
        known = error if isinstance(error, ModelError) else None
        lost = known.lost if known else Usage()
        self._trace.write(
            lambda at: ModelFailed(
                **at,
                duration=seconds,
                of=seq,
                role=request.role,
                error=type(error).__name__,
                problems=problems_of(error),
                status=known.status if known else None,
                request_id=known.request_id if known else None,
                attempts=known.attempts if known else 0,
                waits=tuple(waits),
                lost=tokens(lost),
                cost=_cost(request.model, lost),
            )
        )


def tokens(usage: Usage) -> Tokens:
    """A call's usage, as an event holds it."""
    return Tokens(
        prompt_tokens=usage.prompt_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
    )


def usage_of(tokens: Tokens) -> Usage:
    """And back, for a replay; the cached ones are part of what was recorded as prompt."""
    cached = tokens.cache_read_tokens + tokens.cache_write_tokens
    return Usage(
        input_tokens=max(tokens.prompt_tokens - cached, 0),
        output_tokens=tokens.output_tokens,
        cache_read_tokens=tokens.cache_read_tokens,
        cache_write_tokens=tokens.cache_write_tokens,
        cache_write_1h_tokens=tokens.cache_write_1h_tokens,
    )


def _cost(model: str, *usages: Usage) -> str | None:
    """Each priced alone: a price may depend on the size of the call."""
    costs = [cost_of(model, usage) for usage in usages]
    known = [cost for cost in costs if cost is not None]
    return str(sum(known)) if len(known) == len(costs) else None
