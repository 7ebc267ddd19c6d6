"""Where each part of a plan comes from: `.rockets/provenance.json`.

Parts are known by name (`Product.price`), not by their place in the plan, so that an edit of the
plan moves nothing. The file lies in the project and is therefore read as a stranger's.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from rockets_tools.documents.read import Source
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.plan import names
from rockets_tools.plan.problems import token

PROVENANCE_FILE = f"{STATE_FOLDER}/provenance.json"
FORMAT = 1
GUESS = "x-guess"
GUESSED_GRANT = "a schema grants nothing: this follows from who is taken to own a row"

PartKind = Literal["entity", "field", "relation", "grant", "module"]
Origin = Literal["document", "person", "plan"]
"""Read from a document; written or changed by a person at approval; in the plan before."""
Text = Annotated[str, Field(max_length=5000)]
Line = Annotated[int, Field(ge=1)]


class Record(BaseModel):
    """Base of what the file holds: camelCase keys, strict, immutable."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, strict=True, frozen=True
    )


class DocumentRecord(Record):
    """A document that parts of the plan come from."""

    file: Text
    """Relative to the project's root, POSIX; it may lead out of the project."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of the bytes."""
    kind: Text
    """`sql`, `dbml`, …, or `prose`."""
    text: Text = ""
    """File of the project with the text that lines are counted in, where the document is no text
    itself (PDF, DOCX); empty: the document."""


class Lines(Record):
    """Lines of a document, 1-based, both inclusive."""

    file: Text
    """That of a `DocumentRecord`."""
    first: Line
    last: Line


class Part(Record):
    """An entity, field, relation, grant or module of the plan."""

    name: Text
    """`Product`, `Product.price`, `Product@user`; of a module its own name."""
    kind: PartKind
    origin: Origin = "document"
    sources: tuple[Lines, ...] = ()
    guesses: tuple[Text, ...] = ()
    """What was assumed."""


class Assumption(Record):
    """What the Lead decided where a document leaves something open."""

    pointer: Text
    """Into the plan."""
    text: Text


