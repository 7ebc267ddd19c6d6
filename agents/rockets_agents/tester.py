"""The Tester turns a red gate into fix requests that can be carried out."""

from collections.abc import Iterator

from pydantic import Field

from rockets_agents.findings import Attempt, Brief, Finding, FixRequest, Said
from rockets_agents.lead import ModuleSpec
from rockets_agents.role import Job, Role, reading_and
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

TESTER = Role(
    name="tester",
    model="sonnet",
    tools=reading_and("build", "send_message", "smoke", "task_update", "validate"),
    speaks_to=frozenset({"builder", "lead"}),
)


class DiagnosisBrief(Brief):
    gate: str
    failures: tuple[Finding, ...]
    output: str = ""
    """The end of what the failing program printed."""
    modules: tuple[ModuleSpec, ...] = ()
    """What the plan says of the modules whose tests failed."""
    tried: tuple[Attempt, ...] = ()


class Diagnosis(Said):
    """What is wrong, and what to change."""

    fixable: bool = Field(description="False when no change of the sources can mend it.")
    cause: str = Field(description="One or two sentences.")
    requests: tuple[FixRequest, ...] = Field(description="In the order to carry them out.")


def check_diagnosis(answer: Diagnosis, _: DiagnosisBrief, files: ProjectFiles) -> Iterator[str]:
    """Every request is about a file that exists; one that is fixable has a request."""
    if answer.fixable and not answer.requests:
        yield "It is fixable, so there must be at least one request."
    for request in answer.requests:
        if not _exists(files, request.file):
            yield f"There is no file {request.file}: name the existing file to change."


def _exists(files: ProjectFiles, path: str) -> bool:
    try:
        return files.read_bytes(path) is not None
    except InputError:
        return False


DIAGNOSE = Job(
    role=TESTER,
    name="diagnose",
    brief=DiagnosisBrief,
    answer=Diagnosis,
    check=check_diagnosis,
    tools=reading_and("build", "send_message", "smoke", "task_update", "validate"),
    max_turns=25,
    thinking=True,
)
