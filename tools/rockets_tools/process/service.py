"""A program that runs beside us: started, ready, in use, stopped."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from rockets_tools.errors import GateError, Problem
from rockets_tools.process.child import GRACE, Child
from rockets_tools.process.environment import child_environment
from rockets_tools.process.output import Lines, Tail

T = TypeVar("T")

KEPT = 65_536
"""Bytes of output kept for diagnosis."""
CHUNK = 65_536
PROBE_EVERY = 0.03


class ServiceError(GateError):
    """A service ended or stayed silent before it was ready; `output` has what it said."""

    def __init__(self, problem: Problem, output: str) -> None:
        super().__init__(problem)
        self.output = output


class Service(Generic[T]):
    """A supervised program that is ready once a line of its output, or a probe, says so.

    `ready` is called with each line of output (both streams) and `probe` again and again, until
    one answers something else than None: that is `value`. A context manager: entering starts the
    program and waits (`ServiceError` when it ends or is not ready after `timeout` seconds),
    leaving stops its whole group. `start()` and `wait_ready()` do the two halves of entering, so
    that a slow start can go on beside other work.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        name: str,
        timeout: float,
        ready: Callable[[str], T | None] | None = None,
        probe: Callable[[], T | None] | None = None,
        on_line: Callable[[str], None] | None = None,
        grace: float = GRACE,
    ) -> None:
        self._argv = argv
        self._cwd = cwd
        self._env = env
        self._name = name
        self._timeout = timeout
        self._ready = ready
        self._probe = probe
        self._on_line = on_line
        self._grace = grace
        self._tail = Tail(KEPT)
        self._changed = threading.Condition()
        self._value: T | None = None
        self._silent = False
        self._child: Child | None = None
        self._reader: threading.Thread | None = None
        self._deadline = 0.0

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def value(self) -> T:
        """What `ready` or `probe` answered."""
        if self._value is None:
            raise RuntimeError(f"{self._name} is not ready.")
        return self._value

    @property
    def output(self) -> str:
        """The last of what it printed, both streams."""
        with self._changed:
            return self._tail.text()

    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the program; it is not ready yet."""
        env = child_environment() if self._env is None else self._env
        self._child = Child(self._argv, cwd=self._cwd, env=env, merge=True)
        self._deadline = time.monotonic() + self._timeout
        self._reader = threading.Thread(target=self._read, args=(self._child,), daemon=True)
        self._reader.start()

    def wait_ready(self) -> T:
        """Wait until it is ready. Raises `ServiceError`; the program is stopped by `stop()`."""
        while True:
            value = None if self._probe is None else self._probe()
            with self._changed:
                self._value = value if self._value is None else self._value
                if self._value is not None:
                    return self._value
                if self._silent or not self.running():
                    break
                remaining = self._deadline - time.monotonic()
                if remaining <= 0:
                    raise self._failure(
                        "service-not-ready", f"was not ready within {self._timeout:g} seconds"
                    )
                pause = 0.2 if self._probe is None else PROBE_EVERY
                self._changed.wait(min(remaining, pause))
        code = None if self._child is None else self._child.wait(1.0)
        raise self._failure("service-ended", f"ended with status {code} before it was ready")

    def stop(self) -> None:
        """SIGTERM to the whole group, then SIGKILL. Twice is fine."""
        if self._child is None:
            return
        self._child.stop(self._grace)
        if self._reader is not None:
            self._reader.join(1.0)
            # Else a daemon that left the group still holds the pipe, and the thread reads it.
            if not self._reader.is_alive():
                self._child.close()

    def _read(self, child: Child) -> None:
        lines = Lines(self._line)
        descriptor = child.stdout.fileno()
        try:
            while data := os.read(descriptor, CHUNK):
                with self._changed:
                    self._tail.feed(data)
                lines.feed(data)
            lines.close()
        finally:
            with self._changed:
                self._silent = True
                self._changed.notify_all()

    def _line(self, line: str) -> None:
        if self._on_line is not None:
            self._on_line(line)
        if self._ready is None or self._value is not None:
            return
        value = self._ready(line)
        if value is not None:
            with self._changed:
                self._value = value
                self._changed.notify_all()

    def _failure(self, code: str, what: str) -> ServiceError:
        output = self._tail.text()
        last = output.strip().rpartition("\n")[2].strip()
        said = f"; its last line: {last[:300]}" if last else ""
        return ServiceError(
            Problem(
                code=code,
                message=f"{self._name} {what}{said}.",
                fix="Run again with --verbose to see all it printed.",
            ),
            output,
        )
