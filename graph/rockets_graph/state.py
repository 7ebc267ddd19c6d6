"""The vocabulary of the graph: what travels from node to node and into a checkpoint.

Small on purpose. Files stay on disk, the plan is `.rockets/plan.json`, and which task is done is
the ledger's business (`.rockets/state.json`, see `ledger.py`), because that outlives the graph;
here is only where the run stands and what is in flight. All values are plain JSON, so that a
checkpoint needs no other decoder (see `checkpoints.py`).
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal, NotRequired, TypeVar

from pydantic import JsonValue
from typing_extensions import TypedDict

Mode = Literal["sequential", "team"]
"""Which cast plays: no model at all, or five roles with one."""

Gate = Literal["generate", "integrate", "validate", "review", "migrate", "build", "smoke", "test"]
"""What can be red."""

BUILDER_TRIES = 3
"""How often the Builder may try before the Lead takes over."""

FIX_ROUNDS = 3
"""Fix requests per wave, those of validate and of the Reviewer together."""


class Finding(TypedDict):
    """One thing a gate found wrong, as `validate` reports it."""

    severity: str
    rule: str
    message: str
    file: str | None
    line: int | None
    fix: NotRequired[str]
    """The change that mends it, where somebody knows it."""


class Batch(TypedDict):
    """What one `generate` task is sent: entities of one wave."""

    wave: int
    number: int
    """0-based within the wave."""
    entities: list[str]
    """Names as in the plan."""


class BatchResult(TypedDict):
    """What one `generate` task answers; the files themselves are in the artefact store."""

    digest: str
    """Of everything the batch rendered; empty when it failed."""
    findings: list[Finding]
    """Why it failed."""


class Assignment(TypedDict):
    """What one `generator` task is sent: findings to fix, or a module to write."""

    wave: int
    round: int
    """Of fixing, from 1; 0 when there is a module to write."""
    findings: list[Finding]
    files: list[str]
    """What a fix may change, folders with a slash at the end."""
    settled: list[str]
    """What became of the findings of this wave's earlier rounds."""
    module: str | None
    """Name of a `nonCrud` module to write."""
    modules: list[str]
    """Names of those whose findings are to be mended."""


class ModuleResult(TypedDict):
    """What became of one module with behaviour."""

    written: dict[str, JsonValue] | None
    """`ModuleWritten` as JSON; None when there is no answer."""
    findings: list[Finding]
    """Why there is none."""


class Standing(TypedDict):
    """How the gates after the last wave stand, so that a try can be compared with it."""

    gate: Gate | None
    """The first red one."""
    findings: list[Finding]
    breaches: int
    """Errors that `validate` finds in the whole project."""


class Attempt(TypedDict):
    """One try of the Builder."""

    number: int
    summary: str
    files: list[str]
    outcome: Literal["open", "better", "no better", "rolled back"]
    """Open until the Tester has looked."""
    remaining: list[Finding]
    """What the gates said afterwards."""


ResultT = TypeVar("ResultT")


def together(known: dict[str, ResultT], new: dict[str, ResultT]) -> dict[str, ResultT]:
    """What tasks that ran beside each other answered; the reducer of their channel."""
    return {**known, **new}


@dataclass(kw_only=True)
class RunState:
    """Where the run stands."""

    run_id: str = ""
    mode: Mode = "sequential"
    plan_hash: str = ""
    approved_hash: str = ""
    """Hash of the plan that a person approved; approval of any other plan is none."""
    wave: int = -1
    """Index of the wave in work, -1 before the first."""
    batches: Annotated[dict[str, BatchResult], together] = field(
        default_factory=dict[str, BatchResult]
    )
    """By batch number; emptied when a wave opens."""
    findings: list[Finding] = field(default_factory=list[Finding])
    """Of the last gate that was looked at; replaced, never appended to."""
    failed_gate: Gate | None = None
    """Set when the run goes to its report early."""
    fix_rounds: int = 0
    """Used up in this wave."""
    resumed_wave: int = -1
    """The wave that `fix_rounds` of an interrupted run belong to."""
    modules: list[str] = field(default_factory=list[str])
    """Names of the `nonCrud` modules in work; empty while entities are."""
    written: Annotated[dict[str, ModuleResult], together] = field(
        default_factory=dict[str, ModuleResult]
    )
    """By module name; emptied when a group of modules opens."""
    settled: list[str] = field(default_factory=list[str])
    """Findings of this wave's earlier rounds, each with the Generator's answer."""
    noncrud_done: bool = False
    builder_tries: int = 0
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    standing: Standing | None = None
    """Before the try that is open; a try that makes it worse is rolled back."""
    requests: list[dict[str, JsonValue]] = field(default_factory=list[dict[str, JsonValue]])
    """What the Tester asks the Builder to change, `FixRequest` as JSON."""
