"""The Builder makes a project that does not compile or pass whole again."""

from pydantic import Field

from rockets_agents.findings import Attempt, Brief, Finding, FixRequest, Said
from rockets_agents.lead import ModuleSpec
from rockets_agents.role import Job, Role, reading_and

BUILDER = Role(
    name="builder",
    model="sonnet",
    tools=reading_and("build", "edit_file", "migrate", "send_message", "validate", "write_file"),
    speaks_to=frozenset({"tester", "lead"}),
    writes=("src/", "test/"),
    mends_wiring=True,
    keeps_expectations=True,
)


class RepairBrief(Brief):
    attempt: int
    attempts: int
    gate: str
    failures: tuple[Finding, ...]
    output: str = ""
    """The end of what the failing program printed."""
    requests: tuple[FixRequest, ...]
    modules: tuple[ModuleSpec, ...] = ()
    """What the plan says of the modules whose tests failed."""
    tried: tuple[Attempt, ...] = ()


class FileChange(Said):
    file: str
    what: str
    why: str


class Repair(Said):
    """What was changed; the gate, not this text, says whether it helped."""

    changes: tuple[FileChange, ...]
    summary: str = Field(description="One or two sentences for the next try and the report.")
    unsolved: tuple[str, ...] = Field(description="What is left and why; empty when all is green.")


REPAIR = Job(
    role=BUILDER,
    name="repair",
    brief=RepairBrief,
    answer=Repair,
    tools=reading_and("build", "edit_file", "migrate", "send_message", "validate", "write_file"),
    max_turns=60,
    max_tokens=32_000,
    thinking=True,
)
