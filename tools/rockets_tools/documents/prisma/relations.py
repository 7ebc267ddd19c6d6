"""Fields whose type is a model, as foreign keys and joins."""

from collections.abc import Mapping
from dataclasses import dataclass

from rockets_tools.documents import lexer
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Kind, Token
from rockets_tools.documents.mapping.words import singular
from rockets_tools.documents.prisma.syntax import Document, Field, Model, words
from rockets_tools.documents.schema import ForeignKey, ManyToMany, Ref, Schema, Table
from rockets_tools.plan.names import key

_ON_DELETE = {"Cascade": "CASCADE", "SetNull": "SET NULL", "Restrict": "RESTRICT"}


@dataclass(slots=True, kw_only=True)
class _Relation:
    """One side."""

    model: Model
    field: Field
    target: Model
    label: str | None = None
    """The name both sides share."""
    fields: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    on_delete: str | None = None


class Relations:
    """Puts the relations of a document into the tables of its models."""

    def __init__(
        self, document: Document, tables: Mapping[str, Table], schema: Schema, found: Findings
    ) -> None:
        self._tables, self._schema, self._found = tables, schema, found
        self._sides = [
            _side(model, field, document.models[field.kind])
            for model in document.models.values()
            for field in model.fields.values()
            if field.kind in document.models
        ]

    def add(self) -> None:
        for side in self._sides:
            other = self._other(side)
            if side.fields and not side.field.many:
                self._foreign_key(side, other)
            elif side.field.many:
                self._drop_list(side)
                self._many(side, other)
            elif other is None:
                self._found.blocker(
                    "one-sided",
                    side.field.span,
                    f"{side.model.name}.{side.field.name} names no fields, and "
                    f"{side.target.name} has no other side for it.",
                    "Write @relation(fields: [...], references: [...]) on one side.",
                )

    def _other(self, side: _Relation) -> _Relation | None:
        """The field on the other side."""
        return next(
            (
                other
                for other in self._sides
                if other is not side
                and other.model is side.target
                and other.target is side.model
                and other.label == side.label
            ),
            None,
        )

    def _foreign_key(self, side: _Relation, other: _Relation | None) -> None:
        table = self._tables[side.model.name]
        table.foreign_keys.append(
            ForeignKey(
                columns=columns(table, side.fields),
                target=Ref(name=side.target.name, schema=self._tables[side.target.name].schema),
                target_columns=columns(self._tables[side.target.name], side.references),
                span=side.field.span,
                name=_name(side),
                inverse=_inverse(side, other) if other else None,
                unique=other is not None and not other.field.many,
                on_delete=side.on_delete,
                description=side.field.doc,
            )
        )

    def _drop_list(self, side: _Relation) -> None:
        """MongoDB keeps the ids of a many to many in a list on either side; the plan joins."""
        table = self._tables[side.model.name]
        for name in columns(table, side.fields):
            column = table.columns.pop(name, None)
            if column is not None:
                self._found.notice(
                    "left-out",
                    column.span,
                    f"{table.name}.{name} is left out: it is the list behind "
                    f"{side.field.name}, which becomes a join.",
                    "Nothing to do.",
                )

    def _many(self, side: _Relation, other: _Relation | None) -> None:
        """A list: the other side of a foreign key, or one side of an implicit many to many."""
        here = (side.model.name, side.field.name)
        if other is None:
            self._found.blocker(
                "one-sided",
                side.field.span,
                f"{'.'.join(here)} has no other side in {side.target.name}.",
                f"Add a field of type {side.model.name} to {side.target.name}.",
            )
        elif other.field.many and here < (other.model.name, other.field.name):
            self._schema.many_to_many.append(
                ManyToMany(
                    source=self._tables[side.model.name].ref,
                    target=self._tables[side.target.name].ref,
                    span=side.field.span,
                    name=side.field.name,
                    inverse=other.field.name,
                )
            )


def columns(table: Table, properties: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Columns of the fields a list names."""
    names = {column.property: column.name for column in table.columns.values()}
    return tuple(names.get(name, name) for name in properties)


def _side(model: Model, field: Field, target: Model) -> _Relation:
    side = _Relation(model=model, field=field, target=target)
    acts: str | None = None
    for part in lexer.split(field.attributes.get("relation", [])):
        texts = [token.text for token in part]
        match texts:
            case _ if part[0].kind is Kind.STRING:
                side.label = part[0].text
            case ["name", ":", label, *_]:
                side.label = label
            case ["fields", ":", *_]:
                side.fields = _names(part)
            case ["references", ":", *_]:
                side.references = _names(part)
            case ["onDelete", ":", acts, *_]:
                side.on_delete = _ON_DELETE.get(acts)
            case _:
                pass
    if acts is None and field.optional:  # what Prisma does where nothing is written
        side.on_delete = "SET NULL"
    return side


def _names(part: list[Token]) -> tuple[str, ...]:
    return tuple(words(part))


def _generated(side: _Relation) -> str:
    """How `prisma db pull` calls one of several relations: it ends both sides' names."""
    return f"_{'_'.join(side.fields)}To{side.target.name}"


def _name(side: _Relation) -> str | None:
    """The field's name; none where it only repeats a table's, so that the column names it."""
    name, target = side.field.name, side.target.name
    if name == f"{target}_{side.model.name}{_generated(side)}":
        return None
    one = singular(name)
    repeats = one != name and key(one) == key(singular(target))
    return None if repeats else name


def _inverse(side: _Relation, other: _Relation) -> str:
    """`matches_matches_home_idToteams` is `matches_home`."""
    model = side.model.name
    if other.field.name != f"{model}_{model}{_generated(side)}":
        return other.field.name
    return f"{model}_{'_'.join(name.removesuffix('_id') for name in side.fields)}"
