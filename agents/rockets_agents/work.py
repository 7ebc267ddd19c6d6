"""What a job did, told as it happens and kept for whoever goes on from there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from rockets_agents.model import Message, ModelRequest, ModelResponse, Usage
from rockets_agents.toolset.toolset import ToolRecord

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One turn of the model."""

    turn: int
    """From 1."""
    request: ModelRequest
    response: ModelResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One tool call of a turn."""

    turn: int
    record: ToolRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An answer that did not hold; the model is told and answers again."""

    turn: int
    feedback: str


Happened: TypeAlias = Asked | Called | Rejected
Watcher: TypeAlias = Callable[[Happened], None]
"""Takes what happens at once, in order; must not raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job as far as it came."""

    turns: int
    usage: Usage
    """Of all its calls, broken attempts included."""
    calls: tuple[ToolRecord, ...]
    messages: tuple[Message, ...]
    rejected: tuple[str, ...]
    """Why answers were sent back."""

    @property
    def changed_files(self) -> tuple[str, ...]:
        """Sorted; of the file tools only, what a step wrote is in its report."""
        found = {t.path for call in self.calls for t in call.touched if t.changed}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[AnswerT_co]):
    """A job that came to its answer."""

    answer: AnswerT_co
    work: Work
