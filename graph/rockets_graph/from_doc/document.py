"""The document a person gave, and what was read out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_tools.documents import Imported, Prose, Source, open_document
from rockets_tools.documents.convert import format_of
from rockets_tools.documents.kinds import Kind, detect
from rockets_tools.documents.obligations import Obligation, obligations, uncited
from rockets_tools.documents.prose import PROSE
from rockets_tools.documents.provenance import (
    Assumption,
    DocumentRecord,
    Part,
    digest,
    from_project,
)
from rockets_tools.documents.read import decoded, document_bytes
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER

if TYPE_CHECKING:
    from rockets_agents.planning import Drafted

WIDE = 40
"""Lines: what cites more than that points at a chapter, not at a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The file, and what a first look made of it: a schema's plan, or text for the Lead."""

    path: Path
    shown: str
    """As the user named it."""
    kind: str
    """See `Kind`, or `prose`."""
    sha256: str
    """Of its bytes."""
    text: str
    """What lines are counted in."""
    content: Imported | Prose
    converted: bool = False
    """The text is not the file's own (PDF, DOCX, HTML), so it has to be kept."""

    @property
    def is_prose(self) -> bool:
        return isinstance(self.content, Prose)

    @property
    def kept_text(self) -> str:
        """File of the project for a converted text; empty where nothing has to be kept."""
        return f"{STATE_FOLDER}/documents/{self.sha256[:16]}.md" if self.converted else ""

    def record(self, project: Path) -> DocumentRecord:
        return DocumentRecord(
            file=from_project(self.path, project),
            sha256=self.sha256,
            kind=self.kind,
            text=self.kept_text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the document leaves open and a person can settle."""

    id: str
    text: str
    assumed: str
    """What holds when nobody answers."""
    options: tuple[str, ...] = ()
    """Empty: any text answers it."""
    pointer: str | None = None
    """Into the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The plan of a document before a person has seen it."""

    document: Document
    plan: dict[str, JsonValue]
    sources: Mapping[str, Sequence[Source]]
    """By JSON pointer into the plan."""
    notices: tuple[Problem, ...] = ()
    """What was assumed, renamed or left out."""
    questions: tuple[Question, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    duties: tuple[Obligation, ...] = field(default=())
    """Sentences that oblige somebody."""
    drafted: "Drafted | None" = None
    """The Lead's own, to be revised; None for a schema."""


def read(path: Path, kind: str | None) -> Document:
    """Read the file and tell what it is; raises `InputError` when it cannot be read."""
    data = document_bytes(path)
    content = open_document(path, kind=kind)
    if document_bytes(path) != data:
        raise InputError(
            Problem(
                code="document-changed",
                message="The document was written to while it was read.",
                fix="Try again.",
                file=str(path),
            )
        )
    prose = isinstance(content, Prose)
    text = content.text if isinstance(content, Prose) else decoded(data, str(path))
    return Document(
        path=path,
        shown=str(path),
        kind=PROSE if prose else kind or detect(text, str(path)) or "",
        sha256=digest(data),
        text=text,
        content=content,
        converted=prose and format_of(path, data) is not None,
    )


def of_schema(document: Document, imported: Imported) -> Draft:
    """The draft of a schema; raises `InputError` with everything that has no plan form."""
    if imported.blockers:
        raise InputError(imported.blockers)
    return Draft(
        document=document,
        plan=imported.plan,
        sources={pointer: (source,) for pointer, source in imported.provenance.items()},
        notices=imported.notices,
        duties=tuple(obligations(document.text, Kind(document.kind))),
    )


def of_prose(document: Document, drafted: "Drafted") -> Draft:
    """The draft of the Lead; raises `InputError` when there is no application in the document."""
    if drafted.blockers:
        raise InputError(drafted.blockers)
    return Draft(
        document=document,
        plan=drafted.plan,
        sources=drafted.provenance,
        notices=drafted.notices,
        questions=tuple(
            Question(
                id=question.id,
                text=question.text,
                assumed=question.assumption,
                options=question.options,
                pointer=question.pointers[0],
            )
            for question in drafted.questions
        ),
        assumptions=tuple(Assumption(pointer=a.pointer, text=a.text) for a in drafted.assumptions),
        duties=tuple(obligations(document.text, None)),
        drafted=drafted,
    )


def uncited_duties(draft: Draft, parts: Sequence[Part]) -> list[Obligation]:
    """Obligations that nothing in the plan comes from.

    A schema's entity spans its whole table and its grants are guesses, so only fields and
    relations cite there; in prose everything does that points at a few lines.
    """
    prose = draft.document.is_prose
    cited = [
        range(lines.first, lines.last + 1)
        for part in parts
        if prose or part.kind in {"field", "relation"}
        for lines in part.sources
        if lines.last - lines.first < WIDE
    ]
    return uncited(draft.duties, cited)
