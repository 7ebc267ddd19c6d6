"""Projects that are none, are not ours to write, or cannot be written."""

import json
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.command import ROCKETS, Answer, environment, fresh_project, rockets, snapshot, write_plan

BOOK = {"entityName": "Book", "acl": {"admin": {"operations": ["read"]}}}
COMMANDS = ("integrate", "validate", "migrate", "smoke", "orchestrate")
ROCKETS_1 = {"dependencies": {"@bitwild/rockets": "1.0.0-alpha.7", "typeorm": "0.3.20"}}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan.json", BOOK)


def ask(command: str, project: Path, spec: Path) -> Answer:
    """Any command on the project, with everything it needs besides."""
    if command == "integrate":
        rendered = rockets("generate", stdin=json.dumps(BOOK)).out
        return rockets(command, "--project", project, stdin=rendered)
    return rockets(command, "--project", project, "--spec", spec)


def no_folder(folder: Path) -> Path:
    return folder / "nowhere"


def empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def manifest(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        empty(folder)
        (folder / "empty/package.json").write_text(text)
        return folder / "empty"

    return make


NOT_OURS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no folder": (no_folder, "project-not-found"),
    "no package.json": (empty, "project-not-found"),
    "not JSON": (manifest("{"), "project-malformed"),
    "an array": (manifest("[]"), "project-malformed"),
    "another framework": (manifest('{"dependencies": {"express": "5"}}'), "project-unknown-target"),
    "rockets-1": (manifest(json.dumps(ROCKETS_1)), "project-unsupported-target"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", NOT_OURS)
def test_not_a_project_of_ours(name: str, command: str, tmp_path: Path, spec: Path) -> None:
    make, code = NOT_OURS[name]
    project = make(tmp_path)
    before = snapshot(tmp_path)
    answer = ask(command, project, spec)
    assert (answer.code, [error["code"] for error in answer.errors]) == (2, [code])
    assert snapshot(tmp_path) == before


def test_a_file_is_no_project(spec: Path) -> None:
    answer = rockets("orchestrate", "--project", spec, "--spec", spec)
    assert (answer.code, answer.found) == (2, [("usage", None)])


@pytest.mark.parametrize("command", ["migrate", "smoke", "orchestrate"])
def test_no_plan_in_force(command: str, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    before = snapshot(project)
    answer = rockets(command, "--project", project)
    assert (answer.code, answer.found) == (2, [("plan-missing", None)])
    assert snapshot(project) == before


def test_new_does_not_write_over_anything(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    before = snapshot(tmp_path)
    for name, code in (("mine", 2), ("file", 2), ("file/below", 3)):
        answer = rockets("new", tmp_path / name)
        assert (answer.code, len(answer.errors)) == (code, 1), name
    for name in ("../Bad Name!", "x'; evil()"):
        assert rockets("new", tmp_path / "fresh", "--name", name).code == 2
    assert snapshot(tmp_path) == before


UNPRIVILEGED = (
    ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    if os.geteuid() == 0
    else []
)
"""Root writes where it may not; without these capabilities it is like anybody."""


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A project that nobody without special rights can write to."""
    project = fresh_project(tmp_path / "shop")
    folders = [project, *(p for p in project.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield project
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.parametrize("command", ["orchestrate", "integrate", "new"])
def test_a_read_only_project(command: str, read_only: Path, spec: Path) -> None:
    before = snapshot(read_only)
    options: tuple[object, ...] = ("--project", read_only)
    if command == "orchestrate":
        options = (*options, "--spec", spec, "--skip-build")
    if command == "new":
        options = (read_only / "below",)
    rendered = rockets("generate", stdin=json.dumps(BOOK)).out
    answer = rockets(command, *options, stdin=rendered, prefix=UNPRIVILEGED)
    assert answer.code == 3, answer.out + answer.err
    (error,) = answer.errors
    assert error["code"] == "disk"
    assert "write permission" in error["fix"]
    assert snapshot(read_only) == before


@pytest.mark.parametrize("limit", [0, 2000, 20_000])
@pytest.mark.parametrize("command", ["orchestrate", "integrate"])
def test_a_disk_that_takes_no_more(command: str, limit: int, tmp_path: Path, spec: Path) -> None:
    """The kernel refuses to let a file grow past `limit` bytes, as a full disk would."""
    project = fresh_project(tmp_path / "shop")
    if command == "integrate" and limit == 20_000:
        (project / "src/app.acl.ts").write_text(
            (project / "src/app.acl.ts").read_text() + "// long\n" * 3000
        )
    options = ["--spec", str(spec), "--skip-build"] if command == "orchestrate" else []
    rendered = rockets("generate", stdin=json.dumps(BOOK)).out
    done = subprocess.run(
        [ROCKETS, command, "--project", str(project), *options],
        input=rendered,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    answer = Answer(code=done.returncode, out=done.stdout, err=done.stderr)
    assert "Traceback" not in answer.err
    assert answer.code == 3, answer.out + answer.err
    assert answer.json["success"] is False
    (error,) = answer.json["errors"]
    assert error["code"] == "disk"
    assert error["message"] in answer.err
    again = (
        ask(command, project, spec)
        if command == "integrate"
        else rockets(
            "orchestrate", "--project", project, "--spec", spec, "--skip-build", "--resume"
        )
    )
    assert (again.code, again.json["success"]) == (0, True), again.err


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", '{"entity": 3}', "\ufeff{", "[" * 100_000]
)
@pytest.mark.parametrize("command", ["generate", "integrate"])
def test_json_that_is_not_what_was_agreed(command: str, text: str, tmp_path: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    before = snapshot(project)
    options = ("--project", project) if command == "integrate" else ()
    answer = rockets(command, *options, stdin=text)
    assert answer.code == 2
    assert answer.errors
    assert snapshot(project) == before


def test_input_that_is_not_there(tmp_path: Path) -> None:
    for name in (tmp_path / "nowhere.json", tmp_path):
        answer = rockets("generate", name)
        assert (answer.code, len(answer.errors)) == (2, 1), name


def test_a_report_without_a_folder(tmp_path: Path, spec: Path) -> None:
    project = fresh_project(tmp_path / "shop")
    before = snapshot(tmp_path)
    answer = rockets(
        "smoke", "--project", project, "--spec", spec, "--junit", tmp_path / "no/where.xml"
    )
    assert (answer.code, answer.found) == (2, [("file-not-found", None)])
    assert snapshot(tmp_path) == before


def test_names_and_numbers_that_are_no_text(tmp_path: Path) -> None:
    answer = rockets("plan", "check", os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))
    assert (answer.code, answer.errors[0]["file"][-6:]) == (2, "\udcff.json"[-6:])
    assert rockets("generate", stdin='{"a": ' + "1" * 6000 + "}").code == 2
