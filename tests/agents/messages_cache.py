"""The prompt cache as the API bills it: what was said before under a mark is only read."""

import json
from hashlib import sha256
from threading import Lock

from tests.agents.messages_rules import Json, prefix

BYTES_PER_TOKEN = 4
LEAST_TOKENS = 512
"""A shorter prefix is not kept."""


LOOK_BACK = 20
"""Blocks that are looked at from a mark back, for what an earlier request has marked."""


class Cache:
    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._lock = Lock()

    def usage(self, body: Json) -> Json:
        """Input tokens of this request in the API's words; what it marks is kept from now on."""
        hasher = sha256(body.get("model", "").encode())
        size = read = marked = hour = 0
        until: list[tuple[str, int]] = []
        """Of each block: everything up to it as a hash, and its length."""
        new: set[str] = set()
        with self._lock:
            for block in prefix(body):
                text = json.dumps({k: v for k, v in block.items() if k != "cache_control"})
                hasher.update(text.encode())
                size += len(text)
                until.append((hasher.hexdigest(), size))
                if "cache_control" in block and size // BYTES_PER_TOKEN >= LEAST_TOKENS:
                    marked = size
                    hour = size if block["cache_control"].get("ttl") == "1h" else hour
                    seen = [long for known, long in until[-LOOK_BACK:] if known in self._kept]
                    read = max([read, *seen])
                    new.add(hasher.hexdigest())
            self._kept |= new
        written = (marked - read) // BYTES_PER_TOKEN
        written_1h = max(hour - read, 0) // BYTES_PER_TOKEN
        return {
            "input_tokens": max((size - marked) // BYTES_PER_TOKEN, 1),
            "cache_read_input_tokens": read // BYTES_PER_TOKEN,
            "cache_creation_input_tokens": written,
            "cache_creation": {
                "ephemeral_5m_input_tokens": written - written_1h,
                "ephemeral_1h_input_tokens": written_1h,
            },
        }
