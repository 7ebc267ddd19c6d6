"""Mermaid's entity relationship diagrams."""

import re
from collections import Counter
from dataclasses import dataclass

from rockets_tools.documents.defaults import fit
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.schema import (
    Column,
    ForeignKey,
    ManyToMany,
    Ref,
    Schema,
    Span,
    Table,
)
from rockets_tools.documents.types import TypeName, bits, column_type
from rockets_tools.plan import names
from rockets_tools.plan.problems import quoted

_NAME = r'(?:"[^"\n]{1,200}"|[^\W\d][\w.-]{0,199})'
_MARKS = {
    "|o": (0, 1), "o|": (0, 1), "||": (1, 1), "}o": (0, 2), "o{": (0, 2), "}|": (1, 2),
    "|{": (1, 2),
}  # fmt: skip
"""Mermaid takes each of them on either side."""
_MARK = "|".join(map(re.escape, _MARKS))
_WORDS = {
    "only one": (1, 1), "1": (1, 1), "one": (1, 1), "zero or one": (0, 1), "one or zero": (0, 1),
    "zero or more": (0, 2), "zero or many": (0, 2), "many(0)": (0, 2), "0+": (0, 2),
    "one or more": (1, 2), "one or many": (1, 2), "many(1)": (1, 2), "1+": (1, 2),
}  # fmt: skip
_CARDINALITY = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_RELATION = re.compile(
    rf"(?P<left>{_NAME})\s{{0,9}}(?P<l>{_MARK})(?:--|\.\.|-\.|\.-)"
    rf"(?P<r>{_MARK})\s{{0,9}}(?P<right>{_NAME})\s{{0,9}}(?::(?P<label>.*))?"
)
_SPELT = re.compile(
    rf"(?P<left>{_NAME})\s{{1,9}}(?P<l>{_CARDINALITY})\s{{1,9}}(?:optionally\s{{1,9}})?to\s{{1,9}}"
    rf"(?P<r>{_CARDINALITY})\s{{1,9}}(?P<right>{_NAME})\s{{0,9}}(?::(?P<label>.*))?"
)
_OPEN = re.compile(rf"(?P<name>{_NAME})\s{{0,9}}(?P<alias>\[[^\]\n]{{1,200}}\])?\s{{0,9}}\{{")
_BARE = re.compile(rf"(?P<name>{_NAME})\s{{0,9}}(?P<alias>\[[^\]\n]{{1,200}}\])?(?::::?\w+)?")
_ATTRIBUTE = re.compile(
    r"(?P<type>[^\W\d][\w.-]{0,99}(?:\([^)\n]{0,200}\))?(?:\[\])?)\s{1,99}"
    r"(?P<name>\*?[^\W\d][\w.\[\]()-]{0,199})"
    r"(?P<keys>(?:\s{0,9},?\s{0,9}\b(?:PK|FK|UK)\b){0,3})\s{0,99}"
    r"(?P<comment>\"[^\"]{0,2000}\")?\s{0,99}"
)
_BODY = re.compile(r"(?P<attributes>(?:[^\"}]|\"[^\"]*+\"?)*+)(?P<closed>\}?)")
"""What stands before the brace that closes an entity; a comment may have braces of its own."""
_OPTIONAL = re.compile(r"(?:not\s)?null|nullable|optional", re.IGNORECASE)
_DEFAULT = re.compile(r"default(?:\s?[=:]\s?|\s)('[^']{0,200}'|[\w.-]{1,60})", re.IGNORECASE)
"""A comment that says this and no more is no description."""
_IGNORED = ("direction", "style", "classDef", "class", "title", "accTitle", "accDescr", "config")


def read_mermaid(text: str, found: Findings) -> Schema:
    """The entities of `erDiagram`s."""
    return _Reader(text, found).read()


@dataclass(slots=True)
class _Relation:
    left: str
    right: str
    left_most: tuple[int, int]
    right_most: tuple[int, int]
    label: str
    line: int


