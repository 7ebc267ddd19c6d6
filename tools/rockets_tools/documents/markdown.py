"""Markdown that carries schemas: in fences, or as tables under a heading with an entity's name."""

import re
from collections.abc import Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.kinds import Kind, of_fence
from rockets_tools.documents.mapping import keys
from rockets_tools.documents.schema import ManyToMany, Ref, Schema, Table
from rockets_tools.documents.types import enum_type
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

_ORDER = (Kind.SQL, Kind.PRISMA, Kind.DBML, Kind.JDL, Kind.OPENAPI, Kind.MERMAID)
"""Of two descriptions of one table the first kind counts; tables of fields come before diagrams."""

_SCHEMA_YAML = re.compile(
    r"^\s{0,4}[\"']?(?:openapi|swagger|components|definitions)[\"']?\s{0,4}:", re.MULTILINE
)


def read_markdown(text: str, found: Findings) -> Schema:
    """Schemas of all fences and tables, merged; a table described twice counts once."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    size = text.count("\n") + 1
    fences = _fences(tokens, size)
    parts = [_read(kind, body, found) for kind, body in fences if kind is not Kind.MERMAID]
    from rockets_tools.documents.entity_tables import read_tables

    tables = read_tables(tokens, found)
    if tables.tables:
        parts.append(tables)
    parts += [_read(kind, body, found) for kind, body in fences if kind is Kind.MERMAID]
    enums = {name: values for part in parts for name, values in part.enums.items()}
    return _alike(_merged(parts, found), enums)


def _fences(tokens: Sequence[MarkdownToken], size: int) -> list[tuple[Kind, str]]:
    """Per kind one text that has its fences at their own lines and is blank elsewhere."""
    lines: dict[Kind, list[list[str]]] = {}
    for token in tokens:
        if token.type != "fence" or token.map is None:
            continue
        kind = of_fence(token.info)
        if kind is None or kind is Kind.MARKDOWN:
            continue
        if kind is Kind.OPENAPI and not _SCHEMA_YAML.search(token.content.replace("{", "\n", 1)):
            continue
        if kind is Kind.MERMAID and not token.content.lstrip().startswith(("erDiagram", "---")):
            continue
        sheets = lines.setdefault(kind, [])
        if not sheets or kind is Kind.OPENAPI:
            sheets.append([""] * size)
        for offset, line in enumerate(token.content.split("\n")[:-1]):
            sheets[-1][token.map[0] + 1 + offset] = line
    return [(kind, "\n".join(sheet)) for kind in _ORDER for sheet in lines.get(kind, [])]


def _read(kind: Kind, text: str, found: Findings) -> Schema:
    from rockets_tools.documents.readers import reader

    return reader(kind)(text, found)


def _merged(parts: Sequence[Schema], found: Findings) -> Schema:
    if not parts:
        return Schema(implicit_keys=True, vague=True, maps_names=False)
    merged = Schema(
        table_word=parts[0].table_word,
        column_word=parts[0].column_word,
        maps_names=all(part.maps_names for part in parts),
        implicit_keys=any(part.implicit_keys for part in parts),
        vague=any(part.vague for part in parts),
    )
    merger = _Merger(merged, found)
    for part in parts:
        merger.add(part)
    return merged


class _Merger:
    """Puts the parts of one document together, the first description of a table first."""

    def __init__(self, merged: Schema, found: Findings) -> None:
        self._merged, self._found = merged, found
        self._seen: dict[str, Table] = {}
        self._sketched: set[str] = set()
        """Tables whose first description is a sketch, which another sketch may complete."""

    def add(self, part: Schema) -> None:
        known = set(self._seen)
        for table in part.tables:
            key = _key(table)
            first = self._seen.setdefault(key, table)
            if first is table:
                self._merged.tables.append(table)
                if part.vague:
                    self._sketched.add(key)
            elif not first.columns:
                _describe(first, table)
            elif key not in known:
                self._merged.tables.append(table)  # two of one name in one part: told apart later
            elif table.columns or table.foreign_keys:
                self._again(first, table, completes=part.vague and key in self._sketched)
        joins = self._joins() if part.many_to_many else set[frozenset[str]]()
        for many in part.many_to_many:
            self._many(many, known, joins if part.vague else None)

    def _again(self, first: Table, table: Table, *, completes: bool) -> None:
        if completes:
            _complete(first, table)
            how = "where the two differ, that one counts"
        else:
            how = "that one counts"
        self._found.notice(
            "described-twice",
            table.span,
            f"{quoted(table.name)} is described at line {first.span.first} too; {how}.",
            "Keep one description if they differ.",
        )

    def _many(self, many: ManyToMany, known: set[str], joins: set[frozenset[str]] | None) -> None:
        """`joins`: of a sketch, what other parts join already."""
        ends = frozenset((_word(many.source.name), _word(many.target.name)))
        if joins is not None and ends <= self._sketched:
            if ends not in joins:
                self._merged.many_to_many.append(many)
        elif not ends <= known:
            self._merged.many_to_many.append(many)
        else:
            self._found.notice(
                "described-twice",
                many.span,
                f"The relation between {many.source} and {many.target} is left out: the first "
                "description of both counts.",
                "Add the relation there if it is missing.",
            )

    def _joins(self) -> set[frozenset[str]]:
        """Whom tables that only join two lead to, and relations from other parts."""
        held = [
            [_word(key.target.name) for key in table.foreign_keys]
            for table in self._merged.tables
            if {n for key in table.foreign_keys for n in key.columns} >= _own_columns(table)
        ]
        held += [[_word(m.source.name), _word(m.target.name)] for m in self._merged.many_to_many]
        return {frozenset(one) for one in held if len(one) == 2}


def _own_columns(table: Table) -> set[str]:
    """What a table holds beside its own key and the moments every entity has."""
    return {
        name
        for name, column in table.columns.items()
        if (name,) != table.primary_key and keys.inherited(column) is None
    }


def _describe(first: Table, table: Table) -> None:
    """A table another part only mentioned gets its columns."""
    first.name, first.entity, first.span = table.name, table.entity, table.span
    first.columns, first.primary_key = table.columns, table.primary_key
    first.uniques = table.uniques
    held = {key.target.name for key in first.foreign_keys}
    first.foreign_keys += [key for key in table.foreign_keys if key.target.name not in held]


def _complete(first: Table, table: Table) -> None:
    """What only the second sketch of a table says: columns and references."""
    mine = {names.key(name): name for name in first.columns}
    for name, column in table.columns.items():
        if names.key(name) not in mine:
            first.columns[name] = column
            mine[names.key(name)] = name
    first.primary_key = first.primary_key or tuple(
        mine[names.key(name)] for name in table.primary_key
    )
    held = {name for key in first.foreign_keys for name in key.columns}
    targets = {_word(key.target.name) for key in first.foreign_keys}
    for key in table.foreign_keys:
        key.columns = tuple(mine.get(names.key(name), name) for name in key.columns)
        beside = mine.get(f"{_word(key.target.name)}id")
        if not key.columns and beside is not None:
            key.columns = (beside,)
        if key.columns and held.isdisjoint(key.columns):
            key.required = None  # as the column is, which says it better than a line of a diagram
        elif key.columns or _word(key.target.name) in targets:
            continue
        first.foreign_keys.append(key)


def _alike(schema: Schema, enums: Mapping[str, tuple[str, ...]]) -> Schema:
    """References find a table called `orders` by `Order` too, and columns their enums."""
    if not schema.vague:
        return schema
    exact = {name.casefold() for t in schema.tables for name in (t.name, t.entity or t.name)}
    by_word = {_key(table): table for table in schema.tables}

    def found(ref: Ref) -> Ref:
        table = by_word.get(_word(ref.name))
        return ref if ref.name.casefold() in exact or table is None else table.ref

    for table in schema.tables:
        for key in table.foreign_keys:
            key.target = found(key.target)
        for column in table.columns.values():
            values = enums.get(column.written_type.lower())
            if column.type is None and values is not None:
                column.type = enum_type(values)
    for many in schema.many_to_many:
        many.source, many.target = found(many.source), found(many.target)
    return schema


def _key(table: Table) -> str:
    return _word(table.entity or table.name)


def _word(name: str) -> str:
    from rockets_tools.documents.mapping import words

    return names.key(words.pascal(words.singular(name), fallback=name or "x"))
