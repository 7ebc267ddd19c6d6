"""What a gate found and what is asked of whom: the vocabulary of briefs and answers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rockets_agents.model import RoleName


class Said(BaseModel):
    """Part of a brief or of an answer; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Said):
    """One thing a gate found wrong."""

    severity: str
    rule: str
    """Id of the rule, or the compiler's code."""
    message: str
    file: str | None = None
    """Relative to the project root."""
    line: int | None = None
    """1-based."""
    fix: str = ""
    """The change that mends it, where somebody knows it."""


class FixRequest(Said):
    """What the Tester asks the Builder to change."""

    file: str = Field(description="The file to change, relative to the project root.")
    line: int | None = Field(description="1-based; null when it is about the whole file.")
    problem: str = Field(description="What is wrong there, in one or two sentences.")
    fix: str = Field(description="The change that mends it, ready to be carried out.")
    evidence: str = Field(description="The piece of the failing output that proves it, as it is.")


class Attempt(Said):
    """One earlier try and what came of it."""

    number: int
    summary: str
    files: tuple[str, ...]
    """What it changed."""
    outcome: Literal["better", "no better", "rolled back"]
    remaining: tuple[Finding, ...] = ()
    """What the gate said afterwards."""


class Note(Said):
    """What one teammate told another."""

    sender: RoleName
    receiver: RoleName
    text: str


class Brief(Said):
    """What a job is given; every kind of job adds its own."""

    messages: tuple[Note, ...] = ()
    """For this role, since it was last asked."""
