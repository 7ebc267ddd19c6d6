"""From where in the document each part of a plan comes: `x-source` in a draft, spans outside."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

from pydantic import JsonValue

from rockets_agents.planning.merging import GUESS, SOURCE, Object, at, steps
from rockets_agents.planning.said import Passage, Plan
from rockets_tools.documents import Source
from rockets_tools.documents.provenance import plan_parts
from rockets_tools.plan.problems import quoted, unsafe_character

MOST_SPANS = 40
_SPANS = re.compile(
    r"\s*\d{1,7}(?:\s*[-\u2013]\s*\d{1,7})?(?:\s*,\s*\d{1,7}(?:\s*[-\u2013]\s*\d{1,7})?)*\s*"
)

Provenance = Mapping[str, tuple[Source, ...]]
"""JSON pointer into the plan to lines of the document."""


def spans(written: JsonValue) -> tuple[tuple[int, int], ...] | None:
    """`12`, `12-14` or `3, 12-14` as first and last lines; None when it is none of these."""
    text = str(written) if isinstance(written, str | int) and not isinstance(written, bool) else ""
    if len(text) > 1000 or not _SPANS.fullmatch(text):
        return None
    found: dict[tuple[int, int], None] = {}
    for one in text.split(","):
        first, *last = re.findall(r"\d+", one)
        found[int(first), int(last[0] if last else first)] = None
    return tuple(sorted(found))[:MOST_SPANS]


def source_problems(part: Plan, passages: Sequence[Passage]) -> Iterator[str]:
    """Parts without a source, and sources that are not there."""
    for name, value in _written(part):
        written, guess = value.get(SOURCE), value.get(GUESS)
        if written is None and not guess:
            yield f"{name} has neither {SOURCE} nor {GUESS}."
        if written is not None:
            yield from span_problems(written, f"{SOURCE} of {name}", passages)
        if guess is not None and not _is_guess(guess):
            yield f"{GUESS} of {name} is not a sentence of at most 1000 plain characters."


def span_problems(written: JsonValue, what: str, passages: Sequence[Passage]) -> Iterator[str]:
    """What is wrong with the lines that an answer names."""
    found = spans(written)
    if found is None:
        yield f'{what} is not lines of the document, as "12", "12-14" or "3, 12-14".'
        return
    for first, last in found:
        if first > last or not any(p.first <= first and last <= p.last for p in passages):
            shown = " and ".join(f"{p.first} to {p.last}" for p in passages[:5])
            yield f"{what} names lines {first}-{last}; you were shown lines {shown}."
        elif not any(_has_text(p, first, last) for p in passages):
            yield f"{what} names lines {first}-{last}, which are empty."


def unmarked(marked: Object, file: str) -> tuple[Object, Provenance]:
    """The plan without `x-source`, and what it said."""
    plan = deepcopy(marked)
    provenance: dict[str, tuple[Source, ...]] = {}
    for part in plan_parts(marked):
        value = at(plan, steps(part.pointer))
        if not isinstance(value, dict):
            continue
        found = spans(value.pop(SOURCE, None))
        if found:
            provenance[part.pointer] = tuple(Source(file, first, last) for first, last in found)
        if isinstance(guess := value.get(GUESS), str):
            value[GUESS] = [guess]
    return plan, provenance


def marked(plan: Object, provenance: Provenance) -> Object:
    """The opposite of `unmarked`."""
    result = deepcopy(plan)
    for pointer, sources in provenance.items():
        value = at(result, steps(pointer))
        if isinstance(value, dict):
            value[SOURCE] = ", ".join(f"{s.first}-{s.last}" for s in sources)
    return result


def _written(part: Plan) -> Iterator[tuple[str, Object]]:
    """Every part that has a shape, by a name the author of the answer knows."""
    for entity in _objects(part.get("entities")):
        name = str(entity.get("entityName"))[:80]
        yield name, entity
        for field in _objects(entity.get("fields")):
            yield f"{name}.{str(field.get('name'))[:80]}", field
        for relation in _objects(entity.get("relations")):
            called = relation.get("name") or relation.get("targetEntity")
            yield f"{name}.{str(called)[:80]}", relation
        acl = entity.get("acl")
        for role, grant in acl.items() if isinstance(acl, dict) else ():
            if isinstance(grant, dict):
                yield f"{name}@{role[:80]}", grant
    for module in _objects(part.get("nonCrud")):
        yield f"nonCrud {quoted(str(module.get('name')))}", module


def _objects(value: JsonValue) -> list[Object]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _is_guess(value: JsonValue) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(
        isinstance(text, str) and 0 < len(text) <= 1000 and unsafe_character(text) is None
        for text in texts
    )


def _has_text(passage: Passage, first: int, last: int) -> bool:
    if not passage.numbered:  # only its place is known
        return True
    lines = passage.numbered.split("\n")[first - passage.first : last - passage.first + 1]
    return any(line.partition("\t")[2].strip() for line in lines)
