"""A trace as rows: the tree of what encloses what, or the timeline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from rockets_agents.model import RoleName
from rockets_graph.trace.describe import describe
from rockets_graph.trace.events import (
    AgentToolAnswered,
    AnyEvent,
    Failed,
    JobFinished,
    ModelAnswered,
    ModelFailed,
    NodeLeft,
    Progressed,
    ToolAnswered,
)
from rockets_graph.trace.reader import TraceFile
from rockets_tools.errors import InputError, Problem

Form = Literal["tree", "timeline"]

ENDINGS = (NodeLeft, JobFinished, ModelAnswered, AgentToolAnswered, ToolAnswered)
"""Told beside what they end, in a tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which events are looked at; empty means all."""

    roles: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()

    def refuse_unknown(self) -> None:
        """Raises `InputError` for a role or a kind that no trace has; misspelt it shows nothing."""
        for what, given, known in (
            ("role", self.roles, get_args(RoleName)),
            ("kind", self.kinds, [one.model_fields["kind"].default for one in get_args(AnyEvent)]),
        ):
            for name in given:
                if name not in known:
                    raise InputError(
                        Problem(
                            code="trace-filter",
                            message=f"There is no {what} {name!r} in a trace.",
                            fix=f"Use one of {', '.join(known)}.",
                        )
                    )

    def takes(self, event: AnyEvent, role: str | None) -> bool:
        return (
            (not self.roles or role in self.roles)
            and (not self.tasks or event.task in self.tasks)
            and (not self.kinds or event.kind in self.kinds)
            and (not self.waves or event.wave in self.waves)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    event: AnyEvent
    depth: int
    seconds: float
    """Since the run began."""
    took: float | None
    """Seconds; of what has an end."""
    text: str
    role: str | None


@dataclass
class _Ends:
    """What is known of the ends before the beginnings are shown."""

    took: dict[int, float] = field(default_factory=dict[int, float])
    said: dict[int, str] = field(default_factory=dict[int, str])


def rows(trace: TraceFile, wanted: Filter, form: Form) -> Iterator[Row]:
    """The trace is read twice for a tree, so that memory holds a few words per event."""
    ends = _ends(trace) if form == "tree" else _Ends()
    depths: dict[int, int] = {}
    roles: dict[int, str] = {}
    start = trace.header.time
    for event in trace.events():
        parent = event.parent or 0
        depths[event.seq] = depths.get(parent, -1) + 1
        role = getattr(event, "role", None) or roles.get(parent)
        if role is not None:
            roles[event.seq] = role
        if form == "tree" and (isinstance(event, ENDINGS) or _is_noise(event)):
            continue
        if not wanted.takes(event, role):
            continue
        text, end = describe(event), ends.said.get(event.seq)
        yield Row(
            event=event,
            depth=depths[event.seq] if form == "tree" else 0,
            seconds=event.time - start,
            took=event.duration if form == "timeline" else ends.took.get(event.seq),
            text=f"{text} ▸ {end}" if end else text,
            role=role,
        )


def _ends(trace: TraceFile) -> _Ends:
    ends = _Ends()
    for event in trace.events():
        if not isinstance(event, (*ENDINGS, Failed, ModelFailed)) or event.of is None:
            continue
        if event.duration is not None:
            ends.took[event.of] = event.duration
        match event:
            case NodeLeft():
                ends.said[event.of] = ", ".join(sorted({to.node for to in event.goto})) or "end"
            case JobFinished():
                ends.said[event.of] = "answered" if event.passed else event.detail
            case ModelAnswered():
                ends.said[event.of] = f"{event.usage.total} tokens"
            case AgentToolAnswered():
                ends.said[event.of] = "refused" if event.is_error else "done"
            case ToolAnswered():
                ends.said[event.of] = event.error or "answered"
            case Failed() | ModelFailed():
                ends.said[event.of] = event.error
    return ends


def _is_noise(event: AnyEvent) -> bool:
    """Lines of programs and beginnings of steps, which the tree shows as calls."""
    quiet = {"output", "step-started", "step-finished", "wave-finished"}
    return isinstance(event, Progressed) and event.shown.kind in quiet
