"""Prisma schemas."""

from dataclasses import dataclass, field, replace

from rockets_tools.documents import lexer
from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import (
    NOW,
    Column,
    ColumnType,
    ForeignKey,
    ManyToMany,
    Ref,
    Schema,
    Span,
    Table,
    Unique,
)
from rockets_tools.documents.types import TypeName, bits, column_type, enum_type
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_SCALARS = {
    "String": ColumnType(type=FieldType.TEXT),
    "Boolean": ColumnType(type=FieldType.BOOLEAN),
    "Int": ColumnType(type=FieldType.NUMBER),
    "BigInt": ColumnType(
        type=FieldType.FLOAT,
        precision=19,
        scale=0,
        guess="values beyond 10^15 do not survive a JSON number",
    ),
    "Float": ColumnType(
        type=FieldType.FLOAT,
        precision=15,
        scale=6,
        guess="a floating point number is kept as a decimal of 15 digits, 6 after the point",
    ),
    "Decimal": ColumnType(type=FieldType.FLOAT, precision=65, scale=30),
    "DateTime": ColumnType(type=FieldType.DATE),
    "Json": ColumnType(type=FieldType.JSON),
    "Bytes": ColumnType(type=FieldType.TEXT, guess="binary data is kept as base64 text"),
}
_NATIVE = {
    "varchar",
    "char",
    "nvarchar",
    "nchar",
    "decimal",
    "numeric",
    "uuid",
    "date",
    "time",
    "timetz",
    "smallint",
    "tinyint",
    "tinytext",
    "money",
    "bit",
    "uniqueidentifier",
    "year",
    "unsignedint",
    "unsignedbigint",
    "unsignedsmallint",
    "number",
    "citext",
    "inet",
    "xml",
}
_ON_DELETE = {"Cascade": "CASCADE", "SetNull": "SET NULL", "Restrict": "RESTRICT"}
_AUTO = frozenset({"autoincrement", "uuid", "cuid", "nanoid", "ulid", "auto", "sequence"})


@dataclass(slots=True, kw_only=True)
class _RelationField:
    """A field whose type is a model."""

    model: str
    name: str
    target: str
    many: bool
    optional: bool
    span: Span
    relation: str | None = None
    """The name both sides share."""
    fields: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    on_delete: str | None = None
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class _Model:
    table: Table
    rows: list[list[Token]]
    relations: list[_RelationField] = field(default_factory=list[_RelationField])


def read_prisma(text: str, found: Findings) -> Schema:
    """The models of a Prisma schema."""
    return _Reader(lexer.tokens(text), found).read()