class Provenance(Record):
    """The whole file."""

    format: int = FORMAT
    plan_hash: str
    """Of the plan that was approved, see `Plan.hash`."""
    documents: tuple[DocumentRecord, ...] = ()
    parts: tuple[Part, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    def document(self, file: str) -> DocumentRecord | None:
        return next((known for known in self.documents if known.file == file), None)


class PlanPart(BaseModel):
    """A part as the plan has it."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: PartKind
    pointer: str
    value: JsonValue
    """What the plan says; of an entity without the parts in it."""

    @property
    def guesses(self) -> tuple[str, ...]:
        given = self.value.get(GUESS) if isinstance(self.value, dict) else None
        return tuple(text for text in _list(given) if isinstance(text, str))


def plan_parts(plan: JsonValue) -> Iterator[PlanPart]:
    """Every part of a valid plan, as it was written, under its settled name."""
    for index, entity in enumerate(_objects(plan, "entities")):
        name = names.entity_name(_text(entity, "entityName"))
        pointer = f"/entities/{index}"
        own = {k: v for k, v in entity.items() if k not in {"fields", "relations", "acl"}}
        yield PlanPart(name=name, kind="entity", pointer=pointer, value=own)
        for number, field in enumerate(_objects(entity, "fields")):
            yield PlanPart(
                name=f"{name}.{names.camel(_text(field, 'name'))}",
                kind="field",
                pointer=f"{pointer}/fields/{number}",
                value=field,
            )
        for number, relation in enumerate(_objects(entity, "relations")):
            target = names.entity_name(_text(relation, "targetEntity"))
            called = names.camel(_text(relation, "name") or target)
            yield PlanPart(
                name=f"{name}.{called}",
                kind="relation",
                pointer=f"{pointer}/relations/{number}",
                value=relation,
            )
        acl = entity.get("acl")
        for role, grant in acl.items() if isinstance(acl, dict) else ():
            yield PlanPart(
                name=f"{name}@{role}",
                kind="grant",
                pointer=f"{pointer}/acl/{token(role)}",
                value=grant,
            )
    for index, module in enumerate(_objects(plan, "nonCrud")):
        yield PlanPart(
            name=_text(module, "name"), kind="module", pointer=f"/nonCrud/{index}", value=module
        )


def value_at(plan: JsonValue, pointer: str) -> JsonValue:
    """What a JSON pointer leads to; raises `LookupError` when that is nothing."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(plan, dict):
            plan = plan[key]
        elif isinstance(plan, list) and key.isdecimal():
            plan = plan[int(key)]
        else:
            raise LookupError(pointer)
    return plan


def has_value(plan: JsonValue, pointer: str) -> bool:
    """A JSON pointer leads to something."""
    try:
        value_at(plan, pointer)
    except LookupError:
        return False
    return True


def sourced(
    plan: JsonValue, sources: Mapping[str, Sequence[Source]], file: str, *, grants: bool = False
) -> tuple[Part, ...]:
    """The parts of a plan that was read from a document; `sources` by JSON pointer, and the
    document under the name it has in `Provenance.documents`. `grants`: it says who may do what,
    as prose does and a schema does not."""
    return tuple(
        Part(
            name=part.name,
            kind=part.kind,
            sources=tuple(
                Lines(file=file, first=source.first, last=source.last)
                for source in sources.get(part.pointer, ())
            ),
            guesses=part.guesses if grants or part.kind != "grant" else (GUESSED_GRANT,),
        )
        for part in plan_parts(plan)
    )


def carried(
    plan: JsonValue, original: JsonValue, known: Iterable[Part], *, new: Origin
) -> tuple[Part, ...]:
    """The parts of a plan that was made from another by hand or by merging: what is as it was
    keeps its source, what differs or came in has the origin `new`."""
    before = {(part.kind, names.key(part.name)): part.value for part in plan_parts(original)}
    told = {(part.kind, names.key(part.name)): part for part in known}
    made: list[Part] = []
    for part in plan_parts(plan):
        key = (part.kind, names.key(part.name))
        old = told.get(key)
        if old is not None and before.get(key) == part.value:
            made.append(old)
        else:
            made.append(
                Part(
                    name=part.name,
                    kind=part.kind,
                    origin=new,
                    sources=old.sources if old else (),
                    guesses=part.guesses,
                )
            )
    return tuple(made)


def read_provenance(files: ProjectFiles) -> Provenance | None:
    """What the project's file says; None when there is none.

    Raises `InputError` (`provenance-corrupt`, `provenance-newer`) for one that cannot be used.
    """
    data = files.read_bytes(PROVENANCE_FILE)
    if data is None:
        return None
    try:
        found = Provenance.model_validate_json(data)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors(include_url=False)[0]["loc"])
        raise InputError(
            Problem(
                code="provenance-corrupt",
                message=f"{PROVENANCE_FILE} is no valid record ({place or 'not JSON'}).",
                fix="Delete it; rockets from-doc writes it again.",
                file=PROVENANCE_FILE,
            )
        ) from error
    if found.format > FORMAT:
        raise InputError(
            Problem(
                code="provenance-newer",
                message=f"{PROVENANCE_FILE} has format {found.format}; this version knows "
                f"{FORMAT}.",
                fix="Use the newer version, or delete the file.",
                file=PROVENANCE_FILE,
            )
        )
    return found


def write_provenance(files: ProjectFiles, provenance: Provenance) -> None:
    """Write the file in one step; the same record leaves it untouched."""
    text = f"{provenance.model_dump_json(by_alias=True, indent=1)}\n"
    if files.read_bytes(PROVENANCE_FILE) != text.encode():
        files.write(PROVENANCE_FILE, text)


def digest(data: bytes) -> str:
    """sha256, hex."""
    return hashlib.sha256(data).hexdigest()


def from_project(document: Path, project: Path) -> str:
    """How the project's record calls a document."""
    return Path(os.path.relpath(document.resolve(), project.resolve())).as_posix()


def _objects(value: JsonValue, key: str) -> list[dict[str, JsonValue]]:
    found = value.get(key) if isinstance(value, dict) else None
    return [item for item in _list(found) if isinstance(item, dict)]


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _text(value: Mapping[str, JsonValue], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
