"""The event loop of the team, in a thread of its own; the graph's nodes wait for it."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Generator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import TypeVar

from rockets_tools.process import stop_all

ResultT = TypeVar("ResultT")

AGAIN = 0.1
"""Seconds between two looks for programs that an interrupted job still starts."""


class TeamLoop:
    """Runs coroutines of any thread; ending it cancels what still runs."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="team", daemon=True)
        self._ending: Future[None] | None = None
        self.stopped = False
        """A person interrupted the run: nobody is asked any more."""

    def __enter__(self) -> "TeamLoop":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cancel().result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def run(self, work: Coroutine[object, object, ResultT]) -> ResultT:
        """Its result; `KeyboardInterrupt` when the loop was told to stop on the way. Either way
        nothing of it works on: what comes next may undo what it did."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except CancelledError:
            raise KeyboardInterrupt from None
        except KeyboardInterrupt:
            self._cancel().result()
            raise

    def stop(self) -> None:
        """Cancel everything, so that no thread of the graph waits any longer."""
        self.stopped = True
        # A job's step runs in a thread, which ends when the program does that it waits for.
        stop_all()
        self._cancel()

    def _cancel(self) -> Future[None]:
        """Once at a time, or one would cancel the other."""
        if self._ending is None or self._ending.done():
            self._ending = asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop)
        return self._ending

    async def _cancel_all(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        ended = asyncio.gather(*tasks, return_exceptions=True)
        while not (await asyncio.wait([ended], timeout=AGAIN))[0]:
            # What a step starts after the others were ended is not waited for either.
            if self.stopped:
                stop_all()

    @contextmanager
    def heeding_interrupts(self) -> Generator[None]:
        """Ctrl-C ends jobs in the threads of parallel nodes, which Python would leave waiting."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def interrupted(_number: int, _frame: FrameType | None) -> None:
            self.stop()
            raise KeyboardInterrupt

        for number in before:
            signal.signal(number, interrupted)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
