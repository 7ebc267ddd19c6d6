"""Which component schemas are entities, and which are what one asks and answers about them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from rockets_tools.documents.yaml_text import Value
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

_READ = ("response", "read", "out", "output", "dto")
_WRITE = ("base", "create", "new", "input", "in", "request", "update", "patch", "edit", "body")
_RANK = {word: rank for rank, word in enumerate((*_READ, *_WRITE))}
"""Of the forms of a thing that has no schema of its own, the first tells the most about it."""
_LISTS = frozenset(
    {"list", "page", "paged", "paginated", "results", "collection", "envelope", "filter", "query"}
)
_VIEWS = frozenset({"result", "summary", "details", "detail"})
"""`OrderDetail` may be a view of `Order`, or the lines of it."""
_PREFIXES = frozenset(
    {"new", "create", "update", "patch", "edit", "base", "partial", "paged", "paginated"}
)
_SUFFIXES = {*_RANK, *_LISTS, *_VIEWS, "write", "payload", "params"} - {"new", "edit"}
_ALWAYS = re.compile(
    r"(?:\w{0,80}(?:request|response|error|errors|payload|params)|problem\w{0,20}|pagination\w{0,20}"
    r"|links?|meta|metadata|pageinfo|validationerror\w{0,20})",
    re.IGNORECASE,
)
_FRAMEWORK = re.compile(r"Body_.{1,200}|Page_.{1,200}_")
"""What FastAPI calls the bodies of forms and the pages of lists."""
_TALK = re.compile(
    r"log(?:in|out)|sign(?:in|up|out)|regist(?:er|ration)|auth\w{0,20}|(?:refresh)?tokens?|jwt\w{0,20}"
    r"|(?:change|reset|forgot)password|message|success|status|health",
)
_TOKENS = frozenset({"token", "accesstoken", "refreshtoken", "jwt"})
_MIXIN = re.compile(
    r"(?:base|abstract)\w{0,80}|\w{0,80}(?:base|mixin)|timestamps|auditable|entity|resource",
    re.IGNORECASE,
)
_MAX_MERGES = 20


@dataclass(slots=True)
class _Name:
    """A schema's name without what says which form it is."""

    stem: str
    shorter: tuple[str, ...]
    """All names on the way from the whole one to the stem, by `names.key`."""
    cut: frozenset[str]
    """The words that were taken off."""


@dataclass(slots=True)
class Sorted:
    """All schemas of a document, each in one place."""

    entities: dict[str, str] = field(default_factory=dict[str, str])
    """The entity's name, by the schema's."""
    left_out: dict[str, str] = field(default_factory=dict[str, str])
    """Why a schema is no entity, the end of a sentence."""
    forms: dict[str, str] = field(default_factory=dict[str, str])
    """The schema of the entity one is a form of."""

    def entity(self, name: str | None) -> str | None:
        """The schema of the entity that one stands for: itself, or the one it is a form of."""
        for _ in range(_MAX_MERGES):
            if name is None or name in self.entities:
                return name
            name = None if _LISTS & _named(name).cut else self.forms.get(name)
        return None