class _Reader:
    def __init__(self, items: list[Token], found: Findings) -> None:
        self._items, self._found = items, found
        self._schema = Schema(table_word="model", column_word="field")
        self._models: dict[str, _Model] = {}
        self._enums: dict[str, tuple[str, ...]] = {}
        self._composites: set[str] = set()

    def read(self) -> Schema:
        cursor = Cursor(self._items)
        while not cursor.done:
            token = cursor.next()
            if token.kind is Kind.DOC:
                continue
            name = cursor.name()
            body = cursor.group("{", "}")
            if token.kind is not Kind.WORD or name is None or body is None:
                self._found.blocker(
                    "unreadable",
                    token.line,
                    f"Prisma has nothing that starts with {quoted(token.text)} here.",
                    "Write `model Name { … }` or `enum Name { … }`.",
                )
                while not cursor.done and cursor.peek().line == token.line:
                    cursor.next()
                continue
            self._block(token, name, body, cursor.last_line)
        for model in self._models.values():
            self._fields(model)
        self._relations()
        return self._schema

    def _block(self, token: Token, name: str, body: list[Token], last: int) -> None:
        word, span = token.text, Span(token.line, last)
        if word == "model":
            table = Table(name=name, span=span, entity=name)
            self._schema.tables.append(table)
            self._models[name] = _Model(table=table, rows=lexer.lines(body))
        elif word == "enum":
            self._enums[name] = lexer.values(body)
        elif word == "type":
            self._composites.add(name)
            self._notice(span, f"The composite type {name} is kept as JSON where it is used.")
        elif word == "view":
            self._notice(span, f"The view {name} has no plan form.")
        elif word not in ("generator", "datasource"):
            self._found.blocker(
                "unreadable",
                span,
                f"Prisma has no block {quoted(word)}.",
                "Write `model Name { … }` or `enum Name { … }`.",
            )

    def _notice(self, span: Span, message: str, code: str = "left-out") -> None:
        self._found.notice(code, span, message, "Nothing to do.")

    def _fields(self, model: _Model) -> None:
        doc: list[str] = []
        for row in model.rows:
            if row[0].kind is Kind.DOC:
                doc.append(row[0].text)
                continue
            trailing = [token.text for token in row if token.kind is Kind.DOC]
            cursor = Cursor([token for token in row if token.kind is not Kind.DOC])
            if cursor.take("@", "@"):
                self._model_attribute(model, cursor, Span(row[0].line, row[-1].line))
            else:
                self._field(model, cursor, " ".join([*doc, *trailing]) or None)
            doc = []

    def _field(self, model: _Model, cursor: Cursor, doc: str | None) -> None:
        token = cursor.peek()
        span = Span(token.line, cursor.items[-1].line)
        name, kind = cursor.name(), cursor.name()
        if name is None or kind is None:
            self._found.blocker(
                "unreadable",
                span,
                f"A line of the model {model.table.name} cannot be read.",
                "Write a field as `name Type @attributes`.",
            )
            return
        unsupported = kind == "Unsupported" and cursor.group("(", ")") is not None
        many = cursor.group("[", "]") is not None
        optional = cursor.take("?")
        attributes, rest = _attributes(cursor)
        if rest:
            self._found.blocker(
                "unreadable",
                span,
                f"What follows {quoted(name)} in its line cannot be read: "
                f"{quoted(' '.join(rest))}.",
                "Write one field a line.",
            )
        if kind in self._models:
            relation = _RelationField(
                model=model.table.name,
                name=name,
                target=kind,
                many=many,
                optional=optional,
                span=span,
                description=doc,
            )
            _relation_arguments(relation, attributes.get("relation", []))
            model.relations.append(relation)
            return
        column = Column(
            name=_argument(attributes.get("map", [])) or name,
            property=name,
            span=span,
            written_type=kind,
            type=self._type(kind, attributes, many=many, unsupported=unsupported),
            required=not optional and not many,
            description=doc,
        )
        if column.type is None:
            column.written_type = kind
        model.table.columns[column.name] = column
        self._column_attributes(model, column, attributes)

    def _type(
        self, kind: str, attributes: dict[str, list[Token]], *, many: bool, unsupported: bool
    ) -> ColumnType | None:
        if many:
            return ColumnType(
                type=FieldType.JSON, guess="a list is kept as a JSON array, unchecked"
            )
        if unsupported or kind in self._composites:
            return ColumnType(type=FieldType.JSON, guess="its parts are kept as JSON, unchecked")
        if kind in self._enums:
            return enum_type(self._enums[kind])
        return _scalar(kind, attributes)

    def _column_attributes(
        self, model: _Model, column: Column, attributes: dict[str, list[Token]]
    ) -> None:
        table = model.table
        for name, arguments in attributes.items():
            if name == "id":
                table.primary_key = (column.name,)
            elif name == "unique":
                column.unique = True
            elif name == "default":
                self._default(table, column, arguments)
            elif name not in ("map", "updatedAt", "relation") and not name.startswith("db."):
                self._notice(
                    column.span, f"@{name} of {table.name}.{column.name} has no plan form."
                )

    def _default(self, table: Table, column: Column, arguments: list[Token]) -> None:
        words = [token for token in arguments if token.kind is not Kind.SIGN]
        if not words or column.type is None:
            return
        first = words[0]
        call = any(token.text == "(" for token in arguments)
        if call and first.text in _AUTO:
            column.auto = True
        elif call and first.text == "now":
            column.default = NOW if column.type.type is FieldType.DATE else None
        elif call and first.text == "dbgenerated":
            column.auto = any("uuid" in t.text or "nextval" in t.text for t in words[1:])
        elif any(token.text == "[" for token in arguments):
            column.default = None
        else:
            negative = arguments[0].text == "-"
            column.default = fit(column.type, f"-{first.text}" if negative else first.text)
        if column.default is None and not column.auto:
            self._notice(
                column.span,
                f"The default of {table.name}.{column.name} has no plan form: "
                f"{quoted(''.join(t.text for t in arguments))}.",
                "default",
            )

    def _model_attribute(self, model: _Model, cursor: Cursor, span: Span) -> None:
        word = cursor.name() or ""
        arguments = cursor.group("(", ")") or []
        if word == "map":
            model.table.name = _argument(arguments) or model.table.name
        elif word in ("id", "unique"):
            columns = self._columns(model, _list(arguments))
            if word == "id":
                model.table.primary_key = columns
            else:
                model.table.uniques.append(Unique(columns=columns, span=span))
        elif word == "schema":
            model.table.schema = _argument(arguments)
        else:
            self._notice(
                span,
                f"@@{word} of {model.table.name} has no plan form: "
                f"{quoted(' '.join(token.text for token in arguments))}.",
                "index" if word in ("index", "fulltext") else "left-out",
            )

    @staticmethod
    def _columns(model: _Model, properties: list[str]) -> tuple[str, ...]:
        """Columns of the fields a list names."""
        names = {column.property: column.name for column in model.table.columns.values()}
        return tuple(names.get(name, name) for name in properties)

    def _relations(self) -> None:
        for model in self._models.values():
            for relation in model.relations:
                if relation.fields and not relation.many:
                    self._foreign_key(model, relation)
                elif relation.many:
                    self._drop_list(model, relation)
                    self._many(model, relation)
                elif self._other(relation) is None:
                    self._found.blocker(
                        "one-sided",
                        relation.span,
                        f"{model.table.name}.{relation.name} names no fields, and "
                        f"{relation.target} has no other side for it.",
                        "Write @relation(fields: [...], references: [...]) on one side.",
                    )

    def _foreign_key(self, model: _Model, relation: _RelationField) -> None:
        other = self._other(relation)
        target = self._models[relation.target]
        model.table.foreign_keys.append(
            ForeignKey(
                columns=self._columns(model, list(relation.fields)),
                target=Ref(name=relation.target),
                target_columns=self._columns(target, list(relation.references)),
                span=relation.span,
                name=relation.name,
                inverse=other.name if other else None,
                unique=other is not None and not other.many,
                on_delete=relation.on_delete,
                description=relation.description,
            )
        )

    def _drop_list(self, model: _Model, relation: _RelationField) -> None:
        """MongoDB keeps the ids of a many to many in a list on either side; the plan joins."""
        for name in self._columns(model, list(relation.fields)):
            column = model.table.columns.pop(name, None)
            if column is not None:
                self._found.notice(
                    "left-out",
                    column.span,
                    f"{model.table.name}.{name} is left out: it is the list behind "
                    f"{relation.name}, which becomes a join.",
                    "Nothing to do.",
                )

    def _many(self, model: _Model, relation: _RelationField) -> None:
        """A list: the other side of a foreign key, or one side of an implicit many to many."""
        other = self._other(relation)
        if other is None:
            self._found.blocker(
                "one-sided",
                relation.span,
                f"{model.table.name}.{relation.name} has no other side in {relation.target}.",
                f"Add a field of type {relation.model} to {relation.target}.",
            )
        elif other.many and (relation.model, relation.name) < (other.model, other.name):
            self._schema.many_to_many.append(
                ManyToMany(
                    source=Ref(name=relation.model),
                    target=Ref(name=relation.target),
                    span=relation.span,
                    name=relation.name,
                    inverse=other.name,
                )
            )

    def _other(self, relation: _RelationField) -> _RelationField | None:
        """The field on the other side."""
        candidates = [
            other
            for other in self._models[relation.target].relations
            if other is not relation
            and other.target == relation.model
            and other.relation == relation.relation
        ]
        return candidates[0] if candidates else None


