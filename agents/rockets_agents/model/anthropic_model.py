"""Claude through the anthropic SDK: streamed, limited, tried again by our one policy."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError

from rockets_tools.errors import Problem

from .call import Call
from .errors import KeyMissingError, ModelError, ModelUnreachableError
from .failures import Refusal, judge_connection, judge_status
from .protocol import Delta
from .response import Timing
from .retry import AttemptError, Failure, RetryPolicy
from .wire import to_headers, to_params, to_response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType

    from anthropic.lib.streaming import AsyncMessageStream, ParsedMessageStreamEvent
    from anthropic.types.message_create_params import MessageCreateParamsBase
    from pydantic import SecretStr

    from .limiter import Limiter
    from .protocol import OnDelta
    from .request import ModelRequest
    from .response import ModelResponse


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds."""

    connect: float = 10.0
    silence: float = 120.0
    """Longest time without a byte; the API sends a ping now and then."""
    answer: float = 1800.0
    """Longest attempt; ends a stream that only drips."""


class AnthropicModel:
    """The real `Model`. Open it with `async with`; one event loop, any number of calls at once."""

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str,
        limiter: Limiter,
        retry: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        on_wait: Callable[[ModelRequest, Failure, float], None] | None = None,
    ) -> None:
        """`on_wait` is told which call waits, why, and for how many seconds.

        Raises:
            KeyMissingError: no key.
        """
        from anthropic import AsyncAnthropic, Timeout

        if api_key is None or not api_key.get_secret_value():
            raise KeyMissingError(
                Problem(
                    code="model-key-missing",
                    message="There is no API key for the model.",
                    fix="Set ANTHROPIC_API_KEY in the environment, or use --sequential.",
                )
            )
        self._key = api_key
        self._limiter = limiter
        self._retry = retry or RetryPolicy()
        self._timeouts = timeouts or Timeouts()
        self._on_wait = on_wait
        self._client = AsyncAnthropic(
            api_key=api_key.get_secret_value(),
            base_url=base_url,
            max_retries=0,  # there is one policy, and it is ours
            timeout=Timeout(self._timeouts.silence, connect=self._timeouts.connect),
            open_telemetry=False,  # spans are the trace's business
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        call = Call(request, on_delta or _nobody)
        start = self._retry.clock()

        async def attempt() -> ModelResponse:
            async with self._limiter.slot():
                return await self._attempt(call, start)

        def before_wait(failure: Failure, seconds: float) -> None:
            if failure.for_all:
                self._limiter.close_for(seconds)
            if self._on_wait is not None:
                self._on_wait(request, failure, seconds)
            call.on_delta(Delta(kind="restart"))

        try:
            return await self._retry.run(attempt, before_wait=before_wait)
        except AttemptError as error:
            failure = error.failure
        raise ModelUnreachableError(
            Problem(
                code="model-unreachable",
                message=f"The model {request.model} gave no answer (attempts: {call.attempts},"
                f" seconds: {self._retry.clock() - start:.0f}): {failure.what}",
                fix="Wait until the service answers again, then use --resume.",
            ),
            role=request.role,
            task=request.task,
            model=request.model,
            status=failure.status,
            request_id=failure.request_id,
            attempts=call.attempts,
            lost=call.lost,
        )

    async def _attempt(self, call: Call, start: float) -> ModelResponse:
        """One try. Errors of the SDK hold the request with the key: none gets out of here."""
        from anthropic import APIError, APIStatusError

        call.begin(self._retry.clock())
        params = to_params(call.request)
        try:
            async with asyncio.timeout(self._timeouts.answer):
                return await self._stream(call, params, start)
        except APIStatusError as error:
            verdict = judge_status(error, key=self._key, model=call.request.model)
        except TimeoutError:
            verdict = Failure(what=f"no whole answer in {self._timeouts.answer:g} s")
        except (APIError, BrokenStreamError) as error:
            verdict = judge_connection(error, key=self._key)
        except ValidationError:
            verdict = Failure(what="an answer that does not follow the Messages API")
        call.lose()
        if isinstance(verdict, Failure):
            raise AttemptError(verdict)
        raise self._refused(verdict, call)

    async def _stream(
        self, call: Call, params: MessageCreateParamsBase, start: float
    ) -> ModelResponse:
        async with self._client.messages.stream(
            **params, extra_headers=to_headers(call.request)
        ) as stream:
            async for event in _events(stream):
                call.hear(event, self._retry.clock())
            if not call.finished:
                raise BrokenStreamError("the stream ended before the answer did")
            return to_response(
                await stream.get_final_message(),
                request_id=stream.request_id,
                lost=call.lost,
                timing=Timing(
                    seconds=self._retry.clock() - start,
                    first_token_seconds=call.first_token,
                    attempts=call.attempts,
                ),
            )

    @staticmethod
    def _refused(refusal: Refusal, call: Call) -> ModelError:
        request = call.request
        return refusal.kind(
            refusal.problem,
            role=request.role,
            task=request.task,
            model=request.model,
            status=refusal.status,
            request_id=refusal.request_id,
            attempts=call.attempts,
            lost=call.lost,
        )


def _nobody(_: Delta) -> None:
    """Nobody watches."""


class BrokenStreamError(Exception):
    """A stream that broke off or makes no sense."""


async def _events(
    stream: AsyncMessageStream[None],
) -> AsyncIterator[ParsedMessageStreamEvent[None]]:
    """The events; what the SDK lets through when a stream breaks is told apart from our errors."""
    import httpx2

    iterator = aiter(stream)
    while True:
        try:
            event = await anext(iterator)
        except StopAsyncIteration:
            return
        except (httpx2.HTTPError, ValueError, RuntimeError) as error:
            # ValueError: half an event; RuntimeError: impossible order, or a closed stream.
            raise BrokenStreamError("the stream broke") from error
        yield event
