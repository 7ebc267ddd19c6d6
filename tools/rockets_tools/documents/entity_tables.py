"""Tables in Markdown that list the fields of an entity: `| Field | Type | Required |`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token as MarkdownToken

from rockets_tools.documents.defaults import fit, is_auto, is_now
from rockets_tools.documents.entity_types import read_type
from rockets_tools.documents.entity_words import (
    ENTITY,
    FILLERS,
    HEADERS,
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
    r"\b(?:defaults?|standard|vorgabe|par défaut|por defecto|padrão)\b"
    r"(?:\s?(?:to|is|:|=|à))?\s{1,9}"
    r"(?:'([^']{0,200})'|([\w.()-]{1,60}))",
    re.IGNORECASE,
)
_ON_DELETE = re.compile(r"\bon delete (cascade|set null|restrict)\b", re.IGNORECASE)
_NOISE = re.compile(rf"\b(?:{ENTITY})\b|[`*_:#]+|^[\d.]{{1,9}}\s", re.IGNORECASE)
_NAMED = re.compile(rf"\b(?:{ENTITY})\b", re.IGNORECASE)
_BULLET = re.compile(
    r"[*_`]{0,3}(?P<name>[^\W\d][\w ]{0,60}?)[*_`]{0,3}\s{0,3}(?::|\u2013|\u2014|-|\(|=)"
    r"\s{0,3}[*_`]{0,3}"
    r"(?P<type>[^,;()]{1,200}(?:\([^)]{0,300}\))?)(?P<notes>[,;)].*)?"
)


_UNIQUE = re.compile(r"\bunique\b|\beindeutig\b|\bunivoco\b|\b[úu]nico\b|\buniek\b")
_OPTIONAL = re.compile(
    r"\boptional\b|\bnullable\b|(?<!not )\bnull\b|\bfacultatif\b|\bopcional\b|\bfacoltativo\b"
)


def _yes(cell: str) -> bool:
    return key_of(cell) in YES or cell.strip()[:1] in MARKS


def _is_column(name: str) -> bool:
    """`author_id` is a column that holds a key, `author` is the relation."""
    return names.words(words.plain(name))[-1:] in (("id",), ("fk",), ("uuid",))


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
        known[names.key(words.plain(_title(grid.heading)))] = _title(grid.heading)
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
            target = row.many()
            if target is None:
                row.read(table)
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


def _grids(tokens: Sequence[MarkdownToken]) -> list[_Grid]:
    """Tables, and lists of fields under a heading that says it names an entity."""
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
        elif token.type == "bullet_list_open" and token.level == 0 and _NAMED.search(heading):
            grid = _listed(tokens[index:], heading)
            if grid is not None:
                grids.append(grid)
    return grids


def _listed(tokens: Sequence[MarkdownToken], heading: str) -> _Grid | None:
    """`- **name**: string, required`, one field a line; None when a line is something else."""
    rows: list[tuple[int, list[str]]] = []
    last = 0
    for token in tokens:
        if token.type == "bullet_list_close" and token.level == 0:
            break
        if token.type == "bullet_list_open" and token.level > 0:
            return None
        if token.type == "inline" and token.map is not None:
            match = _BULLET.fullmatch(" ".join(token.content.split()))
            if match is None:
                return None
            notes = (match["notes"] or "").lstrip(",;) ")
            rows.append((token.map[0] + 1, [match["name"], match["type"], notes]))
            last = token.map[1]
    if not rows:
        return None
    return _Grid(heading, rows[0][0], last, [(rows[0][0], ["name", "type", "notes"]), *rows])


def _roles(grid: _Grid) -> list[str] | None:
    """What each column of a grid says, if it lists fields at all."""
    header = grid.rows[0][1] if grid.rows else []
    roles = [HEADERS.get(key_of(cell), "") for cell in header]
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

    @property
    def name(self) -> str:
        return self._cell("name").strip("*_ ").lstrip("*")

    def many(self) -> str | None:
        """The entity this field lists many of: `Tag[]`, `many-to-many with Tag`."""
        written = read_type(self._cell("type"), self._known)
        return written.target if written.many else None

    def read(self, table: Table) -> None:
        name = self.name
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
        written = read_type(type_text, self._known)
        if written.target is not None and not _is_column(name):
            table.foreign_keys.append(
                ForeignKey(
                    columns=(),
                    target=Ref(name=written.target),
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
            type=written.kind,
            written_type=type_text,
            required=self._required(said),
            unique=_yes(self._cell("unique")) or bool(_UNIQUE.search(said)),
            description=self._cell("notes") or None,
        )
        self._default(column)
        table.columns[name] = column
        if re.search(r"\bpk\b|\bprimary key\b", said):
            table.primary_key = (*table.primary_key, name)
        reference = _REFERENCE.search(
            " ".join(self._cells.get(r, "") for r in ("type", "key", "references", "notes"))
        )
        target = written.target or ((reference[1] or reference[2]) if reference else None)
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
