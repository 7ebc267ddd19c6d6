"""Texts a JavaScript pattern matches, the same ones everywhere."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from rockets_tools.plan.js_tree import (
    Anchor,
    Characters,
    Choice,
    Group,
    Look,
    Node,
    Ranges,
    Reference,
    Repeat,
    Sequenced,
)

_READABLE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PRINTABLE = "".join(map(chr, range(32, 127)))

_Item = TypeVar("_Item")


class Dice:
    """The same throws for the same seed, on every machine and with every Python."""

    def __init__(self, seed: str) -> None:
        self._seed, self._throws = seed, 0

    def between(self, low: int, high: int) -> int:
        self._throws += 1
        digest = hashlib.sha256(f"{self._throws} {self._seed}".encode()).digest()
        return low + int.from_bytes(digest[:8], "big") % (high - low + 1)

    def choice(self, items: Sequence[_Item]) -> _Item:
        return items[self.between(0, len(items) - 1)]


def write(tree: Node, dice: Dice, *, growth: int, readable: bool) -> str:
    """A text that probably matches: look-arounds are not obeyed, so check it.

    `growth` is how often an open repeat goes beyond its minimum at most; `readable` keeps to
    letters and digits where the pattern allows.
    """
    text = _Writer(dice, growth=growth, readable=readable).write(tree)
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _Writer:
    """Makes text from a tree."""

    def __init__(self, dice: Dice, *, growth: int, readable: bool) -> None:
        self.dice, self.growth = dice, growth
        self.alphabets = (_READABLE, _PRINTABLE) if readable else (_PRINTABLE,)
        self.groups: dict[int, str] = {}
        self.left = 20_000
        """Characters until it is enough: a pattern may ask for a million."""

    def write(self, node: Node) -> str:
        match node:
            case Characters():
                text = self._character(node.ranges)
            case Sequenced():
                text = "".join(self.write(part) for part in node.parts)
            case Choice():
                text = self.write(self.dice.choice(node.arms))
            case Group():
                self.groups[node.number] = text = self.write(node.body)
            case Reference():
                text = self.groups.get(node.group, "")
            case Repeat():
                text = self._repeat(node)
            case Anchor() | Look():
                text = ""
        return text

    def _repeat(self, node: Repeat) -> str:
        most = node.least + self.growth
        most = most if node.most is None else min(most, node.most)
        parts: list[str] = []
        for _ in range(self.dice.between(node.least, most)):
            if self.left <= 0:
                break
            self.left -= 1
            parts.append(self.write(node.body))
        return "".join(parts)

    def _character(self, ranges: Ranges) -> str:
        self.left -= 1
        for alphabet in self.alphabets:
            fitting = [c for c in alphabet if _holds(ranges, ord(c))]
            if fitting:
                return self.dice.choice(fitting)
        return chr(ranges[0][0]) if ranges else ""


def _holds(ranges: Ranges, code: int) -> bool:
    return any(low <= code <= high for low, high in ranges)
