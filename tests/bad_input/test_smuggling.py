"""Code and SQL in every text of a plan that may be free: it stays text.

A project is generated with a harmless text in each slot and again with a hostile one; both must be
correct TypeScript and do the same: the same statements, members and calls.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.command import fresh_project, rockets, snapshot, sources, write_plan
from tests.typescript import behaviour, parse

from rockets_tools.migrate.static import static_migration
from rockets_tools.plan import read_plan

HOSTILE = {
    "single quote": "'); process.exit(1); ('",
    "double quote": '"); process.exit(1); ("',
    "template": "`); process.exit(1); (` ${process.exit(1)}",
    "comment": "*/ process.exit(1); /* // <!-- -->",
    "lines": "x\nprocess.exit(1);\r\n};\n}\n",
    "backslash": "\\'); process.exit(1); //\\",
    "escape": "\\u0027); process.exit(1); //",
    "SQL": '\'; DROP TABLE "user"; --',
    "SQL dollar": "$$; DROP TABLE \"user\"; $$ '' ''' \\'",
    "jinja": "{{ 7 * 7 }} {% raw %} {# x #}",
    "decorator": "@Module({}) export class X {}",
}
HARMLESS = "a plain text"


def entity(text: str) -> dict[str, Any]:
    """An entity with the text in every slot that takes one."""
    line = text.replace("\n", " ").replace("\r", " ")
    return {
        "entityName": "Book",
        "fields": [
            {"name": "a", "default": text, "apiDescription": text, "apiExample": text},
            {"name": "b", "type": "text", "default": text, "required": False},
            {"name": "c", "type": "json", "default": {text: [text]}, "apiExample": {text: text}},
            {"name": "d", "type": "enum", "enumValues": [line[:60], "other"], "default": line[:60]},
            {"name": "e", "pattern": f"^(?:{re.escape(line)}|x)$", "apiExample": "x"},
        ],
        "acl": {"admin": {"possession": "any", "operations": ["create", "read", "update"]}},
    }


def generated(folder: Path, text: str) -> dict[str, str]:
    """Every source of a project that was generated for `entity(text)`."""
    folder.mkdir()
    project = fresh_project(folder / "shop")
    module = {"name": "Billing", "type": text, "description": text, "pattern": text}
    spec = write_plan(folder / "plan.json", entity(text), nonCrud=[module], sdkVersion="1")
    answer = rockets("orchestrate", "--project", project, "--spec", spec, "--skip-build")
    assert (answer.code, answer.json["success"]) == (0, True), answer.err
    return sources(project)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What all files do when nothing is wrong."""
    texts = generated(tmp_path_factory.mktemp("harmless") / "x", HARMLESS)
    return {path: behaviour(text) for path, text in texts.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_text_stays_text(name: str, tmp_path: Path, harmless: dict[str, list[str]]) -> None:
    texts = generated(tmp_path / "x", HOSTILE[name])
    assert set(texts) == set(harmless)
    for path, text in texts.items():
        assert behaviour(text) == harmless[path], f"{path}:\n{text}"


def test_an_injected_statement_would_be_seen() -> None:
    assert behaviour("const a = 'x';") == behaviour('const b = "y; z()"; // other')
    assert behaviour("const a = 'x';") != behaviour("const a = ''; evil(); '';")
    assert behaviour("const a = `x`;") != behaviour("const a = `${evil()}`;")
    with pytest.raises(AssertionError):
        parse("const a = 'x;")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_sql_in_the_static_migration(name: str) -> None:
    def skeleton(text: str) -> list[str]:
        plan = read_plan(json.dumps({"entities": [entity(text)]})).plan
        return [without_literals(statement) for statement in static_migration(plan).up]

    assert skeleton(HOSTILE[name]) == skeleton(HARMLESS)


def without_literals(statement: str) -> str:
    """SQL as a server reads it: quoted texts and names are one thing each."""
    bare = re.sub(r"E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'", "?", statement, flags=re.DOTALL)
    return re.sub(r'"(?:PK|UQ|IDX|FK|REL|CHK)_[0-9a-f]+"', '"name"', bare)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("name", "X {} process.exit(); class Y"),
        ("name", "X'"),
        ("file", "../outside.ts"),
        ("file", "/etc/outside.ts"),
        ("file", "src/x';process.exit();'.ts"),
    ],
)
def test_answers_of_another_generator_are_not_believed(
    part: str, value: str, tmp_path: Path
) -> None:
    project = fresh_project(tmp_path / "shop")
    before = snapshot(tmp_path)
    rendered = rockets("generate", stdin=json.dumps({"entityName": "Book", "acl": {}})).json
    rendered["wiring"]["module"][part] = value
    answer = rockets("integrate", "--project", project, stdin=json.dumps(rendered))
    assert (answer.code, answer.json["success"]) == (2, False), answer.out
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "path",
    [
        "../outside.ts", "/etc/outside.ts", "src/../../outside.ts", ".git/hooks/pre-commit",
        "node_modules/x/index.js", "link/outside.ts", ".rockets/state.json", "src/app.module.ts",
        "src\\x.ts", "src/x\0.ts",
    ],
)  # fmt: skip
def test_files_of_another_generator_stay_inside(path: str, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (project / "link").symlink_to(outside)
    before = snapshot(tmp_path)
    rendered = rockets("generate", stdin=json.dumps({"entityName": "Book", "acl": {}})).json
    rendered["files"][0] = {"path": path, "content": "process.exit();"}
    answer = rockets("integrate", "--project", project, stdin=json.dumps(rendered))
    assert (answer.code, answer.json["success"]) == (2, False), answer.out
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("path", ["package.json", ".npmrc", "src/main.ts"])
def test_files_of_the_project_are_not_replaced(path: str, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    before = (project / path).read_bytes()
    rendered = rockets("generate", stdin=json.dumps({"entityName": "Book", "acl": {}})).json
    rendered["files"][0] = {"path": path, "content": "process.exit();"}
    answer = rockets("integrate", "--project", project, stdin=json.dumps(rendered))
    (conflict,) = answer.json["conflicts"]
    assert (conflict["code"], conflict["file"]) == ("file-not-generated", path)
    assert (project / path).read_bytes() == before
