"""`.rockets/state.json`: what is done and proven, the truth of `--resume` in both modes.

The keys of the original orchestrator keep their names and meaning (`startedAt`, `waves`,
`completedEntities`, `failedEntities`, `currentWave`; entity names in kebab-case); the others are
ours. An entity is completed only when the gate of its wave was green.
"""

import threading
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from rockets_graph.state import Finding, Mode
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

STATE_FILE = ".rockets/state.json"
PLAN_FILE = ".rockets/plan.json"
FORMAT = 1
"""Of the file; a higher number was written by a newer version of us."""

WaveStatus = Literal["pending", "in_progress", "completed", "failed"]
GateStatus = Literal["pending", "green", "red", "skipped"]
RunStatus = Literal["running", "completed", "failed", "interrupted"]
Name = Annotated[str, Field(max_length=300)]


class Record(BaseModel):
    """Base of what the file holds: camelCase keys, strict types, unknown keys kept out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, strict=True)


class WaveRecord(Record):
    index: int
    entities: list[Name]
    status: WaveStatus = "pending"
    generated: int = 0
    """Entities whose files were written in the last run of this wave."""
    warnings: list[str] = Field(default_factory=list[str])
    conflicts: list[str] = Field(default_factory=list[str])


class GateRecord(Record):
    status: GateStatus = "pending"
    warnings: list[str] = Field(default_factory=list[str])
    details: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])


class Gates(Record):
    """The gates after the last wave."""

    migrate: GateRecord = Field(default_factory=GateRecord)
    build: GateRecord = Field(default_factory=GateRecord)
    smoke: GateRecord = Field(default_factory=GateRecord)
    test: GateRecord = Field(default_factory=GateRecord)
    """The modules' own specs; only a run with such modules has it."""


class TaskRecord(Record):
    """An item of the team's task list."""

    id: Name
    """`product`, `module:refund`, `build`."""
    role: str
    """Who does it: a role, or `script`."""
    blocked_by: list[Name] = Field(default_factory=list[str])
    status: Literal["open", "in_progress", "blocked", "done"] = "open"
    remark: str = ""


class ModuleRecord(Record):
    """A module with behaviour."""

    spec: str
    """Hash of what the plan says of it; done again when it changes."""
    task: dict[str, JsonValue] | None = None
    """`ModuleTask` as JSON, as the Lead has cut it."""
    written: dict[str, JsonValue] | None = None
    """`ModuleWritten` as JSON, from the moment the Generator has said it: nobody pays twice."""
    files: dict[Name, str] = Field(default_factory=dict[str, str])
    """Everything in its folder and its spec, by path: sha256 of what the gate saw last. Empty: the
    team has written nothing yet, and what is there is somebody else's."""
    begun: bool = False
    """It is being written; a run that finds this was killed on the way."""
    proven: bool = False
    """Its gate was green."""


class Usage(Record):
    """What one role has spent."""

    calls: int = 0
    tokens: int = 0
    cost: float | None = None
    """US dollars; None when the price of a call is not known."""


class StateFile(Record):
    """The whole file."""

    started_at: str
    waves: list[WaveRecord]
    completed_entities: list[Name]
    failed_entities: list[Name]
    current_wave: int
    format: int = 0
    """0: written by another implementation, which proved nothing that we could rely on."""
    run_id: str = ""
    mode: Mode = "sequential"
    status: RunStatus = "running"
    project: str = ""
    """`name` of the project's package.json."""
    plan_hash: str = ""
    generator: str = ""
    configs: dict[Name, str] = Field(default_factory=dict[str, str])
    """Per completed entity, the hash of what its files were made from."""
    accepted: dict[Name, str] = Field(default_factory=dict[str, str])
    """Generated files that a person changed, by path: sha256 of what a green gate has seen."""
    gates: Gates = Field(default_factory=Gates)
    findings: list[Finding] = Field(default_factory=list[Finding])
    """Of the gate that failed."""
    usage: dict[str, Usage] = Field(default_factory=dict[str, Usage])
    """Budget spent so far, by role, to be read."""
    budget: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """The same to go on from, `BudgetState` as JSON, with what is in flight."""
    tasks: list[TaskRecord] = Field(default_factory=list[TaskRecord])
    modules: dict[Name, ModuleRecord] = Field(default_factory=dict[str, ModuleRecord])
    """By kebab-case name."""
    verdict: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What the Lead makes of a run that failed, `Escalation` as JSON."""
    open: list[str] = Field(default_factory=list[str])
    """What only a model could do and did not in the last run."""
    unreviewed: list[Name] = Field(default_factory=list[str])
    """Entities and modules, in kebab-case, that the Reviewer could not read; a team does later."""
    edited: list[Name] = Field(default_factory=list[str])
    """Files that the Generator's fixes and the Builder changed, beside what was generated."""


class _Version(Record):
    format: int = 0


class Ledger:
    """The state file of one project, open for writing."""

    def __init__(self, files: ProjectFiles, state: StateFile) -> None:
        self._files = files
        self._guard = threading.Lock()
        self.state = state

    def save(self) -> None:
        """Write the file in one step; the budget does it from the team's own thread."""
        with self._guard:
            text = self.state.model_dump_json(by_alias=True, indent=2)
            self._files.write(STATE_FILE, f"{text}\n")

    def open_wave(self, index: int) -> None:
        self.state.current_wave = index
        self.state.waves[index].status = "in_progress"

    def complete_wave(self, index: int, configs: dict[str, str]) -> None:
        """The gate was green: all its entities are done; `configs` by kebab-case name."""
        state = self.state
        wave = state.waves[index]
        wave.status = "completed"
        done = set(wave.entities)
        state.failed_entities = [name for name in state.failed_entities if name not in done]
        known = set(state.completed_entities)
        state.completed_entities.extend(name for name in wave.entities if name not in known)
        state.configs.update(configs)

    def fail_wave(
        self, index: int, undone: Collection[str], failed: list[str], findings: list[Finding]
    ) -> None:
        """The gate was red: what was done in this wave (`undone`) is not completed, whatever it
        was before, and those to blame are failed."""
        state = self.state
        state.waves[index].status = "failed"
        state.completed_entities = [n for n in state.completed_entities if n not in undone]
        state.failed_entities = [n for n in state.failed_entities if n not in undone] + failed
        for name in undone:
            state.configs.pop(name, None)
        state.findings = findings


def now() -> str:
    """UTC, seconds, as in the original: `2026-02-25T10:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_state(files: ProjectFiles) -> StateFile | str | None:
    """The file, None when there is none, or one sentence on why it cannot be used.

    Raises InputError (`state-newer`) for one that a newer version wrote.
    """
    try:
        text = files.read(STATE_FILE)
    except InputError as error:
        if any(problem.code == "file-not-utf8" for problem in error.problems):
            return f"{STATE_FILE} is corrupt (not UTF-8 text)"
        raise
    if text is None:
        return None
    try:
        version = _Version.model_validate_json(text).format
        if version > FORMAT:
            raise InputError(
                Problem(
                    code="state-newer",
                    message=f"{STATE_FILE} has format {version}; this version knows {FORMAT}.",
                    fix="Use the newer version, or delete the file to start from the first wave.",
                    file=STATE_FILE,
                )
            )
        return StateFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        return f"{STATE_FILE} is corrupt ({reason})"
