"""Run a program to its end."""

import os
import selectors
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rockets_tools.errors import GateError, Problem
from rockets_tools.process.child import Child
from rockets_tools.process.environment import child_environment
from rockets_tools.process.output import Lines, Tail

MAX_OUTPUT = 16 * 2**20
CHUNK = 65_536
IDLE = 0.2
"""Seconds between two looks at whether the program is still there while it prints nothing."""
LINGER = 1.0
"""Seconds the output may stay open after the end: by a daemon that left the group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a program ended."""

    code: int
    """Exit status; 128 + number when a signal ended it."""
    stdout: str
    stderr: str
    seconds: float
    truncated: bool = False
    """Only the last `max_output` bytes of a stream were kept."""


class TimedOutError(GateError):
    """A program did not end in time and was stopped; `completed` has what it said until then."""

    def __init__(self, problem: Problem, completed: Completed) -> None:
        super().__init__(problem)
        self.completed = completed


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    env: Mapping[str, str] | None = None,
    stdin_text: str | None = None,
    on_line: Callable[[str], None] | None = None,
    max_output: int = MAX_OUTPUT,
) -> Completed:
    """Run `argv` (never a shell) and answer how it ended, whatever its exit status.

    `env` is the whole environment, by default `child_environment()`. `on_line` gets each line of
    both streams as it comes, in the caller's thread. `max_output` is bytes per stream. Raises
    `TimedOutError` after `timeout` seconds and `MachineError` when there is no such program. The
    program and all it started are gone when this returns or raises.
    """
    started = time.monotonic()
    child = Child(
        argv,
        cwd=cwd,
        env=child_environment() if env is None else env,
        stdin=stdin_text is not None,
    )
    exchange = _Exchange(child, stdin_text=stdin_text, on_line=on_line, max_output=max_output)
    try:
        exchange.work(started + timeout)
        in_time = child.wait(max(0.0, started + timeout - time.monotonic())) is not None
        child.stop()
    finally:
        code = child.kill()
        child.close()
    completed = Completed(
        code=code,
        stdout=exchange.stdout.text(),
        stderr=exchange.stderr.text(),
        seconds=time.monotonic() - started,
        truncated=exchange.stdout.truncated or exchange.stderr.truncated,
    )
    if not in_time:
        raise TimedOutError(
            Problem(
                code="timeout",
                message=f"{os.path.basename(argv[0])} did not end within {timeout:g} seconds.",
                fix="See its output with --verbose; a busy machine may need a second run.",
            ),
            completed,
        )
    return completed


class _Exchange:
    """Input to a child and both of its outputs, in the caller's thread."""

    def __init__(
        self,
        child: Child,
        *,
        stdin_text: str | None,
        on_line: Callable[[str], None] | None,
        max_output: int,
    ) -> None:
        self.stdout, self.stderr = Tail(max_output), Tail(max_output)
        self._child = child
        self._pending = memoryview((stdin_text or "").encode())
        self._sinks = {
            child.stdout.fileno(): (self.stdout, Lines(on_line)),
            child.stderr.fileno(): (self.stderr, Lines(on_line)),
        }

    def work(self, deadline: float) -> None:
        """Until both outputs end or time is up."""
        ended: float | None = None
        with selectors.DefaultSelector() as selector:
            for descriptor in self._sinks:
                selector.register(descriptor, selectors.EVENT_READ)
            if self._child.stdin is not None:
                os.set_blocking(self._child.stdin.fileno(), False)
                selector.register(self._child.stdin.fileno(), selectors.EVENT_WRITE)
            while self._sinks and (remaining := deadline - time.monotonic()) > 0:
                for key, _ in selector.select(min(remaining, IDLE)):
                    more = self._read(key.fd) if key.fd in self._sinks else self._write(key.fd)
                    if not more:
                        selector.unregister(key.fd)
                        self._end(key.fd)
                if self._child.poll() is not None:
                    ended = ended or time.monotonic()
                    if time.monotonic() - ended > LINGER:
                        break
        for _, lines in self._sinks.values():
            lines.close()

    def _read(self, descriptor: int) -> bool:
        data = os.read(descriptor, CHUNK)
        tail, lines = self._sinks[descriptor]
        tail.feed(data)
        lines.feed(data)
        return bool(data)

    def _write(self, descriptor: int) -> bool:
        try:
            self._pending = self._pending[os.write(descriptor, self._pending[:CHUNK]) :]
        except BrokenPipeError:
            # It does not read its input; what it says about that is in its output.
            return False
        return bool(self._pending)

    def _end(self, descriptor: int) -> None:
        if descriptor in self._sinks:
            _, lines = self._sinks.pop(descriptor)
            lines.close()
        elif self._child.stdin is not None:
            self._child.stdin.close()
