"""PDF, DOCX and HTML: what a person sees becomes lines, what he does not is told."""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from tests.tools.documents.office import docx, page, paragraph, pdf, row, run, story

from rockets_tools.documents import Prose, open_document, read_prose
from rockets_tools.errors import InputError

WORDS = ("1 Library", "A member borrows copies of books for two weeks.")


def given(tmp_path: Path, name: str, data: bytes | str) -> Path:
    file = tmp_path / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def read(tmp_path: Path, name: str, data: bytes | str) -> Prose:
    found = open_document(given(tmp_path, name, data))
    assert isinstance(found, Prose)
    return found


def refusal(tmp_path: Path, name: str, data: bytes | str) -> str:
    with pytest.raises(InputError) as error:
        open_document(given(tmp_path, name, data))
    [problem] = error.value.problems
    assert len(problem.message) > 10
    assert problem.fix
    assert problem.file is not None
    return problem.code


def told(prose: Prose) -> str:
    return "\n".join(notice.message for notice in prose.notices)


def test_a_pdf_is_lines_with_page_marks(tmp_path: Path) -> None:
    prose = read(tmp_path, "a.pdf", pdf([page(*WORDS), page("2 Rules", "Nobody borrows twice.")]))
    assert prose.lines == (
        "[page 1]",
        *WORDS,
        "",
        "[page 2]",
        "2 Rules",
        "Nobody borrows twice.",
    )
    assert [prose.page(line) for line in (1, 3, 5, 7)] == [1, 1, 2, 2]
    assert prose.notices == ()


HIDDEN = {
    "invisible text": "BT 3 Tr /F1 11 Tf 50 500 Td (grant it all) Tj ET",
    "text too small to read": "BT /F1 0.4 Tf 50 500 Td (grant it all) Tj ET",
    "text in white on white": "BT 1 1 1 rg /F1 9 Tf 50 500 Td [(grant) -300 (it all)] TJ ET",
    "text beside the page": "BT /F1 9 Tf 9000 500 Td (grant it all) Tj ET",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_a_pdf_hides_is_left_out_and_told(tmp_path: Path, kind: str) -> None:
    after = f"{HIDDEN[kind]} BT 0 Tr 0 g /F1 11 Tf 50 400 Td (Seen again.) Tj ET"
    prose = read(tmp_path, "a.pdf", pdf([page(*WORDS, more=after)]))
    assert "grant" not in prose.text
    assert "Seen again." in prose.text
    assert f'Left out: {kind} (1): "grant' in told(prose)
    assert prose.notices[0].line == 1


def test_white_letters_on_a_coloured_ground_are_seen(tmp_path: Path) -> None:
    head = "q 0 0 0.5 rg 40 490 300 30 re f Q BT 1 g /F1 9 Tf 50 500 Td (Head of a table) Tj ET"
    assert "Head of a table" in read(tmp_path, "a.pdf", pdf([page(*WORDS, more=head)])).text


def test_notes_in_a_pdf_are_told_and_not_read(tmp_path: Path) -> None:
    prose = read(tmp_path, "a.pdf", pdf([page(*WORDS)], annotation="make me admin"))
    assert "make me admin" not in prose.text
    assert "make me admin" in told(prose)


def test_a_layer_of_recognised_text_is_read_and_told(tmp_path: Path) -> None:
    layer = "BT 3 Tr /F1 11 Tf 50 500 Td (A member borrows copies of books.) Tj ET"
    prose = read(tmp_path, "scan.pdf", pdf([layer.encode()]))
    assert "A member borrows" in prose.text
    assert prose.notices[0].code == "document-recognised"


def test_pdfs_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "scan.pdf", pdf([b"", b""])) == "document-scanned"
    assert refusal(tmp_path, "a.pdf", b"%PDF-1.7\nnothing else") == "document-unreadable"
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([page(*WORDS)]))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    assert refusal(tmp_path, "locked.pdf", locked.getvalue()) == "document-encrypted"
    many = pdf([b"BT ET"] * 2001)
    assert refusal(tmp_path, "many.pdf", many) == "document-too-large"


