"""PDF and DOCX files made by hand, as small as they can be."""

import io
import zipfile
from collections.abc import Mapping, Sequence

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = """<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType=\
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml" Type=\
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word document with this content of `w:body` and these more parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("word/document.xml", story(body))
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return file.getvalue()


def story(body: str, root: str = "document", prologue: str = "") -> str:
    inner = f"<w:body>{body}</w:body>" if root == "document" else body
    return f'<?xml version="1.0"?>{prologue}<w:{root} {_W}>{inner}</w:{root}>'


def paragraph(*runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(run(c))}</w:tc>" for c in cells) + "</w:tr>"


def page(*lines: str, more: str = "") -> bytes:
    """Content of a page of PDF; `more` is operators of one's own."""
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return f"BT /F1 11 Tf 50 800 Td 14 TL\n{shown}ET\n{more}".encode("latin-1")


def pdf(pages: Sequence[bytes], *, trailer: str = "", annotation: str = "") -> bytes:
    objects: list[bytes] = [b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    root = 2 + 2 * len(pages)
    kids: list[bytes] = []
    notes = f"/Annots[<</Type/Annot/Subtype/Text/Contents({annotation})>>]" if annotation else ""
    for content in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 1 0 R>>>>%s>>" % (root, len(objects), notes.encode())
        )
        kids.append(b"%d 0 R" % len(objects))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(kids)))
    objects.append(b"<</Type/Catalog/Pages %d 0 R>>" % root)
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"trailer<</Size %d/Root %d 0 R%s>>" % (size, root + 1, trailer.encode())
    return out + end + b"\nstartxref\n%d\n%%%%EOF" % start
