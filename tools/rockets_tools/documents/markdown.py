"""Markdown that carries schemas: in fences, or as tables under a heading with an entity's name."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.findings import Findings
from rockets_tools.documents.kinds import Kind, of_fence
from rockets_tools.documents.schema import Schema, Table
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

_ORDER = (Kind.SQL, Kind.PRISMA, Kind.DBML, Kind.JDL, Kind.OPENAPI, Kind.MERMAID)
"""Of two descriptions of one table the first kind counts."""

_SCHEMA_YAML = re.compile(
    r"^\s{0,4}[\"']?(?:openapi|swagger|components|definitions)[\"']?\s{0,4}:", re.MULTILINE
)


def read_markdown(text: str, found: Findings) -> Schema:
    """Schemas of all fences and tables, merged; a table described twice counts once."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    size = text.count("\n") + 1
    parts = [_read(kind, body, found) for kind, body in _fences(tokens, size)]
    from rockets_tools.documents.entity_tables import read_tables

    tables = read_tables(tokens, found)
    if tables.tables:
        parts.append(tables)
    return _merged(parts, found)


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
    seen: dict[str, Table] = {}
    for part in parts:
        known = set(seen)
        for table in part.tables:
            key = _key(table)
            first = seen.setdefault(key, table)
            if first is table:
                merged.tables.append(table)
            elif not first.columns:
                _describe(first, table)
            elif key in known and (table.columns or table.foreign_keys):
                found.notice(
                    "described-twice",
                    table.span,
                    f"{quoted(table.name)} is described at line {first.span.first} too, which "
                    "counts.",
                    "Keep one description if they differ.",
                )
            elif key not in known:
                merged.tables.append(table)  # two of one name in one part: told apart later
        for many in part.many_to_many:
            ends = {_word(many.source.name), _word(many.target.name)}
            if not ends <= known:
                merged.many_to_many.append(many)
            else:
                found.notice(
                    "described-twice",
                    many.span,
                    f"The relation between {many.source} and {many.target} is left out: the first "
                    "description of both counts.",
                    "Add the relation there if it is missing.",
                )
    return merged


def _describe(first: Table, table: Table) -> None:
    """A table another part only mentioned gets its columns."""
    first.name, first.entity, first.span = table.name, table.entity, table.span
    first.columns, first.primary_key = table.columns, table.primary_key
    first.uniques = table.uniques
    held = {key.target.name for key in first.foreign_keys}
    first.foreign_keys += [key for key in table.foreign_keys if key.target.name not in held]


def _key(table: Table) -> str:
    return _word(table.entity or table.name)


def _word(name: str) -> str:
    from rockets_tools.documents.mapping import words

    return names.key(words.pascal(words.singular(name), fallback=name or "x"))
