"""JHipster's domain language."""

from collections.abc import Mapping

from rockets_tools.documents import lexer
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
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
from rockets_tools.documents.types import TypeName, column_type, enum_type
from rockets_tools.documents.values import number
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_TYPES: Mapping[str, TypeName] = {
    "string": TypeName("string"),
    "integer": TypeName("integer"),
    "long": TypeName("bigint"),
    "bigdecimal": TypeName("decimal", ("21", "2")),
    "float": TypeName("float"),
    "double": TypeName("double"),
    "boolean": TypeName("boolean"),
    "localdate": TypeName("localdate"),
    "zoneddatetime": TypeName("zoneddatetime"),
    "instant": TypeName("instant"),
    "duration": TypeName("duration"),
    "localtime": TypeName("localtime"),
    "uuid": TypeName("uuid"),
    "blob": TypeName("blob"),
    "anyblob": TypeName("blob"),
    "imageblob": TypeName("blob"),
    "textblob": TypeName("text"),
    "bytebuffer": TypeName("blob"),
}
_RELATIONS = frozenset({"OneToOne", "OneToMany", "ManyToOne", "ManyToMany"})
_OPTIONS = frozenset(
    {
        "dto", "service", "paginate", "search", "filter", "microservice", "skipClient",
        "skipServer", "noFluentMethod", "angularSuffix", "clientRootFolder", "readOnly",
        "embedded", "use", "changelogDate",
    }
)  # fmt: skip
_VALIDATIONS = frozenset(
    {
        "required",
        "unique",
        "minlength",
        "maxlength",
        "min",
        "max",
        "pattern",
        "minbytes",
        "maxbytes",
    }
)
_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.FLOAT})
_ON_DELETE = {"CASCADE": "CASCADE", "SET NULL": "SET NULL", "RESTRICT": "RESTRICT"}
_BLOCKS = frozenset({"application", "deployment"})


def read_jdl(text: str, found: Findings) -> Schema:
    """The entities of a JDL file."""
    return _Reader(lexer.tokens(text, patterns=True), found).read()


