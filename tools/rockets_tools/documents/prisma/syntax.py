"""A Prisma schema as models, fields and attributes, before anything is made of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rockets_tools.documents import lexer
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import Span
from rockets_tools.plan.problems import quoted

_FOR_MACHINES = re.compile(r"@@?[\w.]*[.(].*|@@?\w+|!?\[[^\]]*\]", re.DOTALL)
_FIX_BLOCK = "Write `model Name { … }` or `enum Name { … }`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    kind: str
    """A scalar, an enum, a composite type, a model, or `Unsupported`."""
    unsupported: str | None
    """What `Unsupported("…")` names."""
    many: bool
    optional: bool
    attributes: Mapping[str, list[Token]]
    """Arguments by name; `@db.VarChar(20)` is `db.VarChar`."""
    span: Span
    doc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAttribute:
    """`@@name(arguments)`."""

    name: str
    arguments: list[Token]
    span: Span


@dataclass(slots=True, kw_only=True)
class Model:
    name: str
    span: Span
    doc: str | None
    fields: dict[str, Field] = field(default_factory=dict[str, Field])
    attributes: list[ModelAttribute] = field(default_factory=list[ModelAttribute])


@dataclass(slots=True, kw_only=True)
class Document:
    models: dict[str, Model] = field(default_factory=dict[str, Model])
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    composites: set[str] = field(default_factory=set[str])
    views: set[str] = field(default_factory=set[str])


def parse(text: str, found: Findings) -> Document:
    """All blocks; what cannot be read is a blocker, what no plan has is a notice."""
    return _Parser(Cursor(lexer.tokens(text)), found).parse()


def argument(arguments: Sequence[Token]) -> str | None:
    """The first string."""
    return next((token.text for token in arguments if token.kind is Kind.STRING), None)


def words(arguments: list[Token]) -> list[str]:
    """The words of the first list in brackets, options of an element left out."""
    cursor = Cursor(arguments)
    while not cursor.done and cursor.peek().text != "[":
        cursor.next()
    return [part[0].text for part in lexer.split(cursor.group("[", "]") or [])]


class _Parser:
    def __init__(self, cursor: Cursor, found: Findings) -> None:
        self._cursor, self._found = cursor, found
        self._document = Document()

    def parse(self) -> Document:
        cursor = self._cursor
        doc: list[str] = []
        while not cursor.done:
            token = cursor.next()
            if token.kind is Kind.DOC:
                doc.append(token.text)
                continue
            name = cursor.name()
            body = cursor.group("{", "}")
            if token.kind is not Kind.WORD or name is None or body is None:
                self._found.blocker(
                    "unreadable",
                    token.line,
                    f"Prisma has nothing that starts with {quoted(token.text)} here.",
                    _FIX_BLOCK,
                )
                while not cursor.done and cursor.peek().line == token.line:
                    cursor.next()
            else:
                self._block(token, name, body, self._said(doc, token.line))
            doc = []
        return self._document

    def _block(self, token: Token, name: str, body: list[Token], doc: str | None) -> None:
        document, span = self._document, Span(token.line, self._cursor.last_line)
        match token.text:
            case "model" if name in document.models:
                self._twice(span, f"There are two models {quoted(name)}.")
            case "model":
                document.models[name] = self._model(Model(name=name, span=span, doc=doc), body)
            case "enum":
                document.enums[name] = lexer.values(body)
            case "type":
                document.composites.add(name)
                self._left_out(span, f"The composite type {name} is kept as JSON where it is used.")
            case "view":
                document.views.add(name)
                self._left_out(span, f"The view {name} has no plan form.")
            case "generator" | "datasource":
                pass
            case word:
                self._found.blocker(
                    "unreadable", span, f"Prisma has no block {quoted(word)}.", _FIX_BLOCK
                )

    def _left_out(self, span: Span, message: str) -> None:
        self._found.notice("left-out", span, message, "Nothing to do.")

    def _twice(self, span: Span, message: str) -> None:
        self._found.blocker("twice", span, message, "Remove one.")

    def _model(self, model: Model, body: list[Token]) -> Model:
        doc: list[str] = []
        for row in lexer.lines(body):
            if row[0].kind is Kind.DOC:
                doc.append(row[0].text)
                continue
            trailing = [token.text for token in row if token.kind is Kind.DOC]
            cursor = Cursor([token for token in row if token.kind is not Kind.DOC])
            span = Span(row[0].line, row[-1].line)
            if cursor.take("@", "@"):
                name = cursor.name() or ""
                arguments = cursor.group("(", ")") or []
                model.attributes.append(ModelAttribute(name=name, arguments=arguments, span=span))
            else:
                self._field(model, cursor, span, self._said([*doc, *trailing], span.first))
            doc = []
        return model

    def _field(self, model: Model, cursor: Cursor, span: Span, doc: str | None) -> None:
        name, kind = cursor.name(), cursor.name()
        if name is None or kind is None:
            self._found.blocker(
                "unreadable",
                span,
                f"A line of the model {model.name} cannot be read.",
                "Write a field as `name Type @attributes`.",
            )
            return
        inside = cursor.group("(", ")") if kind == "Unsupported" else None
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
        if name in model.fields:
            self._twice(span, f"{model.name} has two fields {quoted(name)}.")
            return
        model.fields[name] = Field(
            name=name,
            kind=kind,
            unsupported=argument(inside) if inside is not None else None,
            many=many,
            optional=optional,
            attributes=attributes,
            span=span,
            doc=doc,
        )

    def _said(self, lines: list[str], line: int) -> str | None:
        """What comments say to people; `@zod.email()`, `[Type]` speak to other generators."""
        kept: list[str] = []
        for text in lines:
            if _FOR_MACHINES.fullmatch(text):
                self._found.repeated(
                    "comment", line, "A comment for another generator is left out", "Nothing to do."
                )
            else:
                kept.append(text)
        return " ".join(kept).strip() or None


def _attributes(cursor: Cursor) -> tuple[dict[str, list[Token]], list[str]]:
    """`@name(arguments)` by name; and what is none."""
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
