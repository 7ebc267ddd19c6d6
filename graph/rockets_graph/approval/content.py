"""What the page says: first what matters for the answer, whatever the size, then every line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rockets_graph.approval.blocks import Block, Diagram, Lines, Page, Section, Table
from rockets_graph.approval.words import (
    counted,
    grant_words,
    relation_words,
    route_words,
    rule_words,
    type_words,
)
from rockets_tools.documents.obligations import Obligation
from rockets_tools.documents.provenance import GUESSED_GRANT, Assumption, Part, PartKind
from rockets_tools.errors import Problem
from rockets_tools.plan.model import Entity, Plan, Relation
from rockets_tools.plan.show import acl_rows, mermaid, wave_rows

SHOWN = 12
"""Items of a list in the summary; the details have all of them."""
WIDTH = 160
"""Characters of a sentence in the summary."""
SMALL = 12
"""Entities up to which the access matrix is part of the summary."""

TOLD_AS_GUESS = (
    "guess-owner", "guess-no-owner", "guess-rights", "guess-type", "guess-relation",
)  # fmt: skip
"""Endings of notices that the guesses of the plan's parts say, too."""

LEGEND = Lines(
    (
        "C create, R read, U update, D delete; any: every row, own: rows that belong to the caller",
        "what is not granted is refused; nothing is public without login",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All that a person is to know before he says yes."""

    plan: Plan
    document: str
    facts: tuple[tuple[str, str], ...]
    """What is asked for in a few rows: project, mode, cost, …"""
    parts: tuple[Part, ...]
    asked: tuple[str, ...] = ()
    """Questions, with what is assumed when nobody answers."""
    assumptions: tuple[Assumption, ...] = ()
    project: tuple[str, ...] = ()
    """What happens to what the project has already."""
    notices: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    duties: tuple[Obligation, ...] = ()
    """Sentences that oblige and that nothing in the plan comes from."""


def page(subject: Subject) -> Page:
    """The page for a plan; text of strangers in it is not escaped yet."""
    access = _matrix(subject.plan)
    small = len(subject.plan.entities) <= SMALL
    untold = [notice for notice in subject.notices if not notice.code.endswith(TOLD_AS_GUESS)]
    summary = (
        Section("In short", (Table(("", ""), (*_counts(subject.plan), *subject.facts)),)),
        _list("Questions", subject.asked),
        _list("Already in the project", subject.project),
        _list("Guesses", _guesses(subject)),
        _list("Assumptions", (f"{a.text} ({a.pointer})" for a in subject.assumptions)),
        _list("Warnings", (problem.message for problem in subject.warnings), limit=SHOWN),
        _left_out(untold),
        _list("Obligations nothing in the plan comes from", _duties(subject), limit=SHOWN),
        Section("Who may do what", (access if small else _rights(subject.plan), LEGEND)),
    )
    details = (
        *(() if small else (Section("Access matrix", (access, LEGEND)),)),
        _modules(subject.plan),
        Section("Entities", (Lines(("from: where in the document a part comes from",)),)),
        *_entities(subject),
        Section("Relations", (_relations(subject.plan),)),
        Section("Waves", (_waves(subject.plan),)),
        Section("ER diagram", (Diagram(mermaid(subject.plan)),)),
        _notices(untold),
        _list("All obligations nothing in the plan comes from", _rest(_duties(subject))),
    )
    return Page(
        title=f"Plan for {subject.document}",
        summary=tuple(section for section in summary if section.blocks),
        details=tuple(section for section in details if section.blocks),
    )


def _counts(plan: Plan) -> Iterator[tuple[str, str]]:
    entities = plan.entities.values()
    made = sum(entity.from_many_to_many for entity in entities)
    owning = sum(len(entity.owning_relations) for entity in entities)
    extra = f" ({made} of them join tables of many-to-many relations)" if made else ""
    yield "entities", f"{len(plan.entities):,} in {counted(len(plan.waves), 'wave')}{extra}"
    yield "fields", f"{sum(len(e.fields) for e in entities):,}, and {counted(owning, 'relation')}"
    yield "roles", ", ".join(plan.roles)
    if plan.non_crud:
        yield "behaviour", ", ".join(module.name for module in plan.non_crud)
    if plan.cut_edges:
        cut = (f"{edge.source}.{edge.relation}" for edge in plan.cut_edges)
        yield "cycles cut at", ", ".join(cut)


def _guesses(subject: Subject) -> Iterator[str]:
    """Each guess once, with whom it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for part in subject.parts:
        # What is guessed of a schema's grants, the guess of their entity says.
        for guess in part.guesses:
            if guess != GUESSED_GRANT:
                about[guess].append(part.name)
    for guess, names in about.items():
        yield f"{guess}: {_some(names)}"


def _duties(subject: Subject) -> list[str]:
    return [f"line {duty.first}: {duty.text}" for duty in subject.duties]


def _rest(items: Sequence[str]) -> Sequence[str]:
    """Nothing, where the summary had all of them."""
    return items if len(items) > SHOWN else ()


def _left_out(notices: Sequence[Problem]) -> Section:
    """By sort, for there may be thousands."""
    sorts: dict[str, list[Problem]] = defaultdict(list)
    for notice in notices:
        sorts[notice.code].append(notice)
    rows = tuple(
        (
            code.removeprefix("document-").replace("-", " "),
            str(len(found)),
            _some([*dict.fromkeys(str(p.line) for p in found if p.line is not None)], 6),
            _short(found[0].message),
        )
        for code, found in sorts.items()
    )
    table = Table(("what", "times", "lines", "the first of them"), rows)
    return Section("Left out, matched and renamed", (table,) if rows else ())


def _notices(notices: Sequence[Problem]) -> Section:
    rows = tuple((str(n.line or ""), n.message, n.fix) for n in notices)
    table = Table(("line", "what", "what to do"), rows)
    return Section("Left out, matched and renamed, line by line", (table,) if rows else ())


def _matrix(plan: Plan) -> Table:
    """Role, entity, operation and possession: `CR own` reads create and read of own rows."""
    rows = tuple(
        (*row, route_words(entity))
        for row, entity in zip(acl_rows(plan), plan.entities.values(), strict=True)
    )
    return Table(("entity", *plan.roles, "routes"), rows)


def _rights(plan: Plan) -> Table:
    """Entities with the same rights together."""
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entity, row in zip(plan.entities.values(), acl_rows(plan), strict=True):
        together[*row[1:], route_words(entity)].append(row[0])
    ordered = sorted(together.items(), key=lambda item: -len(item[1]))
    rows = tuple((*rights, _some(names, 40)) for rights, names in ordered)
    return Table((*plan.roles, "routes", "entities"), rows)


def _modules(plan: Plan) -> Section:
    rows = tuple((m.name, m.type or "", m.description or "") for m in plan.non_crud)
    table = Table(("module", "type", "what it does"), rows)
    return Section("Modules with behaviour", (table,) if rows else ())


def _entities(subject: Subject) -> Iterator[Section]:
    lines: dict[tuple[PartKind, str], str] = {
        (part.kind, part.name): _place(part) for part in subject.parts
    }
    wave_of = {name: index for index, wave in enumerate(subject.plan.waves) for name in wave}
    for entity in subject.plan.entities.values():
        title = f"{entity.name}, wave {wave_of[entity.name] + 1}"
        yield Section(title, tuple(_entity(entity, lines)), level=3)


def _entity(entity: Entity, lines: Mapping[tuple[PartKind, str], str]) -> Iterator[Block]:
    grants = (f"{role}: {grant_words(g, entity)}" for role, g in entity.acl.items())
    unique = (f"unique together: {', '.join(columns)}" for columns in entity.unique)
    place = lines.get(("entity", entity.name), "")
    yield Lines(
        (
            f"table {entity.table}, route /{entity.plural}{f', from {place}' if place else ''}",
            *(["soft delete, rows can be recovered"] if entity.soft_delete else ["hard delete"]),
            *unique,
            *grants,
        )
    )
    rows = [
        (f.name, type_words(f), rule_words(f), lines.get(("field", f"{entity.name}.{f.name}"), ""))
        for f in entity.fields
    ]
    rows += [
        (r.name, relation_words(r), "", lines.get(("relation", f"{entity.name}.{r.name}"), ""))
        for r in entity.relations
    ]
    if rows:
        yield Table(("name", "type", "rules", "from"), tuple(rows))


def _relations(plan: Plan) -> Table:
    rows = tuple(
        (entity.name, relation.name, relation.target, _ends(relation))
        for entity in plan.entities.values()
        for relation in entity.owning_relations
    )
    return Table(("entity", "relation", "target", "kind"), rows)


def _ends(relation: Relation) -> str:
    many = "one" if relation.unique or relation.type.value == "oneToOne" else "many"
    optional = "optional" if relation.nullable else "required"
    return f"{many} to one, {optional}"


def _waves(plan: Plan) -> Table:
    rows = tuple(
        (str(wave + 1), name, table, route, needs)
        for wave, name, table, route, needs in wave_rows(plan)
    )
    return Table(("wave", "entity", "table", "route", "needs"), rows)


def _list(title: str, items: Iterable[str], *, limit: int | None = None) -> Section:
    given = tuple(items)
    shown = given if limit is None else given[:limit]
    if len(given) > len(shown):
        shown = (*shown, f"… and {len(given) - len(shown)} more, see below")
    return Section(title, (Lines(shown),) if shown else ())


def _place(part: Part) -> str:
    """`line 28`, `lines 26-41`, `a person`."""
    if part.origin != "document":
        return "a person's edit" if part.origin == "person" else "the plan in force"
    return ", ".join(
        f"line {s.first}" if s.first == s.last else f"lines {s.first}-{s.last}"
        for s in part.sources
    )


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


def _some(names: Sequence[str], limit: int = SHOWN) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return f"{', '.join(names[:limit])}{more}"
