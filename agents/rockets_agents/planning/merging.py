"""Plans put together from parts, as JSON: what fits is joined, what contradicts is told.

Works on what a model wrote, so nothing is taken for granted: what has not the shape of a plan is
carried along for `read_plan` to refuse.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from pydantic import JsonValue

from rockets_tools.documents.provenance import plan_parts
from rockets_tools.plan import names

SOURCE = "x-source"
GUESS = "x-guess"
MEMBERS = ("fields", "relations")
_TEXTS = ("description", "pattern")

Object = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two descriptions of one part of the plan that cannot both hold."""

    about: str
    """Its name: `Order.total`, `Order@user`, `Order/ownerField`."""
    first: JsonValue
    """As the merged plan has it."""
    second: JsonValue


@dataclass(kw_only=True)
class Merged:
    plan: Object
    clashes: list[Clash] = field(default_factory=list[Clash])


def merge(base: Object, part: Object) -> Merged:
    """`base` and what `part` adds to it; neither is changed."""
    merged = Merged(plan=deepcopy(base))
    added = deepcopy(part)
    for key in ("entities", "nonCrud"):
        new = added.pop(key, None)
        if new is not None:
            there = merged.plan.setdefault(key, [])
            if isinstance(there, list) and isinstance(new, list):
                join = _entity if key == "entities" else _module
                _join(there, new, key, join, merged)
            else:
                merged.plan[key] = new
    for key, value in added.items():
        merged.plan.setdefault(key, value)
    return merged


def replaced(base: Object, part: Object) -> Object:
    """`base` with the entities and modules of `part` in place of those of the same name."""
    plan = deepcopy(base)
    added = deepcopy(part)
    for key in ("entities", "nonCrud"):
        there, new = plan.setdefault(key, []), added.pop(key, None)
        if new is None:
            continue
        if not isinstance(there, list) or not isinstance(new, list):
            plan[key] = new
            continue
        places = {_name(item, key): index for index, item in reversed([*enumerate(there)])}
        for item in new:
            index = places.get(_name(item, key))
            if index is None:
                there.append(item)
            else:
                there[index] = item
    for key, value in added.items():
        plan.setdefault(key, value)
    return plan


def without(plan: Object, addresses: Iterable[str]) -> tuple[Object, tuple[str, ...]]:
    """The plan without these parts, and the addresses that name none."""
    known = pointers(plan)
    paths = {address: known.get(_folded(address)) for address in addresses}
    left = deepcopy(plan)
    for pointer in sorted({p for p in paths.values() if p}, key=_order, reverse=True):
        *holder, last = steps(pointer)
        _delete(at(left, holder), last)
    return left, tuple(address for address, pointer in paths.items() if pointer is None)


def pointers(plan: JsonValue) -> Mapping[str, str]:
    """JSON pointer of every part of a valid plan, by its name in any case."""
    return {_folded(part.name): part.pointer for part in reversed([*plan_parts(plan)])}


def find(plan: Mapping[str, str], address: str) -> str | None:
    """The pointer of an address, of `pointers`."""
    return plan.get(_folded(address))


def steps(pointer: str) -> list[str]:
    """Of a JSON pointer, unescaped."""
    return [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]


