"""Component schemas of an OpenAPI (or Swagger) document."""

import re
from collections.abc import Mapping

from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.openapi_types import is_nullable, plain_type
from rockets_tools.documents.schema import (
    Column,
    ColumnType,
    ForeignKey,
    ManyToMany,
    Ref,
    Schema,
    Span,
    Table,
)
from rockets_tools.documents.types import enum_type
from rockets_tools.documents.yaml_text import BrokenYamlError, Value, parse
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_PREFIXES = ("new", "create", "update", "patch", "edit", "base", "partial", "paged", "paginated")
_SUFFIXES = (
    "request", "response", "input", "output", "create", "update", "patch", "dto", "base", "list",
    "page", "paged", "paginated", "results", "result", "collection", "summary", "details", "detail",
    "read", "write", "in", "out", "body", "payload", "params", "filter", "query", "envelope",
)  # fmt: skip
_ALWAYS = re.compile(
    r"(?:\w{0,80}(?:request|response|error|errors|payload|params)|problem\w{0,20}|pagination\w{0,20}"
    r"|links?|meta|metadata|pageinfo|validationerror\w{0,20})",
    re.IGNORECASE,
)
_MIXIN = re.compile(
    r"(?:base|abstract)\w{0,80}|\w{0,80}(?:base|mixin)|timestamps|auditable|entity|resource",
    re.IGNORECASE,
)
_MAX_MERGES = 20


def read_openapi(text: str, found: Findings) -> Schema:
    """The schemas that are things with an identity; requests, answers and errors are told."""
    schema = Schema(
        table_word="schema",
        column_word="property",
        maps_names=False,
        vague=True,
        implicit_keys=True,
    )
    try:
        root = parse(text)
    except BrokenYamlError as error:
        found.blocker(
            "unreadable",
            error.line,
            f"The document is no YAML or JSON: {error.reason}.",
            "Correct the document at this line.",
        )
        return schema
    components = root.get("components", "schemas") or root.get("definitions")
    if components is None:
        found.blocker(
            "no-schemas",
            1,
            "The document has no components.schemas.",
            "Give an OpenAPI document with component schemas.",
        )
        return schema
    _Reader(components, schema, found, _references(root)).read()
    return schema


def _references(root: Value) -> frozenset[str]:
    """The components that something is made as, not only made of: `$ref`s outside of `allOf`."""
    found: set[str] = set()
    pending = [(root, False)]
    seen: set[int] = set()
    while pending:
        value, part = pending.pop()
        if id(value) in seen and not part:
            continue
        seen.add(id(value))
        ref = value.text("$ref")
        if ref is not None and not part:
            found.add(_name_of(ref))
        pending += [(item, False) for item in value.items]
        for key, item in value.keys.items():
            pending += [(each, len(item.items) > 1) for each in item.items if key == "allOf"]
            if key != "allOf":
                pending.append((item, False))
    return frozenset(found)


def _name_of(ref: str) -> str:
    return ref.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


