"""Columns of DBML: types, settings, defaults; enums may come after them."""

from collections.abc import Mapping

from rockets_tools.documents import lexer
from rockets_tools.documents.dbml.references import References, dotted_name
from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import Column, ColumnType, Ref, Span, Table
from rockets_tools.documents.types import TypeName, bits, column_type, enum_type
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_MAX_WORDS = 5
"""`timestamp with local time zone`."""


class Columns:
    """Reads the columns of a document's tables; `settle` gives them enums and defaults."""

    def __init__(self, references: References, found: Findings) -> None:
        self._references, self._found = references, found
        self._enums: list[tuple[Column, Ref]] = []
        self._defaults: list[tuple[Table, Column, Token, bool]] = []

    def read(self, row: list[Token], table: Table) -> Column | None:
        """One line of a table; None after saying what is wrong with it."""
        cursor = Cursor(row)
        span = Span(row[0].line, row[-1].line)
        name = cursor.name()
        start = cursor.at
        named = _type_name(cursor)
        if name is None or named is None:
            self._found.blocker(
                "unreadable",
                span,
                f"A line of the table {quoted(table.name)} cannot be read.",
                "Write a column as `name type [settings]`.",
            )
            return None
        ref, kind = named
        column = Column(
            name=name,
            span=span,
            type=kind,
            written_type=" ".join(token.text for token in row[start : cursor.at]),
            auto=bool(kind and kind.auto),
        )
        self._enums.append((column, ref))
        while cursor.is_word("pk", "unique"):  # the old form without brackets
            self._setting(table, column, Cursor([cursor.next()]))
        for setting in lexer.split(cursor.group("[", "]") or []):
            self._setting(table, column, Cursor(setting))
        if not cursor.done:
            self._found.blocker(
                "unreadable",
                span,
                f"What follows {quoted(name)} in its line cannot be read: "
                f"{quoted(' '.join(token.text for token in cursor.items[cursor.at :]))}.",
                "Write one column a line.",
            )
        return column

    def _setting(self, table: Table, column: Column, cursor: Cursor) -> None:
        if cursor.is_word("pk") or cursor.take("primary", "key"):
            if column.name not in table.primary_key:
                table.primary_key = (*table.primary_key, column.name)
            column.required = True
        elif cursor.take("not", "null"):
            column.required = True
        elif cursor.is_word("null"):
            column.required = False
        elif cursor.is_word("unique"):
            column.unique = True
        elif cursor.is_word("increment"):
            column.auto = True
        else:
            self._valued(table, column, cursor)

    def _valued(self, table: Table, column: Column, cursor: Cursor) -> None:
        """A setting with something after its colon, or one that nobody knows."""
        if cursor.take("note", ":"):
            column.description = cursor.next().text
        elif cursor.take("default", ":"):
            negative = cursor.take("-")
            self._defaults.append((table, column, cursor.next(), negative))
        elif cursor.take("ref", ":"):
            self._references.inline(table, column, cursor)
        elif cursor.take("check", ":"):
            self.check(table, cursor.next(), column)
        else:
            self._found.notice(
                "setting",
                column.span,
                f"A setting of {table.name}.{column.name} has no plan form: "
                f"{quoted(' '.join(token.text for token in cursor.items))}.",
                "Nothing to do.",
            )

    def check(self, table: Table, token: Token, column: Column | None) -> None:
        """A condition on a column, or on the one column it names."""
        from rockets_tools.documents.sql import conditions
        from rockets_tools.documents.sql.dialect import Dialect

        if column is None:
            names = conditions.columns(token.text, Dialect.POSTGRES)
            column = table.column(names[0]) if len(names) == 1 else None
        kind = column.type if column else None
        if kind is None or not conditions.apply(token.text, Dialect.POSTGRES, kind):
            self._found.notice(
                "check",
                token.line,
                f"The check on {table.name} has no plan form, or not all of it: "
                f"{quoted(token.text)}.",
                "Write what matters of it as constraints of the field.",
            )

    def settle(self, enums: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        """`enums`: values by (schema, name) in lower case, the schema empty where there is none."""
        alone: dict[str, tuple[str, ...]] = {}
        for (_, name), values in enums.items():
            alone.setdefault(name, values)
        for column, ref in self._enums:
            name = ref.name.lower()
            held = enums.get(((ref.schema or "").lower(), name)) or alone.get(name)
            if held:
                column.type = enum_type(held)
        for table, column, token, negative in self._defaults:
            if table.columns.get(column.name) is column:
                self._default(table, column, token, negative=negative)

    def _default(self, table: Table, column: Column, token: Token, *, negative: bool) -> None:
        from rockets_tools.documents.sql.expressions import of_text

        text = f"-{token.text}" if negative else token.text
        if column.type is None or text.lower() == "null":
            return
        if token.kind is Kind.CODE:
            listed = column.written_type.endswith("]")
            column.default, made = of_text(text, column.type, listed=listed)
            column.auto |= made
            if column.default is None and column.type.type is FieldType.JSON:
                column.default = fit(column.type, text)  # JSON as it is, with no quotes around
        else:
            column.default = fit(column.type, text)
        if column.default is None and not column.auto:
            self._found.notice(
                "default",
                column.span,
                f"The default of {table.name}.{column.name} has no plan form: {quoted(text)}.",
                "Write a default in the plan, or set the value in a service.",
            )


def _type_name(cursor: Cursor) -> tuple[Ref, ColumnType | None] | None:
    """The name of the type (an enum's is settled at the end), and what it is by itself."""
    ref = dotted_name(cursor)
    if ref is None:
        return None
    inside = cursor.group("(", ")")
    sizes = tuple(t.text for t in inside or [] if t.kind is not Kind.SIGN)
    if ref.name.lower() == "enum" and sizes:
        return ref, enum_type(sizes)
    base, _, rest = ref.name.partition("(")
    if rest:  # "varchar(20)" in quotes
        sizes = tuple(part.strip() for part in rest.partition(")")[0].split(","))
        base += rest.partition(")")[2]
    base = _more_words(cursor, " ".join(base.lower().split()))
    if not sizes and (inside := cursor.group("(", ")")) is not None:
        sizes = tuple(t.text for t in inside if t.kind is not Kind.SIGN)
    array = base.endswith("[]")
    while cursor.peek().text == "[" and cursor.peek(1).text == "]":
        cursor.group("[", "]")
        array = True
    return ref, _known(base.removesuffix("[]"), sizes, array=array)


def _more_words(cursor: Cursor, base: str) -> str:
    """`double precision`, `timestamp with time zone` and `int unsigned`, without quotes."""
    ahead = 0
    while ahead < _MAX_WORDS and cursor.peek(ahead).kind is Kind.WORD:
        ahead += 1
    for count in range(ahead, 0, -1):
        name = " ".join([base, *(cursor.peek(at).text.lower() for at in range(count))])
        if _known(name, (), array=False) is not None:
            cursor.at += count
            return name
    return base


def _known(name: str, sizes: tuple[str, ...], *, array: bool) -> ColumnType | None:
    unsigned = name.endswith(" unsigned")
    base = name.removesuffix(" unsigned")
    return bits(sizes) if base == "bit" else column_type(TypeName(base, sizes, array, unsigned))
