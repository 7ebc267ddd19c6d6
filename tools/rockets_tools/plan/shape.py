"""From a JSON value to the raw models, every misshapen place reported, the rest still usable.

What is misshapen is cut out (a key with a wrong value, an item without its name), so that the
checks that need meaning run over everything else in the same pass. Cutting moves list items, so
`Shape.original` leads a pointer into what is left back to the document.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from rockets_tools.plan.problems import MAX_PROBLEMS, Problems, did_you_mean, quoted
from rockets_tools.plan.schema import (
    RawEntity,
    RawField,
    RawGrant,
    RawNonCrud,
    RawPaths,
    RawPlan,
    RawRelation,
)

_FREE = frozenset({"default", "apiExample"})
"""Keys whose value is data: not tidied."""

_HOLDERS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "entities": ("entity", RawEntity),
    "fields": ("field", RawField),
    "relations": ("relation", RawRelation),
    "nonCrud": ("nonCrud module", RawNonCrud),
    "paths": ("paths object", RawPaths),
    "acl": ("grant", RawGrant),
}
_UNKNOWN_VALUE = {
    ("fields", "type"): ("unknown-field-type", "field type"),
    ("relations", "type"): ("unknown-relation-type", "relation type"),
    ("entities", "operations"): ("unknown-operation", "operation"),
    ("acl", "operations"): ("unknown-action", "acl operation"),
    ("acl", "possession"): ("unknown-possession", "possession"),
}
_WANTED = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "float_type": "a number",
    "int_type": "an integer",
    "list_type": "an array",
    "model_type": "an object",
    "string_type": "a string",
}

_UNIONS = {
    "min": "a number",
    "max": "a number",
    "uniqueConstraint": "an array of names, or of such arrays",
}

_PASSES = 6
"""Cutting may leave an object without a required key, to be cut in turn: plan, entity, field."""
_FLOOD = 5000
"""More errors than this are not even listed."""

_Path = tuple[str | int, ...]


@dataclass(kw_only=True)
class Shape:
    """A plan that has the right shape, perhaps after cutting."""

    plan: RawPlan | None = None
    """None when nothing is left to check."""
    broken: set[str] = field(default_factory=set[str])
    """Pointers, in the document, of the objects something was cut from."""
    lost_entities: bool = False
    """Whole entities were cut: an unknown name may be one of theirs."""
    removed: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Pointer of a list to the indexes of the items cut from it, all as in the document."""

    def original(self, pointer: str) -> str:
        """The pointer into the document of a pointer into what is left."""
        if not self.removed:
            return pointer
        path = ""
        for part in pointer.split("/")[1:]:
            gone = self.removed.get(path)
            path += f"/{_before_cut(int(part), gone) if gone else part}"
        return path


def shape(value: JsonValue, problems: Problems) -> Shape:
    """The raw plan of a JSON value; what does not fit is reported and left out."""
    result = Shape()
    if not isinstance(value, dict):
        problems.error(
            "not-an-object",
            "",
            f"A plan is a JSON object, not {_kind(value)}.",
            'Write {"entities": [ ... ]}.',
        )
        return result
    tidied = _tidy(value)
    for attempt in range(_PASSES):
        try:
            result.plan = RawPlan.model_validate(tidied)
            break
        except ValidationError as error:
            if error.error_count() > _FLOOD:
                _report_first(tidied, result, problems)
                break
            errors = error.errors(include_url=False)
        if attempt == 0:
            _report(tidied, errors, result, problems)
        _cut(tidied, errors, result)
    return result