class Components:
    """The schemas of a document and how they are made of each other."""

    def __init__(self, schemas: Mapping[str, Value], referred: frozenset[str]) -> None:
        self.all = schemas
        self._referred = referred
        self._by_key = {names.key(name): name for name in schemas}
        self._names = {name: _named(name) for name in schemas}
        self._wholes: dict[str, set[str]] = {}
        """Schemas that others are made of, with those others."""
        self._merged: dict[int, dict[str, tuple[Value, bool]]] = {}
        """Properties by the identity of the value: `allOf` may name one part in many places."""
        for name, value in schemas.items():
            for part in (value.get("allOf") or Value(0, 0)).items:
                if (target := self.target(part)) is not None:
                    self._wholes.setdefault(target, set()).add(name)

    def target(self, value: Value) -> str | None:
        """The component a `$ref` (alone, or wrapped in allOf or a nullable oneOf) leads to."""
        ref = value.text("$ref")
        if ref is not None:
            name = name_of(ref)
            return name if name in self.all else None
        for word in ("allOf", "oneOf", "anyOf"):
            wrapped = value.get(word)
            parts = [p for p in wrapped.items if p.text("type") != "null"] if wrapped else []
            if len(parts) == 1:
                return self.target(parts[0]) if parts[0].text("$ref") else None
        return None

    def properties(self, value: Value, depth: int = 0) -> dict[str, tuple[Value, bool]]:
        """Those of `allOf` parts included; each with whether it is required."""
        known = self._merged.get(id(value))
        if known is not None:
            return known
        found: dict[str, tuple[Value, bool]] = {}
        if depth > _MAX_MERGES:
            return found
        self._merged[id(value)] = found  # a part that leads back here adds nothing
        for part in (value.get("allOf") or Value(0, 0)).items:
            target = self.target(part)
            found |= self.properties(self.all[target] if target else part, depth + 1)
        required = set(value.texts("required"))
        for name, item in value.entries("properties"):
            found[name] = (item, name in required)
        for name in required & found.keys():
            found[name] = (found[name][0], True)
        return found

    def sort(self) -> Sorted:
        """Tell entities from lists of values, messages, parts and forms."""
        found = Sorted()
        stands_for = self._representatives()
        for name, value in self.all.items():
            base = self._base(name) or stands_for.get(names.key(self._names[name].stem))
            if base == name:
                found.entities[name] = self._names[name].stem
                continue
            reason = self._no_thing(name, value)
            if reason is None and base is not None:
                found.forms[name] = base
                reason = self._form(name, base)
            elif base is not None and self._names[name].cut:
                found.forms[name] = base
            if reason is None:
                plain = self._names[name].cut == frozenset({"dto"})
                found.entities[name] = self._names[name].stem if plain else name
            else:
                found.left_out[name] = reason
        return found

    def _no_thing(self, name: str, value: Value) -> str | None:
        if value.texts("enum"):
            return "it is a list of values, used where it is referred to"
        if not self.properties(value):
            return "it has no properties"
        talk = _TALK.fullmatch(names.key(name)) and not self._has_identity(name)
        if _ALWAYS.fullmatch(name) or _FRAMEWORK.fullmatch(name) or talk:
            return "its name says it is a message"
        wholes = self._wholes.get(name, set())
        forms = {whole for whole in wholes if self._base(whole) == name}
        if wholes and (_MIXIN.fullmatch(name) or (name not in self._referred and not forms)):
            return "it is a part of others"
        return None

    def _has_identity(self, name: str) -> bool:
        wanted = {"id", "uuid", f"{names.key(self._names[name].stem)}id"}
        return any(names.key(key) in wanted for key in self.properties(self.all[name]))

    def _form(self, name: str, base: str) -> str:
        mine, theirs = self.properties(self.all[name]), self.properties(self.all[base])
        lacks = ", ".join(quoted(key) for key in mine if key not in theirs)
        return f"it is a form of {base}" + (f", which lacks its {lacks}" if lacks else "")

    def _base(self, name: str) -> str | None:
        """`OrderCreate` and `NewOrder` are forms of `Order`, if there is one."""
        named = self._names[name]
        base = next((self._by_key[key] for key in named.shorter if key in self._by_key), None)
        if base is None or base == name:
            return None
        if named.cut <= _VIEWS:
            mine, theirs = self.properties(self.all[name]), self.properties(self.all[base])
            if 2 * len(mine.keys() & theirs.keys()) < len(mine):
                return None
        return base

    def _representatives(self) -> dict[str, str]:
        """By stem, the form that stands for a thing without a schema of its own."""
        groups: dict[str, list[str]] = {}
        for name, named in self._names.items():
            key = names.key(named.stem)
            if named.cut and key not in self._by_key and self.properties(self.all[name]):
                groups.setdefault(key, []).append(name)
        found: dict[str, str] = {}
        for key, group in groups.items():
            able = [name for name in group if self._names[name].cut <= _RANK.keys()]
            best = min(able, key=self._rank, default=None)
            if best is not None and self._is_thing(key, best, group):
                found[key] = best
        return found

    def _rank(self, name: str) -> int:
        return max(_RANK[word] for word in self._names[name].cut)

    def _is_thing(self, stem: str, best: str, group: list[str]) -> bool:
        """It has an identity, or is made and then changed or read."""
        keys = {names.key(key) for key in self.properties(self.all[best])}
        if _TOKENS & keys or _TALK.fullmatch(stem) or _MIXIN.fullmatch(best):
            return False
        if self._has_identity(best):
            return True
        cut = set(chain.from_iterable(self._names[name].cut for name in group))
        made = bool(cut & {"create", "new"})
        return made and bool(cut & {"update", "patch", "edit", *_READ})


def name_of(ref: str) -> str:
    """The last part of a `$ref`."""
    return ref.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _named(name: str) -> _Name:
    shorter = tuple(_shorten(names.words(name)))
    words = names.words(name)
    stem = shorter[-1] if shorter else words
    cut = frozenset(words) - frozenset(stem) if shorter else frozenset[str]()
    return _Name(
        stem="".join(word.capitalize() for word in stem) if shorter else name,
        shorter=tuple("".join(parts) for parts in shorter),
        cut=cut,
    )


def _shorten(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    while len(words) > 1:
        if words[-1] in _SUFFIXES:
            words = words[:-1]
        elif words[0] in _PREFIXES:
            words = words[1:]
        else:
            return
        yield words
