"""Columns of a table as fields of an entity: names, limits, defaults, what is said about each."""

import unicodedata

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import keys, words
from rockets_tools.documents.mapping.draft import EntityDraft, FieldDraft
from rockets_tools.documents.mapping.secrets import holds_secret, is_secret
from rockets_tools.documents.schema import NOW, Column, ColumnType, Schema, Span, Table
from rockets_tools.plan import jsregex, names, values
from rockets_tools.plan.constraints import misfit, scaled_limits
from rockets_tools.plan.field_checks import misread
from rockets_tools.plan.model import Field, FieldType
from rockets_tools.plan.problems import quoted, unsafe_character

_MAX_TEXT, _MAX_PATTERN = 5000, 1000


class Fields:
    """Makes fields of one document's columns."""

    def __init__(self, schema: Schema, found: Findings) -> None:
        self._schema, self._found = schema, found
        self._types = {
            name.lower() for t in schema.tables for name in (t.name, f"{t.schema}_{t.name}")
        }
        """Names that Postgres would not give to the type of an enum once more."""

    def _say(self, code: str, place: Span, message: str, fix: str = "Nothing to do.") -> None:
        self._found.notice(code, place, message, fix)

    def column(self, entity: EntityDraft, column: Column) -> None:
        """A column becomes a field, an inherited property, or a word about why not."""
        table, where = entity.table, f"{entity.table.name}.{column.name}"
        if column.computed:
            self._say(
                "computed",
                column.span,
                f"{where} is computed by the database and left out: a plan has no such fields.",
                "Compute it in a service if an answer should carry it.",
            )
            return
        kind = column.type
        if kind is None and self._schema.vague:
            kind = ColumnType(
                type=FieldType.STRING, guess=f"the type {quoted(column.written_type)} is unknown"
            )
        if kind is None:
            self._found.blocker(
                "unknown-type",
                column.span,
                f"{where} has the type {quoted(column.written_type)}, which has no plan form.",
                "Use a type of the SQL standard, or define the type in the document.",
            )
            return
        if kind.omit:
            self._say("left-out", column.span, f"{where} is left out: {kind.omit}.")
            return
        match = keys.inherited(column)
        constrained = column.unique or column.name in _constrained(table)
        if match is not None and not constrained and match not in entity.property_of.values():
            entity.property_of[column.name] = match
            self._say(
                "inherited",
                column.span,
                f"{where} becomes {entity.name}.{match}, which every entity has.",
            )
            return
        self._field(entity, column, kind)

    def _field(self, entity: EntityDraft, column: Column, kind: ColumnType) -> None:
        where = f"{entity.table.name}.{column.name}"
        wanted = words.camel(column.property or column.name, fallback="field")
        name = words.free((wanted, f"{wanted}Value"), entity.taken)
        if name != wanted or not words.plain(column.name):
            self._say(
                "renamed",
                column.span,
                f"{where} is called {name} in the plan: {quoted(wanted)} is taken or reserved.",
                "Give it another name in the plan if you like.",
            )
        entity.properties.add(name.lower())
        entity.property_of[column.name] = name
        if kind.type is FieldType.ENUM and self._enum_room(entity) < 3:
            kind.type, kind.enum = FieldType.STRING, ()
            kind.guess = "the table's name leaves no room for the name of an enum type"
        made = FieldDraft(
            name=name,
            column=column,
            type=kind,
            column_name=self.column_name(entity, column.name, name, kind, column.span),
            required=column.required or column.name in entity.table.primary_key,
            unique=column.unique,
        )
        if kind.guess:
            made.guesses.append(kind.guess)
            self._say(
                "guess-type",
                column.span,
                f"{where} becomes {kind.type.value}: {kind.guess}.",
                "Correct the type in the plan if that is wrong.",
            )
        if column.auto:
            self._say(
                "made-value",
                column.span,
                f"The database of the document makes values for {where}; in the plan whoever "
                "creates a row gives one.",
                'Write "required": false in the plan, or set the value in a service.',
            )
        self._limits(made, where)
        self._default(made, where)
        if column.hidden:
            made.expose = False
        elif is_secret(column) and holds_secret(kind, column):
            made.expose = False
            made.guesses.append("its name says it is secret, so no answer carries it")
            self._say(
                "secret",
                column.span,
                f"{where} looks secret: it is stored and never answered.",
                'Write "expose": true in the plan if it is not.',
            )
        column.description = self.text(column.description, where, column.span)
        entity.fields.append(made)

    def unique(self, entity: EntityDraft) -> None:
        """What cannot be said of a unique field: one value for all rows, or a single row."""
        for made in entity.fields:
            if made.unique and made.default is not None:
                self._say(
                    "default",
                    made.column.span,
                    f"The default {quoted(str(made.default))} of {entity.table.name}."
                    f"{made.column.name} is left out: it is unique, so one row alone could have "
                    "it.",
                )
                made.default = None
            plain = _plan_field(made)
            if made.unique and values.can_make(plain) and values.capacity(plain) == 1:
                made.unique = False
                made.guesses.append("the table may hold more than the one row it was made for")
                self._say(
                    "single-row",
                    made.column.span,
                    f"{entity.table.name}.{made.column.name} has one value and is unique, so that "
                    "the table holds a single row; a plan cannot say that.",
                    "Check it in a service if there must be only one.",
                )

    @staticmethod
    def _enum_room(entity: EntityDraft) -> int:
        """Characters a column's name may have in `<table>_<column>_enum_old`."""
        return names.MAX_IDENTIFIER - len(entity.table_name) - len("__enum_old")

    def column_name(
        self, entity: EntityDraft, written: str, name: str, kind: ColumnType | None, span: Span
    ) -> str | None:
        """The column in the database, where it is not called like the property."""
        wanted = written if self._schema.maps_names else name
        made = words.column(wanted, fallback=names.snake(name))
        is_enum = kind is not None and kind.type is FieldType.ENUM
        room = self._enum_room(entity) if is_enum else names.MAX_IDENTIFIER
        made = made[:room].rstrip("_") or "c"

        def type_of(column: str) -> str:
            return f"{entity.table_name}_{column}_enum".lower()

        def taken(column: str) -> bool:
            return column.lower() in entity.columns or (is_enum and type_of(column) in self._types)

        if taken(made):
            short = f"{made[: max(room - len('_value2'), 1)]}_value"
            made = words.free((names.snake(name)[: room - 1], short), taken)
        if is_enum:
            self._types.add(type_of(made))
        if made != wanted:
            self._say(
                "renamed",
                span,
                f"The {self._schema.column_word} {quoted(written)} of {entity.table.name} is "
                f"called {made} in the new database.",
            )
        entity.columns.add(made.lower())
        return None if made == name else made

    def _limits(self, made: FieldDraft, where: str) -> None:
        """Constraints that exclude each other are left out, and said."""
        kind = made.type
        if kind.precision is not None:
            kind.precision = min(max(kind.precision, 1), 1000)
            kind.scale = min(max(kind.scale or 0, 0), kind.precision)
        if kind.min_length and kind.min_length > (kind.max_length or 255):
            self._lost(made, where, "minimum length")
            kind.min_length = None
        if kind.pattern is not None and not self._pattern_fits(made):
            self._lost(made, where, f"pattern {quoted(kind.pattern)}")
            kind.pattern = None
        if kind.type in (FieldType.NUMBER, FieldType.FLOAT):
            low, high = scaled_limits(_plan_field(made))
            if low > high:
                self._lost(made, where, "limits")
                kind.min = kind.max = None

    @staticmethod
    def _pattern_fits(made: FieldDraft) -> bool:
        """JavaScript takes the pattern, and a text can be made for it."""
        pattern = made.type.pattern or ""
        return (
            made.type.type in (FieldType.STRING, FieldType.TEXT)
            and 0 < len(pattern) <= _MAX_PATTERN
            and unsafe_character(pattern) is None
            and jsregex.fault(pattern) is None
            and values.can_make(_plan_field(made))
        )

    def _default(self, made: FieldDraft, where: str) -> None:
        value = made.column.default
        if value is None:
            return
        if made.type.type is FieldType.DATE and value == NOW:
            made.default = value
            return
        hidden = isinstance(value, str) and unsafe_character(value) is not None
        if hidden or misfit(_plan_field(made), value) is not None:
            self._lost(made, where, f"default {quoted(str(value))}")
        elif misread(made.type.type, value):
            self._say(
                "constraint",
                made.column.span,
                f"The default {quoted(str(value))} of {where} is left out: TypeORM cannot compare "
                "it with the database's.",
                "Set the value in a service.",
            )
        else:
            made.default = value

    def _lost(self, made: FieldDraft, where: str, what: str) -> None:
        self._say(
            "constraint",
            made.column.span,
            f"The {what} of {where} does not fit its type and is left out.",
            "Correct it in the document or in the plan.",
        )

    def text(self, text: str | None, where: str, span: Span) -> str | None:
        """A comment that may become a description: visible characters, not too long."""
        if not text or not text.strip():
            return None
        kept = "".join(
            c for c in text if c in "\t\n" or unicodedata.category(c)[0] not in "CZ" or c == " "
        )
        kept = kept.replace("\t", " ").strip()
        if unsafe_character(text) or len(kept) > _MAX_TEXT:
            self._say(
                "text",
                span,
                f"The comment on {where} has hidden characters or is too long; they are left out.",
            )
        return kept[:_MAX_TEXT] or None


def _constrained(table: Table) -> set[str]:
    named = [table.primary_key, *(unique.columns for unique in table.uniques)]
    return {name for columns in named for name in columns}


def _plan_field(made: FieldDraft) -> Field:
    """The field as the plan will see it, to ask the plan what fits."""
    kind = made.type
    return Field(
        name=made.name,
        column=made.name,
        type=kind.type,
        min_length=kind.min_length,
        max_length=kind.max_length,
        min=kind.min,
        max=kind.max,
        precision=10 if kind.precision is None else kind.precision,
        scale=2 if kind.scale is None else kind.scale,
        is_email=kind.is_email,
        is_url=kind.is_url,
        pattern=kind.pattern,
        enum_values=kind.enum,
    )
