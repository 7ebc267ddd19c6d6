"""What a command prints and where: one JSON document on stdout when piped, the rest on stderr."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.command import (
    ROCKETS,
    ROOT,
    environment,
    fresh_project,
    rockets,
    snapshot,
    sources,
    write_plan,
)

from rockets_graph.options import Options

SHOP = ROOT / "examples/shop.plan.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fresh_project(tmp_path / "shop")


def on_a_terminal(*arguments: object) -> str:
    """What a person sees: both streams on one terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [ROCKETS, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(COLUMNS="120", TERM="xterm"),
    ) as run:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if not part:
                break
            seen += part
        os.close(ours)
    assert run.returncode == 0, seen
    return seen.decode()


PIPED = [
    ("plan", "check", SHOP),
    ("plan", "show", SHOP),
    ("plan", "schema"),
    ("graph", "--json"),
    ("doctor",),
]


@pytest.mark.parametrize("arguments", PIPED, ids=lambda a: " ".join(map(str, a[:2])))
def test_piped_stdout_is_one_json_document(arguments: tuple[object, ...]) -> None:
    answer = rockets(*arguments)
    assert answer.code == 0, answer.err
    assert isinstance(answer.json, dict)
    assert "\x1b" not in answer.out + answer.err


def test_a_run_reports_on_stdout_and_tells_on_stderr(project: Path) -> None:
    run = ("orchestrate", "--project", project, "--spec", SHOP, "--skip-build")
    answer = rockets(*run)
    assert answer.json["success"] is True
    for line in ("wave 1/3: category, tag", "wave 3/3: passed", "entities: 5 of 5 completed"):
        assert line in answer.err
        assert line not in answer.out
    assert "\x1b" not in answer.out + answer.err


def test_on_a_terminal_there_is_no_json_unless_asked(project: Path) -> None:
    seen = on_a_terminal("orchestrate", "--project", project, "--spec", SHOP, "--dry-run")
    assert '"success"' not in seen
    assert "product-tag, review" in seen
    asked = on_a_terminal("plan", "check", SHOP, "--json")
    assert json.loads(asked)["success"] is True
    assert "is a valid plan" in on_a_terminal("plan", "check", SHOP)


def test_schema_is_of_the_examples() -> None:
    schema = rockets("plan", "schema").json
    for example in sorted((ROOT / "examples").glob("*.plan.json")):
        jsonschema.validate(json.loads(example.read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"entities": [{"fields": []}]}, schema)


def test_plan_check_and_show_agree() -> None:
    checked, shown = rockets("plan", "check", SHOP).json, rockets("plan", "show", SHOP).json
    assert checked["waves"] == shown["waves"]
    assert shown["mermaid"].startswith("erDiagram")
    assert rockets("plan", "show", SHOP, "--mermaid").out == shown["mermaid"] + "\n"


def test_generate_pipes_into_integrate(project: Path, tmp_path: Path) -> None:
    plan = json.loads(SHOP.read_text())
    tag = next(e for e in plan["entities"] if e["entityName"] == "Tag")
    (tmp_path / "entity.json").write_text(json.dumps(tag))
    line = f"'{ROCKETS}' generate < entity.json | '{ROCKETS}' integrate --project '{project}'"
    shell = ["sh", "-c", line]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert (answer["success"], answer["conflicts"]) == (True, [])
    assert {a["file"] for a in answer["actions"]} >= {"src/app.module.ts", "src/app.acl.ts"}
    whole = fresh_project(tmp_path / "whole")
    spec = write_plan(tmp_path / "plan.json", tag)
    assert rockets("orchestrate", "--project", whole, "--spec", spec, "--skip-build").code == 0
    assert sources(project) == sources(whole)
    before = snapshot(project)
    subprocess.run(shell, cwd=tmp_path, capture_output=True, check=True)
    assert snapshot(project) == before


def test_validate_in_each_format(project: Path) -> None:
    (project / "src/x.service.ts").write_text("import x from '@nestjs/common/dist/x';\n")
    found = rockets("validate", "--project", project)
    (issue,) = found.json["issues"]
    assert (found.code, found.json["passed"]) == (1, False)
    assert (issue["rule"], issue["line"]) == ("dist-import", 1)
    sarif = rockets("validate", "--project", project, "--format", "sarif").json
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], place["region"]["startLine"]) == ("dist-import", 1)
    assert place["artifactLocation"]["uri"] == "src/x.service.ts"
    table = rockets("validate", "--project", project, "--format", "table")
    assert "dist-import" in table.out + table.err
    only = rockets("validate", "--project", project, "--files", "src/main.ts")
    assert only.json["issues"] == []


