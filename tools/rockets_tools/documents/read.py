"""`read_document`: the one way from a structured document to a plan."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import JsonValue

from rockets_tools.documents.bookkeeping import leave_out_books
from rockets_tools.documents.findings import Findings
from rockets_tools.documents.kinds import Kind, detect
from rockets_tools.documents.mapping.build import Built, build
from rockets_tools.documents.readers import reader
from rockets_tools.documents.schema import Schema, Span
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import disk_error
from rockets_tools.plan import read_plan
from rockets_tools.plan.problems import did_you_mean
from rockets_tools.plan.schema import MAX_ENTITIES

MAX_CHARACTERS = 10_000_000
"""Longer documents are refused."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in a document something comes from: lines, 1-based, both inclusive."""

    file: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a document."""

    plan: dict[str, JsonValue]
    """The raw plan; `read_plan` takes it when there is no blocker. With blockers it is what could
    be read, not to be used."""
    provenance: Mapping[str, Source]
    """JSON pointer into the plan (entities, fields, relations, grants) to its lines."""
    notices: tuple[Problem, ...]
    """What was assumed, matched, renamed or left out; the run goes on."""
    blockers: tuple[Problem, ...]
    """What has no plan form; the run stops."""


def read_document(text: str, *, file: str, kind: str | None = None) -> Imported:
    """Read a structured document (see `Kind`) into a plan, with no model.

    `file` is named in problems and tells the kind, when `kind` does not. Raises `InputError` when
    the document is of no known kind or too large; everything else is a notice or a blocker.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS:
        raise _refused(
            "document-too-large",
            f"The document is larger than {MAX_CHARACTERS // 1_000_000} MB.",
            "Leave out the rows: only the structure is read.",
            file,
        )
    found = Findings(file)
    schema = reader(_kind(text, file, kind))(text, found)
    leave_out_books(schema, found)
    if not schema.tables and not found.blockers:
        found.blocker(
            "no-tables",
            1,
            f"The document defines no {schema.table_word}.",
            f"Give a document that defines at least one {schema.table_word}.",
        )
    if len(schema.tables) + len(schema.many_to_many) > MAX_ENTITIES:
        raise _refused(
            "document-too-large",
            f"The document defines {len(schema.tables)} {schema.table_word}s; a plan has at most "
            f"{MAX_ENTITIES} entities.",
            "Split the document.",
            file,
        )
    _tell_bare(schema, found)
    built = build(schema, found)
    if schema.tables and not built.plan["entities"] and not found.blockers:
        found.blocker(
            "nothing-left",
            schema.tables[0].span,
            "All that the document defines is the SDK's User, so there is nothing to generate.",
            f"Add a {schema.table_word}.",
        )
    _hold_against_plan(built, found)
    found.close()
    return Imported(
        plan=built.plan,
        provenance={
            pointer: Source(file, span.first, span.last) for pointer, span in built.spans.items()
        },
        notices=tuple(found.notices),
        blockers=tuple(found.blockers),
    )


def load_document(path: Path, *, kind: str | None = None) -> Imported:
    """`read_document` of a file; one that cannot be read is an `InputError`."""
    file = str(path)
    return read_document(decoded(document_bytes(path), file), file=file, kind=kind)


def document_bytes(path: Path, *, fix: str = "Name a document.") -> bytes:
    """The bytes of a document; one that cannot be read is an `InputError`, with the fix for one
    that is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _refused(
            "file-not-found", f"There is no such file: {path}.", fix, str(path)
        ) from error
    except IsADirectoryError as error:
        raise _refused(
            "file-not-found", f"This is a folder, not a file: {path}.", fix, str(path)
        ) from error
    except OSError as error:
        raise disk_error(error, str(path)) from error


def decoded(data: bytes, file: str) -> str:
    """UTF-8, or UTF-16 with its mark, as SQL Server writes scripts."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(
            "file-not-utf8", "This is not UTF-8 text", "Save the document as UTF-8.", file
        ) from error


def _kind(text: str, file: str, written: str | None) -> Kind:
    if written is not None:
        known = [kind.value for kind in Kind]
        if written not in known:
            raise _refused(
                "document-kind",
                f"There is no document kind {written!r}.",
                did_you_mean(written, known),
                file,
            )
        return Kind(written)
    kind = detect(text, file)
    if kind is None:
        raise _refused(
            "document-kind",
            "This is no structured document: neither SQL, DBML, Prisma, JDL, Mermaid, OpenAPI nor "
            "Markdown with one of them.",
            "Name its kind, or give one of these.",
            file,
        )
    return kind


def _tell_bare(schema: Schema, found: Findings) -> None:
    """Names in a sketch that nothing else is said about."""
    bare = [table for table in schema.tables if not table.columns] if schema.vague else []
    if bare:
        found.notice(
            "bare",
            bare[0].span,
            f"The document gives no {schema.column_word} of "
            f"{', '.join(table.name for table in bare)}: beside relations they get only an id.",
            f"Write what each has, if it has a {schema.column_word} of its own.",
        )


def _hold_against_plan(built: Built, found: Findings) -> None:
    """The plan's own check has the last word: what it refuses is a blocker at its lines."""
    if found.blockers:
        return
    try:
        read_plan(json.dumps(built.plan, ensure_ascii=False))
    except InputError as error:
        for problem in error.problems:
            found.blockers.append(
                replace(problem, file=found.file, line=_line(built.spans, problem.pointer or ""))
            )


def _line(spans: Mapping[str, Span], pointer: str) -> int | None:
    """The line of an element, or of the element it is in."""
    while pointer:
        if pointer in spans:
            return spans[pointer].first
        pointer = re.sub(r"/[^/]*\Z", "", pointer)
    return None


def _refused(code: str, message: str, fix: str, file: str) -> InputError:
    return InputError(Problem(code=code, message=message, fix=fix, file=file))
