"""The Lead cuts the work, decides when the team is stuck, and reports.

What it reads a document for is in `planning`.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from rockets_agents.findings import Brief, Finding, Said
from rockets_agents.role import Job, Role, reading_and
from rockets_tools.files import ProjectFiles

LEAD = Role(
    name="lead",
    model="opus",
    tools=reading_and("send_message", "task_update"),
    speaks_to=frozenset({"generator", "reviewer", "tester", "builder"}),
)


class UsableEntity(Said):
    """An entity as a module with behaviour sees it."""

    name: str
    folder: str
    """Of its module."""
    model_service: str
    fields: tuple[str, ...]


class ModuleSpec(Said):
    """An item of the plan's `nonCrud`."""

    name: str
    type: str | None = None
    description: str | None = None
    pattern: str | None = None


class BreakdownBrief(Brief):
    entities: tuple[UsableEntity, ...]
    modules: tuple[ModuleSpec, ...]


ModuleKind = Literal["state-machine", "workflow", "report", "notification", "other"]


class Handler(Said):
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    roles: tuple[str, ...] = Field(description="Who may call it; `admin` when nobody is named.")
    does: str


class ModuleTask(Said):
    module: str = Field(description="Name of the module, as in the plan.")
    kind: ModuleKind
    blocked_by: tuple[str, ...] = Field(description="Modules that have to exist before this one.")
    uses: tuple[str, ...] = Field(description="Entities whose model services it injects.")
    handlers: tuple[Handler, ...]
    instructions: str = Field(description="Behaviour, errors and order of effects, to be written.")
    test_cases: tuple[str, ...] = Field(description="What its test proves, one sentence each.")


class Breakdown(Said):
    """One task per module with behaviour."""

    tasks: tuple[ModuleTask, ...]


def check_breakdown(answer: Breakdown, brief: BreakdownBrief, _: ProjectFiles) -> Iterator[str]:
    """Every module once, no unknown name, and an order in which they can be written."""
    wanted = [module.name for module in brief.modules]
    given = [task.module for task in answer.tasks]
    if sorted(wanted) != sorted(given):
        yield f"There must be exactly one task for each of {', '.join(wanted)}."
    known = {entity.name for entity in brief.entities}
    for task in answer.tasks:
        for name in sorted(set(task.uses) - known):
            yield f"Task {task.module} uses {name}, which is no entity of the plan."
    waiting = {task.module: set(task.blocked_by) for task in answer.tasks}
    while ready := [name for name, before in waiting.items() if not before & waiting.keys()]:
        for name in ready:
            del waiting[name]
    if waiting:
        yield f"These tasks wait for each other: {', '.join(sorted(waiting))}."
    for task in answer.tasks:
        for name in sorted(set(task.blocked_by) - set(given)):
            yield f"Task {task.module} is blocked by {name}, which is no task."


class EscalationBrief(Brief):
    gate: str
    tries: int
    findings: tuple[Finding, ...]
    history: tuple[str, ...]
    """One line per round or try: who changed what, and what the gate said."""


class Escalation(Said):
    """What the Lead makes of a gate that stays red."""

    decision: Literal["stop", "change_plan"]
    cause: str = Field(description="One sentence.")
    evidence: str
    steps: tuple[str, ...] = Field(description="What to do, in order.")


BREAKDOWN = Job(
    role=LEAD,
    name="breakdown",
    brief=BreakdownBrief,
    answer=Breakdown,
    check=check_breakdown,
    tools=reading_and("send_message"),
    max_turns=12,
    many_turns=False,
)
ESCALATE = Job(
    role=LEAD,
    name="escalate",
    brief=EscalationBrief,
    answer=Escalation,
    tools=reading_and("send_message", "task_update"),
    max_turns=15,
    thinking=True,
)
