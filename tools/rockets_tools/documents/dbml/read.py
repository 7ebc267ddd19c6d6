"""DBML (dbdiagram.io) as a schema."""

from rockets_tools.documents import lexer
from rockets_tools.documents.dbml.columns import Columns
from rockets_tools.documents.dbml.references import References, dotted_name
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.schema import Schema, Span, Table, Unique
from rockets_tools.plan.problems import quoted

_IGNORED = frozenset(
    {
        "tablegroup", "stickynote", "note", "diagramview", "records", "policy", "trigger",
        "function", "metadata", "dep",
    }
)  # fmt: skip
_PARTS = frozenset({"note", "indexes", "checks"})
_FIX = "Nothing to do."


def read_dbml(text: str, found: Findings) -> Schema:
    """The tables of a DBML document."""
    return _Reader(lexer.tokens(text), found).read()


class _Reader:
    def __init__(self, items: list[Token], found: Findings) -> None:
        self._cursor = Cursor([token for token in items if token.kind is not Kind.DOC])
        self._found = found
        self._schema = Schema(vague=True)
        self._references = References(self._schema, found)
        self._columns = Columns(self._references, found)
        self._enums: dict[tuple[str, str], tuple[str, ...]] = {}
        self._partials: dict[str, list[list[Token]]] = {}
        self._bodies: list[tuple[Table, list[list[Token]]]] = []

    def read(self) -> Schema:
        cursor = self._cursor
        while not cursor.done:
            token = cursor.next()
            word = token.text.lower() if token.kind is Kind.WORD else ""
            if word == "table":
                self._table(token)
            elif word == "tablepartial":
                name = cursor.name() or ""
                cursor.group("[", "]")
                self._partials[name] = _rows(cursor)
            elif word == "enum":
                self._enum()
            elif word == "ref":
                self._references.block(cursor)
            elif word == "project" or word in _IGNORED:
                self._skip(token, word)
            else:
                self._other(token, word)
        for table, rows in self._bodies:
            self._body(table, rows)
        self._columns.settle(self._enums)
        for table in self._schema.tables:
            for column in table.columns.values():
                column.required |= column.name in table.primary_key
        self._references.settle()
        return self._schema

    def _to_next_line(self, line: int) -> None:
        """With the braces that open on the line."""
        while not self._cursor.done and self._cursor.peek().line == line:
            if self._cursor.group("{", "}") is None:
                self._cursor.next()

    def _other(self, start: Token, word: str) -> None:
        """`use { table a } from './b'`: one document is all that is read; or nothing known."""
        self._to_next_line(start.line)
        if word in ("use", "reuse"):
            if self._cursor.take("from"):
                self._cursor.next()
            self._found.blocker(
                "unknown-file",
                start.line,
                "This takes parts of another file, and only this document is read.",
                "Put the files into one: the tables and enums in place of this line.",
            )
        else:
            self._found.blocker(
                "unreadable",
                start.line,
                f"DBML has nothing that starts with {quoted(start.text)} here.",
                "Correct the line; `Table name {` starts a table.",
            )

    def _skip(self, token: Token, word: str) -> None:
        cursor = self._cursor
        while not cursor.done and cursor.peek().text not in ("{", ":"):
            if cursor.group("[", "]") is None and cursor.group("(", ")") is None:
                cursor.next()
        if cursor.take(":"):
            self._to_next_line(cursor.peek().line)
        else:
            cursor.group("{", "}")
        if word != "project":
            self._found.notice(
                "left-out", token.line, f"The {word} at this line has no plan form.", _FIX
            )

    def _enum(self) -> None:
        ref = dotted_name(self._cursor)
        values = lexer.values(self._cursor.group("{", "}") or [])
        if ref is not None:
            self._enums[(ref.schema or "").lower(), ref.name.lower()] = values

    def _table(self, start: Token) -> None:
        cursor = self._cursor
        ref = dotted_name(cursor)
        if ref is None:
            self._found.blocker("unreadable", start.line, "A table has no name.", "Name it.")
            return
        if cursor.take("as"):
            alias = cursor.name()
            if alias is not None:
                self._references.aliases[alias] = ref
        cursor.group("[", "]")
        rows = _rows(cursor)
        table = Table(name=ref.name, schema=ref.schema, span=Span(start.line, cursor.last_line))
        self._schema.tables.append(table)
        self._bodies.append((table, rows))

    def _body(self, table: Table, rows: list[list[Token]]) -> None:
        """Rows in their order; a partial may be defined anywhere, and gives way to them."""
        own = {row[0].text for row in rows if not _is_part(row)}
        for row in rows:
            if row[0].text == "~":
                self._partial(table, row, own)
            else:
                self._row(table, row)

    def _partial(self, table: Table, row: list[Token], own: set[str]) -> None:
        name = row[1].text if len(row) > 1 else ""
        lines = self._partials.get(name)
        if lines is None or any(line[0].text == "~" for line in lines):
            self._found.blocker(
                "unknown-partial",
                row[0].line,
                f"{table.name} takes the partial {quoted(name)}, which is not defined, or takes "
                "another one itself.",
                "Define it with its columns: `TablePartial name { … }`.",
            )
            return
        for line in lines:
            if _is_part(line) or line[0].text not in own:
                if not _is_part(line):
                    table.columns.pop(line[0].text, None)  # the last partial wins
                self._row(table, line)

    def _row(self, table: Table, row: list[Token]) -> None:
        cursor = Cursor(row)
        if not _is_part(row):
            self._column(table, row)
        elif cursor.is_word("note"):
            said = next((token.text for token in row if token.kind is Kind.STRING), "")
            self._found.notice(
                "comment",
                row[0].line,
                f"The note on {table.name} has no place in the plan: {quoted(said)}.",
                _FIX,
            )
        elif cursor.is_word("indexes"):
            cursor.next()
            for index in lexer.lines(cursor.group("{", "}") or []):
                self._index(table, index)
        else:
            for token in (token for token in row if token.kind is Kind.CODE):
                self._columns.check(table, token, None)

    def _column(self, table: Table, row: list[Token]) -> None:
        column = self._columns.read(row, table)
        if column is None:
            return
        if column.name in table.columns:
            self._found.blocker(
                "twice",
                column.span,
                f"{table.name} has two columns {quoted(column.name)}.",
                "Remove one.",
            )
            return
        table.columns[column.name] = column

    def _index(self, table: Table, row: list[Token]) -> None:
        cursor = Cursor(row)
        inside = cursor.group("(", ")")
        parts = lexer.split(inside) if inside is not None else [[cursor.next()]]
        written = lexer.split(cursor.group("[", "]") or [])
        settings = [" ".join(token.text.lower() for token in setting) for setting in written]
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


def _rows(cursor: Cursor) -> list[list[Token]]:
    """The lines of a body in braces; `;` parts them, too."""
    lines = lexer.lines(cursor.group("{", "}") or [])
    return [part for line in lines for part in lexer.split(line, ";")]


def _is_part(row: list[Token]) -> bool:
    """Something else than a column: a note, indexes, checks, a partial."""
    cursor = Cursor(row)
    marks = ("{", ":") if cursor.is_word("note") else ("{",)
    return row[0].text == "~" or (cursor.is_word(*_PARTS) and cursor.peek(1).text in marks)
