"""Tables in Markdown that list the fields of an entity: `| Field | Type | Required |`."""

import re
from collections.abc import Sequence

from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.defaults import fit, is_auto, is_now
from rockets_tools.documents.entity_grids import Grid
from rockets_tools.documents.entity_grids import grids as grids_of
from rockets_tools.documents.entity_grids import title as title_of
from rockets_tools.documents.entity_headers import lists_fields
from rockets_tools.documents.entity_types import read_type, read_values
from rockets_tools.documents.entity_words import (
    FILLERS,
    MARKS,
    REFERENCE,
    YES,
    key_of,
)
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.mapping import words
from rockets_tools.documents.schema import (
    NOW,
    Column,
    ForeignKey,
    ManyToMany,
    Ref,
    Schema,
    Span,
    Table,
)
from rockets_tools.plan import names
from rockets_tools.plan.model import FieldType
from rockets_tools.plan.problems import quoted

_REFERENCE = re.compile(
    rf"(?:{REFERENCE})\b[\s:→>(-]{{1,9}}(?:(?:{FILLERS})\s)?"
    r"([^\W\d][\w.]{0,80})(?:\s{0,3}\(\s{0,3}\w{1,80}\s{0,3}\))?"
    r"|(?:→|->)\s{0,9}([^\W\d][\w.]{0,80})",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"\b(?:defaults?|standard|vorgabe|par défaut|por defecto|padrão|mặc định)\b"
    r"(?:\s?(?:to|is|:|=|à))?\s{1,9}"
    r"(?:'([^']{0,200})'|([\w.-]{1,60}(?:\(\))?|\[\]|\{\}))",
    re.IGNORECASE,
)
_ON_DELETE = re.compile(r"\bon delete (cascade|set null|restrict)\b", re.IGNORECASE)


_UNIQUE = re.compile(r"\bunique\b|\beindeutig\b|\bunivoco\b|\b[úu]nico\b|\buniek\b")
_CONSTRAINTS = re.compile(
    r"\b(?:not null|null|nullable|optional|required|primary key|pk|unique|auto_?increment"
    r"|on (?:delete|update)(?: cascade| set null| restrict| no action)?)\b"
    rf"|(?:{REFERENCE})\b[\s→>-]{{1,9}}[\w.]{{1,80}}(?:\s?\(\w{{1,80}}\))?|\bfk\b"
    r"|\bdefault\s{1,9}(?:'[^']{0,200}'|[\w.-]{1,60}(?:\(\))?|\[\]|\{\})|\(composite\)"
    r"|[\s,;.]{1,9}",
    re.IGNORECASE,
)
"""What a cell of constraints says that the plan has a place for."""
_OPTIONAL = re.compile(
    r"\boptional\b|\bnullable\b|(?<!not )\bnull\b|\bfacultatif\b|\bopcional\b|\bfacoltativo\b"
)


def _yes(cell: str) -> bool:
    return key_of(cell) in YES or cell.strip()[:1] in MARKS


def _is_column(name: str) -> bool:
    """`author_id` is a column that holds a key, `author` is the relation."""
    return names.words(words.plain(name))[-1:] in (("id",), ("fk",), ("uuid",))


