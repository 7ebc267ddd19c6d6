"""A plan as the Lead drafted it, with everything a person needs to approve it."""

from dataclasses import dataclass, replace

from rockets_agents.model import Usage
from rockets_agents.model.budget import BudgetState
from rockets_agents.planning.merging import Object
from rockets_agents.planning.sources import Provenance
from rockets_tools.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something the document leaves open, and how the plan has it."""

    pointer: str
    """Into the plan."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a person has to decide; until then the plan has it as assumed."""

    id: str
    pointers: tuple[str, ...]
    """Into the plan."""
    text: str
    options: tuple[str, ...]
    """None: any text answers it."""
    assumption: str
    """One of the options, where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What became of a prose document; the first four as in `Imported`."""

    plan: Object
    """The raw plan, which `read_plan` takes; empty when there is a blocker."""
    provenance: Provenance
    """JSON pointer into the plan (entities, fields, relations, grants, modules) to lines."""
    notices: tuple[Problem, ...]
    blockers: tuple[Problem, ...] = ()
    """Why there is no plan."""
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    budget: BudgetState
    """What is spent so far, for the run that follows."""
    usage: Usage
    """Of this planning."""


def assume(draft: Drafted) -> Drafted:
    """Nobody answers: what was assumed holds, and is listed as such."""
    taken = tuple(
        Assumption(pointer=question.pointers[0], text=f"{question.text} {question.assumption}")
        for question in draft.questions
    )
    return replace(draft, questions=(), assumptions=(*draft.assumptions, *taken))
