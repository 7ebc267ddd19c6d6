"""What a run works with, apart from its state: handed to every node as `runtime.context`."""

import time
from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rockets_graph.artefacts import Artefacts
from rockets_graph.events import (
    INTERRUPTED,
    Note,
    Output,
    Reporter,
    StepFinished,
    StepStarted,
    WaveFinished,
    WaveStarted,
    silent,
)
from rockets_graph.ledger import Ledger
from rockets_graph.logs import Log
from rockets_graph.options import Options
from rockets_graph.toolbox import Line, Toolbox
from rockets_tools.errors import RocketsError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from rockets_graph.crew.crew import Crew
    from rockets_graph.crew.snapshot import Snapshots

UNDONE = ".rockets/undone"
"""Where what was undone is kept, a folder for each time."""
LAST_LINES, LAST_CHARACTERS = 200, 20_000
"""Of a program's output that a job may be told."""


@dataclass(kw_only=True)
class Step:
    """A step under way; whoever runs it says how it went."""

    name: str
    passed: bool = False
    detail: str = ""


@dataclass(kw_only=True)
class Context:
    """Dependencies of one run; lives in memory, never in a checkpoint."""

    files: ProjectFiles
    plan: Plan
    plan_text: str
    """The plan as it was given, byte for byte; becomes `.rockets/plan.json`."""
    options: Options
    tools: Toolbox
    ledger: Ledger
    todo: tuple[tuple[str, ...], ...]
    """Per wave the entities this run has to do, by name; the others are done and proven."""
    configs: Mapping[str, str]
    """By entity name, the hash of what its files are made from."""
    changed: Mapping[str, Mapping[str, str]]
    """Entities done again because of their files: `Toolbox.changed` as this run found it."""
    log: Log
    crew: "Crew | None" = None
    """None in the sequential cast."""
    emit: Reporter = silent
    artefacts: Artefacts = field(default_factory=Artefacts)
    timings: dict[str, float] = field(default_factory=dict[str, float])
    """Seconds by step, all waves together."""
    opened_at: float = 0.0
    """Clock when the wave in work was opened."""
    _tails: dict[str, deque[str]] = field(default_factory=dict[str, deque[str]])

    @contextmanager
    def step(self, name: str, wave: int | None = None) -> Generator[Step]:
        """Tell and time one step; a step that raises has not passed."""
        step = Step(name=name)
        self.emit(StepStarted(step=name, wave=wave))
        start = time.perf_counter()
        try:
            yield step
        except KeyboardInterrupt:
            step.detail = INTERRUPTED
            raise
        finally:
            self.finish_step(step, seconds=time.perf_counter() - start, wave=wave)

    def finish_step(self, step: Step, *, seconds: float, wave: int | None) -> None:
        self.timings[step.name] = self.timings.get(step.name, 0.0) + seconds
        self.emit(
            StepFinished(
                step=step.name, passed=step.passed, seconds=seconds, wave=wave, detail=step.detail
            )
        )

    def open_wave(self, wave: int) -> None:
        self.opened_at = time.perf_counter()
        self.ledger.open_wave(wave)
        self.emit(
            WaveStarted(
                wave=wave,
                waves=len(self.plan.waves),
                entities=tuple(self.kebab(name) for name in self.todo[wave]),
            )
        )

    def close_wave(self, wave: int, *, passed: bool) -> None:
        self.emit(
            WaveFinished(
                wave=wave,
                waves=len(self.plan.waves),
                passed=passed,
                seconds=time.perf_counter() - self.opened_at,
            )
        )

    def kebab(self, name: str) -> str:
        return self.plan.entities[name].kebab

    def output(self, step: str) -> Line:
        """Where the lines of a program go that runs in `step`."""
        tail = self._tails[step] = deque(maxlen=LAST_LINES)

        def line(text: str) -> None:
            tail.append(text)
            self.emit(Output(step=step, line=text))

        return line

    def tail(self, step: str) -> str:
        """The end of what ran in `step` has printed; a line may be as long as a program likes."""
        return "\n".join(self._tails.get(step, ()))[-LAST_CHARACTERS:]

    def team(self) -> "Crew":
        """Whom to ask; only for what the sequential cast never reaches."""
        if self.crew is None:
            raise LookupError("the sequential cast has nobody to ask")
        return self.crew

    @cached_property
    def snapshots(self) -> "Snapshots":
        from rockets_graph.crew.snapshot import Snapshots

        return Snapshots(self.files)

    def note_edits(self, paths: Iterable[str]) -> None:
        """The report lists what agents changed beside what was generated."""
        state = self.ledger.state
        state.edited = sorted({*state.edited, *paths})

    def tell_undone(self, what: str, paths: Sequence[str]) -> None:
        """A person may have changed one of them, too, while the run was stopped."""
        if paths:
            text = f"{what} is undone, a copy is in {UNDONE}: {', '.join(paths)}"
            self.emit(Note(text=text))

    def leave_open(self, what: str, error: RocketsError) -> None:
        """What only a model could do and did not: told, and kept for the report."""
        self.ledger.state.open.append(what)
        self.emit(Note(text=f"left open: {what} ({error.problems[0].message})"))
