"""Events of a run as a client reads them."""

import json
from dataclasses import asdict

import pytest

from rockets_graph.events import (
    Event,
    Output,
    StepFinished,
    StepStarted,
    Warned,
    WaveFinished,
    WaveStarted,
)
from rockets_graph.mcp.sentences import sentence
from rockets_tools.errors import Problem

MANY = tuple(f"entity-{number}" for number in range(8))
PROBLEM = Problem(code="x", message="Look\u202e here.", fix="Do.")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (WaveStarted(wave=0, waves=2, entities=("tag",)), "wave 1/2: tag"),
        (
            WaveStarted(wave=0, waves=1, entities=MANY),
            f"wave 1/1: {', '.join(MANY[:6])} and 2 more",
        ),
        (WaveFinished(wave=1, waves=2, passed=False, seconds=1.0), "wave 2/2: FAILED"),
        (StepStarted(step="build"), "build …"),
        (StepStarted(step="generate", wave=0), None),
        (StepFinished(step="build", passed=True, seconds=1.0, detail="ok"), "build: passed ok"),
        (StepFinished(step="generate", passed=True, seconds=1.0, wave=0), None),
        (StepFinished(step="validate", passed=False, seconds=1.0, wave=0), "validate: FAILED"),
        (Output(step="build", line="noise"), None),
        (Warned(problem=PROBLEM), "Look\\u202e here."),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_an_event_is_a_sentence(event: Event, said: str | None) -> None:
    line = json.dumps({"time": 1.5, **asdict(event)}, default=str)
    assert sentence(line) == said


def test_what_is_no_event_is_told_as_it_is() -> None:
    assert sentence("interrupted.") == "interrupted."
    assert sentence("") is None
    assert sentence('{"kind": "unknown"}') == '{"kind": "unknown"}'
