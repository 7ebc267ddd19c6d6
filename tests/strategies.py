"""Random valid plans, in every form the schema has: `plans()` for hypothesis.

What it yields is plan.json as somebody may write it: names in any case, defaults left out or
written, awkward words everywhere. Everything it yields must be accepted by `read_plan`.
"""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Json = dict[str, Any]

ENTITIES = (
    "Product", "ProductTag", "Tag", "Category", "Person", "Child", "Shelf", "News", "Sheep",
    "Status", "Series", "Analysis", "Order", "Group", "Class", "Default", "Select", "Table",
    "Column", "Index", "Key", "Event", "Config", "Password", "Crud", "TypeOrm", "App", "Auth",
    "Jwt", "Swagger", "String", "Number", "Object", "Promise", "Date", "Function", "Module",
    "Controller", "Service", "Repository", "Injectable", "Map", "Array", "Symbol", "Error", "Type",
    "Interface", "Package", "Public", "Static", "Await", "Yield", "Import", "Export", "Const",
    "Let", "Delete", "Enum", "Pro", "Prod", "In", "Invoice", "InvoiceLine", "OrderItem", "Entity",
    "Body", "Request",
)  # fmt: skip
"""Plain ones, irregular plurals, reserved words, names of framework classes, prefixes."""

FIELDS = (
    "name", "title", "description", "code", "first_name", "isActive", "order", "group", "class",
    "default", "from", "to", "select", "where", "new", "delete", "function", "return", "this",
    "await", "enum", "type", "key", "value", "index", "limit", "offset", "page", "sort", "filter",
    "join", "data", "count", "total", "target", "length", "status", "state", "x", "entity",
    "request", "dto", "repository", "password", "arguments", "eval", "undefined", "null", "async",
    "get", "set", "symbol", "then", "body", "bulk", "ids", "created-at",
)  # fmt: skip

RELATIONS = (
    "parent", "owner", "main", "secondary", "editor", "reviewer", "manager", "source",
    "destination", "origin", "class", "default", "group", "order", "case", "next", "previous",
    "left", "right", "first", "last",
)  # fmt: skip

TEXTS = (
    "plain",
    "it's",
    'say "hi"',
    "back\\slash",
    "${process.env.HOME}",
    "`tick`",
    "*/ end of comment",
    "%s {{ braces }}",
    "'; DROP TABLE x; --",
    "tschüß 日本 🚀",
)
"""What must survive quoting in TypeScript, SQL and comments."""

PATTERNS = (
    r"^[A-Z]{3}-\d{4,8}$",
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    r"^\+?[1-9]\d{6,14}$",
    r"^(red|green|blue)-[0-9]{1,6}$",
    r"^(?=.*[a-z])(?=.*\d)[a-z\d]{6,20}$",
    r"""^[\w"'/\\-]{1,40}$""",
    r"^\/[a-z]+\/\d+$",
    r"\d",
)

ROLES = ("user", "manager", "store-keeper", "auditor2")
OPERATIONS = ("readMany", "readOne", "createOne", "updateOne", "deleteOne", "recoverOne")
ACTIONS = ("create", "read", "update", "delete")


@st.composite
def plans(draw: DrawFn, min_entities: int = 1, max_entities: int = 30) -> Json:
    """A raw plan that is valid; entity names differ in any case, cycles can be cut."""
    names = draw(
        st.lists(
            st.sampled_from(ENTITIES), min_size=min_entities, max_size=max_entities, unique=True
        )
    )
    writer = _Writer(draw, names)
    for name in names:
        writer.entity(name)
    for name in names:
        writer.relations(name)
    for name in names:
        writer.access(name)
    plan: Json = {"entities": [writer.written(name) for name in names]}
    if draw(st.integers(0, 4)) == 0:
        plan["paths"] = draw(
            st.sampled_from(
                [
                    {"entity": "src/domain", "module": "src/domain", "shared": "src/contracts"},
                    {"module": "./src/features/"},
                    {"shared": None},
                ]
            )
        )
    if draw(st.integers(0, 4)) == 0:
        plan["nonCrud"] = [{"name": "billing-run", "type": "workflow", "description": "Nightly."}]
    return plan


