"""Every command line an assistant or a person is told to type works as it is written.

The lines are taken out of the shipped texts, their placeholders filled, and run in their order on
real folders. Steps that need Node are left out (`--skip-build`).
"""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.command import ROCKETS, ROOT, environment, fresh_project, write_plan

from rockets_graph.assistant import SKILL, agents_section, shipped

SQL = "create table tag (id uuid primary key, name varchar(80) not null unique);\n"
STATUS = {"doctor": {0, 3}}
"""Exit statuses that are fine; what the doctor says depends on the machine."""


def sections() -> Iterator[tuple[str, str]]:
    """The chapters of each text: what is typed in one goes together."""
    pages = {
        "SKILL.md": shipped(SKILL),
        "AGENTS.md": agents_section(),
        "claude-code.md": (ROOT / "docs/claude-code.md").read_text(encoding="utf-8"),
        "mcp.md": (ROOT / "docs/mcp.md").read_text(encoding="utf-8"),
    }
    for name, page in pages.items():
        for chapter in re.split(r"^(?=## )", page, flags=re.MULTILINE):
            if commands(chapter):
                yield f"{name} {chapter.splitlines()[0]}", chapter


def commands(text: str) -> list[str]:
    """Command lines in shell blocks and in code spans, in their order."""
    found = re.findall(r"^[ ]*(rockets [^\n]+)$|`(rockets [^`]+)`", text, flags=re.MULTILINE)
    lines = [" ".join((block or span).split()) for block, span in found]
    # A bare name of a command in a sentence is no line to type.
    return [line for line in lines if len(line.split()) > 2 or line.split()[1] in {"doctor"}]


CHAPTERS = dict(sections())


def test_the_texts_are_looked_at() -> None:
    lines = [line for chapter in CHAPTERS.values() for line in commands(chapter)]
    assert len(lines) >= 20
    for name in ("from-doc", "orchestrate", "new", "plan", "validate", "mcp", "install-command"):
        assert any(line.split()[1] == name for line in lines), name


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_lines_work(chapter: str, tmp_path: Path) -> None:
    lines = commands(CHAPTERS[chapter])
    (tmp_path / "schema.sql").write_text(SQL)
    (tmp_path / "answers.json").write_text("{}")
    write_plan(tmp_path / "plan.json", {"entityName": "Tag"})
    made = [words for line in lines if (words := line.split())[1] in {"new", "from-doc"}]
    if not made:
        for name in ("shop", "shop-api"):
            fresh_project(tmp_path / name)
    plan_hash = ""
    for line in lines:
        filled = {"DOC": "schema.sql", "PROJECT": "shop", "HASH": plan_hash}
        words = [filled.get(word, word) for word in shlex.split(line)]
        if words[1] in {"orchestrate", "from-doc"}:
            words.append("--skip-build")
        done = subprocess.run(
            [ROCKETS, *words[1:]],
            cwd=tmp_path,
            env=environment(HOME=str(tmp_path / "home")),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in STATUS.get(words[1], {0}), f"{line}\n{done.stderr}{done.stdout}"
        if "--dry-run" in words and words[1] == "from-doc":
            plan_hash = json.loads(done.stdout)["plan"]["hash"]


def test_the_keys_of_the_report_that_are_named_exist(tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    spec = write_plan(tmp_path / "plan.json", {"entityName": "Tag"})
    done = subprocess.run(
        [ROCKETS, "orchestrate", "--project", project, "--spec", spec, "--skip-build"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    text = shipped(SKILL)
    for key in re.findall(r"`summary\.(\w+)`", text):
        assert key in report["summary"], key
    assert "`migration`" in text
    assert "migration" in report


def test_placeholders_are_the_ones_the_text_explains() -> None:
    text = shipped(SKILL)
    used = {w for line in commands(text) for w in line.split() if re.fullmatch("[A-Z]+", w)}
    assert used == {"DOC", "PROJECT", "HASH"}
