"""TypeScript enums from the values of a plan."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")


@lru_cache(maxsize=4096)
def enum_members(values: Sequence[str]) -> Mapping[str, str]:
    """Value to member name: `in-progress` is `InProgress`; always unique, always an identifier."""
    members: dict[str, str] = {}
    taken: set[str] = set()
    for value in values:
        name = member = _member(value)
        count = 1
        while member in taken:
            count += 1
            member = f"{name}{count}"
        taken.add(member)
        members[value] = member
    return members


def _member(value: str) -> str:
    name = "".join(word[0].upper() + word[1:].lower() for word in _WORD.findall(value))
    return f"Value{name}" if not name or name[0].isdigit() else name
