"""Documents that no reader of schemas takes: text with line numbers, for the Lead to read."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath

from rockets_tools.documents.characters import visible
from rockets_tools.documents.convert import Remark, convert, format_of, problem
from rockets_tools.documents.convert.hidden import Hidden
from rockets_tools.documents.kinds import Kind, detect
from rockets_tools.documents.read import Imported, decoded, document_bytes, read_document
from rockets_tools.errors import InputError, Problem

PROSE = "prose"
"""As a kind, given in place of one of the structured ones."""
MAX_CHARACTERS = 3_000_000
"""About a thousand pages."""
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A text that only a reader understands."""

    file: str
    text: str
    """What line numbers are of: of a text file its own lines, else those of its conversion. What
    nobody would see is left out or spelled out (`\\u202e`)."""
    pages: tuple[int, ...] = ()
    """1-based line at which each page begins; empty where the format has none."""
    notices: tuple[Problem, ...] = ()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.removesuffix("\n").split("\n"))

    def page(self, line: int) -> int | None:
        """The page, from 1, on which a line stands."""
        return bisect_right(self.pages, line) or None


def open_document(path: Path, *, kind: str | None = None) -> Imported | Prose:
    """A schema as a plan, anything else as text for the Lead.

    `kind` is one of `Kind`, or `prose` for a document whose text says more than the schema in it.
    Raises `InputError` for what cannot be read.
    """
    if kind == PROSE:
        return read_prose(path)
    head = document_bytes(path)
    if kind is None and format_of(path, head) is not None:
        return read_prose(path)
    text = decoded(head, str(path))
    if kind is None and detect(text, str(path)) is None:
        return read_prose(path)
    imported = read_document(text, file=str(path), kind=kind)
    if kind is None and [b.code for b in imported.blockers] == ["document-no-tables"]:
        return read_prose(path) if detect(text, str(path)) is Kind.MARKDOWN else imported
    return imported


def read_prose(path: Path) -> Prose:
    """The text of a document; PDF, DOCX and HTML are converted."""
    data = document_bytes(path)
    file = str(path)
    form = format_of(path, data)
    if form is None:
        text = decoded(data, file).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        hidden = Hidden()
        if PurePath(file).suffix.lower() in (".md", ".markdown", ".mdx"):
            text = _without_comments(text, hidden)
        return _prose(file, text, (), hidden.remarks())
    converted = convert(path, form)
    return _prose(file, converted.text, converted.pages, converted.remarks)


def _prose(file: str, text: str, pages: tuple[int, ...], remarks: tuple[Remark, ...]) -> Prose:
    if len(text) > MAX_CHARACTERS:
        raise _refused(
            "document-too-large",
            f"The document has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
            "Give it in parts.",
            file,
        )
    if not text.strip():
        raise _refused(
            "document-empty", "The document is empty.", "Describe the application in it.", file
        )
    text, spelled_out = visible(text)
    return Prose(
        file=file,
        text=text,
        pages=pages,
        notices=tuple(problem(remark, file) for remark in (*remarks, *spelled_out)),
    )


def _without_comments(text: str, hidden: Hidden) -> str:
    """Markdown as it is shown; the lines stay where they are."""

    def blank(found: re.Match[str]) -> str:
        hidden.add("comments", found[1], line=text.count("\n", 0, found.start()) + 1)
        return "\n" * found[0].count("\n")

    return _COMMENT.sub(blank, text)


def _refused(code: str, message: str, fix: str, file: str) -> InputError:
    return InputError(Problem(code=code, message=message, fix=fix, file=file))
