"""The checkpoints of a replay: in memory, and what an earlier attempt left is in the trace."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from pydantic import JsonValue, ValidationError

from rockets_graph.checkpoints import InFlight, JsonOnly

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


class ReplayCheckpoints:
    """See `Checkpoints`."""

    def __init__(self, taken_over: Mapping[str, JsonValue] | None) -> None:
        self._taken_over = taken_over

    def held(self, _run_id: str) -> AbstractContextManager[None]:
        return nullcontext()

    @contextmanager
    def fresh(self, run_id: str) -> Generator["BaseCheckpointSaver[str]"]:
        with self.kept(run_id) as saver:
            yield saver

    @contextmanager
    def kept(self, _run_id: str) -> Generator["BaseCheckpointSaver[str]"]:
        from langgraph.checkpoint.memory import InMemorySaver

        yield InMemorySaver(serde=JsonOnly())

    def in_flight(self, _run_id: str) -> InFlight | str | None:
        if self._taken_over is None:
            return None
        try:
            return InFlight.model_validate(self._taken_over)
        except ValidationError:
            return "what the trace has in flight is not one of ours"

    def discard(self, _run_id: str) -> None:
        pass
