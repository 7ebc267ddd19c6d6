"""What a child prints: kept within bounds, handed on line by line."""

import codecs
from collections.abc import Callable

LONGEST_LINE = 65_536
"""Characters after which a line is handed on although it has not ended."""


class Tail:
    """The last `limit` bytes of a stream."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()
        self.truncated = False

    def feed(self, data: bytes) -> None:
        self._kept += data
        # Cut seldom, so that each byte is moved about once.
        if len(self._kept) > 2 * self._limit:
            self._cut()

    def text(self) -> str:
        """What is kept; bytes that are not UTF-8 are replaced."""
        if len(self._kept) > self._limit:
            self._cut()
        return self._kept.decode("utf-8", "replace")

    def _cut(self) -> None:
        del self._kept[: len(self._kept) - self._limit]
        self.truncated = True


class Lines:
    """Cuts a stream of bytes into lines and hands each to `on_line`, without its line end."""

    def __init__(self, on_line: Callable[[str], None] | None) -> None:
        self._on_line = on_line
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> None:
        if self._on_line is None:
            return
        *lines, self._rest = (self._rest + self._decoder.decode(data)).split("\n")
        for line in lines:
            self._on_line(line.removesuffix("\r"))
        if len(self._rest) > LONGEST_LINE:
            self.close()

    def close(self) -> None:
        """Hand on what has no line end yet."""
        if self._rest and self._on_line is not None:
            self._on_line(self._rest.removesuffix("\r"))
        self._rest = ""
