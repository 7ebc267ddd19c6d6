"""Texts made from a field's constraints: readable, distinct, the same on every machine."""

import string
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice

from rockets_tools.plan import jsregex, names
from rockets_tools.plan.constraints import INT_MAX, is_email, is_url, text_limits
from rockets_tools.plan.js_text import Dice
from rockets_tools.plan.model import Field

_DIGITS = string.digits + string.ascii_lowercase
_POOL = 64
"""Distinct texts made per pattern; a larger ordinal starts again."""
_TRIES = 400
"""Texts tried for a pattern before it counts as one no text can be made for."""
_MISSES, _TIMEOUTS = 60, 3
"""Texts in a row that do not help, and matches that take too long, before no more are tried."""
_SECONDS = 1.0
"""Longest search for a first text; ordinary patterns take milliseconds."""


class NoValueError(ValueError):
    """No value can be made from the field's constraints; it needs `apiExample`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What a text has to be like."""

    name: str
    pattern: str | None
    shortest: int
    longest: int | None
    email: bool
    url: bool


def text(field: Field, ordinal: int) -> str:
    """A text that fits; distinct for every ordinal below `capacity`. `NoValueError` if none."""
    rules = _rules(field)
    if rules.pattern is not None:
        pool = _pool(rules).upto(min(ordinal, _POOL - 1) + 1)
        if ordinal >= len(pool):
            pool = _pool(rules).upto(_POOL)
        return pool[ordinal % len(pool)]
    made = _plain(rules, ordinal % capacity(field))
    if made is None:
        raise NoValueError
    return made


def capacity(field: Field) -> int:
    """How many distinct texts can be made; 1 where there is none at all."""
    rules = _rules(field)
    if rules.pattern is not None:
        try:
            return len(_pool(rules).upto(_POOL))
        except NoValueError:
            return 1
    if rules.longest is None or rules.longest >= 12:
        return INT_MAX
    fixed = "@a.io" if rules.email else "a.io/" if rules.url else ""
    size = 1
    for _ in range(rules.longest - len(fixed)):
        size *= len(_DIGITS)
    return size


def _rules(field: Field) -> _Rules:
    shortest, longest = text_limits(field)
    return _Rules(
        name=field.name,
        pattern=field.pattern,
        shortest=shortest,
        longest=longest,
        email=field.is_email,
        url=field.is_url,
    )


class _Pool:
    """Distinct texts that fit rules with a pattern, made as far as somebody asks."""

    def __init__(self, rules: _Rules) -> None:
        self._texts: list[str] = []
        self._more = _fitting(rules)

    def upto(self, size: int) -> list[str]:
        """As many texts as can be made, at least `size` if possible; never none."""
        self._texts += islice(self._more, max(0, size - len(self._texts)))
        if not self._texts:
            raise NoValueError
        return self._texts


@lru_cache(maxsize=4096)
def _pool(rules: _Rules) -> _Pool:
    return _Pool(rules)


def _fitting(rules: _Rules) -> Iterator[str]:
    seen: set[str] = set()
    misses = timeouts = 0
    hopeless = time.monotonic() + _SECONDS
    for candidate in islice(_candidates(rules), _TRIES):
        fits = candidate not in seen and _fits(rules, candidate)
        if fits:
            seen.add(candidate)
            misses = 0
            yield candidate
        else:
            misses += 1
            timeouts += fits is None
        if (seen and misses > _MISSES) or timeouts > _TIMEOUTS:
            return
        if not seen and time.monotonic() > hopeless:
            return


def _candidates(rules: _Rules) -> Iterator[str]:
    """Texts that may match the pattern: readable ones first, then wilder and longer ones."""
    dice = Dice(f"{rules.name} {rules.pattern}")
    yield from filter(None, (_plain(rules, ordinal) for ordinal in range(4)))
    room = min(300, (rules.longest or rules.shortest + 40) + 1)
    for attempt in count():
        growth = (2, 4, 1, 8, 0, rules.shortest, room, 16)[attempt % 8]
        made = jsregex.example(rules.pattern or "", dice, growth=growth, readable=attempt % 4 < 3)
        yield made
        if len(made) < rules.shortest:  # the pattern may allow more around what it asks for
            yield made + "a" * (rules.shortest - len(made))


def _fits(rules: _Rules, made: str) -> bool | None:
    """None: matching took too long to know."""
    return (
        rules.shortest <= len(made)
        and (rules.longest is None or len(made) <= rules.longest)
        and made.isprintable()
        and (not rules.email or is_email(made))
        and (not rules.url or is_url(made))
        and (rules.pattern is None or jsregex.test(rules.pattern, made))
    )


def _plain(rules: _Rules, ordinal: int) -> str | None:
    """A text without a pattern, or None where length and format leave no room."""
    if rules.email and rules.url:
        return None
    if rules.email:
        return _email(ordinal, rules.shortest, rules.longest or 64)
    if rules.url:
        return _url(names.kebab(rules.name), ordinal, rules.shortest, rules.longest or 200)
    made = f"{label(rules.name)} {ordinal + 1}"
    if rules.longest is not None and len(made) > rules.longest:
        tail = _base36(ordinal)
        if len(tail) > rules.longest:
            return None
        # Capitals before, small letters and digits after: no two ordinals read the same.
        made = names.constant(rules.name).replace("_", "")[: rules.longest - len(tail)] + tail
    return made.ljust(rules.shortest, ".")


def _email(ordinal: int, shortest: int, longest: int) -> str | None:
    """Padded in the local part, then in the labels of the domain."""
    local, domain = f"user{ordinal + 1}", "example.com"
    if len(local) + 1 + len(domain) > longest:
        local, domain = _base36(ordinal), "a.io"
    missing = max(0, shortest - len(local) - 1 - len(domain))
    padding = min(missing, 64 - len(local))
    local += "a" * padding
    missing -= padding
    while missing > 0:
        size = max(1, min(60, missing - 1))
        domain = f"{'a' * size}.{domain}"
        missing -= size + 1
    made = f"{local}@{domain}"
    return made if len(made) <= longest and is_email(made) else None


def _url(path: str, ordinal: int, shortest: int, longest: int) -> str | None:
    for made in (
        f"https://example.com/{path}/{ordinal + 1}",
        f"https://a.io/{_base36(ordinal)}",
        f"a.io/{_base36(ordinal)}",
    ):
        if len(made) <= longest:
            padded = made if len(made) >= shortest else f"{made}/".ljust(shortest, "a")
            return padded if is_url(padded) else None
    return None


def label(name: str) -> str:
    """`firstName` as a person reads it: `First name`."""
    return " ".join(names.words(name)).capitalize()


def _base36(number: int) -> str:
    made = ""
    while True:
        number, digit = divmod(number, 36)
        made = _DIGITS[digit] + made
        if number == 0:
            return made
