"""Thoughts as newer models take them back: signed, and after exactly what they were said after."""

import json
from collections.abc import Iterator
from hashlib import sha256
from threading import Lock
from typing import Any

from tests.agents.messages_replies import Reply
from tests.agents.messages_rules import Json


class Thoughts:
    def __init__(self) -> None:
        self._after: dict[str, set[str]] = {}
        """By signature, what was said before it."""
        self._lock = Lock()

    def said(self, body: Json, reply: Reply) -> None:
        """Remember the thoughts of an answer to this request."""
        with self._lock:
            for block in reply.content:
                if block["type"] == "thinking":
                    known = self._after.setdefault(block["signature"], set())
                    known.add(_said_before(body, len(body["messages"])))

    def complaint(self, body: Json) -> str | None:
        """Why the API would not take them; None when it would."""
        for at, message in enumerate(body.get("messages") or []):
            for place, signature in _signatures(message):
                where = f"messages.{at}.content.{place}: Invalid `signature` in `thinking` block."
                known = self._after.get(signature)
                if not signature or known is None:
                    return where
                if _said_before(body, at) not in known:
                    return f"{where} The block is bound to a different conversation."
        return None


def _signatures(message: Json) -> Iterator[tuple[int, str]]:
    if message["role"] == "assistant":
        for place, block in enumerate(message["content"]):
            if block["type"] == "thinking":
                yield place, block["signature"]


def _said_before(body: Json, at: int) -> str:
    """Digest of tools, system and messages before this one; marks of the cache are no part."""
    said = _unmarked([body.get("tools"), body.get("system"), body["messages"][:at]])
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    if isinstance(value, dict):
        return {k: _unmarked(item) for k, item in value.items() if k != "cache_control"}
    return value
