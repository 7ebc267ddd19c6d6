"""PDF through pypdf: the text a person sees, page by page."""

import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from rockets_tools.documents.convert import Converted, Remark
from rockets_tools.documents.convert.hidden import Hidden

MAX_PAGES = 2000
LEAST_SIZE = 1.0
"""Points; smaller text is read by nobody."""
LEAST_TEXT = 20
"""Letters per page on average; a document with fewer is pictures of pages."""
_SHOWS = frozenset({b"Tj", b"TJ", b"'", b'"'})
_PAINTS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"BI"})
_FILLS = frozenset({b"g", b"rg", b"k", b"sc", b"scn"})


def read_pdf(data: bytes) -> Converted:
    """The pages of a PDF, each behind a line `[page N]`."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return _refused(
                "document-encrypted", "The PDF is encrypted.", "Save it without a password."
            )
        return _read(reader)
    except DependencyError:
        return _refused(
            "document-encrypted", "The PDF is encrypted.", "Save it without a password."
        )
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # What pypdf raises for a broken file depends on where it is broken.
        return _refused(
            "document-unreadable",
            f"The PDF is broken ({type(error).__name__}).",
            "Open it and print it to a new PDF, or save it as text.",
        )


def _read(reader: Any) -> Converted:
    count = len(reader.pages)
    if count > MAX_PAGES:
        return _refused(
            "document-too-large",
            f"The PDF has {count} pages; at most {MAX_PAGES} are read.",
            "Give it in parts.",
        )
    hidden = Hidden()
    lines: list[str] = []
    starts: list[int] = []
    scanned: list[int] = []
    letters = 0
    for number, page in enumerate(reader.pages, 1):
        starts.append(len(lines) + 1)
        lines.append(f"[page {number}]")
        text, layer = _text(page, hidden, len(lines))
        letters += sum(map(str.isalnum, text))
        if layer:
            scanned.append(number)
        lines.extend(line.rstrip() for line in text.strip().split("\n"))
        lines.append("")
        for note in _notes(page):
            hidden.add("notes and form entries", note, line=starts[-1])
    if letters < LEAST_TEXT * min(count, 5):
        return _refused(
            "document-scanned",
            "The PDF has next to no text: its pages are pictures.",
            "Run a text recognition over it first, or give the text.",
        )
    remarks = hidden.remarks()
    if scanned:
        remarks += (
            Remark(
                code="document-recognised",
                line=starts[scanned[0] - 1],
                message=f"The text of {len(scanned)} pages is an invisible layer, as a text "
                "recognition writes it over pictures.",
                fix="Check the plan against the pictures: recognition makes mistakes, and a layer "
                "can say something else than they show.",
            ),
        )
    return Converted(text="\n".join(lines).rstrip() + "\n", pages=tuple(starts), remarks=remarks)


def _text(page: Any, hidden: Hidden, line: int) -> tuple[str, bool]:
    """What the page shows, and whether that is a layer of recognised text."""
    box = tuple(float(side) for side in page.mediabox)
    sight = _Sight(box=box, keep=_seen)
    text: str = page.extract_text(visitor_operand_before=sight.step)
    reasons = sorted(sight.reasons)
    if not reasons:
        return text, False
    if not text.strip() and reasons == [_INVISIBLE]:
        layer: str = page.extract_text()
        return layer, bool(layer.strip())
    for reason in reasons:
        only = _Sight(box=box, keep=_only(reason))
        hidden.add(reason, page.extract_text(visitor_operand_before=only.step), line=line)
    return text, False


def _notes(page: Any) -> Iterator[str]:
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        for key in ("/Contents", "/V"):
            if isinstance(said := note.get(key), str):
                yield said


_INVISIBLE = "invisible text"
_TINY = "text too small to read"
_WHITE = "text in white on white"
_OUTSIDE = "text beside the page"


def _seen(reason: str | None) -> bool:
    return reason is None


def _only(wanted: str) -> Callable[[str | None], bool]:
    return lambda reason: reason == wanted


@dataclass(frozen=True)
class _State:
    """Of the graphics, as far as it decides what is seen."""

    mode: int = 0
    size: float = 12.0
    white: bool = False


class _Sight:
    """Follows the page's operators and empties those whose text is not to be kept."""

    def __init__(self, *, box: tuple[float, ...], keep: Callable[[str | None], bool]) -> None:
        self.reasons: set[str] = set()
        self._box = box
        self._keep = keep
        self._state = _State()
        self._stack: list[_State] = []
        self._painted = False
        """Something coloured was drawn, white may stand on it."""

    def step(self, operator: Any, operands: Any, cm: Any, tm: Any) -> None:
        """Called by pypdf before it carries out an operator."""
        if operator in _SHOWS:
            reason = self._reason(cm, tm)
            if reason is not None:
                self.reasons.add(reason)
            if not self._keep(reason):
                _empty(operator, operands)
        elif operator == b"q":
            self._stack.append(self._state)
        elif operator == b"Q":
            self._state = self._stack.pop() if self._stack else _State()
        elif operator == b"Tr":
            self._state = replace(self._state, mode=int(operands[0]))
        elif operator == b"Tf":
            self._state = replace(self._state, size=float(operands[1]))
        elif operator in _FILLS:
            self._state = replace(self._state, white=_is_white(operands))
        elif operator in _PAINTS and (operator in (b"sh", b"Do", b"BI") or not self._state.white):
            self._painted = True

    def _reason(self, cm: Any, tm: Any) -> str | None:
        """Why nobody sees a text that is shown now; None when it is seen."""
        a, b, c, d = _product(tm, cm)
        if self._state.mode in (3, 7):
            return _INVISIBLE
        if abs(self._state.size) * math.sqrt(abs(a * d - b * c)) < LEAST_SIZE:
            return _TINY
        if self._state.white and not self._painted:
            return _WHITE
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        left, bottom, right, top = self._box
        wide, high = right - left, top - bottom
        inside = left - wide <= x <= right and bottom - high <= y <= top + high
        return None if inside else _OUTSIDE


def _product(tm: Any, cm: Any) -> tuple[float, float, float, float]:
    return (
        tm[0] * cm[0] + tm[1] * cm[2],
        tm[0] * cm[1] + tm[1] * cm[3],
        tm[2] * cm[0] + tm[3] * cm[2],
        tm[2] * cm[1] + tm[3] * cm[3],
    )


def _is_white(operands: Any) -> bool:
    """Of one (grey), three (red, green, blue) or four (inks) numbers; a pattern is no white."""
    if not operands or not all(isinstance(o, int | float) for o in operands):
        return False
    numbers = [float(o) for o in operands]
    return all(n <= 0.02 for n in numbers) if len(numbers) == 4 else all(n >= 0.98 for n in numbers)


def _empty(operator: bytes, operands: Any) -> None:
    """Show nothing; the position moves as it would have."""
    from pypdf.generic import ArrayObject, TextStringObject

    operands[-1:] = [ArrayObject() if operator == b"TJ" else TextStringObject("")]


def _refused(code: str, message: str, fix: str) -> Converted:
    return Converted(refused=Remark(code=code, line=1, message=message, fix=fix))
