"""What a person sees while a run goes on, one line per step, on stderr."""

import json
import sys
import threading
import time
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING

import click

from rockets_graph.cli.output import console, print_problems, shown
from rockets_graph.events import (
    INTERRUPTED,
    Event,
    JobFinished,
    JobProgressed,
    JobStarted,
    MessageSent,
    Note,
    Output,
    StepFinished,
    StepStarted,
    Warned,
    WaveFinished,
    WaveStarted,
)

if TYPE_CHECKING:
    from rockets_graph.cli.team_view import TeamView

TICK = 0.2
"""Seconds between updates of the running step's clock."""


def reporter(*, verbose: bool, as_json: bool) -> "Progress | JsonEvents":
    """Who tells how a run goes: lines for people, with `--json` events for machines."""
    return JsonEvents() if as_json else Progress(verbose=verbose)


class Progress:
    """A reporter that prints each step when it ends and, on a terminal, the one that runs.

    The wave loop takes milliseconds per entity, so its steps are told once per wave; only steps
    that take a while show a clock.
    """

    def __init__(self, *, verbose: bool) -> None:
        self.verbose = verbose
        self.live = sys.stderr.isatty()
        self._running: tuple[str, float] | None = None
        self._team: TeamView | None = None
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Progress":
        if self.live:
            self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self.live:
            self._clock.join()
            if self._team is not None:
                self._team.close()
            self._clear()

    def __call__(self, event: Event) -> None:
        with self._guard:
            self._clear()
            self._tell(event)

    def _tell(self, event: Event) -> None:
        match event:
            case WaveStarted() | WaveFinished():
                self._wave(event)
            case StepStarted() | StepFinished():
                self._step(event)
            case JobStarted() | JobProgressed() | JobFinished():
                self._job(event)
            case MessageSent():
                first, *more = event.text.splitlines() or [""]
                dots = " …" if more else ""
                self._line(f"  {event.sender} → {event.receiver}: {first[:160]}{dots}")
            case Note():
                self._line(event.text)
            case Warned():
                print_problems([event.problem], label="warning")
            case Output():
                if self.verbose:
                    self._line(f"  {event.step}| {event.line}")

    def _wave(self, event: WaveStarted | WaveFinished) -> None:
        title = f"wave {event.wave + 1}/{event.waves}"
        if isinstance(event, WaveStarted):
            more = f" and {len(event.entities) - 6} more" if len(event.entities) > 6 else ""
            self._line(f"{title}: {', '.join(event.entities[:6])}{more}")
        else:
            word = "passed" if event.passed else "FAILED"
            self._line(f"{title}: {word} {seconds(event.seconds)}")

    def _step(self, event: StepStarted | StepFinished) -> None:
        inside = event.wave is not None
        started = isinstance(event, StepStarted)
        self._running = (event.step, time.monotonic()) if started else None
        if self._team is not None:
            self._team.step = self._running
        if isinstance(event, StepStarted):
            if self.verbose and not inside:
                self._line(f"{event.step} …")
            return
        if inside and event.passed and not self.verbose:
            return
        if event.detail == INTERRUPTED:
            self._line(f"{event.step}: {INTERRUPTED} after {seconds(event.seconds)}")
            return
        word = "passed" if event.passed else "FAILED"
        detail = f"  {event.detail}" if event.detail else ""
        self._line(f"{'  ' if inside else ''}{event.step}: {word} {seconds(event.seconds)}{detail}")

    def _job(self, event: JobStarted | JobProgressed | JobFinished) -> None:
        from rockets_graph.cli.team_view import TeamView, spent

        if self.live:
            if self._team is None:
                self._team = TeamView(console())
            self._team.job(event)
        if isinstance(event, JobFinished):
            word = "done" if event.passed else f"FAILED ({event.detail})"
            money = spent(event.tokens, event.cost)
            took = f"{seconds(event.seconds)}, {money}"
            # A task is often called like the job: `review:wave-1`.
            job = "" if event.task.partition(":")[0] == event.job else f"{event.job} "
            self._line(f"  {event.role} {job}{event.task}: {word} {took}")

    def _line(self, text: str) -> None:
        if self._team is not None:
            self._team.say(text)
        else:
            click.echo(shown(text), err=True)

    def _tick(self) -> None:
        while not self._stop.wait(TICK):
            with self._guard:
                if self._running is not None and self._team is None:
                    step, started = self._running
                    self._clear()
                    click.echo(f"{step} … {time.monotonic() - started:.0f} s", err=True, nl=False)

    def _clear(self) -> None:
        if self.live and self._team is None:
            click.echo("\r\x1b[K", err=True, nl=False)


def seconds(value: float) -> str:
    """`0.04 s`, `3.2 s`, `75 s`."""
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s" if value < 60 else f"{value:.0f} s"


class JsonEvents:
    """Prints each event as one line of JSON, with the time (seconds since 1970) it happened."""

    def __init__(self) -> None:
        self._guard = threading.Lock()

    def __enter__(self) -> "JsonEvents":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def __call__(self, event: Event) -> None:
        with self._guard:
            said = {"time": round(time.time(), 3), **asdict(event)}
            click.echo(json.dumps(said, default=str), err=True)
