"""Lines of a document, while it is what it was."""

import stat
from dataclasses import dataclass
from typing import Literal

from rockets_tools.documents.provenance import DocumentRecord, Lines, Provenance, digest
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles

MAX_BYTES = 20_000_000
"""Larger documents are not opened."""
MAX_LINES = 15
"""Lines quoted of one span."""
MAX_WIDTH = 300
"""Characters quoted of one line."""

QuoteState = Literal["unchanged", "changed", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Lines of a document."""

    file: str
    """From the project's root."""
    first: int
    last: int
    state: QuoteState
    """Whether the document is as it was when the plan was approved; else nothing is quoted."""
    lines: tuple[str, ...] = ()


def quote(files: ProjectFiles, provenance: Provenance, lines: Lines) -> Quote:
    """The lines of one span, or why they cannot be shown."""
    record = provenance.document(lines.file)
    state, text = _text_of(files, record)
    if state != "unchanged":
        return Quote(file=lines.file, first=lines.first, last=lines.last, state=state)
    cited = text.splitlines()[lines.first - 1 : lines.last]
    shown = [line[:MAX_WIDTH] for line in cited[:MAX_LINES]]
    return Quote(
        file=lines.file,
        first=lines.first,
        last=lines.last,
        state=state,
        lines=(*shown, "…") if len(cited) > len(shown) else tuple(shown),
    )


def _text_of(files: ProjectFiles, record: DocumentRecord | None) -> tuple[QuoteState, str]:
    """The text that lines are counted in, if the document is still what it was."""
    if record is None:
        return "missing", ""
    path = files.root / record.file
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
            return "missing", ""
        data = path.read_bytes()
    except (OSError, ValueError):
        return "missing", ""
    if digest(data) != record.sha256:
        return "changed", ""
    from rockets_tools.documents.read import decoded

    try:
        text = files.read(record.text) if record.text else decoded(data, record.file)
    except InputError:
        return "missing", ""
    return ("missing", "") if text is None else ("unchanged", text)
