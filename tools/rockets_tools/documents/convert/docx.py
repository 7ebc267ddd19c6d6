"""DOCX through mammoth: hidden runs are taken out before it reads, comments and changes told."""

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import Protocol
from xml.etree import ElementTree as ET

from rockets_tools.documents.convert import Converted, Remark
from rockets_tools.documents.convert.hidden import Hidden
from rockets_tools.documents.convert.html import markdown

MAX_UNPACKED = 100_000_000
MAX_PARTS = 5000
MAX_DEPTH = 200
"""Of nested elements; Word's own stay below 50."""
LEAST_SIZE = 4
"""Half points; smaller text is read by nobody."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORY = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml")
_OLE = b"\xd0\xcf\x11\xe0"


class _Result(Protocol):
    value: str


def read_docx(data: bytes) -> Converted:
    """The body of a Word document with its notes; headers, footers and pictures are not read."""
    if data[:4] == _OLE:
        return _refused(
            "document-encrypted",
            "The document is encrypted, or in Word's old format.",
            "Save it as DOCX without a password.",
        )
    hidden = Hidden()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            return _refused(
                "document-too-large",
                "The document is far larger unpacked than a document is.",
                "Leave out pictures, or save it as text.",
            )
        clean = _without_hidden(archive, hidden)
    to_html: Callable[..., _Result] = import_module("mammoth").convert_to_html
    page = to_html(clean, include_embedded_style_map=False, convert_image=_no_image)
    text = markdown(page.value, hidden)
    if not text.strip():
        return _refused(
            "document-scanned",
            "The document has no text; perhaps its pages are pictures.",
            "Run a text recognition over it first, or give the text.",
        )
    return Converted(text=text, remarks=hidden.remarks())


def _no_image(_: object) -> list[object]:
    return []


def _without_hidden(archive: zipfile.ZipFile, hidden: Hidden) -> io.BytesIO:
    """The same document, of which only what is seen is left; pictures are dropped unread."""
    from defusedxml.ElementTree import fromstring

    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w") as copy:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = fromstring(archive.read(name), forbid_dtd=True)
            if _STORY.fullmatch(name):
                _strip(root, hidden)
            elif name == "word/comments.xml":
                for comment in root.iter(f"{_W}comment"):
                    hidden.add("comments", _said(comment))
            copy.writestr(name, ET.tostring(root))
    return clean


def _strip(root: ET.Element, hidden: Hidden) -> None:
    todo: list[tuple[ET.Element, bool, int]] = [(root, False, 0)]
    while todo:
        element, shaded, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        shaded = shaded or element.tag == f"{_W}tc" or _has_shade(element)
        for child in list(element):
            if child.tag in (f"{_W}del", f"{_W}moveFrom"):
                hidden.add("text deleted in tracked changes", _said(child, "delText", "t"))
                continue
            reason = _reason(child, shaded=shaded) if child.tag == f"{_W}r" else None
            if reason is None:
                todo.append((child, shaded, depth + 1))
            else:
                hidden.add(reason, _said(child))
                element.remove(child)


def _reason(run: ET.Element, *, shaded: bool) -> str | None:
    """Why nobody sees the run; None when it is seen."""
    style = run.find(f"{_W}rPr")
    if style is None:
        return None
    vanish, color, size = (style.find(f"{_W}{name}") for name in ("vanish", "color", "sz"))
    if vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off"):
        return "hidden text"
    if size is not None and int(size.get(f"{_W}val") or LEAST_SIZE) < LEAST_SIZE:
        return "text too small to read"
    white = color is not None and (color.get(f"{_W}val") or "").upper() == "FFFFFF"
    if white and not shaded and style.find(f"{_W}highlight") is None and not _shade(style):
        return "text in white on white"
    return None


def _has_shade(element: ET.Element) -> bool:
    properties = element.find(f"{_W}pPr")
    return properties is not None and _shade(properties)


def _shade(properties: ET.Element) -> bool:
    found = properties.find(f"{_W}shd")
    return found is not None and (found.get(f"{_W}fill") or "auto").upper() not in (
        "AUTO",
        "FFFFFF",
    )


def _said(element: ET.Element, *names: str) -> str:
    wanted = {f"{_W}{name}" for name in names or ("t",)}
    return "".join(part.text or "" for part in element.iter() if part.tag in wanted)


def _refused(code: str, message: str, fix: str) -> Converted:
    return Converted(refused=Remark(code=code, line=1, message=message, fix=fix))