def at(value: JsonValue, path: Sequence[str | int]) -> JsonValue:
    """What stands there; None where nothing does."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def put(plan: Object, about: str, value: JsonValue) -> None:
    """Have the plan say this about a part that a clash is about."""
    address, _, key = about.partition("/")
    pointer = find(pointers(plan), address)
    if pointer is None:  # a later part of the document took it back
        return
    *holder, last = [*steps(pointer), *([key] if key else [])]
    place = at(plan, holder)
    if isinstance(place, dict):
        place[last] = deepcopy(value)
    elif isinstance(place, list):
        place[int(last)] = deepcopy(value)


_Joiner = Callable[[Object, Object, Merged], None]


def _join(
    there: list[JsonValue], new: list[JsonValue], key: str, join: _Joiner, merged: Merged
) -> None:
    known = {_name(item, key): index for index, item in reversed([*enumerate(there)])}
    fresh: set[str] = set()
    for item in new:
        name = _name(item, key)
        index = known.get(name)
        old = there[index] if index is not None else None
        # Twice in one part is a mistake of its author, who is told by `read_plan`.
        if (
            index is None
            or name in fresh
            or not isinstance(old, dict)
            or not isinstance(item, dict)
        ):
            there.append(item)
        else:
            join(old, item, merged)
        fresh.add(name)


def _entity(old: Object, new: Object, merged: Merged) -> None:
    name = names.entity_name(_text(old, "entityName"))
    for key, value in new.items():
        there = old.get(key)
        if there is None:
            old[key] = value
        elif key in MEMBERS and isinstance(there, list) and isinstance(value, list):
            _members(there, value, key, name, merged)
        elif key == "acl" and isinstance(there, dict) and isinstance(value, dict):
            _grants(there, value, name, merged)
        elif key in (SOURCE, GUESS):
            old[key] = _both(there, value)
        elif key == "uniqueConstraint":
            old[key] = _unique(there, value)
        elif key == "operations" and _as_set(there) == _as_set(value):
            continue
        elif key != "entityName" and there != value:
            merged.clashes.append(Clash(about=f"{name}/{key}", first=there, second=value))


def _members(
    there: list[JsonValue], new: list[JsonValue], kind: str, entity: str, merged: Merged
) -> None:
    known = {_name(item, kind): index for index, item in reversed([*enumerate(there)])}
    for item in new:
        index = known.get(_name(item, kind))
        old = there[index] if index is not None else None
        if index is None or not isinstance(old, dict) or not isinstance(item, dict):
            there.append(item)
            continue
        _combine(old, item, f"{entity}.{_called(old, kind)}", merged)


def _grants(there: Object, new: Object, entity: str, merged: Merged) -> None:
    for role, grant in new.items():
        old = there.get(role)
        if role not in there:
            there[role] = grant
        elif isinstance(old, dict) and isinstance(grant, dict) and _scope(old) == _scope(grant):
            operations = [*_list(old.get("operations"))]
            operations += [o for o in _list(grant.get("operations")) if o not in operations]
            old["operations"] = operations
            _carry(old, grant)
        elif old != grant:
            merged.clashes.append(
                Clash(about=f"{entity}@{role}", first=deepcopy(old), second=grant)
            )


def _module(old: Object, new: Object, _: Merged) -> None:
    """Two descriptions of one behaviour are read as one text."""
    for key in _TEXTS:
        texts = [t for t in (_text(old, key), _text(new, key)) if t]
        if texts:
            old[key] = "\n".join(dict.fromkeys(texts))
    for key, value in new.items():
        if key not in (SOURCE, GUESS):
            old.setdefault(key, value)
    _carry(old, new)


def _combine(old: Object, new: Object, about: str, merged: Merged) -> None:
    """Each may say what the other leaves open; as soon as they differ, both are kept apart."""
    said = {key for key in new if not key.startswith("x-") and key not in ("name", "targetEntity")}
    if any(key in old and old[key] != new[key] for key in said):
        merged.clashes.append(Clash(about=about, first=deepcopy(old), second=new))
        return
    for key in said:
        old[key] = new[key]
    _carry(old, new)


def _carry(old: Object, new: Object) -> None:
    for key in (SOURCE, GUESS):
        if key in new:
            old[key] = _both(old.get(key), new[key])


def _both(first: JsonValue, second: JsonValue) -> JsonValue:
    if isinstance(first, str) and isinstance(second, str):
        return first if first == second else f"{first}, {second}"
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *(s for s in second if s not in first)]
    return first if first is not None else second


def _unique(first: JsonValue, second: JsonValue) -> JsonValue:
    lists = [*_lists(first), *(one for one in _lists(second) if one not in _lists(first))]
    return lists[0] if len(lists) == 1 else list[JsonValue](lists)


def _lists(value: JsonValue) -> list[JsonValue]:
    found = _list(value)
    return found if any(isinstance(one, list) for one in found) else [found]


def _name(item: JsonValue, kind: str) -> str:
    """What two descriptions of one thing have in common."""
    if not isinstance(item, dict):
        return ""
    return names.key(_called(item, kind))


def _called(item: Mapping[str, JsonValue], kind: str) -> str:
    match kind:
        case "entities":
            return names.entity_name(_text(item, "entityName"))
        case "relations":
            return names.camel(
                _text(item, "name") or names.entity_name(_text(item, "targetEntity"))
            )
        case _:
            return names.camel(_text(item, "name"))


def _scope(grant: Mapping[str, JsonValue]) -> JsonValue:
    return grant.get("possession", "any")


def _as_set(value: JsonValue) -> set[str]:
    return {str(item) for item in _list(value)}


def _folded(address: str) -> str:
    return "".join(address.split()).casefold()


def _order(pointer: str) -> list[tuple[int, str]]:
    return [(int(s), "") if s.isdecimal() else (-1, s) for s in steps(pointer)]


def _delete(holder: JsonValue, step: str) -> None:
    if isinstance(holder, list):
        del holder[int(step)]
    elif isinstance(holder, dict):
        del holder[step]


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _text(value: Mapping[str, JsonValue], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
