"""Component schemas of an OpenAPI (or Swagger) document."""

import re
from collections.abc import Mapping

from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
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
from rockets_tools.plan.constraints import INT_MAX, INT_MIN
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
_FORMATS: Mapping[str, ColumnType] = {
    "date-time": ColumnType(type=FieldType.DATE),
    "date": ColumnType(type=FieldType.DATE, guess="a day is kept as a moment, midnight UTC"),
    "time": ColumnType(type=FieldType.STRING, max_length=24, guess="a time of day is kept as text"),
    "uuid": ColumnType(type=FieldType.UUID),
    "email": ColumnType(type=FieldType.STRING, is_email=True),
    "uri": ColumnType(type=FieldType.STRING, is_url=True),
    "url": ColumnType(type=FieldType.STRING, is_url=True),
    "binary": ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
    "byte": ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
}
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
    _Reader(components, schema, found).read()
    return schema


class _Reader:
    def __init__(self, components: Value, schema: Schema, found: Findings) -> None:
        self._all = components.keys
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
        if name in self._parts and _MIXIN.fullmatch(name):
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
            name = ref.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
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
                    required=required and not _nullable(item),
                    description=item.text("description"),
                )
            )
            return
        if listed is not None and listed in self._entities:
            self._lists.append((table, name, listed, span))
            return
        shape = self._all[target] if target else item
        kind = self._type(shape)
        column = Column(
            name=name,
            span=span,
            type=kind,
            written_type=shape.text("type") or "any",
            required=required and not _nullable(item),
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
        if item.flag("readOnly") and names.key(name) not in ("id", "createdat", "updatedat"):
            self._found.notice(
                "read-only",
                span,
                f"{table.name}.{name} is read-only in the document; in the plan it can be written.",
                'Write "creatable": false and "updatable": false in the plan.',
            )
        table.columns[name] = column

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
        enum = item.texts("enum")
        return enum_type(enum) if enum and written in ("string", None) else _plain(written, item)

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
        if not lists:
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


def _plain(written: str | None, item: Value) -> ColumnType:
    match written:
        case "string":
            kind = _string(item)
        case "integer":
            kind = _integer(item)
        case "number":
            kind = _number(item)
        case "boolean":
            kind = ColumnType(type=FieldType.BOOLEAN)
        case "array":
            kind = ColumnType(type=FieldType.JSON, guess="a list is kept as JSON, unchecked")
        case _:
            kind = ColumnType(type=FieldType.JSON, guess="an object is kept as JSON, unchecked")
    return kind


def _nullable(item: Value) -> bool:
    wrapped = item.get("anyOf") or item.get("oneOf")
    parts = wrapped.items if wrapped else []
    return (
        item.flag("nullable")
        or "null" in item.texts("type")
        or any(part.text("type") == "null" for part in parts)
    )


def _string(item: Value) -> ColumnType:
    known = _FORMATS.get(item.text("format") or "")
    if known is not None and known.type is not FieldType.STRING:
        return ColumnType(type=known.type, guess=known.guess)
    longest, shortest = item.number("maxLength"), item.number("minLength")
    fits = isinstance(longest, int) and 0 < longest <= 10_485_760
    short = known is not None or fits
    return ColumnType(
        type=FieldType.STRING if short else FieldType.TEXT,
        max_length=_longest(longest, known),
        min_length=shortest if isinstance(shortest, int) and 0 <= shortest <= 100_000 else None,
        pattern=item.text("pattern"),
        is_email=bool(known and known.is_email),
        is_url=bool(known and known.is_url),
        guess=known.guess if known else None,
    )


def _longest(written: float | int | None, known: ColumnType | None) -> int | None:
    if isinstance(written, int) and 0 < written <= 10_485_760:
        return written
    return known.max_length if known else None


def _integer(item: Value) -> ColumnType:
    low, high = _limits(item, 1)
    small = all(v is None or INT_MIN <= v <= INT_MAX for v in (low, high))
    if item.text("format") == "int64" or not small:
        return ColumnType(
            type=FieldType.FLOAT,
            precision=19,
            scale=0,
            min=low,
            max=high,
            guess="values beyond 10^15 do not survive a JSON number",
        )
    return ColumnType(type=FieldType.NUMBER, min=low, max=high)


def _number(item: Value) -> ColumnType:
    step = item.number("multipleOf")
    text = f"{step:.10f}".rstrip("0") if step else ""
    scale = len(text.partition(".")[2]) if step else 6
    low, high = _limits(item, 10.0**-scale)
    return ColumnType(
        type=FieldType.FLOAT,
        precision=15,
        scale=scale,
        min=low,
        max=high,
        guess=None if step else "a number is kept as a decimal of 15 digits, 6 after the point",
    )


def _limits(item: Value, step: float) -> tuple[float | int | None, float | int | None]:
    """Smallest and largest value; exclusive limits in both spellings."""
    low, high = item.number("minimum"), item.number("maximum")
    if low is not None and item.flag("exclusiveMinimum"):
        low += step
    if high is not None and item.flag("exclusiveMaximum"):
        high -= step
    above, below = item.number("exclusiveMinimum"), item.number("exclusiveMaximum")
    low = above + step if above is not None else low
    high = below - step if below is not None else high
    return low, high
