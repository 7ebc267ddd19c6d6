"""The plan of a document and the plan in force: one plan, and what happens to whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_graph.from_doc.place import Place
from rockets_tools.documents.provenance import Part, PlanPart, plan_parts, value_at
from rockets_tools.plan import names

_LISTS = (("entities", "entity"), ("nonCrud", "module"))
_SETTINGS = ("paths", "sdkVersion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The plan to be shown, and how it differs from the one in force."""

    plan: dict[str, JsonValue]
    parts: tuple[Part, ...]
    kept: tuple[str, ...] = ()
    """Entities and modules of the plan in force that the document says nothing about."""
    taken_over: tuple[str, ...] = ()
    """Those that came from elsewhere and that the document now describes anew."""
    changed: tuple[str, ...] = ()
    """Those of this document that are other than in the plan in force."""
    left: tuple[str, ...] = ()
    """Those that came from this document, which does not have them any more."""


def merge(
    plan: Mapping[str, JsonValue],
    parts: Sequence[Part],
    place: Place,
    document: str,
    *,
    keep: Collection[str] = (),
) -> Merged:
    """Put what the project has from elsewhere beside what the document (its name in the record)
    describes: another document, or a hand, does not lose its entities to this one.

    `keep` names what both have and the project's version of is to stay.
    """
    before, now, home = _whole(place.plan), _whole(dict(plan)), _homes(place)
    elsewhere = {key for key in before if home.get(key) != document}
    replaced = [
        key for key in before if key in elsewhere and key in now and differ(now[key], before[key])
    ]
    stay = {key for key in elsewhere if key not in replaced or now[key].name in keep}
    stay_names = {before[key].name for key in stay}
    merged: dict[str, JsonValue] = dict(plan)
    if isinstance(place.plan, dict):
        merged |= {k: v for k, v in place.plan.items() if k in _SETTINGS and k not in plan}
    for field, kind in _LISTS:
        given = [part.value for key, part in now.items() if key[0] == kind and key not in stay]
        old = [part.value for key, part in before.items() if key[0] == kind and key in stay]
        if old or field in merged:
            merged[field] = [*given, *old]
    ours = [key for key in before if key not in elsewhere]
    return Merged(
        plan=merged,
        parts=(
            *(part for part in parts if owner_of(part.name) not in stay_names),
            *_kept_parts(place, stay_names),
        ),
        kept=tuple(before[key].name for key in before if key in stay),
        taken_over=tuple(now[key].name for key in replaced),
        changed=tuple(
            now[key].name for key in ours if key in now and differ(now[key], before[key])
        ),
        left=tuple(before[key].name for key in ours if key not in now),
    )


def differ(one: PlanPart, other: PlanPart) -> bool:
    """The plans say different things of what has one name."""
    return one.value != other.value


def undone_edits(plan: JsonValue, place: Place) -> tuple[str, ...]:
    """Parts of the plan in force that a person changed at approval and that `plan` has not so."""
    now, before = (
        {(part.kind, names.key(part.name)): part.value for part in plan_parts(value)}
        for value in (plan, place.plan)
    )
    return tuple(
        part.name
        for part in (place.provenance.parts if place.provenance else ())
        if part.origin == "person"
        and (key := (part.kind, names.key(part.name))) in before
        and (key not in now or now[key] != before[key])
    )


def from_elsewhere(place: Place, document: str) -> dict[str, JsonValue]:
    """The plan in force without what came from this document; empty when there is nothing."""
    home = _homes(place)
    before = {key: part for key, part in _whole(place.plan).items() if home.get(key) != document}
    lists: dict[str, JsonValue] = {
        field: [part.value for key, part in before.items() if key[0] == kind]
        for field, kind in _LISTS
    }
    return {field: items for field, items in lists.items() if items}


def owner_of(part: str) -> str:
    """The entity or module a part belongs to: `Product` of `Product.price` and `Product@user`."""
    return part.partition("@")[0].partition(".")[0]


def _whole(plan: JsonValue) -> dict[tuple[str, str], PlanPart]:
    """Entities and modules with everything in them, by kind and settled name."""
    found: dict[tuple[str, str], PlanPart] = {}
    for part in plan_parts(plan):
        if part.kind in {"entity", "module"}:
            whole = value_at(plan, part.pointer)
            found[part.kind, names.key(part.name)] = part.model_copy(update={"value": whole})
    return found


def _homes(place: Place) -> dict[tuple[str, str], str]:
    """The document each entity and module of the plan in force came from."""
    known = place.provenance.parts if place.provenance else ()
    return {
        (part.kind, names.key(part.name)): part.sources[0].file
        for part in known
        if part.kind in {"entity", "module"} and part.sources
    }


def _kept_parts(place: Place, kept: Collection[str]) -> list[Part]:
    stay = {names.key(name) for name in kept}
    known = {
        (part.kind, names.key(part.name)): part
        for part in (place.provenance.parts if place.provenance else ())
    }
    return [
        known.get((part.kind, names.key(part.name)))
        or Part(name=part.name, kind=part.kind, origin="plan", guesses=part.guesses)
        for part in plan_parts(place.plan)
        if names.key(owner_of(part.name)) in stay
    ]