class _Writer:
    """The plan being drawn: which names are taken, who may own what."""

    def __init__(self, draw: DrawFn, names: list[str]) -> None:
        self.draw, self.names = draw, names
        self.entities: dict[str, Json] = {}
        self.taken: dict[str, set[str]] = {}
        self.owners: dict[str, str] = {}
        self.junctions: set[str] = {_key(name) for name in names}

    def maybe(self, times_in: int = 2) -> bool:
        return self.draw(st.integers(0, times_in - 1)) == 0

    def entity(self, name: str) -> None:
        written: Json = {"entityName": self.spelled(name)}
        self.taken[name] = {"id", "datecreated", "dateupdated", "datedeleted", "version"}
        fields = self.draw(st.lists(st.sampled_from(FIELDS), max_size=6, unique_by=_key))
        written["fields"] = [self.field(name, field) for field in fields]
        if self.maybe(8):
            written["tableName"] = f"legacy_{_snake(name)}"
        if self.maybe(8):
            written["pluralName"] = f"all-{_snake(name).replace('_', '-')}-rows"
        if self.maybe(12):
            written["paths"] = {"module": "src/areas", "entity": "src/areas", "shared": None}
        if self.maybe(12):
            written["x-guess"] = {"anything": ["goes", None]}
        written["relations"] = []
        self.entities[name] = written

    def field(self, entity: str, name: str) -> Json:
        self.taken[entity].add(_key(name))
        kind = self.draw(st.sampled_from(sorted(_KINDS)))
        field = {"name": name, **self.draw(_KINDS[kind])}
        if kind != "string" or self.maybe():
            field["type"] = kind
        if self.maybe(3):
            field["required"] = self.draw(st.booleans())
        if kind in {"string", "text", "number", "uuid", "date"} and self.maybe(5):
            field["unique"] = "default" not in field
        if self.maybe(4):
            field["apiDescription"] = "\n".join(
                self.draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
            )
        if self.maybe(8):
            field["columnName"] = f"col_{_snake(name)}"
        if self.maybe(8):
            field["updatable"] = False
        if self.maybe(10):
            field["expose"] = False
        if self.maybe(8) and ("default" in field or field.get("required") is False):
            field["creatable"] = False
        return field

    def relations(self, name: str) -> None:
        earlier = self.names[: self.names.index(name)]
        if len(earlier) >= 2 and self.maybe(8):
            self.entities[name]["isJunction"] = True
            for target in self.draw(
                st.lists(st.sampled_from(earlier), min_size=2, max_size=2, unique=True)
            ):
                self.many_to_one(name, target, required=True)
            return
        forms: list[Callable[[str], None]] = [
            self.to_earlier,
            self.to_any,
            self.to_itself,
            self.to_sdk,
            self.twice,
            self.one_to_many,
            self.one_to_one,
            self.many_to_many,
        ]
        if self.maybe(3):
            self.owned(name)
        for form in self.draw(st.lists(st.sampled_from(forms), max_size=4)):
            form(name)

    def to_earlier(self, name: str) -> None:
        earlier = self.names[: self.names.index(name)]
        if earlier:
            target = self.draw(st.sampled_from(earlier))
            self.many_to_one(name, target, required=self.draw(st.booleans()))

    def to_any(self, name: str) -> None:
        self.many_to_one(name, self.draw(st.sampled_from(self.names)), required=False)

    def to_itself(self, name: str) -> None:
        self.many_to_one(name, name, required=False)

    def to_sdk(self, name: str) -> None:
        target = self.draw(st.sampled_from(["User", "Role"]))
        self.many_to_one(name, target, required=self.draw(st.booleans()))

    def twice(self, name: str) -> None:
        target = self.draw(st.sampled_from(self.names))
        self.many_to_one(name, target, required=False)
        self.many_to_one(name, target, required=False)

    def owned(self, name: str) -> None:
        """A relation to User under its default name, or a plain uuid column."""
        if name in self.owners or not self.free(name, "user", "userId"):
            return
        self.taken[name] |= {"user", "userid"}
        if self.maybe(3):
            self.entities[name]["fields"].append({"name": "userId", "type": "uuid"})
        else:
            self.entities[name]["relations"].append(
                {"targetEntity": "User", "name": "user", "foreignKey": "userId"}
            )
        self.owners[name] = "userId"

    def many_to_one(self, name: str, target: str, *, required: bool) -> None:
        relation = self.owning(name, target, required=required)
        if target in self.entities and self.maybe(3):
            inverse = self.fresh(target)
            relation["inverseSide"] = inverse
            if self.maybe():
                self.entities[target]["relations"].append(
                    {
                        "name": inverse,
                        "type": "oneToMany",
                        "targetEntity": self.spelled(name),
                        "mappedBy": relation["name"],
                    }
                )
        owner = self.owners.get(target)
        if required and owner and name not in self.owners and name != target:
            self.owners[name] = f"{relation['name']}.{owner}"

    def owning(self, name: str, target: str, *, required: bool) -> Json:
        relation: Json = {"name": self.fresh(name), "targetEntity": self.spelled(target)}
        key = relation["foreignKey"] = f"{relation['name']}Id"
        if self.maybe():
            relation["type"] = "manyToOne"
        if required or self.maybe(4):
            relation["nullable"] = not required
        rules = ["CASCADE", "RESTRICT", *([] if required else ["SET NULL"])]
        if self.maybe():
            relation["onDelete"] = self.draw(st.sampled_from(rules))
        if self.maybe(8):
            relation["eager"] = True
        if self.maybe(8):
            relation["columnName"] = f"fk_{_snake(key)}"
        elif self.maybe(8):
            self.entities[name]["fields"].append({"name": key, "type": "uuid"})
        self.entities[name]["relations"].append(relation)
        return relation

    def one_to_many(self, name: str) -> None:
        """One side only: the other one is made."""
        target = self.draw(st.sampled_from(self.names))
        self.entities[name]["relations"].append(
            {
                "name": self.fresh(name),
                "type": "oneToMany",
                "targetEntity": self.spelled(target),
                "mappedBy": (mapped := self.fresh(target)),
                "foreignKey": f"{mapped}Id",
            }
        )

    def one_to_one(self, name: str) -> None:
        target = self.draw(st.sampled_from([*self.names, "User"]))
        relation = self.owning(name, target, required=False)
        relation["type"] = "oneToOne"
        relation["owner"] = True
        if target in self.entities and self.maybe():
            self.entities[target]["relations"].append(
                {
                    "name": self.fresh(target),
                    "type": "oneToOne",
                    "targetEntity": self.spelled(name),
                    "mappedBy": relation["name"],
                }
            )

    def many_to_many(self, name: str) -> None:
        target = self.draw(st.sampled_from(self.names))
        both = {_key(name + target), _key(target + name)}
        if not self.junctions.isdisjoint(both) or "Entity" in {name, target}:
            return
        self.junctions |= both
        relation = {
            "name": self.fresh(name),
            "type": "manyToMany",
            "targetEntity": self.spelled(target),
        }
        self.entities[name]["relations"].append(relation)
        if target != name and self.maybe(3):
            self.entities[target]["relations"].append(
                {
                    "name": self.fresh(target),
                    "type": "manyToMany",
                    "targetEntity": self.spelled(name),
                    "mappedBy": relation["name"],
                }
            )

    def access(self, name: str) -> None:
        written = self.entities[name]
        if self.maybe(3):
            written["operations"] = self.draw(
                st.lists(st.sampled_from(OPERATIONS), min_size=1, unique=True)
            )
        owner = self.owners.get(name)
        if owner is not None and (owner != "userId" or self.maybe()):
            written["ownerField"] = owner
        choice = self.draw(st.integers(0, 5))
        if choice:
            roles = self.draw(
                st.lists(
                    st.sampled_from(["admin", *ROLES]), min_size=choice > 1, max_size=4, unique=True
                )
            )
            written["acl"] = {role: self.grant(own=owner is not None) for role in roles}
        fields = [f["name"] for f in written["fields"] if f.get("type") != "json"]
        if len(fields) >= 2 and not written.get("isJunction") and self.maybe(5):
            written["uniqueConstraint"] = fields[:2] if self.maybe() else [fields[:2]]

    def grant(self, *, own: bool) -> Json:
        grant: Json = {
            "operations": self.draw(st.lists(st.sampled_from(ACTIONS), min_size=1, unique=True))
        }
        if own and self.maybe():
            grant["possession"] = "own"
        elif self.maybe():
            grant["possession"] = "any"
        return grant

    def written(self, name: str) -> Json:
        return {key: value for key, value in self.entities[name].items() if value != []}

    def fresh(self, name: str) -> str:
        """A relation name that clashes with nothing of an entity, nor does its foreign key."""
        base = self.draw(st.sampled_from(RELATIONS))
        free = base
        number = 1
        while not self.free(name, free, f"{free}Id"):
            number += 1
            free = f"{base}{number}"
        self.taken[name] |= {_key(free), _key(f"{free}Id")}
        return free

    def free(self, name: str, *members: str) -> bool:
        return self.taken[name].isdisjoint(map(_key, members))

    def spelled(self, name: str) -> str:
        """The name in some case, perhaps with the suffix."""
        kind = self.draw(st.integers(0, 9))
        spellings = {
            0: _snake(name),
            1: _snake(name).replace("_", "-"),
            2: name[0].lower() + name[1:],
            3: f"{name}Entity",
            4: _snake(name).upper(),
        }
        return name if name == "Entity" else spellings.get(kind, name)


