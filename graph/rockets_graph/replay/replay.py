"""A recorded attempt, done again in a folder of its own, from the trace alone."""

import contextlib
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_graph.conduct import Seams, conduct
from rockets_graph.events import Event, Reporter, Warned, silent
from rockets_graph.given import Given
from rockets_graph.orchestrate import MakeTools, real_tools
from rockets_graph.replay.again import RecordedDefectError
from rockets_graph.replay.checkpoints import ReplayCheckpoints
from rockets_graph.replay.compare import Comparison, HaltedError, Pause, Why
from rockets_graph.replay.divergence import Divergence, divergence_of, missing
from rockets_graph.replay.ends import ends_differ
from rockets_graph.replay.inputs import given_again, in_folder
from rockets_graph.replay.scratch import require_possible, scratch_folder, write_project
from rockets_graph.replay.tape import Tape
from rockets_graph.replay.tools import ReplayTools
from rockets_graph.report import Report
from rockets_graph.trace.reader import TraceFile, open_trace
from rockets_graph.trace.writer import RUNS, TRACE_FILE
from rockets_tools.errors import MachineError, Problem
from rockets_tools.tree import tree_hash

if TYPE_CHECKING:
    from rockets_agents.settings import TeamSettings
    from rockets_graph.crew.open import Connect, OnWait
    from rockets_graph.replay.fork import Fork
    from rockets_graph.replay.model import ReplayModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What came of it."""

    same: bool
    """Everything that was recorded, as far as the replay went, happened again."""
    dir: Path | None
    """The copy of the project, as the replay left it, with the replay's own trace; None: it was a
    temporary one with nothing to see, so it is gone."""
    tree: str
    """`rockets_tools.tree.tree_hash` of it."""
    divergence: Divergence | None
    run_id: str
    events: int
    """Recorded events that were compared and came again."""
    last: int
    """Seq of the last one of them."""
    stopped: Why | None = None
    """Why it went no further than that; None: to the end of the run."""
    forked: bool = False
    """From `last` on it went its own way."""
    left_out: tuple[str, ...] = ()
    """Of the project in the trace: what was not written into the copy."""
    problem: str | None = None
    """Why the trace was not read to its end."""
    report: Report | None = field(default=None)
    """Of the run, where it came to its end."""

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "same": self.same,
            "dir": None if self.dir is None else str(self.dir),
            "tree": self.tree,
            "divergence": None if self.divergence is None else self.divergence.as_json(),
            "runId": self.run_id,
            "events": self.events,
            "last": self.last,
            "stopped": self.stopped,
            "leftOut": list(self.left_out),
            "problem": self.problem,
            **({"report": self.report.as_json()} if self.forked and self.report else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How far to go, and what to do for real."""

    into: Path | None = None
    """An empty or new folder; by default a temporary one, which stays when there is something to
    see in it: the replay diverged, stopped or went its own way."""
    attempt: int | None = None
    """Of a run that was resumed; by default the last one."""
    until: int | None = None
    """Seq of the recorded event after which to stop."""
    pause: Pause | None = None
    live_tools: bool = False
    """Do for real what needs Node and a database."""
    fork: "Fork | None" = None


def replay(
    path: Path,
    wish: Wish | None = None,
    *,
    emit: Reporter = silent,
    make_tools: MakeTools = real_tools,
) -> ReplayResult:
    """Do it again, and compare as it goes; see `ReplayResult`.

    Raises `TraceError` (exit 2) for a trace that is none or hurts, before anything is written,
    and MachineError when the disk refuses the copy.
    """
    wish = wish or Wish()
    with open_trace(path) as trace:
        tape = Tape(trace, wish.attempt)
        given = given_again(tape)
        if wish.fork is not None:
            wish.fork.require_possible(tape)
        if wish.until is not None:
            tape.require_event(wish.until)
        require_possible(tape)
        with scratch_folder(wish.into, live=wish.fork is not None) as root:
            files, left_out = write_project(tape, root)
            again = _Replay(tape, in_folder(given, files), tuple(left_out), wish, emit)
            result = again.run(make_tools)
        plain = result.same and result.stopped is None and not result.forked
        if wish.into is None and plain:
            shutil.rmtree(root, ignore_errors=True)
            return replace(result, dir=None)
        return result


