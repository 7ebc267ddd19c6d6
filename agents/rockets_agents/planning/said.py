"""What the planning jobs are given and what they answer."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from rockets_agents.findings import Brief, Said

MOST_QUESTIONS = 12
"""Of one answer: a person has to answer them."""
Sentence = Annotated[str, Field(min_length=1, max_length=1000)]
Address = Annotated[str, Field(min_length=1, max_length=250)]
Plan = dict[str, JsonValue]
"""A plan as JSON, or a part of one; in here with `x-source` on everything that is read."""


class Passage(Said):
    """Lines of the document, each after its number and a tab."""

    name: str
    first: int
    last: int
    """1-based, both inclusive."""
    numbered: str


class PlanBrief(Brief):
    document: Passage
    plan_schema: Plan
    """`rockets_tools.plan.plan_schema()`."""
    part: int = 1
    parts: int = 1
    outline: tuple[str, ...] = ()
    """Headings of the whole document, where it is read in parts."""
    known: tuple[str, ...] = ()
    """One line for each entity and module of `so_far`."""
    so_far: Plan = Field(default_factory=dict[str, JsonValue])
    """What is planned already: by earlier parts, or in force in the project."""


class Answered(Said):
    """A question and what the person says to it."""

    question: str
    answer: str


class ReviseBrief(Brief):
    passages: tuple[Passage, ...]
    """The document, or of a long one what the questions and the draft's parts are about."""
    lines: int
    """Of the document."""
    plan_schema: Plan
    draft: Plan
    answered: tuple[Answered, ...] = ()
    remarks: tuple[str, ...] = ()


class Decided(Said):
    """Something the document leaves open, and how the plan has it."""

    about: Address = Field(description="Part of the plan, by name.")
    text: Sentence


class Asked(Said):
    """Something a person has to decide."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")
    about: tuple[Address, ...] = Field(min_length=1, max_length=20)
    text: Sentence
    options: tuple[Sentence, ...] = Field(max_length=6)
    assumption: Sentence = Field(description="How the plan has it; one of the options if any.")


class Noticed(Said):
    """Something in the document that is no description of an application."""

    lines: str = Field(max_length=100)
    text: Sentence


class PlanDraft(Said):
    """What one reading of the document, or of a part of it, comes to."""

    plan: Plan
    refusal: Sentence | None = None
    """Why there is nothing to plan."""
    removed: tuple[Address, ...] = Field(default=(), max_length=500)
    """Parts of what was planned before that are to go."""
    assumptions: tuple[Decided, ...] = Field(default=(), max_length=200)
    questions: tuple[Asked, ...] = Field(default=(), max_length=MOST_QUESTIONS)
    noticed: tuple[Noticed, ...] = Field(default=(), max_length=50)


class Variants(Said):
    """One part of the plan that two parts of the document describe differently."""

    number: int
    about: str
    first: JsonValue
    second: JsonValue


class SettleBrief(Brief):
    document: str
    """Its name."""
    passages: tuple[Passage, ...]
    clashes: tuple[Variants, ...]
    plan: Plan = Field(default_factory=dict[str, JsonValue])
    """Has the first variant of each."""


class Choice(Said):
    number: int
    take: Literal["first", "second"]
    why: Sentence


class Settlement(Said):
    """Which variant holds."""

    choices: tuple[Choice, ...]
