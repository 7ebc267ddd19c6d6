"""The vocabulary of the graph: what travels from node to node and into a checkpoint.

Small on purpose. Files stay on disk, the plan is `.rockets/plan.json`, and which task is done is
the ledger's business (`.rockets/state.json`, see `ledger.py`), because that outlives the graph;
here is only where the run stands and what is in flight. All values are plain JSON, so that a
checkpoint needs no other decoder (see `checkpoints.py`).
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from typing_extensions import TypedDict

Mode = Literal["sequential", "team"]
"""Which cast plays: no model at all, or five roles with one."""

Gate = Literal["generate", "integrate", "validate", "review", "migrate", "build", "smoke"]
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


class Usage(TypedDict):
    """What one role has spent."""

    tokens: int
    cost: float
    """US dollars."""


def together(known: dict[str, BatchResult], new: dict[str, BatchResult]) -> dict[str, BatchResult]:
    """What batches that ran beside each other answered; the reducer of `RunState.batches`."""
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
    noncrud_done: bool = False
    builder_tries: int = 0
    usage: dict[str, Usage] = field(default_factory=dict[str, Usage])
    """By role."""
