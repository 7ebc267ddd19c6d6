"""Prisma schemas."""

from pydantic import JsonValue

from rockets_tools.documents import lexer
from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Kind, Token
from rockets_tools.documents.mapping import keys
from rockets_tools.documents.prisma.relations import Relations, columns
from rockets_tools.documents.prisma.syntax import (
    Document,
    Field,
    Model,
    ModelAttribute,
    argument,
    parse,
    words,
)
from rockets_tools.documents.prisma.types import type_of
from rockets_tools.documents.schema import NOW, Column, Schema, Span, Table, Unique
from rockets_tools.documents.sql.expressions import of_text
from rockets_tools.documents.values import number
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_AUTO = frozenset({"autoincrement", "uuid", "cuid", "nanoid", "ulid", "auto", "sequence"})
_MAKERS = ("uuid", "nextval", "newid", "newsequentialid")
"""In an expression of the database they make a key, whatever is around them."""
_READ = frozenset({"map", "relation", "id", "unique", "default", "updatedAt"})


def read_prisma(text: str, found: Findings) -> Schema:
    """The models of a Prisma schema."""
    return _Reader(parse(text, found), found).read()


class _Reader:
    def __init__(self, document: Document, found: Findings) -> None:
        self._document, self._found = document, found

    def read(self) -> Schema:
        schema = Schema(table_word="model", column_word="field")
        tables = {model.name: self._table(model) for model in self._document.models.values()}
        schema.tables.extend(tables.values())
        Relations(self._document, tables, schema, self._found).add()
        return schema

    def _notice(self, span: Span, message: str, code: str = "left-out") -> None:
        self._found.notice(code, span, message, "Nothing to do.")

    def _table(self, model: Model) -> Table:
        table = Table(
            name=model.name,
            span=model.span,
            entity=model.name if _is_class(model.name) else None,
        )
        if model.doc:
            self._notice(
                model.span,
                f"The comment on {model.name} has no place in the plan: {quoted(model.doc)}.",
                "comment",
            )
        for field in model.fields.values():
            if field.kind in self._document.views:
                self._notice(
                    field.span,
                    f"{model.name}.{field.name} is left out: it refers to the view {field.kind}, "
                    "which has no plan form.",
                )
            elif field.kind not in self._document.models:
                self._column(table, field)
        for attribute in model.attributes:
            self._attribute(table, attribute)
        return table

    def _column(self, table: Table, field: Field) -> None:
        attributes = field.attributes
        column = Column(
            name=argument(attributes.get("map", ())) or field.name,
            property=field.name,
            span=field.span,
            written_type=field.kind,
            type=type_of(field, self._document),
            required=not field.optional and not field.many,
            unique="unique" in attributes and not _is_partial(attributes["unique"]),
            description=field.doc,
        )
        table.columns[column.name] = column
        if "id" in attributes:
            table.primary_key = (column.name,)
        if "default" in attributes:
            self._default(table, column, field)
        if "unique" in attributes and not column.unique:
            self._unique(table, (column.name,), attributes["unique"], field.span)
        if "updatedAt" in attributes and keys.inherited(column) is None:
            column.default = column.default or NOW
            self._notice(
                column.span,
                f"@updatedAt of {table.name}.{column.name} has no plan form: it is set when a row "
                "is made, and no update touches it.",
            )
        for name in attributes:
            if name not in _READ and not name.startswith("db."):
                self._notice(
                    column.span, f"@{name} of {table.name}.{column.name} has no plan form."
                )

    def _default(self, table: Table, column: Column, field: Field) -> None:
        parts = [p for p in lexer.split(field.attributes["default"]) if not _is_option(p, "map")]
        arguments = parts[0] if parts else []
        kind = column.type
        if kind is None or not arguments:
            return
        first = arguments[0]
        if first.text == "[" and first.kind is Kind.SIGN:
            column.default = [_literal(part) for part in lexer.split(arguments[1:-1])]
            return
        if len(arguments) > 1 and arguments[1].text == "(":
            self._call(column, field, first.text, argument(arguments))
        else:
            negative = first.text == "-" and len(arguments) > 1
            column.default = fit(kind, f"-{arguments[1].text}" if negative else first.text)
        if column.default is None and not column.auto:
            self._notice(
                column.span,
                f"The default of {table.name}.{column.name} has no plan form: "
                f"{quoted(''.join(t.text for t in arguments))}.",
                "default",
            )

    @staticmethod
    def _call(column: Column, field: Field, function: str, text: str | None) -> None:
        """`now()`, `cuid()`, and what the database itself is told: `dbgenerated("…")`."""
        kind = column.type
        if function in _AUTO:
            column.auto = True
        elif function == "now":
            column.default = NOW if kind and kind.type is FieldType.DATE else None
        elif function == "dbgenerated" and kind is not None:
            column.default, column.auto = of_text(text or "", kind, listed=field.many)
            column.auto |= "id" in field.attributes or any(w in (text or "") for w in _MAKERS)

    def _unique(
        self, table: Table, named: tuple[str, ...], arguments: list[Token], span: Span
    ) -> None:
        """`where: { deletedAt: null }` keeps to rows that live; any other condition is told."""
        where = next((p for p in lexer.split(arguments) if _is_option(p, "where")), None)
        unique = Unique(columns=named, span=span)
        match [token.text for token in where[2:]] if where else None:
            case None:
                table.uniques.append(unique)
            case ["{", alive, ":", "null", "}"]:
                unique.alive = columns(table, [alive])[0]
                table.uniques.append(unique)
            case condition:
                self._found.notice(
                    "unique",
                    span,
                    f"{table.name} is unique by {', '.join(named)} only where "
                    f"{quoted(' '.join(condition))}, which has no plan form.",
                    "Write uniqueConstraint in the plan if it should hold for every row.",
                )

    def _attribute(self, table: Table, attribute: ModelAttribute) -> None:
        arguments, span = attribute.arguments, attribute.span
        match attribute.name:
            case "map":
                table.stored_as = argument(arguments) or table.stored_as
            case "schema":
                table.schema = argument(arguments)
            case "id":
                table.primary_key = columns(table, words(arguments))
            case "unique":
                self._unique(table, columns(table, words(arguments)), arguments, span)
            case "index" | "fulltext" as word:
                self._notice(
                    span,
                    f"The @@{word} of {table.name} ({', '.join(words(arguments))}) has no plan "
                    "form.",
                    "index",
                )
            case word:
                said = " ".join(token.text for token in arguments)
                self._notice(
                    span,
                    f"@@{word} of {table.name} has no plan form"
                    + (f": {quoted(said)}." if said else "."),
                )


def _is_class(name: str) -> bool:
    """Called like a class, and not like the table it was pulled from: `OrderItem`."""
    return name[:1].isupper() and "_" not in name and not name.isupper()


def _is_option(part: list[Token], name: str) -> bool:
    """`map: "df_total"` beside the default."""
    return [token.text for token in part[:2]] == [name, ":"]


def _is_partial(arguments: list[Token]) -> bool:
    return any(_is_option(part, "where") for part in lexer.split(arguments))


def _literal(part: list[Token]) -> JsonValue:
    token = part[-1]
    if token.kind is Kind.NUMBER:
        return number("".join(t.text for t in part))
    if token.kind is Kind.WORD and token.text in ("true", "false"):
        return token.text == "true"
    return token.text