class _Replay:
    def __init__(
        self,
        tape: Tape,
        given: Given,
        left_out: tuple[str, ...],
        wish: Wish,
        emit: Reporter,
    ) -> None:
        self._tape, self._given, self._files = tape, given, given.files
        self._left_out = left_out
        self._wish, self._emit = wish, emit
        self._lost: str | None = None
        fork = wish.fork
        self._comparison = Comparison(
            tape, until=wish.until, fork_at=fork.place(tape) if fork else None, pause=wish.pause
        )

    def run(self, make_tools: MakeTools) -> ReplayResult:
        comparison = self._comparison
        report: Report | None = None
        with contextlib.suppress(HaltedError, RecordedDefectError):
            report = self._conduct(make_tools)
        if report is not None and report.status == "interrupted":
            raise KeyboardInterrupt
        if self._lost is not None:
            raise MachineError(
                Problem(code="disk", message=self._lost, fix="Free some space, or say --into DIR.")
            )
        divergence = self._divergence()
        return ReplayResult(
            same=divergence is None,
            dir=self._files.root,
            tree=tree_hash(self._files),
            divergence=divergence,
            run_id=self._tape.header.run_id,
            events=len(comparison.matched),
            last=comparison.last,
            stopped="diverged" if divergence else comparison.halted,
            forked=comparison.forked,
            left_out=self._left_out,
            problem=self._tape.problem,
            report=report,
        )

    def _conduct(self, make_tools: MakeTools) -> Report:
        tape, comparison = self._tape, self._comparison
        given = self._given
        # No program that a trace names is ever looked at.
        ours = make_tools(self._files, replace(given.options, scripts=None))
        tools = ReplayTools(
            ours,
            self._files,
            tape,
            comparison,
            scripts=given.options.scripts is not None,
            live=self._wish.live_tools,
        )
        fork = self._wish.fork
        seams = Seams(
            run_id=tape.header.run_id,
            sinks=(comparison,),
            connect=fork.connect(tape, comparison) if fork else recorded_model(tape, comparison),
            environment=None if fork else {},
        )
        if fork is not None:
            given = fork.changed(given, comparison)
        checkpoints = ReplayCheckpoints(tape.header.taken_over)
        edits = fork.edits(comparison) if fork else contextlib.nullcontext()
        with contextlib.closing(tools), edits:
            return conduct(given, tools, checkpoints, self._said, seams)

    def _said(self, event: Event) -> None:
        if isinstance(event, Warned) and event.problem.code == "trace-incomplete":
            self._lost = event.problem.message
        self._emit(event)

    def _divergence(self) -> Divergence | None:
        tape, comparison = self._tape, self._comparison
        on_purpose = comparison.forked or comparison.halted in {"until", "quit"}
        if comparison.mismatch is None and on_purpose:
            return None
        found = comparison.mismatch
        trace = self._files.root / RUNS / tape.header.run_id / TRACE_FILE
        missed = comparison.missed()
        if found is None and missed is not None:
            return missing(tape, missed)
        if not trace.exists():
            return None
        own = TraceFile(trace)
        if found is not None:
            return divergence_of(tape, own, found)
        return None if comparison.halted else ends_differ(tape, own, self._left_out)


def recorded_model(tape: Tape, comparison: Comparison) -> "Connect":
    """Answers from the trace; no key, no network."""

    def connect(_settings: "TeamSettings", _on_wait: "OnWait") -> "ReplayModel":
        from rockets_graph.replay.model import ReplayModel
        from rockets_graph.trace.redact import Secrets

        return ReplayModel(tape, comparison, Secrets({}))

    return connect