def _scalar(kind: str, attributes: dict[str, list[Token]]) -> ColumnType | None:
    """A scalar, as its native type says it closer: `String @db.VarChar(20)`."""
    scalar = _SCALARS.get(kind)
    native = next((key for key in attributes if key.startswith("db.")), "")
    word = native.removeprefix("db.").lower()
    if scalar is None or word not in _NATIVE:
        return replace(scalar) if scalar else None
    sizes = tuple(t.text for t in attributes[native] if t.kind is Kind.NUMBER)
    if word == "bit":
        return bits(sizes)
    unsigned = word.startswith("unsigned")
    return column_type(TypeName(word.removeprefix("unsigned"), sizes, unsigned=unsigned))


def _attributes(cursor: Cursor) -> tuple[dict[str, list[Token]], list[str]]:
    """`@name(arguments)` by name, `@db.VarChar(20)` is `db.VarChar`; and what is none."""
    found: dict[str, list[Token]] = {}
    rest: list[str] = []
    while not cursor.done:
        if not cursor.take("@"):
            rest.append(cursor.next().text)
            continue
        name = cursor.name() or ""
        while cursor.take("."):
            name = f"{name}.{cursor.name() or ''}"
        found[name] = cursor.group("(", ")") or []
    return found, rest


def _argument(arguments: list[Token]) -> str | None:
    """The first string."""
    return next((token.text for token in arguments if token.kind is Kind.STRING), None)


def _list(arguments: list[Token]) -> list[str]:
    """The words of the first list in brackets, options of an element left out."""
    cursor = Cursor(arguments)
    while not cursor.done and cursor.peek().text != "[":
        cursor.next()
    return [part[0].text for part in lexer.split(cursor.group("[", "]") or [])]


def _relation_arguments(relation: _RelationField, arguments: list[Token]) -> None:
    for part in lexer.split(arguments):
        words = [token.text for token in part]
        if part[0].kind is Kind.STRING:
            relation.relation = part[0].text
        elif words[:2] == ["name", ":"]:
            relation.relation = words[2] if len(words) > 2 else None
        elif words[:2] == ["fields", ":"]:
            relation.fields = tuple(_list(part))
        elif words[:2] == ["references", ":"]:
            relation.references = tuple(_list(part))
        elif words[:2] == ["onDelete", ":"] and len(words) > 2:
            relation.on_delete = _ON_DELETE.get(words[2])