class _Reader:
    def __init__(self, items: list[Token], found: Findings) -> None:
        self._cursor = Cursor(items)
        self._found = found
        self._schema = Schema(
            table_word="entity", column_word="field", maps_names=False, implicit_keys=True
        )
        self._tables: dict[str, Table] = {}
        self._enums: dict[str, tuple[str, ...]] = {}
        self._constants: dict[str, str] = {}
        self._bodies: list[tuple[Table, list[Token]]] = []
        self._relations: list[tuple[str, list[Token]]] = []
        self._related: dict[tuple[str, str | None, str, str | None, str], int] = {}
        """The line of each relationship, to notice one that is written twice."""

    def read(self) -> Schema:
        doc: str | None = None
        while not self._cursor.done:
            token = self._cursor.next()
            if token.kind is Kind.DOC:
                doc = token.text
            else:
                self._statement(token, doc)
                doc = None
        for table, body in self._bodies:
            self._fields(table, body)
        for kind, body in self._relations:
            self._relationships(kind, body)
        return self._schema

    def _statement(self, token: Token, doc: str | None) -> None:
        cursor = self._cursor
        word = token.text if token.kind is Kind.WORD else ""
        if word == "entity":
            self._entity(token, doc)
        elif word == "enum":
            self._enum()
        elif word == "relationship":
            kind = cursor.name() or ""
            self._relations.append((kind, cursor.group("{", "}") or []))
        elif word in _BLOCKS:
            cursor.group("{", "}")
            self._found.repeated(
                "option",
                token.line,
                f"The JHipster block {quoted(word)} says how and where to run, not what there is",
                "Nothing to do.",
            )
        elif word and cursor.peek().text == "=":
            cursor.next()
            self._constants[word] = cursor.next().text
        elif token.text == "@":
            self._annotation(cursor, token.line)
        else:
            self._option(token)

    def _annotation(self, cursor: Cursor, line: int) -> None:
        """`@embedded`, `@dto(mapstruct)`: what a generator of JHipster is told."""
        name = cursor.name() or ""
        cursor.group("(", ")")
        self._found.repeated(
            "option",
            line,
            f"The JHipster option {quoted('@' + name)} has no plan form",
            "Nothing to do.",
        )

    def _option(self, token: Token) -> None:
        """`paginate * with pagination`: how JHipster generates, said once."""
        while not self._cursor.done and self._cursor.peek().line == token.line:
            self._cursor.next()
        if token.text not in _OPTIONS:
            self._found.blocker(
                "unreadable",
                token.line,
                f"JDL has nothing that starts with {quoted(token.text)} here.",
                "Write `entity Name { … }`, `enum`, `relationship` or an option.",
            )
            return
        self._found.repeated(
            "option",
            token.line,
            f"The JHipster option {quoted(token.text)} has no plan form",
            "Nothing to do.",
        )

    def _entity(self, start: Token, doc: str | None) -> None:
        cursor = self._cursor
        name = cursor.name()
        if name is None:
            self._found.blocker("unreadable", start.line, "An entity has no name.", "Name it.")
            return
        inside = cursor.group("(", ")")
        body = cursor.group("{", "}") or []
        table = Table(
            name=name,
            span=Span(start.line, cursor.last_line),
            entity=name,
            stored_as=inside[0].text if inside else None,
        )
        if doc:
            self._found.notice(
                "comment",
                start.line,
                f"The comment on {name} has no place in the plan: {quoted(doc)}.",
                "Nothing to do.",
            )
        if name in self._tables:
            self._found.blocker(
                "twice", start.line, f"The entity {name} is defined twice.", "Remove one."
            )
            return
        self._tables[name] = table
        self._schema.tables.append(table)
        self._bodies.append((table, body))

    def _enum(self) -> None:
        cursor = self._cursor
        name = cursor.name() or ""
        body = Cursor([t for t in cursor.group("{", "}") or [] if t.kind is not Kind.DOC])
        values: list[str] = []
        while not body.done:
            token = body.next()
            if token.kind is Kind.WORD:
                values.append(token.text)
                body.group("(", ")")
        self._enums[name] = tuple(dict.fromkeys(values))

    def _fields(self, table: Table, body: list[Token]) -> None:
        doc: list[str] = []
        for row in _rows(body):
            docs = [token.text for token in row if token.kind is Kind.DOC]
            cursor = Cursor([token for token in row if token.kind is not Kind.DOC])
            while cursor.take("@"):
                self._annotation(cursor, row[0].line)
            if cursor.done:
                doc += docs
                continue
            text = " ".join([*doc, *docs]) or None
            while not cursor.done:
                self._field(table, cursor, text)
            doc = []

    def _field(self, table: Table, cursor: Cursor, doc: str | None) -> None:
        token = cursor.peek()
        span = Span(token.line, cursor.items[-1].line)
        name, written = cursor.name(), cursor.name()
        if name is None or written is None:
            self._found.blocker(
                "unreadable",
                span,
                f"A line of the entity {table.name} cannot be read.",
                "Write a field as `name Type validations`.",
            )
            cursor.at = len(cursor.items)
            return
        kind = self._type(written)
        column = Column(name=name, span=span, type=kind, written_type=written, description=doc)
        if name in table.columns:
            self._found.blocker(
                "twice", span, f"{table.name} has two fields {quoted(name)}.", "Remove one."
            )
        table.columns[name] = column
        while not cursor.done and not self._starts_field(cursor):
            self._validation(table, column, cursor)

    @staticmethod
    def _starts_field(cursor: Cursor) -> bool:
        """A name and a type come next; fields need no comma between them."""
        names = (cursor.peek(), cursor.peek(1))
        return cursor.peek().text not in _VALIDATIONS and all(t.kind is Kind.WORD for t in names)

    def _type(self, written: str) -> ColumnType | None:
        if written in self._enums:
            return enum_type(self._enums[written])
        named = _TYPES.get(written.lower())
        return column_type(named) if named is not None else None

    def _validation(self, table: Table, column: Column, cursor: Cursor) -> None:
        word = cursor.next().text
        inside = cursor.group("(", ")") or []
        kind = column.type
        number = self._number(inside)
        if word == "required":
            column.required = True
        elif word == "unique":
            column.unique = True
        elif kind is None:
            return
        elif word == "minlength" and number is not None and kind.type in _TEXTS:
            kind.min_length = int(number)
        elif word == "maxlength" and number is not None and number > 0 and kind.type in _TEXTS:
            kind.max_length = int(number)
        elif word == "min" and number is not None and kind.type in _NUMBERS:
            kind.min = number
        elif word == "max" and number is not None and kind.type in _NUMBERS:
            kind.max = number
        elif word == "pattern" and inside:
            kind.pattern = inside[0].text
        elif word == "@":
            self._annotation(cursor, column.span.first)
        else:
            self._found.notice(
                "constraint",
                column.span,
                f"{quoted(word)} of {table.name}.{column.name} has no plan form for its type.",
                "Nothing to do.",
            )

    def _number(self, inside: list[Token]) -> float | int | None:
        text = "".join(token.text for token in inside[:2])
        return number(self._constants.get(text, text))

    # -- relationships ------------------------------------------------------------------------

    def _relationships(self, kind: str, body: list[Token]) -> None:
        cursor = Cursor([token for token in body if token.kind is not Kind.DOC])
        while not cursor.done:
            start = cursor.peek()
            if cursor.take(","):
                continue
            if cursor.take("@"):
                self._annotation(cursor, start.line)
                continue
            left = _side(cursor)
            options = cursor.take("to")
            on_delete: str | None = None
            while cursor.take("@"):
                option = cursor.name() or ""
                value = cursor.group("(", ")") or []
                if option.lower() == "ondelete" and value:
                    on_delete = _ON_DELETE.get(value[0].text.upper())
            right = _side(cursor) if options else None
            while cursor.take("with"):
                cursor.name()
            if left is None or right is None or kind not in _RELATIONS:
                self._found.blocker(
                    "unreadable",
                    start.line,
                    f"A relationship {quoted(kind)} cannot be read here.",
                    "Write `relationship ManyToOne { A{b} to B{a} }`.",
                )
                return
            self._relate(kind, left, right, Span(start.line, cursor.last_line), on_delete)

    def _relate(
        self, kind: str, left: "_Side", right: "_Side", span: Span, on_delete: str | None
    ) -> None:
        written = (left.entity, left.relation, right.entity, right.relation, kind)
        first = self._related.setdefault(written, span.first)
        if first != span.first and (left.relation or right.relation):
            self._found.notice(
                "twice",
                span,
                f"The relationship of {left.entity} to {right.entity} is the one of line {first} "
                "again.",
                "Remove one of the two.",
            )
            return
        if kind == "ManyToMany":
            self._schema.many_to_many.append(
                ManyToMany(
                    source=Ref(name=left.entity),
                    target=Ref(name=right.entity),
                    span=span,
                    name=left.relation,
                    inverse=right.relation,
                )
            )
            return
        if kind == "OneToMany":
            left, right = right, left
        holder = self._tables.get(left.entity)
        if holder is None:
            self._found.blocker(
                "unknown-target",
                span,
                f"A relationship starts at {quoted(left.entity)}, which the document does not "
                "define.",
                "Add that entity, or remove the relationship.",
            )
            return
        holder.foreign_keys.append(
            ForeignKey(
                columns=(),
                target=Ref(name=right.entity),
                span=span,
                name=left.relation,
                inverse=right.relation,
                unique=kind == "OneToOne",
                required=left.required,
                on_delete=on_delete,
            )
        )


class _Side:
    """`Book{author(name) required}`."""

    def __init__(self, entity: str) -> None:
        self.entity = entity
        self.relation: str | None = None
        self.required = False


def _side(cursor: Cursor) -> _Side | None:
    name = cursor.name()
    if name is None:
        return None
    side = _Side(name)
    inside = Cursor(cursor.group("{", "}") or [])
    while not inside.done:
        token = inside.next()
        if token.text == "required" and side.relation is not None:
            side.required = True
        elif token.kind is Kind.WORD and side.relation is None:
            side.relation = token.text
        inside.group("(", ")")
    return side


def _rows(body: list[Token]) -> list[list[Token]]:
    """Fields: by line, and by comma."""
    return [part for row in lexer.lines(body) for part in lexer.split(row)]