class _Reader:
    def __init__(self, text: str, found: Findings) -> None:
        self._lines = text.split("\n")
        self._found = found
        self._schema = Schema(
            table_word="entity",
            column_word="attribute",
            maps_names=False,
            vague=True,
            implicit_keys=True,
        )
        self._tables: dict[str, Table] = {}
        self._relations: list[_Relation] = []
        self._claimed: set[tuple[str, str]] = set()
        self._between: Counter[frozenset[str]] = Counter()
        """How many relations there are between two entities."""
        self._marks: dict[str, list[str]] = {}
        """Attributes marked FK, by entity."""

    def read(self) -> Schema:
        current: Table | None = None
        front = False
        for number, raw in enumerate(self._lines, start=1):
            line = " ".join(raw.split("%%", 1)[0].split())  # people align their diagrams
            if line == "---":
                front = not front
            if front or line in ("", "---", "erDiagram"):
                continue
            line = line.removeprefix("erDiagram ").strip()
            if current is not None:
                current = self._inside(current, line, number)
            else:
                current = self._outside(line, number)
        self._between.update(frozenset((each.left, each.right)) for each in self._relations)
        for relation in self._relations:
            self._relate(relation)
        for table in self._schema.tables:
            self._left_over(table)
        if self._tables:
            self._found.notice(
                "guess-required",
                next(iter(self._tables.values())).span,
                "A diagram does not say which attributes are optional: all are required, save "
                "those whose comment says optional or nullable.",
                'Write "required": false in the plan where that is wrong.',
            )
        return self._schema

    def _outside(self, line: str, number: int) -> Table | None:
        if line.split(" ", 1)[0].rstrip(":") in _IGNORED:
            return None
        opened = _OPEN.match(line)
        if opened is not None:
            table = self._table(opened["name"], number, opened["alias"])
            rest = line[opened.end() :].strip()
            return self._inside(table, rest, number) if rest else table
        for pattern, counts in ((_RELATION, _MARKS), (_SPELT, _WORDS)):
            match = pattern.fullmatch(line)
            if match is not None:
                self._relations.append(
                    _Relation(
                        left=self._table(match["left"], number).name,
                        right=self._table(match["right"], number).name,
                        left_most=counts[match["l"]],
                        right_most=counts[match["r"]],
                        label=(match["label"] or "").strip().strip('"'),
                        line=number,
                    )
                )
                return None
        bare = _BARE.fullmatch(line)
        if bare is not None:
            self._table(bare["name"], number, bare["alias"])
            return None
        self._found.blocker(
            "unreadable",
            number,
            f"This line of the diagram cannot be read: {quoted(line)}.",
            "Write `A ||--o{ B : label`, or `A {` and attributes as `type name`.",
        )
        return None

    def _inside(self, table: Table, line: str, number: int) -> Table | None:
        body = _BODY.match(line)
        if body is not None:
            self._attributes(table, body["attributes"].strip(), number)
        table.span = Span(table.span.first, number)
        return None if body is not None and body["closed"] else table

    def _table(self, written: str, number: int, alias: str | None = None) -> Table:
        name = written.strip('"')
        table = self._tables.get(name)
        if table is None:
            table = Table(name=name, span=Span(number, number))
            self._tables[name] = table
            self._schema.tables.append(table)
        if alias:
            table.entity = alias.strip('[]" ')
        return table

    def _attributes(self, table: Table, line: str, number: int) -> None:
        """All of one line: Mermaid needs no line for each."""
        at = 0
        while at < len(line):
            match = _ATTRIBUTE.match(line, at)
            if match is None:
                self._found.blocker(
                    "unreadable",
                    number,
                    f"An attribute of {table.name} cannot be read: {quoted(line[at:])}.",
                    'Write `type name PK "comment"`.',
                )
                return
            self._attribute(table, match, number)
            at = match.end()

    def _attribute(self, table: Table, match: re.Match[str], number: int) -> None:
        name = match["name"].lstrip("*")
        keys = re.findall(r"PK|FK|UK", match["keys"])
        comment = (match["comment"] or "").strip('"')
        low = comment.lower()
        base, _, rest = match["type"].partition("(")
        array = match["type"].endswith("[]")
        sizes = tuple(part.strip() for part in rest.rstrip("[]").rstrip(")").split(",") if part)
        written = TypeName(base.removesuffix("[]").lower().replace("_", " "), sizes, array)
        whole = column_type(TypeName(match["type"].lower())) if array else None  # `byte[]`
        kind = whole or (bits(sizes) if written.name == "bit" else column_type(written))
        if kind is None:
            kind = column_type(TypeName(base.removesuffix("[]").lower(), sizes, array))
        column = Column(
            name=name,
            span=Span(number, number),
            type=kind,
            written_type=match["type"],
            required=not re.search(r"\b(?:optional|nullable|null)\b", low) or "not null" in low,
            unique="UK" in keys,
            description=None if _OPTIONAL.fullmatch(comment) else comment or None,
        )
        default = _DEFAULT.fullmatch(comment)
        if default is not None and kind is not None:
            column.default = fit(kind, default[1].strip("'"))
        if column.default is not None:
            column.description = None
        if name in table.columns:
            self._found.blocker(
                "twice", number, f"{table.name} has two attributes {quoted(name)}.", "Remove one."
            )
            return
        table.columns[name] = column
        if "PK" in keys or match["name"].startswith("*"):
            table.primary_key = (*table.primary_key, name)
        if "FK" in keys:
            self._marks.setdefault(table.name, []).append(name)

    def _relate(self, relation: _Relation) -> None:
        span = Span(relation.line, relation.line)
        left, right = self._tables[relation.left], self._tables[relation.right]
        many_left, many_right = relation.left_most[1] > 1, relation.right_most[1] > 1
        if many_left and many_right:
            self._schema.many_to_many.append(
                ManyToMany(source=left.ref, target=right.ref, span=span)
            )
            return
        holder, target, near = right, left, relation.left_most
        label = relation.label
        if many_left or (
            not many_right
            and not self._column(right, left, label)
            and self._column(left, right, label)
        ):
            holder, target, near = left, right, relation.right_most
        if not (many_left or many_right) and names.key(holder.name) in ("user", "users"):
            holder, target, near = left, right, relation.right_most  # the SDK's User holds no key
        column = self._column(holder, target, label)
        if column is not None:
            self._claimed.add((holder.name, column))
        again = self._between[frozenset((relation.left, relation.right))] > 1
        holder.foreign_keys.append(
            ForeignKey(
                columns=(column,) if column else (),
                target=Ref(name=target.name),
                span=span,
                unique=not (many_left or many_right),
                name=label if again and column is None and names.is_name(label) else None,
                required=near[0] == 1 and (column is None or holder.columns[column].required),
            )
        )

    def _left_over(self, table: Table) -> None:
        """Attributes marked FK that neither a line nor a name says more about."""
        left = [
            name
            for name in self._marks.get(table.name, [])
            if (table.name, name) not in self._claimed and not self._points_elsewhere(name, table)
        ]
        free = [key for key in table.foreign_keys if not key.columns]
        if len(left) == len(free):
            for name, key in zip(left, free, strict=True):
                column = table.columns[name]
                key.columns, key.required = (name,), bool(key.required) and column.required
                key.guess = f"{table.name}.{name} is taken for the reference to {key.target}"
                self._found.notice(
                    "guess-relation",
                    column.span,
                    f"{key.guess}: by their order.",
                    "Write the attribute's name as the label of the line.",
                )
            return
        for name in left:
            self._found.notice(
                "unused-mark",
                table.columns[name].span,
                f"{table.name}.{name} is marked FK and no line of the diagram says to what.",
                "Write a line for it, with its name as the label.",
            )

    def _column(self, holder: Table, target: Table, label: str) -> str | None:
        """The attribute that is the foreign key: the line names it, else its name or mark does."""
        marked = self._marks.get(holder.name, [])
        free = [name for name in holder.columns if (holder.name, name) not in self._claimed]
        for word in re.split(r"\W+", label):
            if word in free and (word in marked or names.words(word)[-1:] == ("id",)):
                return word
        bases = {names.key(target.name), names.key(target.entity or target.name)}
        bases |= {base.removesuffix("s") for base in bases}
        for name in free:
            key = names.key(name)
            if key in {f"{base}{end}" for base in bases for end in ("id", "fk", "uuid")}:
                return name
        near = [n for n in free if n in marked and (n,) == target.primary_key and n != "id"]
        near += [n for n in free if n in marked and any(base in names.key(n) for base in bases)]
        near = near or [n for n in free if n in marked and _is_tail(n, target)]
        if near:
            return near[0]
        others = [
            name
            for name in free
            if (name in marked if self._marks else self._is_key(name, holder))
            and not self._points_elsewhere(name, target)
        ]
        return others[0] if len(others) == 1 else None

    @staticmethod
    def _is_key(name: str, holder: Table) -> bool:
        """`client_id` in a diagram that marks no key at all."""
        parts = names.words(name)
        return (
            len(parts) > 1 and parts[-1] == "id" and names.key(holder.name) != "".join(parts[:-1])
        )

    def _points_elsewhere(self, name: str, target: Table) -> bool:
        key = names.key(name)
        return any(
            table is not target and key.startswith(names.key(table.name).removesuffix("s"))
            for table in self._tables.values()
        )


def _is_tail(column: str, target: Table) -> bool:
    """`userId` is a key of `ApplicationUser`."""
    parts = names.words(column)
    return (
        len(parts) > 1 and names.words(target.entity or target.name)[1 - len(parts) :] == parts[:-1]
    )
