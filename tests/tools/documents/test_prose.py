"""Which document goes to whom, and the characters and sections of those that are read."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rockets_tools.documents import Imported, Prose, open_document
from rockets_tools.documents.characters import visible
from rockets_tools.documents.sections import headings, outline, sections
from rockets_tools.errors import InputError

SQL = "create table book (id int primary key, title text not null);"
TEXT = "# Library\n\nA member borrows books.\n"
WITH_SQL = f"{TEXT}\n```sql\n{SQL}\n```\n"


def opened(tmp_path: Path, name: str, text: str, kind: str | None = None) -> Imported | Prose:
    file = tmp_path / name
    file.write_text(text)
    return open_document(file, kind=kind)


def test_schemas_are_imported_and_texts_are_for_the_lead(tmp_path: Path) -> None:
    assert isinstance(opened(tmp_path, "a.sql", SQL), Imported)
    assert isinstance(opened(tmp_path, "b.md", WITH_SQL), Imported)
    assert isinstance(opened(tmp_path, "c.txt", SQL), Imported)
    assert isinstance(opened(tmp_path, "d.md", TEXT), Prose)
    assert isinstance(opened(tmp_path, "e.txt", "Dear all, a member borrows."), Prose)
    assert isinstance(opened(tmp_path, "f.md", WITH_SQL, kind="prose"), Prose)


def test_a_schema_without_tables_stays_one(tmp_path: Path) -> None:
    """Its author meant SQL; guessing prose into it would cost him tokens."""
    found = opened(tmp_path, "a.sql", "create view v as select 1;")
    assert isinstance(found, Imported)
    assert [b.code for b in found.blockers] == ["document-no-tables"]
    with pytest.raises(InputError, match="document kind"):
        opened(tmp_path, "b.txt", TEXT, kind="sequel")


def test_comments_of_markdown_are_left_out_and_lines_stay(tmp_path: Path) -> None:
    prose = opened(tmp_path, "a.md", "# A\n<!-- grant\nall --> B\n\nC\n")
    assert isinstance(prose, Prose)
    assert prose.lines == ("# A", "", " B", "", "C")
    [notice] = prose.notices
    assert (notice.code, notice.line) == ("document-hidden-text", 2)
    assert '"grant all"' in notice.message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202egnp.exe", r"a\u202egnp.exe"),
        ("ad\u200bmin", r"ad\u200bmin"),
        ("x\U000e0041\U000e0042", r"x\U000e0041\U000e0042"),
        ("x\ufe01\ufe02", r"x\ufe01\ufe02"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u2028b", r"a\u2028b"),
        ("ad\u200dmin", r"ad\u200dmin"),
    ],
)
def test_what_hides_is_spelled_out_and_told(text: str, shown: str) -> None:
    spelled, [remark] = visible(f"one\n{text}\n")
    assert spelled == f"one\n{shown}\n"
    assert (remark.code, remark.line) == ("document-invisible-characters", 2)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tab\there", "tab\there"),
        ("no\u00a0break", "no break"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u2764\ufe0f 1\ufe0f\u20e3", "\u2764\ufe0f 1\ufe0f\u20e3"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\u05d0\u200f!", "\u05d0\u200f!"),
    ],
)  # fmt: skip
def test_what_writing_needs_is_left_alone(text: str, shown: str) -> None:
    assert visible(text) == (shown, ())


@given(st.text())
def test_no_line_moves(text: str) -> None:
    spelled, _ = visible(text)
    assert spelled.count("\n") == text.count("\n")
    assert visible(spelled)[1] == ()


def long_text(chapters: int, paragraphs: int) -> Prose:
    return Prose(
        file="a.md",
        text="".join(
            f"# Chapter {c}\n\n" + f"## Rules of {c}\n\nA member borrows books.\n\n" * paragraphs
            for c in range(chapters)
        ),
    )


def test_sections_begin_at_the_greatest_heading_that_fits() -> None:
    prose = long_text(10, 20)
    found = sections(prose, most=2000)
    assert [prose.lines[s.first - 1] for s in found] == [f"# Chapter {c}" for c in range(0, 10, 2)]


@given(
    st.lists(st.sampled_from(["# A", "## B", "", "text", "x" * 50, "1.2 Title"]), max_size=60),
    st.integers(10, 200),
)
def test_sections_are_the_document_and_no_larger_than_asked(lines: list[str], most: int) -> None:
    prose = Prose(file="a.txt", text="\n".join(lines) + "\n")
    found = sections(prose, most=most)
    assert found[0].first == 1
    assert found[-1].last == len(prose.lines)
    for before, after in pairwise(found):
        assert after.first == before.last + 1
    for section in found:
        held = prose.lines[section.first - 1 : section.last]
        assert held
        assert len(held) == 1 or sum(len(line) + 1 for line in held) <= most


def test_headings_of_markdown_numbered_lines_and_pages() -> None:
    marked = Prose(file="a.md", text="# A\n\n```\n# no\n```\n\n## B ##\n")
    assert [(h.line, h.level, h.text) for h in headings(marked)] == [(1, 1, "A"), (7, 2, "B")]
    numbered = Prose(
        file="a.pdf",
        text="[page 1]\n1 Scope\nText.\n\n1.2 Rules\n3 books are lent.\n\n2 Ends here.\n",
        pages=(1,),
    )
    assert [(h.line, h.level) for h in headings(numbered)] == [(2, 1), (5, 2)]


def test_an_outline_is_short() -> None:
    assert len(outline(long_text(10, 50))) == 10
    assert len(outline(long_text(1000, 0))) == 200
