"""The plan in force and what is known of its parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from rockets_graph.from_doc.quotes import Quote, quote
from rockets_graph.ledger import PLAN_FILE
from rockets_tools.documents.provenance import Part, PlanPart, Provenance, plan_parts
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import Plan
from rockets_tools.plan.document import lines as lines_of
from rockets_tools.plan.model import Entity
from rockets_tools.plan.names import key as key_of
from rockets_tools.plan.problems import did_you_mean, quoted

MOST_NAMED = 8
"""Entities named to somebody who asked for something that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer to `rockets explain`."""

    name: str
    kind: str
    what: str
    """What the plan says of it, in a few words."""
    why: str
    """One sentence."""
    pointer: str | None = None
    line: int | None = None
    """Of `.rockets/plan.json`."""
    sources: tuple[Quote, ...] = ()
    guesses: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "success": True,
            "name": self.name,
            "kind": self.kind,
            "what": self.what,
            "why": self.why,
            "plan": {"file": PLAN_FILE, "pointer": self.pointer, "line": self.line},
            "sources": [
                {
                    "file": quote.file,
                    "first": quote.first,
                    "last": quote.last,
                    "state": quote.state,
                    "lines": list(quote.lines),
                }
                for quote in self.sources
            ],
            "guesses": list(self.guesses),
            "assumptions": list(self.assumptions),
            "notes": list(self.notes),
        }


@dataclass
class Book:
    """Looks parts up by name, in any spelling, and tells what it knows of them."""

    files: ProjectFiles
    text: str
    value: JsonValue
    plan: Plan
    provenance: Provenance | None

    @cached_property
    def parts(self) -> tuple[PlanPart, ...]:
        return tuple(plan_parts(self.value))

    @cached_property
    def known(self) -> Mapping[tuple[str, str], Part]:
        told = self.provenance.parts if self.provenance else ()
        return {(part.kind, key_of(part.name)): part for part in told}

    def joins(self) -> Iterator[tuple[str, Entity]]:
        """Many-to-many relations by name, with the entities they became."""
        for entity in self.plan.entities.values():
            made = self.made_by(entity)
            if made is not None:
                yield made.name, entity

    def made_by(self, entity: Entity) -> PlanPart | None:
        """The many-to-many relation that became an entity."""
        if not entity.from_many_to_many:
            return None
        return next((p for p in self.parts if p.pointer == entity.pointer), None)

    def part(self, kind: str, name: str, what: str, query: str) -> Explanation:
        for part in self.parts:
            if part.kind == kind and key_of(part.name) == key_of(name):
                return self.told(part, what)
        raise self.unknown(query)

    def has(self, kind: str, name: str) -> bool:
        return any(p.kind == kind and key_of(p.name) == key_of(name) for p in self.parts)

    def told(self, part: PlanPart, what: str) -> Explanation:
        told = self.known.get((part.kind, key_of(part.name)))
        quotes = self.quotes(told)
        assumed = self.provenance.assumptions if self.provenance else ()
        return Explanation(
            name=part.name,
            kind=part.kind,
            what=what,
            why=_why(told, quotes),
            pointer=part.pointer,
            line=self.line(part.pointer),
            sources=quotes,
            guesses=told.guesses if told else part.guesses,
            assumptions=tuple(
                a.text
                for a in assumed
                if a.pointer == part.pointer or a.pointer.startswith(f"{part.pointer}/")
            ),
            notes=self.notes(),
        )

    def quotes(self, told: Part | None) -> tuple[Quote, ...]:
        """The lines a part comes from."""
        if told is None or self.provenance is None:
            return ()
        return tuple(quote(self.files, self.provenance, lines) for lines in told.sources)

    def notes(self) -> tuple[str, ...]:
        if self.provenance is None or self.provenance.plan_hash == self.plan.hash:
            return ()
        return ("the plan is another than the approved one; what changed is not traced",)

    def line(self, pointer: str) -> int:
        return lines_of(self.text, [pointer])[pointer]

    def entity(self, name: str) -> Entity | None:
        wanted = key_of(name)
        entities = self.plan.entities.values()
        return next((entity for entity in entities if key_of(entity.name) == wanted), None)

    def unknown(self, query: str, *, known: Sequence[str] = ()) -> InputError:
        names = list(known) or [part.name for part in self.parts if part.kind != "grant"]
        fix = did_you_mean(query, names)
        if not known and not fix.startswith("Did you mean"):
            entities = [*self.plan.entities]
            more = ", …" if len(entities) > MOST_NAMED else ""
            fix = (
                f"Name an entity ({', '.join(entities[:MOST_NAMED])}{more}), Entity.field, "
                "Entity@role, Entity:create@role, a module, a role, or a JSON pointer."
            )
        return InputError(
            Problem(
                code="part-unknown",
                message=f"The plan in force has no {quoted(query)}.",
                fix=fix,
                file=PLAN_FILE,
            )
        )


def _why(told: Part | None, quotes: tuple[Quote, ...]) -> str:
    """In a sentence; the places are told with the quotes."""
    if told is None:
        return "The plan in force says so; no document is known to say it."
    if told.origin == "person":
        return "A person wrote or changed it when approving the plan" + (
            "; the document has its own version." if quotes else "."
        )
    if told.origin == "plan":
        return "It was in the project's plan before the document was read."
    if not quotes:
        return "It was made from the document."
    if told.guesses and told.kind == "grant":
        return "It was assumed from the document."
    return "The document says so."
