"""Relationships of JDL as foreign keys and joins; entities may come after them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import (
    Column,
    ForeignKey,
    ManyToMany,
    Ref,
    Schema,
    Span,
    Table,
)
from rockets_tools.documents.types import TypeName, column_type
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

_KINDS = frozenset({"OneToOne", "OneToMany", "ManyToOne", "ManyToMany"})
_ON_DELETE = {"CASCADE": "CASCADE", "SET NULL": "SET NULL", "RESTRICT": "RESTRICT"}
_KEY_OPTIONS = frozenset({"id", "jpaderivedidentifier"})
"""`@Id` and its older name: the relationship is the key of who holds it, or part of it."""


@dataclass(slots=True)
class _Side:
    """`Book{author(name) required}`."""

    entity: str
    relation: str | None = None
    required: bool = False
    doc: str | None = None


@dataclass(slots=True)
class _Options:
    """What annotations and `with` say about one relationship."""

    on_delete: str | None = None
    is_key: bool = False


class Relationships:
    """Reads the bodies of `relationship` blocks into the tables of a document."""

    def __init__(self, schema: Schema, tables: Mapping[str, Table], found: Findings) -> None:
        self._schema, self._tables, self._found = schema, tables, found
        self._related: dict[tuple[str, str | None, str, str | None, str], int] = {}
        """The line of each relationship, to notice one that is written twice."""

    def read(self, kind: str, body: list[Token]) -> None:
        """The relationships of one block, of one kind."""
        cursor = Cursor(body)
        while not cursor.done:
            start = cursor.peek()
            if cursor.take(","):
                continue
            options = _Options()
            left = self._side(cursor, options)
            right = self._side(cursor, options) if cursor.take("to") else None
            while cursor.take("with"):
                options.is_key |= (cursor.name() or "").lower() in _KEY_OPTIONS
            if left is None and cursor.done:
                return
            if left is None or right is None or kind not in _KINDS:
                self._found.blocker(
                    "unreadable",
                    start.line,
                    f"A relationship {quoted(kind)} cannot be read here.",
                    "Write `relationship ManyToOne { A{b} to B{a} }`.",
                )
                return
            self._relate(kind, left, right, Span(start.line, cursor.last_line), options)

    def _side(self, cursor: Cursor, options: _Options) -> _Side | None:
        """An entity with what stands before it: comments and annotations."""
        said: list[str] = []
        while cursor.peek().kind is Kind.DOC or cursor.peek().text == "@":
            token = cursor.next()
            if token.kind is Kind.DOC:
                said.append(token.text)
                continue
            option = cursor.name() or ""
            value = cursor.group("(", ")") or []
            if option.lower() == "ondelete" and value:
                options.on_delete = _ON_DELETE.get(value[0].text.upper())
            elif option.lower() in _KEY_OPTIONS:
                options.is_key = True
            else:
                told_option(self._found, "@" + option, token.line)
        name = cursor.name()
        if name is None:
            return None
        side = _Side(name, doc=" ".join(said) or None)
        inside = Cursor(cursor.group("{", "}") or [])
        while not inside.done:
            token = inside.next()
            if token.text == "required" and side.relation is not None:
                side.required = True
            elif token.kind is Kind.WORD and side.relation is None:
                side.relation = token.text
            inside.group("(", ")")
        while cursor.peek().kind is Kind.DOC and cursor.peek(1).text == "to":
            side.doc = " ".join(filter(None, (side.doc, cursor.next().text)))
        return side

    def _relate(self, kind: str, left: _Side, right: _Side, span: Span, options: _Options) -> None:
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
            self._lost_comment(left.doc or right.doc, span)
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
        one = kind == "OneToOne"
        key = ForeignKey(
            columns=(),
            target=Ref(name=right.entity),
            span=span,
            name=left.relation,
            inverse=right.relation if one else _many(right.relation),
            unique=one,
            required=left.required,
            on_delete=options.on_delete,
            description=left.doc or right.doc,
        )
        if left.doc:
            self._lost_comment(right.doc, span)
        if options.is_key:
            _make_key(holder, key)
        holder.foreign_keys.append(key)

    def _lost_comment(self, doc: str | None, span: Span) -> None:
        if doc:
            self._found.notice(
                "comment",
                span,
                f"A comment on a relationship has no place in the plan: {quoted(doc)}.",
                "Nothing to do.",
            )


def told_option(found: Findings, option: str, line: int) -> None:
    """What a generator of JHipster is told: `paginate`, `@dto(mapstruct)`."""
    found.repeated(
        "option", line, f"The JHipster option {quoted(option)} has no plan form", "Nothing to do."
    )


def _many(name: str | None) -> str | None:
    """JDL names a side of many by one of them, as JHipster then writes it: `orders`."""
    return names.camel(names.plural(name)) if name else None


def _make_key(holder: Table, key: ForeignKey) -> None:
    """Who holds the relationship is known by it: it gets a column, which is (part of) the key."""
    base = key.name or names.camel(key.target.name)
    name = next(n for n in (f"{base}Id", f"{base}Key", f"{base} key") if n not in holder.columns)
    holder.columns[name] = Column(
        name=name,
        span=key.span,
        type=column_type(TypeName("bigint")),
        written_type="Long",
        required=True,
    )
    holder.primary_key = (*holder.primary_key, name)
    key.columns, key.required = (name,), True
