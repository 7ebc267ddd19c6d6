"""What the columns of a table of fields say: by their headings, else by what stands below them."""

import re
from collections.abc import Callable, Sequence

from rockets_tools.documents.entity_types import read_type
from rockets_tools.documents.entity_words import HEADERS, key_of

_NAMES = re.compile(r"[*_`]{0,3}[A-Za-z]\w{0,80}(?:\s{0,3},\s{0,3}\w{1,80}){0,9}[*_`]{0,3}\*?")
_CONSTRAINT = re.compile(
    r"\b(?:not null|null|pk|fk|primary key|foreign key|unique|auto_?increment)\b", re.IGNORECASE
)
_ANY_NAME = frozenset(map(key_of, ("name", "nom", "nombre", "nome", "项目", "項目")))
_MOST = 0.8
"""So many of the cells say one thing where a heading says nothing."""


def roles(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str] | None:
    """The role of each column (`name`, `type`, … or empty); None where it lists no fields."""
    found = [HEADERS.get(key_of(cell), "") for cell in header]
    if "name" not in found or "type" not in found:
        found = _by_content(header, rows, found)
    return found if "name" in found and "type" in found else None


def lists_fields(header: Sequence[str]) -> bool:
    """The first heading says that fields stand below it, not just names."""
    first = key_of(header[0]) if header else ""
    return HEADERS.get(first) == "name" and first not in _ANY_NAME


def _by_content(
    header: Sequence[str], rows: Sequence[Sequence[str]], found: list[str]
) -> list[str]:
    """Headings in a language we have no words for; an English one we do not know means no field."""
    roles = list(found)
    for role, fits in (("type", _is_type), ("name", _is_name)):
        if role in roles:
            continue
        for index, heading in enumerate(header):
            cells = [row[index] for row in rows if index < len(row) and row[index]]
            foreign = not heading.isascii() and not roles[index]
            if foreign and len(cells) * 2 > len(rows) and _most(cells, fits):
                roles[index] = role
                break
    for index, heading in enumerate(header):
        cells = [row[index] for row in rows if index < len(row) and row[index]]
        if not roles[index] and not heading.isascii() and cells:
            roles[index] = "constraints" if _most(cells, _constrains) else "notes"
    return roles


def _is_name(cell: str) -> bool:
    return _NAMES.fullmatch(cell) is not None


def _is_type(cell: str) -> bool:
    return read_type(cell.replace("`", ""), {}).kind is not None


def _constrains(cell: str) -> bool:
    return _CONSTRAINT.search(cell) is not None


def _most(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(fits, cells)) >= _MOST * len(cells)
