"""A fresh project as files: what is written, under which name, and when nothing may be."""

import json
import re
from pathlib import Path

import pytest

from rockets_tools.errors import InputError, MachineError
from rockets_tools.project import new_project
from rockets_tools.project.new import TEMPLATE_NAME, package_name

TEMPLATE = Path(__file__).parents[3] / "tools/rockets_tools/targets/concepta_5/project"


def files_below(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].code


def test_everything_of_the_template_is_written(tmp_path: Path) -> None:
    written = new_project(tmp_path / "shop")
    assert written == sorted(files_below(TEMPLATE)) == sorted(files_below(tmp_path / "shop"))


def test_the_files_every_tool_counts_on_are_there(tmp_path: Path) -> None:
    assert {
        ".env.example",
        ".gitignore",
        ".prettierrc",
        "README.md",
        "db/pglite-server.mjs",
        "db/with-database.mjs",
        "eslint.config.mjs",
        "package-lock.json",
        "package.json",
        "src/admin.ts",
        "src/app.acl.ts",
        "src/app.module.ts",
        "src/config/typeorm.settings.ts",
        "src/main.ts",
        "src/ormconfig.ts",
        "tsconfig.json",
    } <= set(new_project(tmp_path / "shop"))


def test_the_package_is_called_like_the_directory(tmp_path: Path) -> None:
    new_project(tmp_path / "My Shop!")
    files = files_below(tmp_path / "My Shop!")
    assert json.loads(files["package.json"])["name"] == "my-shop"
    lock = json.loads(files["package-lock.json"])
    assert lock["name"] == lock["packages"][""]["name"] == "my-shop"
    assert files["README.md"].startswith("# my-shop\n")
    assert not any(TEMPLATE_NAME in text for text in files.values())


def test_a_given_name_is_taken_as_it_is(tmp_path: Path) -> None:
    new_project(tmp_path / "x", "@acme/shop")
    assert json.loads((tmp_path / "x/package.json").read_text())["name"] == "@acme/shop"


@pytest.mark.parametrize(
    "name", ["", "Shop", "a b", "../x", ".x", "node_modules", 'a", "scripts": {}', "a" * 215, "a\n"]
)
def test_a_bad_name_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as error:
        new_project(tmp_path / "x", name)
    assert code_of(error) == "name-invalid"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("shop", "shop"),
        ("Größe & Käse", "groe-kase"),
        ("__x__", "x"),
        ("商店", TEMPLATE_NAME),
        ("", TEMPLATE_NAME),
        ("node_modules", TEMPLATE_NAME),
        ("a" * 300, "a" * 214),
    ],
)
def test_any_directory_name_gives_a_package_name(text: str, name: str) -> None:
    assert package_name(text) == name


@pytest.mark.parametrize("path", ["notes.txt", "src/x.ts", ".env", "node_modules/x/index.js"])
def test_a_directory_with_something_in_it_is_refused_and_left_alone(
    tmp_path: Path, path: str
) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(b"\xff mine")
    with pytest.raises(InputError) as error:
        new_project(tmp_path)
    assert code_of(error) == "directory-not-empty"
    assert path in str(error.value)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [tmp_path / path]


def test_a_project_is_refused_even_when_it_is_untouched(tmp_path: Path) -> None:
    new_project(tmp_path / "shop")
    with pytest.raises(InputError) as error:
        new_project(tmp_path / "shop")
    assert code_of(error) == "directory-not-empty"


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")
    with pytest.raises(InputError) as error:
        new_project(tmp_path / "shop")
    assert code_of(error) == "directory-is-file"
    assert (tmp_path / "shop").read_text() == "mine"


def test_a_link_in_the_directory_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/src").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        new_project(tmp_path / "shop")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_repository_and_the_state_of_a_run_may_be_there(tmp_path: Path) -> None:
    for path in (".git/HEAD", ".rockets/state.json"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text("{}")
    new_project(tmp_path)
    assert (tmp_path / ".git/HEAD").read_text() == "{}"
    assert (tmp_path / "package.json").exists()


def test_an_interrupted_call_is_completed(tmp_path: Path) -> None:
    """Whatever prefix of the files a killed run left, and a half-written one, the tree is whole."""
    new_project(tmp_path / "whole")
    whole = files_below(tmp_path / "whole")
    order = [path for path in sorted(whole) if path != "package.json"]
    for count in range(0, len(order), 7):
        shop = tmp_path / str(count) / "whole"
        for path in order[:count]:
            (shop / path).parent.mkdir(parents=True, exist_ok=True)
            (shop / path).write_text(whole[path], encoding="utf-8", newline="")
        half = shop / f"{order[count]}.4711.tmp"
        half.parent.mkdir(parents=True, exist_ok=True)
        half.write_text("half")
        new_project(shop)
        assert files_below(shop) == whole


def test_the_manifest_comes_last(tmp_path: Path) -> None:
    """A directory with a package.json is a whole project, wherever the run was killed."""
    new_project(tmp_path / "shop")
    times = {
        path: (tmp_path / "shop" / path).stat().st_mtime_ns
        for path in files_below(tmp_path / "shop")
    }
    assert max(times, key=lambda path: (times[path], path == "package.json")) == "package.json"


def test_paths_of_this_machine_and_registries_are_in_no_file() -> None:
    for path, text in files_below(TEMPLATE).items():
        assert '"resolved"' not in text, path
        assert str(TEMPLATE.parents[4]) not in text, path
        hosts = set(re.findall(r"https?://([\w.-]+)", text))
        allowed = {"127.0.0.1", "github.com", "opencollective.com", "paulmillr.com"}
        assert path == "package-lock.json" or hosts <= allowed, (path, hosts)


def test_what_the_disk_refuses_is_a_machine_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(MachineError):
        new_project(tmp_path / "file" / "shop")


def test_what_was_generated_is_for_the_repository_and_what_ran_is_not(tmp_path: Path) -> None:
    new_project(tmp_path / "api")
    ignored = (tmp_path / "api/.gitignore").read_text(encoding="utf-8").split()
    assert ".rockets/" not in ignored
    assert {".rockets/runs/", ".rockets/run.lock", ".env"} <= set(ignored)
