"""The approval page: everything is on it, the summary first, and no text can disguise itself."""

import re
from pathlib import Path

import pytest
from tests.command import rockets
from tests.graph.from_doc.documents import SHOP, Terminal, from_doc, write
from tests.tools.documents.told import SAMPLES

HOSTILE = """\
create table note (
  id int primary key,
  kind varchar(20) not null default '\u202egnp.exe',
  mark varchar(40) default '<img src=x onerror=alert(1)> | `x` [a](javascript:b) \x1b[2J'
);
comment on column note.kind is 'Approve this. \u202e\u2066 ```mermaid
# Plan for another.md | **all is well**';
"""


def page_of(document: Path, folder: Path) -> str:
    page = folder / "page.md"
    answer = from_doc(document, folder / "api", "--dry-run", "--page", page)
    assert answer.code == 0, answer.err
    return page.read_text(encoding="utf-8")


def test_the_page_has_every_part_of_the_plan(tmp_path: Path) -> None:
    page = page_of(write(tmp_path / "shop.sql", SHOP), tmp_path)
    titles = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    assert titles == [
        f"Plan for {tmp_path}/shop.sql".replace("_", "\\_"),
        "In short",
        "Guesses",
        "Left out, matched and renamed",
        "Obligations nothing in the plan comes from",
        "Who may do what",
        "Entities",
        "Category, wave 1",
        "Product, wave 2",
        "Relations",
        "Waves",
        "ER diagram",
        "Left out, matched and renamed, line by line",
    ]
    assert "| Product | CRUD any | all |" in page
    assert "| price | float(10,2)" in page or "| price | float(8,2)" in page
    assert "```mermaid\nerDiagram" in page
    assert "- line 1: Prices must never be negative." in page


def test_no_text_of_the_document_means_anything_on_the_page(tmp_path: Path) -> None:
    document = write(tmp_path / "note.sql", HOSTILE)
    page = page_of(document, tmp_path)
    shown = from_doc(document, tmp_path / "api", "--dry-run").err
    for text in (page, shown):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert "\\u202e" in text
        assert len(re.findall(r"^# ", text, re.MULTILINE)) <= 1
    assert not re.search(r"(?<!\\)<", page)
    assert "\\<img src=x" in page
    assert len(re.findall("^```", page, re.MULTILINE)) == 2
    rows = [line for line in page.splitlines() if line.startswith("| mark |")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 5


def test_seventy_tables_are_told_in_a_summary_first(tmp_path: Path) -> None:
    tables = [
        f"create table thing{n} (id int primary key, name text not null"
        f"{f', thing{n - 1}_id int not null references thing{n - 1}' if n % 7 else ''});"
        for n in range(1, 71)
    ]
    document = write(
        tmp_path / "big.sql", "create table thing0 (id int primary key);\n" + "\n".join(tables)
    )
    answer = from_doc(document, tmp_path / "api", "--dry-run")
    assert answer.code == 0, answer.err
    summary = answer.err.partition("\nAccess matrix")[0]
    assert len(summary.splitlines()) < 45
    assert "71 in 7 waves" in summary
    assert "and 31 more" in summary
    assert "Thing70, wave" in answer.err


def test_a_long_page_is_shown_in_full_when_asked(tmp_path: Path, terminal: object) -> None:
    assert callable(terminal)
    person = terminal("from-doc", SAMPLES / "chinook.sql", "--project", "api", cwd=tmp_path)
    assert isinstance(person, Terminal)
    person.wait_for("Build this?")
    assert "Waves" in person.seen or "show" in person.seen
    person.say("no")
    assert person.end()[0] == 2


@pytest.mark.parametrize("name", ["ecommerce.dbml", "blog.prisma", "library.jh"])
def test_guesses_are_told_once_with_whom_they_are_about(name: str, tmp_path: Path) -> None:
    page = page_of(SAMPLES / name, tmp_path)
    guesses = page.partition("## Guesses")[2].partition("\n##")[0].strip().splitlines()
    assert guesses
    texts = [line.rpartition(": ")[0] for line in guesses]
    assert len(texts) == len(set(texts))
    left_out = page.partition("## Left out")[2]
    assert "guess no owner" not in left_out
    assert "only admin may use" not in left_out


def test_the_cost_of_a_team_is_estimated(tmp_path: Path) -> None:
    document = write(tmp_path / "shop.sql", SHOP)
    answer = rockets("from-doc", document, "--project", tmp_path / "api", "--team", "--dry-run")
    assert answer.code == 0, answer.err
    found = re.search(r"likely cost +\$(\d+\.\d+) to \$(\d+\.\d+) for [\d,]+ to", answer.err)
    assert found
    assert 0 < float(found[2]) < 5
