"""Recorded runs of a project: which there are, and how each went."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import JsonValue

from rockets_graph.trace.errors import TraceError, trace_error
from rockets_graph.trace.events import (
    Failed,
    Header,
    ModelAnswered,
    ModelFailed,
    RunEnded,
)
from rockets_graph.trace.reader import TraceFile, open_trace
from rockets_graph.trace.retention import is_run_id, run_folders
from rockets_graph.trace.writer import RUNS, TRACE_FILE
from rockets_tools.files import ProjectFiles

LAST = "last"
"""Names the run that was written to last."""


@dataclass(kw_only=True)
class RunSummary:
    """One run, all its attempts together."""

    run_id: str
    folder: str
    """Or the zip."""
    mode: str
    started: float
    """Unix seconds."""
    seconds: float = 0.0
    """Of all attempts, the time between them not counted."""
    attempts: int = 0
    events: int = 0
    entities: int = 0
    outcome: str = "unfinished"
    """`completed`, `failed`, `interrupted`; `unfinished`: killed, or it still runs."""
    tokens: int = 0
    cost: Decimal | None = Decimal(0)
    """US dollars; None when the price of a call is not known."""
    roles: dict[str, int] = field(default_factory=dict[str, int])
    """Tokens by role."""
    problem: str | None = None
    """Why the trace could not be read to its end."""

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "run": self.run_id,
            "folder": self.folder,
            "mode": self.mode,
            "started": self.started,
            "seconds": round(self.seconds, 3),
            "attempts": self.attempts,
            "events": self.events,
            "entities": self.entities,
            "outcome": self.outcome,
            "tokens": self.tokens,
            "cost": None if self.cost is None else float(self.cost),
            "roles": {**self.roles},
            "problem": self.problem,
        }


def summary(trace: TraceFile) -> RunSummary:
    """Read the whole trace once."""
    header = trace.header
    run = RunSummary(
        run_id=header.run_id,
        folder=str(trace.source.parent if trace.source == trace.path else trace.source),
        mode=header.mode,
        started=header.time,
        entities=sum(map(len, header.waves)),
    )
    begun, before = header.time, 0.0
    for event in trace.events():
        run.events += 1
        match event:
            case Header():
                run.attempts += 1
                begun, before = event.time, run.seconds
                run.outcome = "unfinished"
            case RunEnded():
                run.outcome = event.outcome
            case Failed(node=None):
                run.outcome = "failed"
            case ModelAnswered():
                _spend(run, event.role, event.usage.total + event.lost.total, event.cost)
            case ModelFailed():
                _spend(run, event.role, event.lost.total, event.cost)
            case _:
                pass
        run.seconds = before + max(event.time - begun, 0.0)
    run.problem = trace.problem
    return run


def _spend(run: RunSummary, role: str, tokens: int, cost: str | None) -> None:
    run.tokens += tokens
    run.roles[role] = run.roles.get(role, 0) + tokens
    known = _decimal(cost)
    if tokens:
        run.cost = None if known is None or run.cost is None else run.cost + known


def _decimal(text: str | None) -> Decimal | None:
    """An amount of a trace is text of anybody's."""
    if text is None or len(text) > 40 or not text.replace(".", "", 1).isdecimal():
        return None
    return Decimal(text)


def summaries(files: ProjectFiles) -> Iterator[RunSummary | TraceError]:
    """Every recorded run of a project, the oldest first; the error of one that cannot be read."""
    for folder in run_folders(files):
        if not (folder / TRACE_FILE).exists():
            continue  # a team's messages, of a version that recorded nothing
        try:
            with open_trace(folder) as trace:
                yield summary(trace)
        except TraceError as error:
            yield error


def find_trace(argument: str, project: Path) -> Path:
    """The trace that is meant: a path, a run id of the project or a part of one, or `last`.

    Raises `TraceError` when there is none or more than one.
    """
    path = Path(argument)
    if path.is_file() or (path / TRACE_FILE).is_file():
        return path
    folders = [f for f in run_folders(ProjectFiles(project)) if (f / TRACE_FILE).is_file()]
    if argument == LAST and folders:
        return folders[-1]
    exact = [folder for folder in folders if folder.name == argument]
    # The end of an id is random, its beginning the time.
    part = [f for f in folders if f.name.startswith(argument) or f.name.endswith(argument)]
    found = exact or (part if is_run_id(argument) else [])
    if len(found) == 1:
        return found[0]
    if not folders and argument == LAST:
        raise trace_error(
            "trace-unknown",
            f"No run is recorded in {project}.",
            fix="Name the project with --project DIR, or a trace by its file.",
        )
    what = "several runs" if found else "no recorded run and no file"
    raise trace_error(
        "trace-unknown",
        f"{argument!r} names {what} ({RUNS} of {project} has {len(folders)}).",
        fix="`rockets trace list --project DIR` shows the runs of a project.",
    )
