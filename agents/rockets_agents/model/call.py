"""What is known of one call over its attempts: what was heard, what was lost."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from .protocol import Delta
from .usage import Usage
from .wire import to_usage

if TYPE_CHECKING:
    from anthropic.lib.streaming import ParsedMessageStreamEvent
    from anthropic.types import RawContentBlockDelta

    from .protocol import OnDelta
    from .request import ModelRequest

BYTES_PER_TOKEN = 2
"""Of an answer that broke off; rather too many tokens than too few."""


class Call:
    def __init__(self, request: ModelRequest, on_delta: OnDelta) -> None:
        self.request = request
        self.on_delta = on_delta
        self.attempts = 0
        self.lost = Usage()
        self.first_token: float | None = None
        self.finished = False
        self._begun = 0.0
        self._usage: Usage | None = None
        self._heard = 0

    def begin(self, now: float) -> None:
        self.attempts += 1
        self.first_token = None
        self.finished = False
        self._begun = now
        self._usage = None
        self._heard = 0

    def hear(self, event: ParsedMessageStreamEvent[None], now: float) -> None:
        if event.type == "message_start":
            self._usage = to_usage(event.message.usage)
        elif event.type == "message_stop":
            self.finished = True
        elif event.type == "content_block_delta":
            piece = _piece(event.delta)
            if piece is not None:
                if self.first_token is None:
                    self.first_token = now - self._begun
                self._heard += len(piece.text.encode(errors="replace"))
                self.on_delta(piece)

    def lose(self) -> None:
        """The attempt broke: what the model had read and said until then is billed."""
        if self._usage is not None:
            said = Usage(output_tokens=ceil(self._heard / BYTES_PER_TOKEN))
            self.lost = self.lost + self._usage + said


def _piece(delta: RawContentBlockDelta) -> Delta | None:
    if delta.type == "text_delta":
        return Delta(kind="text", text=delta.text)
    if delta.type == "thinking_delta":
        return Delta(kind="thinking", text=delta.thinking)
    if delta.type == "input_json_delta":
        return Delta(kind="tool", text=delta.partial_json)
    return None