def _tidy(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A copy without `x-` keys and without the nulls old plans write for "default"."""
    tidied: dict[str, JsonValue] = {}
    for key, item in value.items():
        if key.startswith("x-") or item is None:
            continue
        if key in _FREE:
            tidied[key] = item
        elif isinstance(item, dict):
            tidied[key] = _tidy(item)
            if key == "paths" and "shared" in item and item["shared"] is None:
                tidied[key] = {**_tidy(item), "shared": None}
        elif isinstance(item, list):
            tidied[key] = [_tidy(part) if isinstance(part, dict) else part for part in item]
        else:
            tidied[key] = item
    return tidied


def _report_first(root: dict[str, JsonValue], result: Shape, problems: Problems) -> None:
    """Only so many problems as a person reads: the rest would cost minutes and gigabytes."""
    entities = root.get("entities")
    for index, entity in enumerate(entities if isinstance(entities, list) else ()):
        if len(problems.errors) >= MAX_PROBLEMS:
            return
        try:
            RawPlan.model_validate({"entities": [entity]})
        except ValidationError as error:
            errors = error.errors(include_url=False)[:MAX_PROBLEMS]
            for one in errors:
                one["loc"] = ("entities", index, *one["loc"][2:])
            _report(root, errors, result, problems)
    if not problems.errors:
        problems.error(
            "out-of-limits",
            "",
            f"The plan has more than {_FLOOD} misshapen places.",
            "Start again from a plan that is valid.",
        )


def _report(
    root: JsonValue, errors: Sequence[ErrorDetails], result: Shape, problems: Problems
) -> None:
    said: set[str] = set()
    for error in errors:
        path = _existing(root, error["loc"])
        missing = error["type"] == "missing"
        pointer = _pointer(path)
        result.broken.add(pointer if missing else _pointer(path[:-1]))
        if pointer in said and not missing:
            continue  # the other arms of a union
        said.add(pointer)
        _say(error, path, _child_of(root, path), problems)


def _say(error: ErrorDetails, path: _Path, value: JsonValue, problems: Problems) -> None:
    """One problem for one misshapen place."""
    pointer, kind = _pointer(path), error["type"]
    holder, name = _holder(path), next((str(s) for s in reversed(path) if isinstance(s, str)), "")
    what, model = _HOLDERS.get(holder, ("plan", RawPlan))
    if kind == "extra_forbidden":
        known = [info.alias or key for key, info in model.model_fields.items()]
        problems.error(
            "unknown-key",
            pointer,
            f"{'An' if what == 'entity' else 'A'} {what} has no key {quoted(name)}.",
            f'{did_you_mean(name, known)} Keys of your own start with "x-".',
        )
    elif kind == "missing":
        key = str(error["loc"][-1])
        _, model = _HOLDERS.get(_holder((*path, key)), ("plan", RawPlan))
        what = next((w for w, m in _HOLDERS.values() if m is model), "plan")
        problems.error(
            "missing-key", pointer, f'This {what} has no "{key}".', f'Add "{key}" to the {what}.'
        )
    elif kind == "literal_error":
        code, called = _UNKNOWN_VALUE.get((holder, name), ("unknown-value", name))
        shown = quoted(value) if isinstance(value, str) else _kind(value)
        problems.error(
            code,
            pointer,
            f"There is no {called} {shown}.",
            did_you_mean(
                str(value), re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected")))
            ),
        )
    elif pointer == "/entities" and kind == "too_short":
        problems.error(
            "no-entities", pointer, "The plan has no entities.", "Write at least one entity."
        )
    elif kind in _WANTED:
        wanted = _UNIONS.get(name, _WANTED[kind])
        subject = quoted(name) if isinstance(path[-1], str) else f"An item of {quoted(name)}"
        problems.error(
            "wrong-type",
            pointer,
            f"{subject} must be {wanted}, not {_kind(value)}.",
            f"Write {wanted} here.",
        )
    else:
        problems.error(
            "out-of-limits",
            pointer,
            f"{quoted(name)} is out of its limits: {error['msg']}.",
            "Keep the value inside the limits.",
        )


def _cut(root: JsonValue, errors: Sequence[ErrorDetails], result: Shape) -> None:
    """Take out the item or the key each error points to, last first."""
    doomed = {_existing(root, error["loc"]) for error in errors} - {()}
    for path in sorted(doomed, key=lambda p: [f"{step:>9}" for step in p], reverse=True):
        holder, last = _child_of(root, path[:-1]), path[-1]
        if isinstance(holder, dict) and isinstance(last, str):
            del holder[last]
        elif isinstance(holder, list) and isinstance(last, int):
            place = result.original(_pointer(path[:-1]))
            gone = result.removed.setdefault(place, [])
            gone.append(_before_cut(last, gone))
            gone.sort()
            del holder[last]
            result.lost_entities |= place == "/entities"


def _before_cut(index: int, gone: Sequence[int]) -> int:
    """Where an item stood before the items at `gone` (ascending) were taken out."""
    for cut in gone:
        index += cut <= index
    return index


def _existing(root: JsonValue, location: _Path) -> _Path:
    """The part of an error's location that is in the document and not only in our models."""
    value = root
    for depth, step in enumerate(location):
        keys: Container[str | int] = ()
        if isinstance(value, dict):
            keys = value
        elif isinstance(value, list):
            keys = range(len(value))
        if step not in keys:
            return location[:depth]
        value = _child(value, step)
    return location


def _child_of(root: JsonValue, path: _Path) -> JsonValue:
    value = root
    for step in path:
        value = _child(value, step)
    return value


def _child(value: JsonValue, step: str | int) -> JsonValue:
    if isinstance(value, dict) and isinstance(step, str):
        return value[step]
    if isinstance(value, list) and isinstance(step, int):
        return value[step]
    raise LookupError(step)


def _holder(path: _Path) -> str:
    """The key of `_HOLDERS` whose object holds the last step of a path."""
    return next((s for s in reversed(path[:-1]) if isinstance(s, str) and s in _HOLDERS), "")


def _pointer(path: _Path) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _kind(value: JsonValue) -> str:
    """What a value is, in words."""
    match value:
        case None:
            kind = "null"
        case bool():
            kind = "true" if value else "false"
        case str():
            kind = "a string"
        case list():
            kind = "an array"
        case dict():
            kind = "an object"
        case _:
            kind = "a number"
    return kind
