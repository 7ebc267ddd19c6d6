"""DBML (dbdiagram.io) as a schema."""

from rockets_tools.documents import lexer
from rockets_tools.documents.defaults import fit, is_auto, is_now
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.mapping.links import Tables
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

_IGNORED = frozenset({"tablegroup", "stickynote", "note", "diagramview", "records"})
_FIX = "Nothing to do."


def read_dbml(text: str, found: Findings) -> Schema:
    """The tables of a DBML document."""
    return _Reader(lexer.tokens(text), found).read()


class _Reader:
    def __init__(self, items: list[Token], found: Findings) -> None:
        self._cursor = Cursor([token for token in items if token.kind is not Kind.DOC])
        self._found = found
        self._schema = Schema(vague=True)
        self._enums: dict[str, tuple[str, ...]] = {}
        self._aliases: dict[str, Ref] = {}
        self._partials: dict[str, list[list[Token]]] = {}
        self._defaults: list[tuple[Table, Column, Token, bool]] = []
        self._keys: list[tuple[Ref, ForeignKey]] = []

    def read(self) -> Schema:
        cursor = self._cursor
        while not cursor.done:
            token = cursor.next()
            word = token.text.lower() if token.kind is Kind.WORD else ""
            if word == "table":
                self._table(token)
            elif word == "tablepartial":
                name = cursor.name() or ""
                self._settings(cursor)
                self._partials[name] = lexer.lines(cursor.group("{", "}") or [])
            elif word == "enum":
                self._enum()
            elif word == "ref":
                self._refs()
            elif word == "project" or word in _IGNORED:
                self._skip(token, word)
            else:
                self._found.blocker(
                    "unreadable",
                    token.line,
                    f"DBML has nothing that starts with {quoted(token.text)} here.",
                    "Correct the line; `Table name {` starts a table.",
                )
                self._to_next_line(token.line)
        self._settle()
        return self._schema

    def _to_next_line(self, line: int) -> None:
        while not self._cursor.done and self._cursor.peek().line == line:
            self._cursor.next()

    def _skip(self, token: Token, word: str) -> None:
        cursor = self._cursor
        while not cursor.done and cursor.peek().text not in ("{", ":"):
            if cursor.group("[", "]") is None and cursor.group("(", ")") is None:
                cursor.next()
        if cursor.take(":"):
            cursor.next()
        else:
            cursor.group("{", "}")
        if word != "project":
            self._found.notice(
                "left-out", token.line, f"The {word} at this line has no plan form.", _FIX
            )

    def _ref(self, cursor: Cursor) -> Ref | None:
        parts: list[str] = []
        while (part := cursor.name()) is not None:
            parts.append(part)
            if not cursor.take("."):
                break
        if not parts:
            return None
        return Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None)

    def _table(self, start: Token) -> None:
        cursor = self._cursor
        ref = self._ref(cursor)
        if ref is None:
            self._found.blocker("unreadable", start.line, "A table has no name.", "Name it.")
            return
        if cursor.take("as"):
            alias = cursor.name()
            if alias is not None:
                self._aliases[alias] = ref
        self._settings(cursor)
        body = cursor.group("{", "}")
        table = Table(name=ref.name, schema=ref.schema, span=Span(start.line, cursor.last_line))
        self._schema.tables.append(table)
        for row in lexer.lines(body or []):
            for part in lexer.split(row, ";"):
                self._row(table, part)

    @staticmethod
    def _settings(cursor: Cursor) -> list[list[Token]]:
        return lexer.split(cursor.group("[", "]") or [])

    def _row(self, table: Table, row: list[Token], *, partial: bool = False) -> None:
        cursor = Cursor(row)
        second = cursor.peek(1).text
        if cursor.is_word("note") and second in (":", "{"):
            said = next((token.text for token in row if token.kind is Kind.STRING), "")
            self._found.notice(
                "comment",
                row[0].line,
                f"The note on {table.name} has no place in the plan: {quoted(said)}.",
                _FIX,
            )
        elif cursor.is_word("indexes") and second == "{":
            cursor.next()
            for index in lexer.lines(cursor.group("{", "}") or []):
                self._index(table, index)
        elif cursor.is_word("checks") and second == "{":
            for token in (token for token in row if token.kind is Kind.CODE):
                self._check(table, token, None)
        elif cursor.peek().text == "~":
            self._partial(table, cursor, partial=partial)
        else:
            self._column(table, cursor, row)

    def _partial(self, table: Table, cursor: Cursor, *, partial: bool) -> None:
        """`~stamps`: the rows of a TablePartial; one inside of another is not taken."""
        token = cursor.next()
        name = cursor.name() or ""
        if name not in self._partials or partial:
            self._found.blocker(
                "unknown-partial",
                token.line,
                f"{table.name} takes the partial {quoted(name)}, which is not defined before.",
                "Define it above the table, and no partial in a partial.",
            )
            return
        for line in self._partials[name]:
            self._row(table, line, partial=True)

    def _column(self, table: Table, cursor: Cursor, row: list[Token]) -> None:
        span = Span(row[0].line, row[-1].line)
        name = cursor.name()
        start = cursor.at
        kind, written = self._type(cursor)
        if name is None or not written:
            self._found.blocker(
                "unreadable",
                span,
                f"A line of the table {quoted(table.name)} cannot be read.",
                "Write a column as `name type [settings]`.",
            )
            return
        column = Column(
            name=name,
            span=span,
            type=kind,
            written_type=" ".join(token.text for token in row[start : cursor.at]),
            auto=bool(kind and kind.auto),
        )
        if name in table.columns:
            self._found.blocker(
                "twice", span, f"{table.name} has two columns {quoted(name)}.", "Remove one."
            )
            return
        table.columns[name] = column
        while cursor.is_word("pk", "unique"):  # the old form without brackets
            self._setting(table, column, Cursor([cursor.next()]))
        for setting in self._settings(cursor):
            self._setting(table, column, Cursor(setting))
        if not cursor.done:
            self._found.blocker(
                "unreadable",
                span,
                f"What follows {quoted(name)} in its line cannot be read: "
                f"{quoted(' '.join(token.text for token in cursor.items[cursor.at :]))}.",
                "Write one column a line.",
            )

    def _type(self, cursor: Cursor) -> tuple[ColumnType | None, str]:
        """The type, and its name as written (an enum's is settled at the end)."""
        words: list[str] = []
        while (part := cursor.name()) is not None:
            words.append(part)
            if not cursor.take("."):
                break
        if not words:
            return None, ""
        name = words[-1]
        inside = cursor.group("(", ")")
        sizes = tuple(t.text for t in inside or [] if t.kind is not Kind.SIGN)
        array = False
        while cursor.peek().text == "[" and cursor.peek(1).text in ("]",):
            cursor.group("[", "]")
            array = True
        if name.lower() == "enum" and sizes:
            return enum_type(sizes), name
        base, _, rest = name.partition("(")
        if rest:  # "varchar(20)" in quotes
            sizes = tuple(part.strip() for part in rest.rstrip(")").split(","))
        base = " ".join(base.lower().split())
        unsigned = base.endswith(" unsigned")
        base = base.removesuffix(" unsigned")
        if base.endswith("[]"):
            base, array = base[:-2], True
        if base == "bit":
            return bits(sizes), name
        return column_type(TypeName(base, sizes, array, unsigned)), name

    def _setting(self, table: Table, column: Column, cursor: Cursor) -> None:
        if cursor.is_word("pk") or cursor.take("primary", "key"):
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
        elif cursor.take("note", ":"):
            column.description = cursor.next().text
        elif cursor.take("default", ":"):
            negative = cursor.take("-")
            self._defaults.append((table, column, cursor.next(), negative))
        elif cursor.take("ref", ":"):
            self._inline_ref(table, column, cursor)
        elif cursor.take("check", ":"):
            self._check(table, cursor.next(), column)
        else:
            self._found.notice(
                "setting",
                column.span,
                f"A setting of {table.name}.{column.name} has no plan form: "
                f"{quoted(' '.join(token.text for token in cursor.items))}.",
                _FIX,
            )

    def _check(self, table: Table, token: Token, column: Column | None) -> None:
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

    def _index(self, table: Table, row: list[Token]) -> None:
        cursor = Cursor(row)
        inside = cursor.group("(", ")")
        parts = lexer.split(inside) if inside is not None else [[cursor.next()]]
        settings = [" ".join(t.text.lower() for t in s) for s in self._settings(cursor)]
        columns = tuple(part[0].text for part in parts if part[0].kind is not Kind.CODE)
        whole = len(columns) == len(parts)
        if "pk" in settings and whole:
            table.primary_key = columns
        elif "unique" in settings and whole:
            table.uniques.append(Unique(columns=columns, span=Span(row[0].line, row[-1].line)))
        else:
            self._found.notice(
                "index",
                row[0].line,
                f"The index on {table.name} ({', '.join(p[0].text for p in parts)}) has no plan "
                "form.",
                "Add it in a migration of your own if you need it.",
            )

    def _enum(self) -> None:
        cursor = self._cursor
        ref = self._ref(cursor)
        values = lexer.values(cursor.group("{", "}") or [])
        if ref is not None:
            self._enums[ref.name.lower()] = values

    # -- references ---------------------------------------------------------------------------

    def _refs(self) -> None:
        cursor = self._cursor
        if cursor.peek().text not in (":", "{"):
            cursor.name()
        if cursor.take(":"):
            line = cursor.peek().line
            row: list[Token] = []
            while not cursor.done and cursor.peek().line == line:
                row.append(cursor.next())
            rows = [row]
        else:
            rows = lexer.lines(cursor.group("{", "}") or [])
        for row in filter(None, rows):
            self._one_ref(row)

    def _one_ref(self, row: list[Token]) -> None:
        cursor = Cursor(row)
        left = self._end(cursor)
        sign = self._sign(cursor)
        right = self._end(cursor)
        span = Span(row[0].line, row[-1].line)
        if left is None or right is None or not sign:
            self._found.blocker(
                "unreadable", span, "This reference cannot be read.", "Write `a.b > c.d`."
            )
            return
        settings = self._settings(cursor)
        self._join(left, sign, right, span, settings)

    def _inline_ref(self, table: Table, column: Column, cursor: Cursor) -> None:
        sign = self._sign(cursor)
        right = self._end(cursor)
        if right is None or not sign:
            self._found.blocker(
                "unreadable",
                column.span,
                f"The reference of {table.name}.{column.name} cannot be read.",
                "Write `ref: > table.column`.",
            )
            return
        self._join((table.ref, (column.name,)), sign, right, column.span, [])

    @staticmethod
    def _sign(cursor: Cursor) -> str:
        sign = ""
        while cursor.peek().kind is Kind.SIGN and cursor.peek().text in "<>-":
            sign += cursor.next().text
        return sign

    def _end(self, cursor: Cursor) -> tuple[Ref, tuple[str, ...]] | None:
        """`table.column`, `schema.table.column` or `table.(a, b)`."""
        parts: list[str] = []
        columns: tuple[str, ...] = ()
        while (part := cursor.name()) is not None:
            parts.append(part)
            if not cursor.take("."):
                break
            inside = cursor.group("(", ")")
            if inside is not None:
                columns = tuple(p[0].text for p in lexer.split(inside))
                break
        if not columns and len(parts) > 1:
            columns = (parts.pop(),)
        if not parts or not columns:
            return None
        ref = Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None)
        return self._aliases.get(ref.name, ref) if ref.schema is None else ref, columns

    def _join(
        self,
        left: tuple[Ref, tuple[str, ...]],
        sign: str,
        right: tuple[Ref, tuple[str, ...]],
        span: Span,
        settings: list[list[Token]],
    ) -> None:
        if sign == "<>":
            self._schema.many_to_many.append(ManyToMany(source=left[0], target=right[0], span=span))
            return
        if sign == "<":
            left, right = right, left
        key = ForeignKey(
            columns=left[1], target=right[0], target_columns=right[1], span=span, unique=sign == "-"
        )
        for setting in settings:
            words = [token.text.lower() for token in setting]
            if words[:2] == ["delete", ":"]:
                action = " ".join(words[2:]).upper()
                key.on_delete = action if action in ("CASCADE", "SET NULL", "RESTRICT") else None
        self._keys.append((left[0], key))

    def _settle(self) -> None:
        """Enums, defaults and references, once everything has been seen."""
        for table in self._schema.tables:
            for column in table.columns.values():
                name = column.written_type.replace(" . ", ".").rpartition(".")[2].strip().lower()
                values = self._enums.get(name)
                if values:
                    column.type = enum_type(values)
                column.required |= column.name in table.primary_key
        for table, column, token, negative in self._defaults:
            self._default(table, column, token, negative=negative)
        tables = Tables(self._schema.tables)
        for ref, key in self._keys:
            holder = tables.find(ref)
            if holder is None:
                self._found.blocker(
                    "unknown-target",
                    key.span,
                    f"A reference starts at {quoted(str(ref))}, which the document does not "
                    "define.",
                    "Add that table, or remove the reference.",
                )
            else:
                self._hold(tables, holder, key)

    @staticmethod
    def _hold(tables: Tables, holder: Table, key: ForeignKey) -> None:
        """`users.id - profiles.user_id` is held by profiles, whichever side is written first."""
        target = tables.find(key.target)
        if (
            key.unique
            and target is not None
            and holder.primary_key == key.columns
            and target.primary_key != key.target_columns
        ):
            key.columns, key.target_columns = key.target_columns, key.columns
            key.target, holder = holder.ref, target
        holder.foreign_keys.append(key)

    def _default(self, table: Table, column: Column, token: Token, *, negative: bool) -> None:
        text = f"-{token.text}" if negative else token.text
        if column.type is None or text.lower() == "null":
            return
        if token.kind is Kind.CODE and is_auto(text):
            column.auto = True
            return
        if token.kind is Kind.CODE and is_now(text) and column.type.type is FieldType.DATE:
            column.default = NOW
            return
        if token.kind is not Kind.CODE:
            column.default = fit(column.type, text)
        if column.default is None:
            self._found.notice(
                "default",
                column.span,
                f"The default of {table.name}.{column.name} has no plan form: {quoted(text)}.",
                "Write a default in the plan, or set the value in a service.",
            )
