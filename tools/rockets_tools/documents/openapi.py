"""Component schemas of an OpenAPI (or Swagger) document."""

from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.openapi_forms import Components, name_of
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

_MAX_WRAPS = 20
_LIMITS = ("max_length", "min_length", "pattern", "is_email", "is_url", "min", "max")


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
    seen: set[tuple[int, bool]] = set()
    while pending:
        value, part = pending.pop()
        if (id(value), part) in seen:
            continue
        seen.add((id(value), part))
        ref = value.text("$ref")
        if ref is not None and not part:
            found.add(name_of(ref))
        pending += [(item, False) for item in value.items]
        for key, item in value.keys.items():
            pending += [(each, len(item.items) > 1) for each in item.items if key == "allOf"]
            if key != "allOf":
                pending.append((item, False))
    return frozenset(found)


class _Reader:
    def __init__(
        self, components: Value, schema: Schema, found: Findings, referred: frozenset[str]
    ) -> None:
        self._components = Components(components.keys, referred)
        self._sorted = self._components.sort()
        self._schema, self._found = schema, found
        self._entities: dict[str, Table] = {}
        self._lists: list[tuple[Table, str, str, Span]] = []
        self._sent: dict[str, list[dict[str, tuple[Value, bool]]]] = {}
        """The properties of the forms of an entity."""
        for form, base in self._sorted.forms.items():
            properties = self._components.properties(self._components.all[form])
            self._sent.setdefault(base, []).append(properties)

    def read(self) -> None:
        for name, value in self._components.all.items():
            reason = self._sorted.left_out.get(name)
            if reason is not None:
                self._found.notice(
                    "schema-left-out",
                    value.line,
                    f"The schema {quoted(name)} is no entity: {reason}.",
                    "Rename it if it is one.",
                )
                continue
            entity = self._sorted.entities[name]
            table = Table(name=name, span=Span(value.line, value.last), entity=entity)
            self._entities[name] = table
            self._schema.tables.append(table)
        for name, table in self._entities.items():
            self._properties(table, self._components.all[name])
        for entry in self._lists:
            self._list(*entry)

    # -- properties ---------------------------------------------------------------------------

    def _properties(self, table: Table, value: Value) -> None:
        merged = self._components.properties(value)
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
        target = self._components.target(item)
        items = item.get("items")
        entity = self._sorted.entity(target)
        listed = self._sorted.entity(self._components.target(items)) if items is not None else None
        if entity is not None:
            table.foreign_keys.append(
                ForeignKey(
                    columns=(),
                    target=Ref(name=entity),
                    span=span,
                    name=name,
                    required=required and not is_nullable(item),
                    description=item.text("description"),
                )
            )
            return
        if listed is not None:
            self._lists.append((table, name, listed, span))
            return
        shape = self._components.all[target] if target else item
        self._require_known(table, name, item)
        kind = self._narrowed(table, name, self._type(shape))
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

    def _narrowed(self, table: Table, name: str, kind: ColumnType) -> ColumnType:
        """With the limits that only the form has in which a row is sent."""
        for sent in self._sent.get(table.name, ()):
            other = self._type(sent[name][0]) if name in sent else None
            if other is None or {kind.type, other.type} not in (
                {kind.type},
                {FieldType.STRING, FieldType.TEXT},
            ):
                continue
            if other.type is FieldType.STRING:
                kind.type = FieldType.STRING
            for limit in _LIMITS:
                own = getattr(kind, limit)
                if own is None or own is False:
                    setattr(kind, limit, getattr(other, limit))
        return kind

    def _require_known(self, table: Table, name: str, item: Value) -> None:
        """A reference that leads nowhere would be lost in silence."""
        ref = item.text("$ref") or (item.get("items") or Value(0, 0)).text("$ref")
        if ref is not None and name_of(ref) not in self._components.all:
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
            if len(parts) != 1 or depth > _MAX_WRAPS:
                return ColumnType(type=FieldType.JSON, guess="one of several forms is kept as JSON")
            target = self._components.target(parts[0])
            return self._type(self._components.all[target] if target else parts[0], depth + 1)
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