class _Reader:
    def __init__(
        self, components: Value, schema: Schema, found: Findings, referred: frozenset[str]
    ) -> None:
        self._all = components.keys
        self._referred = referred
        self._schema, self._found = schema, found
        self._entities: dict[str, Table] = {}
        self._parts: set[str] = set()
        """Schemas that others are made of."""
        self._lists: list[tuple[Table, str, str, Span]] = []

    def read(self) -> None:
        by_key = {names.key(name): name for name in self._all}
        self._parts = {
            target
            for value in self._all.values()
            for part in (value.get("allOf") or Value(0, 0)).items
            if (target := self._target(part)) is not None
        }
        for name, value in self._all.items():
            reason = self._no_entity(name, value, by_key)
            if reason is not None:
                self._found.notice(
                    "schema-left-out",
                    value.line,
                    f"The schema {quoted(name)} is no entity: {reason}.",
                    "Rename it if it is one.",
                )
                continue
            table = Table(name=name, span=Span(value.line, value.last), entity=name)
            self._entities[name] = table
            self._schema.tables.append(table)
        for name, table in self._entities.items():
            self._properties(table, self._all[name])
        for entry in self._lists:
            self._list(*entry)

    def _no_entity(self, name: str, value: Value, by_key: Mapping[str, str]) -> str | None:
        if value.texts("enum"):
            return "it is a list of values, used where it is referred to"
        properties = self._merged(value)
        if not properties:
            return "it has no properties"
        if _ALWAYS.fullmatch(name):
            return "its name says it is a message"
        if name in self._parts and (name not in self._referred or _MIXIN.fullmatch(name)):
            return "it is a part of others"
        whole = names.words(name) or ("",)
        rests: list[str] = []
        if whole[-1] in _SUFFIXES:
            rests.append("".join(whole[:-1]))
        if whole[0] in _PREFIXES:
            rests.append("".join(whole[1:]))
        form = next((by_key[rest] for rest in rests if rest in by_key), None)
        return f"it is a form of {form}" if form else None

    def _merged(self, value: Value, depth: int = 0) -> dict[str, tuple[Value, bool]]:
        """Properties, those of `allOf` parts included; each with whether it is required."""
        found: dict[str, tuple[Value, bool]] = {}
        if depth > _MAX_MERGES:
            return found
        for part in (value.get("allOf") or Value(0, 0)).items:
            target = self._target(part)
            found |= self._merged(self._all[target] if target else part, depth + 1)
        required = set(value.texts("required"))
        for name, item in value.entries("properties"):
            found[name] = (item, name in required)
        for name in required & found.keys():
            found[name] = (found[name][0], True)
        return found

    def _target(self, value: Value) -> str | None:
        """The component a `$ref` (alone, or wrapped in allOf or a nullable oneOf) leads to."""
        ref = value.text("$ref")
        if ref is not None:
            name = _name_of(ref)
            return name if name in self._all else None
        for word in ("allOf", "oneOf", "anyOf"):
            wrapped = value.get(word)
            parts = [p for p in wrapped.items if p.text("type") != "null"] if wrapped else []
            if len(parts) == 1:
                return self._target(parts[0]) if parts[0].text("$ref") else None
        return None

    # -- properties ---------------------------------------------------------------------------

    def _properties(self, table: Table, value: Value) -> None:
        merged = self._merged(value)
        for name, (item, required) in merged.items():
            if len(name) > 200:
                self._found.blocker(
                    "unreadable", item.line, "A property has too long a name.", "Shorten it."
                )
            else:
                self._property(table, name, item, required=required)
        for key in table.foreign_keys:
            self._own_column(table, key)

    def _property(self, table: Table, name: str, item: Value, *, required: bool) -> None:
        span = Span(item.line, item.last)
        target = self._target(item)
        items = item.get("items")
        listed = self._target(items) if items is not None else None
        if target is not None and target in self._entities:
            table.foreign_keys.append(
                ForeignKey(
                    columns=(),
                    target=Ref(name=target),
                    span=span,
                    name=name,
                    required=required and not is_nullable(item),
                    description=item.text("description"),
                )
            )
            return
        if listed is not None and listed in self._entities:
            self._lists.append((table, name, listed, span))
            return
        shape = self._all[target] if target else item
        self._require_known(table, name, item)
        kind = self._type(shape)
        column = Column(
            name=name,
            span=span,
            type=kind,
            written_type=shape.text("type") or "any",
            required=required and not is_nullable(item),
            description=item.text("description"),
        )
        default = item.get("default")
        if default is not None and default.scalar is not None:
            column.default = fit(kind, default.scalar)
            if column.default is None:
                self._found.notice(
                    "default",
                    span,
                    f"The default of {table.name}.{name} does not fit its type.",
                    "Write a default in the plan.",
                )
        column.hidden = item.flag("writeOnly")
        if item.flag("readOnly") and names.key(name) not in ("id", "createdat", "updatedat"):
            self._found.notice(
                "read-only",
                span,
                f"{table.name}.{name} is read-only in the document; in the plan it can be written.",
                'Write "creatable": false and "updatable": false in the plan.',
            )
        table.columns[name] = column

    def _require_known(self, table: Table, name: str, item: Value) -> None:
        """A reference that leads nowhere would be lost in silence."""
        ref = item.text("$ref") or (item.get("items") or Value(0, 0)).text("$ref")
        if ref is not None and _name_of(ref) not in self._all:
            self._found.blocker(
                "unknown-target",
                item.line,
                f"{table.name}.{name} refers to {quoted(ref)}, which the document does not define.",
                "Add that schema to the document, or remove the property.",
            )

    def _own_column(self, table: Table, key: ForeignKey) -> None:
        """`ownerId` beside a reference `owner` is its column."""
        wanted = names.key(key.name or "") + "id"
        beside = next((c for c in table.columns.values() if names.key(c.name) == wanted), None)
        if beside is not None:
            key.columns = (beside.name,)
            key.required = bool(key.required or beside.required)

    def _type(self, item: Value, depth: int = 0) -> ColumnType:
        wrapped = item.get("anyOf") or item.get("oneOf")
        if wrapped is not None:
            parts = [part for part in wrapped.items if part.text("type") != "null"]
            if len(parts) != 1 or depth > _MAX_MERGES:
                return ColumnType(type=FieldType.JSON, guess="one of several forms is kept as JSON")
            target = self._target(parts[0])
            return self._type(self._all[target] if target else parts[0], depth + 1)
        listed = item.texts("type")
        written = item.text("type") or next((word for word in listed if word != "null"), None)
        constant = item.text("const")
        enum = [constant] if constant is not None else item.texts("enum")
        return (
            enum_type(enum) if enum and written in ("string", None) else plain_type(written, item)
        )

    # -- lists --------------------------------------------------------------------------------

    def _list(self, table: Table, name: str, target: str, span: Span) -> None:
        """An array of another entity: its other side, its parts, or many to many."""
        other = self._entities[target]
        back = [k for k in other.foreign_keys if k.target.name == table.name and not k.inverse]
        if back:
            back[0].inverse = name
            return
        lists = [e for e in self._lists if e[0] is other and e[2] == table.name]
        if not lists and target.lower().startswith(table.name.lower()) and other is not table:
            other.foreign_keys.append(
                ForeignKey(
                    columns=self._back_column(other, table),
                    target=Ref(name=table.name),
                    span=span,
                    inverse=name,
                    required=True,
                    on_delete="CASCADE",
                    guess=f"{target} is taken for a part of {table.name}, by its name",
                )
            )
            return
        column = self._back_column(other, table)
        if column:
            other.foreign_keys.append(
                ForeignKey(columns=column, target=Ref(name=table.name), span=span, inverse=name)
            )
            return
        if lists and (table.name, name) > (target, lists[0][1]):
            return  # said from the other side
        if not lists or other is table:
            self._found.notice(
                "guess-many-to-many",
                span,
                f"{table.name}.{name} is taken for many to many: {target} does not lead back.",
                f"Give {target} a reference to {table.name} if it belongs to one only.",
            )
        self._schema.many_to_many.append(
            ManyToMany(source=Ref(name=table.name), target=Ref(name=target), span=span, name=name)
        )

    @staticmethod
    def _back_column(holder: Table, target: Table) -> tuple[str, ...]:
        wanted = f"{names.key(target.name)}id"
        column = next((c for c in holder.columns if names.key(c) == wanted), None)
        return (column,) if column else ()