def _key(name: str) -> str:
    return re.sub(r"[_ -]", "", name).lower()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()


def _optional(**keys: SearchStrategy[Any]) -> SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=keys)


@st.composite
def _strings(draw: DrawFn) -> Json:
    low = draw(st.integers(0, 20))
    pattern = draw(st.sampled_from(PATTERNS))
    kinds: list[Json] = [
        {},
        {"pattern": pattern},
        {"pattern": pattern, "maxLength": 60},
        {"isUrl": True, "maxLength": 40 + low},
        {"isEmail": True},
        {"minLength": low, "maxLength": low + draw(st.integers(1, 100))},
        {"default": draw(st.sampled_from(TEXTS))},
        {"apiExample": draw(st.sampled_from(TEXTS))},
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def _numbers(draw: DrawFn) -> Json:
    low = draw(st.integers(-1000, 1000))
    high = low + draw(st.integers(1, 10_000))
    return draw(
        st.one_of(
            st.just({}),
            st.just({"min": low}),
            st.just({"max": high}),
            st.just({"min": low, "max": high, "default": low}),
            st.just({"default": 0}),
            st.just({"apiExample": 7}),
        )
    )


@st.composite
def _floats(draw: DrawFn) -> Json:
    scale = draw(st.integers(0, 4))
    precision = scale + draw(st.integers(1, 8))
    return draw(
        st.one_of(
            st.just({}),
            st.just({"precision": precision, "scale": scale}),
            st.just({"precision": precision, "scale": scale, "min": 0}),
            st.just({"min": 0.5, "max": 99.25}),
            st.just({"default": 1.5}),
            st.just({"default": 0, "min": 0}),
        )
    )


@st.composite
def _enums(draw: DrawFn) -> Json:
    values = draw(
        st.lists(
            st.sampled_from([*TEXTS, "draft", "in-progress", "IN_PROGRESS", "1", "2nd", "default"]),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    enum: Json = {"enumValues": values}
    if draw(st.booleans()):
        enum["default"] = draw(st.sampled_from(values))
    return enum


_KINDS: dict[str, SearchStrategy[Json]] = {
    "string": _strings(),
    "text": _optional(maxLength=st.integers(20, 5000)),
    "number": _numbers(),
    "float": _floats(),
    "boolean": _optional(default=st.booleans()),
    "date": _optional(default=st.sampled_from(["now()", "2024-02-29T23:59:59.999Z", "2024-01-01"])),
    "uuid": _optional(default=st.just("3f2504e0-4f89-41d3-9a0c-0305e82c3301")),
    "json": _optional(
        default=st.sampled_from([{}, [], {"it's": ['"', {"n": [1, 2.5, None, True]}]}, "text"])
    ),
    "enum": _enums(),
}