def test_new_says_what_it_wrote(tmp_path: Path) -> None:
    answer = rockets("new", tmp_path / "Shop API")
    assert (answer.code, answer.json["installed"]) == (0, False)
    written = {path for path, what in snapshot(tmp_path / "Shop API").items() if what != "folder"}
    assert set(answer.json["files"]) == written
    assert json.loads((tmp_path / "Shop API/package.json").read_text())["name"] == "shop-api"


def test_graph_is_mermaid(tmp_path: Path) -> None:
    text = rockets("graph", "--sequential").out
    assert rockets("graph", "--sequential", "--json").json["mermaid"] + "\n" == text
    for node in ("lead_plan", "integrate", "validate", "tester", "builder"):
        assert node in text
    drawing = tmp_path / "team.svg"
    answer = rockets("graph", "--png", drawing, env=environment(PATH=str(tmp_path)))
    assert (answer.code, drawing.exists()) == (3, False)
    assert "Graphviz" in answer.err


def test_doctor_says_what_there_is(tmp_path: Path) -> None:
    checks: dict[str, dict[str, Any]] = {c["name"]: c for c in rockets("doctor").json["checks"]}
    assert {"python", "node", "npm", "database", "api-key", "graphviz"} == set(checks)
    assert re.search(r"\d+\.\d+\.\d+ from ", checks["node"]["detail"])
    for check in checks.values():
        assert check["ok"] or check["fix"]
    key = rockets("doctor", env=environment(ANTHROPIC_API_KEY="sk-very-secret"))
    assert "sk-very-secret" not in key.out + key.err


def test_a_reader_that_goes_away_is_no_defect() -> None:
    line = f"'{ROCKETS}' plan schema | head -c 10"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (len(done.stdout), done.stderr) == (10, "")


def test_a_group_without_a_command_shows_its_help_and_one_problem() -> None:
    for words in ((), ("plan",), ("trace",)):
        answer = rockets(*words)
        assert (answer.code, answer.found) == (2, [("usage", None)])
        assert "Commands:" in answer.err


def test_the_list_of_commands_says_what_each_does() -> None:
    for words in ((), ("plan",), ("trace",)):
        assert "..." not in rockets(*words, "--help").out.replace("[ARGS]...", "")


def test_a_misspelt_command_of_plan_is_not_taken_for_a_document() -> None:
    answer = rockets("plan", "chek", SHOP)
    assert answer.code == 2
    assert "Did you mean check?" in answer.err
    assert rockets("plan", "schema.nothing").found[0][0] == "file-not-found"


def test_a_picture_of_no_known_form_prints_one_document() -> None:
    answer = rockets("graph", "--png", "graph.gif")
    assert (answer.code, answer.found[0][0]) == (2, "picture-format")


def test_validate_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    project = tmp_path / "api"
    rockets("new", project)
    answer = rockets("validate", "--project", project, "--files", "src/nope.ts")
    assert (answer.code, answer.found[0][0]) == (2, "file-not-found")


def test_a_dry_run_says_what_it_would_do(tmp_path: Path) -> None:
    project = tmp_path / "api"
    rockets("new", project)
    answer = rockets("orchestrate", "--project", project, "--spec", SHOP, "--dry-run")
    assert "would generate 5 of 5 entities in 3 waves; nothing was written" in answer.err


def test_a_green_run_says_what_was_skipped_and_how_to_do_it(project: Path) -> None:
    answer = rockets("orchestrate", "--project", project, "--spec", SHOP, "--skip-build")
    assert answer.json["success"]
    last = answer.err.splitlines()[-1]
    assert last.startswith("skipped: migration, build, smoke test; to do it: rockets orchestrate")
    assert last.endswith("--resume")


def test_the_next_command_names_the_plan_that_is_not_in_force_yet(tmp_path: Path) -> None:
    options = Options(project=tmp_path, spec=SHOP)
    assert "--spec" in options.resume_command(with_spec=True)
    assert "--spec" not in options.resume_command()