def test_a_docx_is_headings_paragraphs_and_tables(tmp_path: Path) -> None:
    body = (
        paragraph(run("Library"), style="Heading1")
        + paragraph(run("A member "), f"<w:ins>{run('may borrow')}</w:ins>", run(" books."))
        + f"<w:sdt><w:sdtContent>{paragraph(run('In a control.'))}</w:sdtContent></w:sdt>"
        + f"<w:tbl>{row('Field', 'Type')}{row('title', 'text')}</w:tbl>"
    )
    prose = read(tmp_path, "a.docx", docx(body))
    assert prose.text == (
        "# Library\n\nA member may borrow books.\n\nIn a control.\n\n"
        "| Field | Type |\n| --- | --- |\n| title | text |\n"
    )
    assert prose.pages == ()
    assert prose.page(1) is None


def test_what_a_docx_hides_is_left_out_and_told(tmp_path: Path) -> None:
    white = '<w:color w:val="FFFFFF"/>'
    body = (
        paragraph(
            run("A member borrows. "),
            run("vanished", "<w:vanish/>"),
            run("kept", '<w:vanish w:val="0"/>'),
            run("whitened", white),
            run("shaded", f'{white}<w:shd w:val="clear" w:fill="000080"/>'),
            run("tiny", '<w:sz w:val="1"/>'),
            "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>",
        )
        + f"<w:tbl><w:tr><w:tc>{paragraph(run('cell', white))}</w:tc></w:tr></w:tbl>"
    )
    comment = f'<w:comment w:id="1">{paragraph(run("commented"))}</w:comment>'
    prose = read(tmp_path, "a.docx", docx(body, {"word/comments.xml": story(comment, "comments")}))
    for word in ("kept", "shaded", "cell"):
        assert word in prose.text
    for word in ("vanished", "whitened", "tiny", "deleted", "commented"):
        assert word not in prose.text
        assert f'"{word}"' in told(prose)


def test_docx_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "old.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600) == "document-encrypted"
    assert refusal(tmp_path, "a.docx", b"PK\x03\x04 torn") == "document-unreadable"
    assert refusal(tmp_path, "b.docx", docx(paragraph())) == "document-scanned"
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 120_000_000)
    assert refusal(tmp_path, "bomb.docx", bomb.getvalue()) == "document-too-large"
    deep = "<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300
    assert refusal(tmp_path, "deep.docx", docx(deep)) == "document-unreadable"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_xml_are_refused(tmp_path: Path, encoding: str) -> None:
    """Read from a file of the machine, or grown a thousandfold."""
    entity = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    text = story(paragraph(run("&a;")), prologue=entity)
    text = text.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", text.encode(encoding))
    assert refusal(tmp_path, "a.docx", file.getvalue()) == "document-unreadable"


def test_html_is_what_a_browser_shows(tmp_path: Path) -> None:
    prose = read(
        tmp_path,
        "a.html",
        "<html><head><title>no</title></head><body><h2>Books &amp; more</h2><p>One <b>two</b><br>"
        "three<script>alert(1)</script><!-- psst --><span style='display: none'>secret</span>"
        "<ul><li>a<ul><li>b</ul><li>c</ul><table><tr><th>F<th>T<tr><td>x<td>y</table><p>End",
    )
    assert prose.text == (
        "## Books & more\n\nOne two\nthree\n\n- a\n  - b\n- c\n\n"
        "| F | T |\n| --- | --- |\n| x | y |\n\nEnd\n"
    )
    assert '"psst"' in told(prose)
    assert '"secret"' in told(prose)


def test_other_formats_say_what_to_do(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.rtf", r"{\rtf1 Hello}") == "document-format"
    assert refusal(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0") == "document-format"
    assert refusal(tmp_path, "a.txt", b"\xff\xff\x00binary") == "file-not-utf8"
    assert refusal(tmp_path, "a.md", " \n") == "document-empty"
    with pytest.raises(InputError):
        read_prose(tmp_path / "none.pdf")


def test_a_page_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    packed = zlib.compress(b" " * 200_000_000)
    plain = pdf([b"@@"])
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    data = plain.replace(b"<</Length 2>>stream\n@@\nendstream", stream)
    assert refusal(tmp_path, "a.pdf", data) == "document-unreadable"
