"""What a resume takes over from a checkpoint, wherever that is kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, JsonValue, NonNegativeInt, ValidationError

from rockets_graph.state import Attempt, Standing

if TYPE_CHECKING:
    from langgraph.checkpoint.base import CheckpointTuple

MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a saver raises over rows of another shape than its own."""


class InFlight(BaseModel):
    """What would be lost besides the ledger."""

    model_config = ConfigDict(strict=True, extra="ignore")

    run_id: str
    plan_hash: str
    wave: int
    fix_rounds: NonNegativeInt = 0
    builder_tries: NonNegativeInt = 0
    settled: list[str] = []
    attempts: list[Attempt] = []
    standing: Standing | None = None


def in_flight_of(found: "CheckpointTuple") -> InFlight | str:
    """The part that is taken over, or one sentence on why it is of no use."""
    values: Mapping[str, JsonValue] = found.checkpoint["channel_values"]
    try:
        return InFlight.model_validate(values)
    except ValidationError:
        return "the checkpoint is not one of ours"


def unreadable(reason: object) -> str:
    """The line for what could not even be read."""
    return f"the checkpoint cannot be read ({reason})"
