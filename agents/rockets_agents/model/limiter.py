"""One door for the whole team: so many calls at once, and all wait when one was told to."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager


class Limiter:
    """Shared by every model of a run; belongs to one event loop."""

    def __init__(
        self,
        concurrency: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._clock = clock
        self._sleep = sleep
        self._closed_until = clock()

    @asynccontextmanager
    async def slot(self) -> AsyncGenerator[None, None]:
        """Room for one attempt; comes when there is room and the door is open."""
        async with self._slots:
            # Looked at again after each sleep: a call under way may have closed the door anew.
            while (left := self._closed_until - self._clock()) > 0:
                await self._sleep(left)
            yield

    def close_for(self, seconds: float) -> None:
        """Nobody starts for that long; a shorter time than is already set changes nothing."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)
