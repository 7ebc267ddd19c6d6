"""From names of a database to names of a plan: ASCII, TypeScript's way of writing, no clash."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from rockets_tools.plan import names
from rockets_tools.plan.fields import INHERITED
from rockets_tools.plan.identifiers import is_system_name

_MAX_NAME = 60
INHERITED_LOW = frozenset(name.lower() for name in INHERITED)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """ASCII words separated by `_`; empty when nothing is left. `Größe (cm)` is `Grosse_cm`.

    Other scripts are spelt in Latin letters: `Клиент` is `Klient`, `顧客` is `GuKe`.
    """
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(unicodedata.normalize("NFC", text[: 4 * _MAX_NAME]))
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in text)
    return "_".join(part for part in kept.split("_") if part)[:_MAX_NAME].strip("_")


def camel(text: str, *, fallback: str) -> str:
    """camelCase that the plan leaves as it is."""
    return _settled(_lettered(text, fallback), names.camel)


def pascal(text: str, *, fallback: str) -> str:
    """An entity's name that the plan leaves as it is."""
    return _settled(_lettered(text, fallback), names.entity_name)


def _lettered(text: str, fallback: str) -> str:
    """Plain words that start with a letter."""
    words = plain(text)
    if not words:
        return fallback
    return words if words[0].isalpha() else f"{fallback}_{words}"


def _settled(text: str, spell: Callable[[str], str]) -> str:
    """Spelt until spelling changes nothing: `x_y_z` is `xYZ`, which a reader takes for `xYz`."""
    for _ in range(6):
        spelt = spell(text)
        if spelt == text:
            break
        text = spelt
    return text


def singular(text: str) -> str:
    """The last word in the singular, where its plural leads back; else as it was."""
    words = names.words(plain(text))
    if not words:
        return text
    head, last = words[:-1], words[-1]
    one = _IRREGULAR.get(last) or names.singular(last)
    plain_plural = bool(one) and (one == _IRREGULAR.get(last) or names.plural(one) == last)
    if one != last and plain_plural and not _is_no_singular(one, last):
        return "_".join([*head, one])
    return "_".join(words) if text.isupper() else text


_IRREGULAR = {"caches": "cache"}
_NEVER = frozenset({"medium", "addres", "statu", "new", "po", "len"})
"""Singulars nobody would name an entity."""


def _is_no_singular(one: str, last: str) -> bool:
    """`metadatum`, and what is left of `gps` or `os`."""
    abbreviation = len(last) < 3 or (len(last) == 3 and not set(last) & set("aeiou"))
    return abbreviation or one in _NEVER or one.endswith("datum")


def free(candidates: Iterable[str], taken: Callable[[str], bool]) -> str:
    """The first candidate that is free, else the last one with a number."""
    last = ""
    for last in candidates:
        if not taken(last):
            return last
    number = 2
    while taken(f"{last}{number}"):
        number += 1
    return f"{last}{number}"


def is_column(name: str) -> bool:
    """The plan takes it as the name of a column or table."""
    fits = names.IDENTIFIER.fullmatch(name) is not None and len(name) <= names.MAX_IDENTIFIER
    return fits and not is_system_name(name)


def column(name: str, *, fallback: str) -> str:
    """A name the plan takes for a column or table, close to the one given."""
    if is_column(name):
        return name
    made = plain(name)[: names.MAX_IDENTIFIER].strip("_").lower() or fallback
    plain_start = made[0].isalpha() and not is_system_name(made)
    return made if plain_start else f"_{made}"[: names.MAX_IDENTIFIER]
