"""Tables in Markdown that list the fields of an entity: `| Field | Type | Required |`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.defaults import fit, is_auto, is_now
from rockets_tools.documents.findings import Findings
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
)
from rockets_tools.documents.types import TypeName, column_type
from rockets_tools.documents.values import enum_fits
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_COLUMNS = {
    "name": ("field", "fieldname", "name", "column", "columnname", "property", "attribute"),
    "type": ("type", "datatype", "fieldtype", "columntype"),
    "required": ("required", "mandatory", "notnull", "req"),
    "nullable": ("nullable", "null", "optional"),
    "unique": ("unique",),
    "default": ("default", "defaultvalue"),
    "key": ("key", "keys", "pkfk"),
    "references": ("references", "reference", "foreignkey", "fk", "relation", "relatesto"),
    "notes": (
        "description",
        "notes",
        "note",
        "constraints",
        "constraint",
        "comment",
        "remarks",
        "rules",
        "validation",
        "details",
    ),
}
_ROLE = {word: role for role, all_words in _COLUMNS.items() for word in all_words}
_YES = frozenset(
    {"yes", "y", "true", "x", "✓", "✔", "✅", "required", "mandatory", "1", "not null", "unique"}
)
_TYPE = re.compile(r"([a-z][\w ]{0,60}?)\s{0,9}(?:\(([^)]{0,500})\))?(\[\])?\s{0,9}(?:[,;].*)?")
_REFERENCE = re.compile(
    r"(?:fk|foreign key|references|ref|belongs to|many to one)\b[\s:→>(-]{1,9}(?:to\s)?"
    r"([a-z_][\w.]{0,80})(?:\s{0,3}\(\s{0,3}\w{1,80}\s{0,3}\))?"
    r"|(?:→|->)\s{0,9}([a-z_][\w.]{0,80})",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"\bdefaults?\b(?:\s?(?:to|is|:|=))?\s{1,9}(?:'([^']{0,200})'|([\w.()-]{1,60}))", re.IGNORECASE
)
_ON_DELETE = re.compile(r"\bon delete (cascade|set null|restrict)\b", re.IGNORECASE)
_NOISE = re.compile(r"\b(?:entity|table|model|schema)\b|[`*_:#]+|^[\d.]{1,9}\s", re.IGNORECASE)


@dataclass(slots=True)
class _Grid:
    """One Markdown table under its heading."""

    heading: str
    line: int
    last: int
    rows: list[tuple[int, list[str]]] = field(default_factory=list[tuple[int, list[str]]])


def read_tables(tokens: Sequence[MarkdownToken], found: Findings) -> Schema:
    """Entities of all tables that have a column for the name and one for the type."""
    schema = Schema(
        table_word="entity", column_word="field", maps_names=False, vague=True, implicit_keys=True
    )
    known: dict[str, str] = {}
    grids = [(grid, roles) for grid in _grids(tokens) if (roles := _roles(grid)) is not None]
    for grid, _ in grids:
        known[names.key(_title(grid.heading))] = _title(grid.heading)
    for grid, roles in grids:
        title = _title(grid.heading)
        if not title:
            found.blocker(
                "untitled-table",
                grid.line,
                "A table of fields has no heading that names its entity.",
                "Write `## Product` above it.",
            )
            continue
        table = Table(name=title, span=Span(grid.line, grid.last))
        schema.tables.append(table)
        strict = any("not null" in cell.lower() for _, cells in grid.rows for cell in cells)
        for line, cells in grid.rows[1:]:
            row = _Row(roles, cells, line, known, found, strict=strict)
            target = row.listed()
            if target is None:
                row.read(table)
            else:
                schema.many_to_many.append(
                    ManyToMany(
                        source=table.ref,
                        target=Ref(name=target),
                        span=Span(line, line),
                        name=cells[0].replace("`", "").strip("*_ "),
                    )
                )
    return schema


def _grids(tokens: Sequence[MarkdownToken]) -> list[_Grid]:
    grids: list[_Grid] = []
    heading = ""
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[index + 1].content
        elif token.type == "table_open" and token.map is not None:
            grids.append(_Grid(heading, token.map[0] + 1, token.map[1]))
        elif token.type == "tr_open" and token.map is not None:
            grids[-1].rows.append((token.map[0] + 1, []))
        elif token.type == "inline" and tokens[index - 1].type in ("th_open", "td_open"):
            grids[-1].rows[-1][1].append(token.content.strip())
    return grids


def _roles(grid: _Grid) -> list[str] | None:
    """What each column of a grid says, if it lists fields at all."""
    header = grid.rows[0][1] if grid.rows else []
    roles = [_ROLE.get(names.key(re.sub(r"[^\w ]", "", cell)), "") for cell in header]
    return roles if "name" in roles and "type" in roles else None


def _title(heading: str) -> str:
    return " ".join(_NOISE.sub(" ", re.sub(r"\([^)]{0,200}\)", " ", heading)).split())


class _Row:
    """One field of an entity."""

    def __init__(
        self,
        roles: list[str],
        cells: list[str],
        line: int,
        known: dict[str, str],
        found: Findings,
        *,
        strict: bool,
    ) -> None:
        self._strict = strict
        self._cells: dict[str, str] = {}
        for role, cell in zip(roles, cells, strict=False):
            if role and not self._cells.get(role):
                self._cells[role] = cell.replace("`", "").strip()
        self._span, self._known, self._found = Span(line, line), known, found

    def _cell(self, role: str) -> str:
        return self._cells.get(role, "")

    def listed(self) -> str | None:
        """The entity this field lists many of: `Tag[]`, `List<Tag>`."""
        match = re.fullmatch(
            r"(\w{1,80})\[\]|(?:list|array|set)\W{1,3}(\w{1,80})\W{0,3}",
            self._cell("type"),
            re.IGNORECASE,
        )
        return self._known.get(names.key(match[1] or match[2])) if match else None

    def read(self, table: Table) -> None:
        name = self._cell("name").strip("*_ ").lstrip("*")
        if not name:
            return
        type_text = self._cell("type")
        said = " ".join(self._cell(role).lower() for role in ("type", "key", "notes", "references"))
        if name in table.columns:
            self._found.blocker(
                "twice",
                self._span,
                f"{table.name} has two fields {quoted(name)}.",
                "Remove one of them.",
            )
            return
        entity = self._known.get(names.key(type_text)) if names.is_name(type_text) else None
        if entity is not None:
            table.foreign_keys.append(
                ForeignKey(
                    columns=(),
                    target=Ref(name=entity),
                    span=self._span,
                    name=name,
                    required=self._required(said),
                    description=self._cell("notes") or None,
                )
            )
            return
        column = Column(
            name=name,
            span=self._span,
            type=self._type(type_text),
            written_type=type_text,
            required=self._required(said),
            unique=self._cell("unique").lower() in _YES or bool(re.search(r"\bunique\b", said)),
            description=self._cell("notes") or None,
        )
        self._default(column)
        table.columns[name] = column
        if re.search(r"\bpk\b|\bprimary key\b", said):
            table.primary_key = (*table.primary_key, name)
        reference = _REFERENCE.search(
            " ".join(self._cells.get(r, "") for r in ("type", "key", "references", "notes"))
        )
        target = (reference[1] or reference[2]) if reference else None
        if target is None and names.is_name(self._cell("references")):
            target = self._cell("references")
        if target is not None:
            self._reference(table, column, target)

    def _reference(self, table: Table, column: Column, target: str) -> None:
        action = _ON_DELETE.search(self._cell("notes"))
        table.foreign_keys.append(
            ForeignKey(
                columns=(column.name,),
                target=Ref(name=target.split(".", maxsplit=1)[0]),
                span=self._span,
                on_delete=action[1].upper() if action else None,
            )
        )

    def _required(self, said: str) -> bool:
        if "required" in self._cells:
            return self._cell("required").lower() in _YES
        if "nullable" in self._cells:
            return self._cell("nullable").lower() not in (_YES | {"null", "nullable", "optional"})
        if self._strict:
            return re.search(r"\bnot null\b|\bprimary key\b|\bpk\b", said) is not None
        return not re.search(r"\boptional\b|\bnullable\b|(?<!not )\bnull\b", said)

    def _type(self, written: str) -> ColumnType | None:
        match = _TYPE.fullmatch(written.strip().lower())
        if match is None:
            return None
        name, inside = match[1].strip(), match[2] or ""
        sizes = tuple(part.strip(" '\"") for part in re.split(r"[,|/]", inside) if part.strip())
        if name in ("enum", "choice", "select"):
            original = re.search(r"\(([^)]{0,500})\)", written)
            values = [
                part.strip(" '\"")
                for part in re.split(r"[,|/]", original[1] if original else "")
                if part.strip(" '\"")
            ]
            values = list(dict.fromkeys(values))
            return (
                ColumnType(type=FieldType.ENUM, enum=tuple(values)) if enum_fits(values) else None
            )
        return column_type(TypeName(name, sizes, bool(match[3])))

    def _default(self, column: Column) -> None:
        written = self._cell("default").strip("'\"")
        if not written:
            said = _DEFAULT.search(self._cell("notes"))
            written = (said[1] or said[2] or "") if said else ""
        if not written or written.lower() in ("-", "\u2013", "\u2014", "none", "null", "n/a"):
            return
        kind = column.type
        if is_auto(written) or written.lower() in ("auto", "autoincrement", "uuid"):
            column.auto = True
        elif kind is not None and is_now(written):
            column.default = NOW if kind.type is FieldType.DATE else None
        elif kind is not None:
            column.default = fit(kind, written)
        if column.default is None and not column.auto:
            self._found.notice(
                "default",
                self._span,
                f"The default of {column.name} has no plan form: {quoted(written)}.",
                "Write a default in the plan.",
            )
