"""The one policy for calls that may succeed later: how often, how long, how far apart."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt gave no answer; text only, so that it can be kept and shown."""

    what: str
    """A sentence without secrets."""
    retry_after: float | None = None
    """Seconds the other side asks to wait."""
    for_all: bool = False
    """Overload or a limit: it concerns every call, not just this one."""
    status: int | None = None
    request_id: str | None = None


class AttemptError(Exception):
    """Ends an attempt that may succeed later; never leaves this package."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what)
        self.failure = failure


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Exponential with jitter, `retry-after` honoured, ended by tries or by minutes."""

    tries: int = 20
    """Attempts in all, the first included."""
    minutes: float = 15.0
    """From the first failure; no wait is begun that would end after it."""
    first_wait: float = 1.0
    """Seconds; doubles with each failure."""
    longest_wait: float = 60.0
    """Seconds; what `retry-after` asks for may be longer."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    """Between 0 and 1: which part of the second half of a wait is waited."""

    async def run(
        self,
        attempt: Callable[[], Awaitable[T]],
        *,
        before_wait: Callable[[Failure, float], None],
    ) -> T:
        """The first answer of `attempt`, made again while it raises `AttemptError`.

        `before_wait` is told of each failure and of the seconds to wait.
        The last failure is raised when tries or time are used up.
        """
        first_failure: float | None = None  # standing in line before is not held against a call

        def stop(state: RetryCallState) -> bool:
            nonlocal first_failure
            now = self.clock()
            first_failure = now if first_failure is None else first_failure
            late = now + state.upcoming_sleep - first_failure > self.minutes * 60
            return late or state.attempt_number >= self.tries

        def tell(state: RetryCallState) -> None:
            before_wait(_failure(state), state.upcoming_sleep)

        retrying = AsyncRetrying(
            sleep=self.sleep,
            stop=stop,
            wait=self._wait,
            retry=retry_if_exception_type(AttemptError),
            before_sleep=tell,
            reraise=True,
        )
        return await retrying(attempt)

    def _wait(self, state: RetryCallState) -> float:
        step = min(self.longest_wait, self.first_wait * 2.0 ** min(state.attempt_number - 1, 30))
        wait = step * (0.5 + self.jitter() / 2)
        asked = _failure(state).retry_after
        return wait if asked is None else max(asked, self.first_wait / 2)


def _failure(state: RetryCallState) -> Failure:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, AttemptError):
        raise TypeError("a wait without a failure")
    return error.failure
