"""What a person watching a run is told; the command line turns these into lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rockets_tools.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveStarted:
    wave: int
    """0-based."""
    waves: int
    entities: tuple[str, ...]
    """kebab-case; the ones this run works on."""
    kind: Literal["wave-started"] = "wave-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveFinished:
    wave: int
    waves: int
    passed: bool
    seconds: float
    kind: Literal["wave-finished"] = "wave-finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    step: str
    """`generate`, `integrate`, `validate`, `bootstrap`, `migrate`, `build`, `smoke`, `test`."""
    wave: int | None = None
    kind: Literal["step-started"] = "step-started"


INTERRUPTED = "interrupted"
"""`StepFinished.detail` of a step that Ctrl-C ended: it has not failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    step: str
    passed: bool
    seconds: float
    wave: int | None = None
    detail: str = ""
    """One phrase, e.g. `24 files`; may be empty."""
    kind: Literal["step-finished"] = "step-finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line worth knowing: which mode and why, what a resume keeps, what was discarded."""

    text: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    problem: Problem
    kind: Literal["warned"] = "warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One line that npm, tsc or the app under test printed."""

    step: str
    line: str
    kind: Literal["output"] = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted:
    """A teammate begins to work."""

    role: str
    job: str
    """`review`, `fix`, `write_module`, `diagnose`, `repair`, `breakdown`, `escalate`."""
    task: str
    model: str
    kind: Literal["job-started"] = "job-started"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgressed:
    """One turn of the model, or one call of a tool."""

    role: str
    task: str
    what: str
    """`read_file src/app.module.ts`, `edit_file … refused`, `turn 3`."""
    tokens: int
    """Of the job so far."""
    cost: float | None
    """US dollars of the job so far; None when the price is not known."""
    kind: Literal["job-progressed"] = "job-progressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    role: str
    job: str
    task: str
    passed: bool
    """It came to an answer."""
    detail: str
    turns: int
    tokens: int
    cost: float | None
    seconds: float
    kind: Literal["job-finished"] = "job-finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """Who told whom what: findings, answers, failures, and what `send_message` said."""

    sender: str
    receiver: str
    about: str
    """`note`, `finding`, `answer`, `failure`, `fix-request`, `escalation`, `module`."""
    task: str
    text: str
    kind: Literal["message-sent"] = "message-sent"


Event: TypeAlias = (
    WaveStarted
    | WaveFinished
    | StepStarted
    | StepFinished
    | Note
    | Warned
    | Output
    | JobStarted
    | JobProgressed
    | JobFinished
    | MessageSent
)

Reporter: TypeAlias = Callable[[Event], None]
"""Takes events as they happen, from any thread; must not raise."""


def silent(_: Event) -> None:
    """The reporter for nobody."""
