"""The seam: one method between the team and whatever answers."""

from collections.abc import Callable
from typing import Literal, Protocol

from .messages import Part
from .request import ModelRequest
from .response import ModelResponse


class Delta(Part):
    """A piece of an answer as it arrives, for people to watch; never parsed."""

    kind: Literal["text", "thinking", "tool", "restart"]
    """`tool` is a piece of a call's JSON; `restart`: forget this call's pieces, it begins anew."""
    text: str = ""


OnDelta = Callable[[Delta], None]


class Model(Protocol):
    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        """Answer, or raise one of `rockets_agents.model.errors`.

        `on_delta` gets pieces of the answer while it arrives; the response is complete without it.
        """
        ...