def read_tables(tokens: Sequence[MarkdownToken], found: Findings) -> Schema:
    """Entities of all tables that have a column for the name and one for the type."""
    schema = Schema(
        table_word="entity", column_word="field", maps_names=False, vague=True, implicit_keys=True
    )
    known: dict[str, str] = {}
    grids: list[tuple[Grid, list[str]]] = []
    for grid in grids_of(tokens):
        roles = grid.roles()
        if roles is not None:
            grids.append((grid, roles))
        elif grid.rows and lists_fields(grid.rows[0][1]):
            found.notice(
                "untyped-table",
                grid.line,
                f"The table of fields under {quoted(grid.heading)} says no types and is left out.",
                "Give it a column with the types.",
            )
    for grid, _ in grids:
        known[names.key(words.plain(title_of(grid.heading)))] = title_of(grid.heading)
    for grid, roles in grids:
        title = title_of(grid.heading)
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
            target = row.many()
            if target is None:
                for name in row.names:
                    row.read(table, name)
            else:
                schema.many_to_many.append(
                    ManyToMany(
                        source=table.ref,
                        target=Ref(name=target),
                        span=Span(line, line),
                        name=row.name or None,
                    )
                )
    return schema


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

    @property
    def name(self) -> str:
        return self._cell("name").strip("*_ ").lstrip("*")

    @property
    def names(self) -> list[str]:
        """`latitude, longitude` in one cell are two fields of one type."""
        parts = [part.strip() for part in self.name.split(",")]
        return parts if all(names.is_name(part) for part in parts) else [self.name]

    def many(self) -> str | None:
        """The entity this field lists many of: `Tag[]`, `many-to-many with Tag`."""
        written = read_type(self._cell("type"), self._known)
        return written.target if written.many else None

    def _description(self) -> str | None:
        """The notes, and of the constraints what the plan has no other place for."""
        notes, rest = self._cell("notes"), _CONSTRAINTS.sub(" ", self._cell("constraints"))
        parts = [
            notes if re.search(r"\w", _CONSTRAINTS.sub(" ", notes)) else "",
            " ".join(rest.split()) if re.search(r"\w", rest) else "",
        ]
        return "; ".join(filter(None, parts)) or None

    def read(self, table: Table, name: str) -> None:
        if not name:
            return
        type_text = self._cell("type")
        if not any(self._cells[role] for role in self._cells if role != "name"):
            self._row_of_a_name(table, name)
            return
        told = [self._cell(role) for role in ("type", "key", "constraints", "references", "notes")]
        said = " ".join(told).lower()
        if name in table.columns:
            self._found.blocker(
                "twice",
                self._span,
                f"{table.name} has two fields {quoted(name)}.",
                "Remove one of them.",
            )
            return
        written = read_type(type_text, self._known)
        if written.target is not None and not _is_column(name):
            table.foreign_keys.append(
                ForeignKey(
                    columns=(),
                    target=Ref(name=written.target),
                    span=self._span,
                    name=name,
                    required=self._required(said),
                    description=self._description(),
                )
            )
            return
        kind = written.kind
        if kind is None and not written.many:
            kind = read_values(type_text, self._cell("notes"))
        column = Column(
            name=name,
            span=self._span,
            type=kind,
            written_type=type_text,
            required=self._required(said),
            unique=_yes(self._cell("unique")) or bool(_UNIQUE.search(said)),
            description=self._description(),
        )
        self._default(column)
        table.columns[name] = column
        if re.search(r"\bpk\b|\bprimary key\b", said):
            table.primary_key = (*table.primary_key, name)
        reference = _REFERENCE.search(" ".join(told))
        target = written.target or ((reference[1] or reference[2]) if reference else None)
        if target is None and names.is_name(self._cell("references")):
            target = self._cell("references")
        if target is not None:
            self._reference(table, column, target)

    def _row_of_a_name(self, table: Table, name: str) -> None:
        """`timestamps`, or a remark: no more than its first cell."""
        if names.key(name) == "timestamps":
            self._found.notice(
                "inherited",
                self._span,
                f"{table.name}.{name} becomes dateCreated and dateUpdated, which every entity has.",
                "Nothing to do.",
            )
        else:
            self._found.notice(
                "untyped",
                self._span,
                f"{quoted(name)} of {table.name} has no type and is left out.",
                "Give it a type if it is a field.",
            )

    def _reference(self, table: Table, column: Column, target: str) -> None:
        action = _ON_DELETE.search(f"{self._cell('constraints')} {self._cell('notes')}")
        table.foreign_keys.append(
            ForeignKey(
                columns=(column.name,),
                target=Ref(name=target.split(".", maxsplit=1)[0]),
                span=self._span,
                on_delete=action[1].upper() if action else None,
            )
        )

    def _required(self, said: str) -> bool:
        if self._cell("type").endswith("?"):
            return False
        if "required" in self._cells:
            return _yes(self._cell("required"))
        if "nullable" in self._cells:
            cell = self._cell("nullable")
            return not _yes(cell) and cell.lower() not in {"null", "nullable", "optional"}
        if self._strict:
            return re.search(r"\bnot null\b|\bprimary key\b|\bpk\b|\brequired\b", said) is not None
        return not _OPTIONAL.search(said)

    def _default(self, column: Column) -> None:
        written = self._cell("default").strip("'\"")
        if not written:
            said = _DEFAULT.search(
                " ; ".join(self._cell(role) for role in ("constraints", "notes", "type"))
            )
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
