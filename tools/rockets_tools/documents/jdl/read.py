"""JHipster's domain language as a schema."""

import re
from collections.abc import Mapping

from rockets_tools.documents import lexer
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.jdl.relationships import Relationships, told_option
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import Column, ColumnType, Schema, Span, Table
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
        relationships = Relationships(self._schema, self._tables, self._found)
        for kind, body in self._relations:
            relationships.read(kind, body)
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
        """`@embedded`, `@dto(mapstruct)`: what a generator is told; `@Id` says more than that."""
        name = cursor.name() or ""
        cursor.group("(", ")")
        if name.lower() != "id":
            told_option(self._found, "@" + name, line)

    def _option(self, token: Token) -> None:
        """`paginate * with pagination`: how JHipster generates, said once."""
        rest: list[str] = []
        while not self._cursor.done and self._cursor.peek().line == token.line:
            inside = self._cursor.group("{", "}")
            rest.append(self._cursor.next().text if inside is None else "{")
        if token.text not in _OPTIONS and "with" not in rest[1:]:
            self._found.blocker(
                "unreadable",
                token.line,
                f"JDL has nothing that starts with {quoted(token.text)} here.",
                "Write `entity Name { … }`, `enum`, `relationship` or an option.",
            )
            return
        told_option(self._found, token.text, token.line)

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
        is_key, last_line = False, 0
        for row in _rows(body):
            said = [token.text for token in row if token.kind is Kind.DOC]
            cursor = Cursor([token for token in row if token.kind is not Kind.DOC])
            while cursor.take("@"):
                is_key |= cursor.is_word("id")
                self._annotation(cursor, row[0].line)
            if cursor.done and row[0].line == last_line and table.columns:
                column = list(table.columns.values())[-1]  # `name String, /** its name */`
                column.description = " ".join(filter(None, (column.description, *said)))
                continue
            doc += said
            if cursor.done:
                continue
            while not cursor.done:
                self._field(table, cursor, " ".join(doc) or None, is_key=is_key)
            doc, is_key, last_line = [], False, row[-1].line

    def _field(self, table: Table, cursor: Cursor, doc: str | None, *, is_key: bool) -> None:
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
        if is_key:
            table.primary_key = (*table.primary_key, name)
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
            kind.pattern = _whole(inside[0].text)
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


def _whole(pattern: str) -> str:
    """Bean Validation holds a pattern against the whole text, JavaScript looks for it inside."""
    bare = re.sub(r"\\.|\[[^\]]*\]", "", pattern)
    while (inner := re.sub(r"\([^()]*\)", "", bare)) != bare:
        bare = inner
    anchored = pattern.startswith("^") and bare.endswith("$") and "|" not in bare
    return pattern if anchored else f"^(?:{pattern})$"


def _rows(body: list[Token]) -> list[list[Token]]:
    """Fields: by line, and by comma."""
    return [part for row in lexer.lines(body) for part in lexer.split(row)]
