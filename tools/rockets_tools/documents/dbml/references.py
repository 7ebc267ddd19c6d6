"""References of DBML as foreign keys and joins; tables may come after them."""

from dataclasses import dataclass

from rockets_tools.documents import lexer
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.lexer import Cursor, Kind, Token
from rockets_tools.documents.mapping.links import DEFAULT_SCHEMAS, Tables
from rockets_tools.documents.schema import Column, ForeignKey, ManyToMany, Ref, Schema, Span, Table
from rockets_tools.plan.problems import quoted

_End = tuple[Ref, tuple[str, ...]]
"""A table and its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """`left sign right`, as written."""

    left: _End
    sign: str
    right: _End
    span: Span
    on_delete: str | None = None


def dotted_name(cursor: Cursor) -> Ref | None:
    """`table` or `schema.table`, or a type called so."""
    parts: list[str] = []
    while (part := cursor.name()) is not None:
        parts.append(part)
        if not cursor.take("."):
            break
    if not parts:
        return None
    return Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None)


class References:
    """Collects the references of a document; `settle` puts them into its tables."""

    def __init__(self, schema: Schema, found: Findings) -> None:
        self._schema, self._found = schema, found
        self._written: list[_Reference] = []
        self.aliases: dict[str, Ref] = {}

    def block(self, cursor: Cursor) -> None:
        """What follows `Ref`: one reference, or several in braces."""
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
            self._one(row)

    def _one(self, row: list[Token]) -> None:
        cursor = Cursor(row)
        left, sign, right = _end(cursor), _sign(cursor), _end(cursor)
        span = Span(row[0].line, row[-1].line)
        if left is None or right is None or not sign:
            self._found.blocker(
                "unreadable", span, "This reference cannot be read.", "Write `a.b > c.d`."
            )
            return
        action = _on_delete(lexer.split(cursor.group("[", "]") or []))
        self._written.append(
            _Reference(left=left, sign=sign, right=right, span=span, on_delete=action)
        )

    def inline(self, table: Table, column: Column, cursor: Cursor) -> None:
        """`[ref: > table.column]`."""
        sign, right = _sign(cursor), _end(cursor)
        if right is None or not sign:
            self._found.blocker(
                "unreadable",
                column.span,
                f"The reference of {table.name}.{column.name} cannot be read.",
                "Write `ref: > table.column`.",
            )
            return
        left = (table.ref, (column.name,))
        self._written.append(_Reference(left=left, sign=sign, right=right, span=column.span))

    def settle(self) -> None:
        """Every reference at the table that holds it."""
        tables = Tables(self._schema.tables)
        for one in sorted(self._written, key=lambda one: one.span.first):
            left, right = self._known(tables, one.left), self._known(tables, one.right)
            if one.sign == "<>":
                self._schema.many_to_many.append(
                    ManyToMany(source=left[0], target=right[0], span=one.span)
                )
                continue
            holder, target = (right, left) if one.sign == "<" else (left, right)
            key = ForeignKey(
                columns=holder[1],
                target=target[0],
                target_columns=target[1],
                span=one.span,
                unique=one.sign == "-",
                on_delete=one.on_delete,
            )
            self._hold(tables, holder[0], key)

    def _known(self, tables: Tables, end: _End) -> _End:
        """The table an alias stands for, where no table is called like it.

        A name without a schema is one of the default schema, whatever table it stands in.
        """
        ref, columns = end
        table = tables.find(ref)
        if table is None:
            return self.aliases.get(ref.name, ref), columns
        if ref.schema is None and (table.schema or "").lower() in DEFAULT_SCHEMAS:
            ref = Ref(name=ref.name, schema="public")
        return ref, columns

    def _hold(self, tables: Tables, ref: Ref, key: ForeignKey) -> None:
        """`users.id - profiles.user_id` is held by profiles, whichever side is written first."""
        holder, target = tables.find(ref), tables.find(key.target)
        if holder is None:
            self._found.blocker(
                "unknown-target",
                key.span,
                f"A reference starts at {quoted(str(ref))}, which the document does not define.",
                "Add that table, or remove the reference.",
            )
            return
        if (
            key.unique
            and target is not None
            and holder.primary_key == key.columns
            and target.primary_key != key.target_columns
        ):
            key.columns, key.target_columns = key.target_columns, key.columns
            key.target, holder = holder.ref, target
        holder.foreign_keys.append(key)


def _sign(cursor: Cursor) -> str:
    """`>`; what `?<?` says beside is whether a side may be missing, which its columns say."""
    sign = ""
    while cursor.peek().kind is Kind.SIGN and cursor.peek().text in "<>-?":
        sign += cursor.next().text
    return sign.replace("?", "")


def _end(cursor: Cursor) -> _End | None:
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
    return Ref(name=parts[-1], schema=parts[-2] if len(parts) > 1 else None), columns


def _on_delete(settings: list[list[Token]]) -> str | None:
    for setting in settings:
        words = [token.text.lower() for token in setting]
        if words[:2] == ["delete", ":"]:
            action = " ".join(words[2:]).upper()
            return action if action in ("CASCADE", "SET NULL", "RESTRICT") else None
    return None
