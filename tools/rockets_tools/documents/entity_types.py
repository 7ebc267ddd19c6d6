"""The type of a field as people write it: `varchar(80)`, `enum: a, b`, `FK → users`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rockets_tools.documents.entity_words import (
    FILLERS,
    LISTS,
    MANY,
    REFERENCE,
    TYPES,
    key_of,
)
from rockets_tools.documents.schema import ColumnType
from rockets_tools.documents.types import TypeName, column_type, enum_type
from rockets_tools.documents.values import enum_fits, number
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType

_FLAGS = re.IGNORECASE | re.UNICODE
_TYPE = re.compile(
    r"(?P<name>[^\W\d][\w /-]{0,60}?)\s{0,9}(?:\((?P<inside>[^)]{0,500})\))?(?P<list>\[\])?"
    r"\s{0,9}(?P<rest>[,;:].*|\d.*|[<>=].*)?",
    _FLAGS,
)
_ENTITY = r"[\"'`(\[]{0,2}(?P<target>[^\W\d][\w. -]{0,80}?)"
_TO = re.compile(
    rf"(?:{REFERENCE})\b[\s:→>(-]{{0,9}}(?:(?:{FILLERS})\s)?{_ENTITY}"
    r"(?:\s{0,3}\(\s{0,3}\w{1,80}\s{0,3}\))?[\s)\]\"'`]{0,3}",
    _FLAGS,
)
_ARROW = re.compile(rf"(?:\w{{0,20}}\s{{0,3}})?(?:→|->|=>)\s{{0,9}}{_ENTITY}[\s)\]]{{0,3}}", _FLAGS)
_AFTER = re.compile(rf"{_ENTITY}\s{{0,3}}\(?(?:{REFERENCE})\)?", _FLAGS)
_MANY = re.compile(
    rf"(?:{MANY})[\s:→>(-]{{0,9}}(?:(?:{FILLERS})\s)?{_ENTITY}[\s)\]]{{0,3}}", _FLAGS
)
_LIST = re.compile(
    rf"(?:{LISTS})\b\W{{0,3}}(?:(?:{FILLERS})\s)?\W{{0,2}}"
    r"(?P<target>[^\W\d][\w -]{0,80}?)\W{0,3}"
    r"|(?P<before>\w{1,80})\[\]",
    _FLAGS,
)
_LONGEST = re.compile(
    r"(?:max(?:imum|\.)?|up to|bis zu|höchstens|máx\.?)\s{0,3}(?P<before>\d{1,8})"
    r"|(?P<after>\d{1,8})\s{0,3}(?:chars?|characters|zeichen|caracteres|caractères|caratteri)\b",
    _FLAGS,
)
_RANGE = re.compile(r"(?P<low>-?\d{1,12}(?:\.\d{1,6})?)\s{0,3}(?:-|\u2013|\.\.|to|bis|à|a)\s{0,3}"
                    r"(?P<high>-?\d{1,12}(?:\.\d{1,6})?)", _FLAGS)  # fmt: skip
_VALUES = re.compile(r"['\"]?[\w-]{1,80}['\"]?(?:\s{0,3}[/|,]\s{0,3}['\"]?[\w-]{1,80}['\"]?){1,99}")
_SEPARATORS = re.compile(r"[,|/;]|\\\||\bor\b|\boder\b|\bou\b")


@dataclass(frozen=True, slots=True)
class Written:
    """What the cell says."""

    kind: ColumnType | None = None
    """None: not a type anybody knows, or a reference."""
    target: str | None = None
    """The entity it refers to, as written."""
    many: bool = False
    """To many of them."""


def read_type(text: str, known: Mapping[str, str]) -> Written:
    """`known`: names of the document's entities by `names.key`."""
    written = " ".join(text.replace("\\|", "|").split()).strip(" .").removesuffix("?")
    entity = known.get(names.key(written)) if names.is_name(written) else None
    if entity is not None:
        return Written(target=entity)
    many = _MANY.fullmatch(written)
    if many is not None:
        return Written(target=_entity(many["target"], known), many=True)
    listed = _LIST.fullmatch(written)
    if listed is not None:
        target = known.get(names.key(listed["target"] or listed["before"] or ""))
        if target is not None:
            return Written(target=target, many=True)
        return Written(kind=column_type(TypeName("array", array=True)) or _list())
    for pattern in (_TO, _ARROW, _AFTER):
        found = pattern.fullmatch(written)
        if found is not None and (pattern is not _AFTER or _known(found["target"], known)):
            return Written(target=_entity(found["target"], known))
    return Written(kind=_plain(written))


def _known(name: str, known: Mapping[str, str]) -> bool:
    return names.key(name) in known


def _entity(name: str, known: Mapping[str, str]) -> str:
    """`users.id` and `Users` lead to the same entity."""
    bare = name.split(".", maxsplit=1)[0].strip()
    return known.get(names.key(bare), bare)


def _list() -> ColumnType:
    return ColumnType(type=FieldType.JSON, guess="a list is kept as a JSON array, unchecked")


def _plain(written: str) -> ColumnType | None:
    match = _TYPE.fullmatch(written)
    if match is None:
        return None
    name, inside, rest = match["name"].strip(), match["inside"] or "", match["rest"] or ""
    known = TYPES.get(key_of(name), name.lower())
    if known == "enum":
        values = [p.strip(" '\"`") for p in _SEPARATORS.split(inside or rest.lstrip(":,; "))]
        values = list(dict.fromkeys(value for value in values if value))
        return enum_type(values) if enum_fits(values) else None
    if known == "list":
        return _list()
    sizes = tuple(part.strip(" '\"") for part in re.split(r"[,|/]", inside) if part.strip())
    longest = _LONGEST.search(f"{inside} {rest}")
    if longest is not None:
        sizes = (longest["before"] or longest["after"],)
    if known == "text" and sizes and sizes[0].isdecimal():
        known = "string"
    kind = column_type(TypeName(known, sizes, bool(match["list"])))
    return None if kind is None else _ranged(kind, f"{inside} {rest}")


def read_values(written: str, notes: str) -> ColumnType | None:
    """An `enum` whose values stand beside it: `draft / live`."""
    if TYPES.get(key_of(written), written.lower().strip()) != "enum":
        return None
    listed = _VALUES.match(notes)
    return _plain(f"enum: {listed[0]}") if listed is not None else None


def _ranged(kind: ColumnType, said: str) -> ColumnType:
    """`integer 1-5`."""
    found = _RANGE.search(said)
    if found is None or kind.type not in (FieldType.NUMBER, FieldType.FLOAT):
        return kind
    low, high = number(found["low"]), number(found["high"])
    if low is None or high is None or low > high:
        return kind
    return replace(kind, min=low, max=high)
