"""What a client is told while a run goes on: the run's events as sentences."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from rockets_graph.cli.output import printable
from rockets_graph.events import (
    Event,
    JobFinished,
    JobStarted,
    Note,
    StepFinished,
    StepStarted,
    Warned,
    WaveFinished,
    WaveStarted,
)

EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
SHOWN = 6
"""Entities of a wave that are named."""


def sentence(line: str) -> str | None:
    """One line of the stderr of `rockets orchestrate --json`; None for what is not worth a word.

    Foreign names in it are escaped.
    """
    try:
        said = _said(EVENT.validate_json(line))
    except ValidationError:
        said = line  # a sentence of an error or an interruption
    return printable(said).strip() if said else None


def _said(event: Event) -> str | None:
    said = None
    match event:
        case WaveStarted():
            more = len(event.entities) - SHOWN
            names = ", ".join(event.entities[:SHOWN]) + (f" and {more} more" if more > 0 else "")
            said = f"wave {event.wave + 1}/{event.waves}: {names}"
        case WaveFinished():
            said = f"wave {event.wave + 1}/{event.waves}: {_word(passed=event.passed)}"
        case StepStarted(wave=None):
            said = f"{event.step} …"
        case StepFinished() if event.wave is None or not event.passed:
            said = f"{event.step}: {_word(passed=event.passed)} {event.detail}"
        case JobStarted():
            said = f"{event.role}: {event.job} {event.task}"
        case JobFinished():
            said = f"{event.role}: {event.job} {event.task} {_word(passed=event.passed)}"
        case Note():
            said = event.text
        case Warned():
            said = event.problem.message
        case _:
            pass
    return said


def _word(*, passed: bool) -> str:
    return "passed" if passed else "FAILED"
