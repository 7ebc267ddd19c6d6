"""A run is recorded: the one place where it is decided what."""

import os
import platform
import sys
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from rockets_graph.events import Reporter, Warned
from rockets_graph.given import Given
from rockets_graph.report import Report
from rockets_graph.toolbox import Toolbox
from rockets_graph.trace.events import Failed, Header, Outcome, RunEnded
from rockets_graph.trace.project import ProjectWatch
from rockets_graph.trace.recorded_events import RecordedReporter
from rockets_graph.trace.recorded_nodes import problems_of
from rockets_graph.trace.recorded_tools import RecordedTools, answered_methods
from rockets_graph.trace.redact import Secrets
from rockets_graph.trace.retention import KEPT, forget_old_runs
from rockets_graph.trace.scope import Scope, inside
from rockets_graph.trace.writer import Sink, Trace
from rockets_tools.errors import MachineError, Problem

if TYPE_CHECKING:
    from pydantic import JsonValue

    from rockets_agents.model import Model
    from rockets_agents.work import Watcher

OUTCOMES: "Mapping[str, Outcome]" = {"completed": "completed", "interrupted": "interrupted"}
"""By the report's status; any other is a failure."""


@dataclass(kw_only=True)
class Recording:
    """What a recorded run works with in place of its own."""

    trace: Trace
    tools: Toolbox
    emit: Reporter
    header: int
    """Seq of this attempt's header."""
    project: ProjectWatch
    started: float = field(default_factory=time.perf_counter)
    report: Report | None = field(default=None)
    """To be set when the run has ended; without it the trace says that it did not."""

    def wrap(self, model: "Model") -> "Model":
        """The model, recorded; goes inside of the budget."""
        from rockets_graph.trace.recorded_model import RecordedModel

        return RecordedModel(model, self.trace)

    def watch(self) -> "Watcher":
        """What a crew tells of its jobs."""
        from rockets_graph.trace.recorded_agent import RecordedWork

        return RecordedWork(self.trace)


@contextmanager
def recorded(
    given: Given,
    tools: Toolbox,
    emit: Reporter,
    *,
    run_id: str,
    todo: Sequence[Sequence[str]],
    models: Mapping[str, str] | None = None,
    taken_over: "Mapping[str, JsonValue] | None" = None,
    sinks: Iterable[Sink] = (),
    keep_runs: int = KEPT,
    environment: Mapping[str, str] | None = None,
) -> Generator[Recording]:
    """Record what is done inside of the block, in this thread and those it starts.

    To be opened when nothing is left that could refuse the run (exit 2 writes nothing) and before
    its first write. A disk that refuses the trace ends the recording with a warning, not the run.
    """
    secrets = Secrets(os.environ if environment is None else environment)
    forget_old_runs(given.files, keep=keep_runs, current=run_id)
    trace = Trace(given.files, run_id, secrets=secrets, sinks=sinks)
    project = ProjectWatch(files=given.files, trace=trace, run_id=run_id)
    try:
        tree, tree_hash = project.tree(state=True)
        files, plan, options = trace.body(tree), trace.text(given.plan_text), _options(given, tools)
        header = trace.write(
            lambda at: Header(
                **at,
                run_id=run_id,
                attempt=trace.attempt,
                versions=_versions(tools),
                project=given.project,
                mode=given.mode,
                plan_hash=given.plan.hash,
                plan=plan,
                waves=given.plan.waves,
                todo=tuple(tuple(wave) for wave in todo),
                models=dict(models or {}),
                options=options,
                spent=dict(given.spent),
                taken_over=None if taken_over is None else dict(taken_over),
                tree=tree_hash,
                files=files,
            )
        )
        clean = secrets.cover(given.plan_text.encode()) == given.plan_text.encode()
        answered = answered_methods(scripts=given.options.scripts is not None)
        recording = Recording(
            trace=trace,
            tools=RecordedTools(tools, trace, project, answered=answered, clean=clean),
            emit=RecordedReporter(emit, trace),
            header=header,
            project=project,
        )
        with inside(Scope(trace=trace)):
            try:
                yield recording
            except BaseException as error:
                name, problems = type(error).__name__, problems_of(error)
                trace.write(lambda at: Failed(**at, of=header, error=name, problems=problems))
                raise
            if recording.report is not None:
                _end(recording, recording.report)
    finally:
        trace.close()
        if trace.trouble is not None:
            emit(Warned(problem=_not_recorded(trace.trouble)))


def _versions(tools: Toolbox) -> dict[str, str]:
    return {
        "rockets-team": version("rockets-team"),
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "generator": tools.generator,
    }


def _options(given: Given, tools: Toolbox) -> "dict[str, JsonValue]":
    """As JSON; a password in an address is covered when the event is written.

    With what settings and machine decide in the options' place: a replay is on another machine.
    """
    from pydantic_core import to_jsonable_python

    options: dict[str, JsonValue] = to_jsonable_python(given.options, fallback=str)
    options.pop("otel")  # where spans go is no part of what is done, and may hold a token
    options["workers"] = given.options.workers or tools.workers
    if given.staff is not None:
        limits = given.staff.settings
        options["max_tokens"] = limits.max_tokens
        options["max_cost"] = None if limits.max_cost is None else str(limits.max_cost)
    return options


def _end(recording: Recording, report: Report) -> None:
    trace = recording.trace
    try:
        tree, tree_hash = recording.project.tree(state=False)
    except MachineError as error:
        trace.trouble = trace.trouble or error.problems[0].message
        return
    files, said = trace.body(tree), trace.body(report.as_json())
    outcome = OUTCOMES.get(report.status, "failed")
    trace.write(
        lambda at: RunEnded(
            **at,
            duration=time.perf_counter() - recording.started,
            of=recording.header,
            outcome=outcome,
            report=said,
            tree=tree_hash,
            files=files,
        )
    )


def _not_recorded(trouble: str) -> Problem:
    return Problem(
        code="trace-incomplete",
        message=trouble,
        fix="Check the disk; the run itself is not affected.",
    )
