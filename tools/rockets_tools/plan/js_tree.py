"""A JavaScript regular expression as a tree. Characters are UTF-16 units, as in JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_LENGTH = 10_000
"""A pattern that asks for longer text is refused."""

_LAST = 0xFFFF
_DIGITS = ((48, 57),)
_WORDS = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACES = (
    (9, 13), (32, 32), (160, 160), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_LINE_ENDS = ((10, 10), (13, 13), (0x2028, 0x2029))
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}

Ranges = tuple[tuple[int, int], ...]


class UnsupportedError(ValueError):
    """Valid somewhere, but not a pattern we can promise to work; the text says why."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of some ranges."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^`, `$`, `\\b` or `\\B`."""

    sign: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What a group matched, once more."""

    group: int


@dataclass(frozen=True, slots=True)
class Sequenced:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    arms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group (numbered from 1), or `(?:…)` with number 0."""

    number: int
    body: "Node"


@dataclass(frozen=True, slots=True)
class Look:
    """A look-around: `sign` is what follows `(?`."""

    sign: str
    body: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    body: "Node"
    least: int
    most: int | None
    lazy: bool


Node = Characters | Anchor | Reference | Sequenced | Choice | Group | Look | Repeat


def parse(pattern: str) -> Node:
    """The tree of a pattern that is known to be valid, its characters being UTF-16 units."""
    try:
        tree = _Parser(pattern).parse()
    except RecursionError as error:
        raise UnsupportedError("it is nested too deep") from error
    if _least(tree) > MAX_LENGTH:
        raise UnsupportedError(f"it asks for more than {MAX_LENGTH} characters")
    return tree


class _Parser:
    """Reads a pattern that is known to be valid."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at, self.groups = pattern, 0, 0
        self.names: dict[str, int] = {}

    def parse(self) -> Node:
        node = self._choice()
        if self.at < len(self.text):
            raise UnsupportedError(f"it has an unexpected {self.text[self.at]!r}")
        return node

    def _choice(self) -> Node:
        arms = [self._sequence()]
        while self._take("|"):
            arms.append(self._sequence())
        return arms[0] if len(arms) == 1 else Choice(tuple(arms))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequenced(tuple(parts))

    def _repeated(self, body: Node) -> Node:
        bounds: tuple[int, int | None] | None = None
        for sign, meaning in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                bounds = meaning
                break
        else:
            bounds = self._braces()
        if bounds is None:
            return body
        return Repeat(body, *bounds, lazy=self._take("?"))

    def _braces(self) -> tuple[int, int | None] | None:
        end = self.text.find("}", self.at)
        if not self.text.startswith("{", self.at) or end < 0:
            return None
        least, comma, most = self.text[self.at + 1 : end].partition(",")
        if not _is_number(least) or (most and not _is_number(most)):
            return None  # JavaScript takes such a brace literally
        self.at = end + 1
        return int(least), int(most) if most else None if comma else int(least)

    def _atom(self) -> Node:
        sign = self._next()
        if sign == "(":
            return self._group()
        if sign == "[":
            return Characters(self._set())
        if sign == "\\":
            return self._escape()
        if sign in "^$":
            return Anchor(sign)
        if sign == ".":
            return Characters(_complement(_LINE_ENDS))
        return Characters(((ord(sign), ord(sign)),))

    def _group(self) -> Node:
        if not self._take("?"):
            self.groups += 1
            return self._closed(Group(self.groups, self._choice()))
        if self._take(":"):
            return self._closed(Group(0, self._choice()))
        for sign in ("=", "!", "<=", "<!"):
            if self._take(sign):
                return self._closed(Look(sign, self._choice()))
        if self._take("<"):
            self.groups += 1
            self.names[self._group_name()] = self.groups
            return self._closed(Group(self.groups, self._choice()))
        raise UnsupportedError("it uses (?flags:…), which is too new for the target")

    def _group_name(self) -> str:
        end = self.text.find(">", self.at)
        if end < 0:
            raise UnsupportedError("it ends too early")
        name, self.at = self.text[self.at : end], end + 1
        return name

    def _closed(self, node: Node) -> Node:
        self._next()
        return node

    def _escape(self) -> Node:
        sign = self._next()
        if sign in "bB":
            return Anchor(f"\\{sign}")
        if sign == "k" and self._take("<"):
            return self._reference(self.names.get(self._group_name(), self.groups + 1))
        if sign in "123456789":
            start = self.at - 1
            while self.at < len(self.text) and self.text[self.at] in "0123456789":
                self.at += 1
            number = int(self.text[start : self.at])
            return self._reference(number)
        return Characters(self._class_escape(sign))

    def _reference(self, number: int) -> Reference:
        if number > self.groups:
            raise UnsupportedError(f"group {number} is referred to before it, or does not exist")
        return Reference(number)

    def _class_escape(self, sign: str) -> Ranges:
        """Ranges of an escape that may also stand in a set; the backslash is read already."""
        for letter, ranges in (("d", _DIGITS), ("w", _WORDS), ("s", _SPACES)):
            if sign == letter:
                return ranges
            if sign == letter.upper():
                return _complement(ranges)
        if sign in "pP" and self.text.startswith("{", self.at):
            raise UnsupportedError(f"\\{sign}{{…}} needs the u flag, and patterns have no flags")
        code = self._code(sign)
        return ((code, code),)

    def _code(self, sign: str) -> int:
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign == "c" and self.text[self.at : self.at + 1].isalpha():
            return ord(self._next()) % 32
        if sign == "0":
            return 0
        if sign in "xu":
            size = 2 if sign == "x" else 4
            digits = self.text[self.at : self.at + size]
            if len(digits) == size and all(d in "0123456789abcdefABCDEF" for d in digits):
                self.at += size
                return int(digits, 16)
            raise UnsupportedError(f"\\{sign} must be followed by {size} hexadecimal digits")
        return ord(sign)

    def _set(self) -> Ranges:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]"):
            first = self._member()
            if self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 :][:1] != "]":
                self.at += 1
                last = self._member()
                if _is_single(first) and _is_single(last):
                    ranges.append((first[0][0], last[0][0]))
                    continue
                ranges += [*last, (45, 45)]  # a class beside the hyphen: taken literally
            ranges += first
        merged = _merged(ranges)
        return _complement(merged) if negated else merged

    def _member(self) -> Ranges:
        sign = self._next()
        if sign != "\\":
            return ((ord(sign), ord(sign)),)
        sign = self._next()
        return ((8, 8),) if sign == "b" else self._class_escape(sign)

    def _next(self) -> str:
        self.at += 1
        if self.at > len(self.text):
            raise UnsupportedError("it ends too early")
        return self.text[self.at - 1]

    def _take(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False


def _least(node: Node) -> int:
    """Length of the shortest text, look-arounds and references left aside."""
    match node:
        case Characters():
            length = 1
        case Sequenced():
            length = sum(_least(part) for part in node.parts)
        case Choice():
            length = min(_least(arm) for arm in node.arms)
        case Group() | Look():
            length = _least(node.body)
        case Repeat():
            length = node.least * max(1, _least(node.body))
        case Anchor() | Reference():
            length = 0
    return length


def _merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(ranges: Ranges) -> Ranges:
    edges = [-1, *(edge for pair in ranges for edge in pair), _LAST + 1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((low + 1, high - 1) for low, high in pairs if low + 1 <= high - 1)


def _is_single(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
