"""PDF, DOCX and HTML become lines of Markdown, in a child process with little time and memory."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import disk_error
from rockets_tools.process import TimedOutError, run

FORMATS = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html"}
"""By suffix; the bytes have the last word."""
MAX_BYTES = 50_000_000
SECONDS = 120.0
"""For one document; 200 pages of PDF take about ten."""
NEVER = {
    ".doc": "Word's old format",
    ".rtf": "RTF",
    ".odt": "OpenDocument",
    ".pages": "Apple Pages",
    ".pptx": "PowerPoint",
    ".xlsx": "Excel",
}


class Remark(BaseModel):
    """What a person could not see, or the Lead cannot."""

    model_config = ConfigDict(frozen=True)

    code: str
    line: int
    message: str
    fix: str


class Converted(BaseModel):
    """A document as lines of text. Part of a page that nobody sees is left out and remarked on."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    pages: tuple[int, ...] = ()
    """1-based line at which each page begins; empty where there are no pages."""
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None
    """Why there is no text."""


def format_of(path: Path, head: bytes) -> str | None:
    """`pdf`, `docx` or `html` by first bytes, else by name; None for a text. `InputError` for what
    cannot be read."""
    suffix = path.suffix.lower()
    if head.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if head[:4] == b"PK\x03\x04" and suffix not in NEVER:
        return "docx"
    known = FORMATS.get(suffix)
    if suffix in NEVER:
        raise _refused(
            "document-format",
            f"{NEVER[suffix]} cannot be read.",
            "Save the document as DOCX, PDF, Markdown or text.",
            path,
        )
    return known


def convert(path: Path, kind: str) -> Converted:
    """The text of a document of such a kind.

    Raises `InputError` for one that is encrypted, scanned, broken, too large or too slow to read.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise disk_error(error, str(path)) from error
    if size > MAX_BYTES:
        raise _refused(
            "document-too-large",
            f"The document has {size / 1e6:.0f} MB, more than {MAX_BYTES // 1_000_000}.",
            "Leave out pictures, or give it in parts.",
            path,
        )
    argv = [sys.executable, "-I", "-m", f"{__name__}.child", kind, str(path.resolve())]
    try:
        done = run(argv, cwd=path.resolve().parent, timeout=SECONDS)
    except TimedOutError as error:
        raise _refused(
            "document-too-slow",
            f"Reading the document takes longer than {SECONDS:g} seconds.",
            "Save it as Markdown or text, or give it in parts.",
            path,
        ) from error
    if done.code or done.truncated:
        raise _refused(
            "document-unreadable",
            f"The document cannot be read as {kind.upper()}.",
            "Open it and save it anew, or as Markdown or text.",
            path,
        )
    found = Converted.model_validate(json.loads(done.stdout))
    if found.refused is not None:
        said = found.refused
        raise _refused(said.code, said.message, said.fix, path)
    return found


def problem(remark: Remark, file: str) -> Problem:
    """A remark as the notice a person is shown."""
    return replace(
        Problem(code=remark.code, message=remark.message, fix=remark.fix, line=remark.line),
        file=file,
    )


def _refused(code: str, message: str, fix: str, path: Path) -> InputError:
    return InputError(Problem(code=code, message=message, fix=fix, file=str(path)))
