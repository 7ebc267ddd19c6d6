"""The door to a project's files: what it lets through, and what is there after a write."""

import os
from pathlib import Path

import pytest

from rockets_tools.errors import InputError, MachineError
from rockets_tools.files import ProjectFiles


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    (tmp_path / "project").mkdir()
    return ProjectFiles(tmp_path / "project")


OUTSIDE = [
    "",
    ".",
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a\\b",
    "a\0b",
    "C:/x",
    "node_modules/x",
    "a/.git/x",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_paths_that_are_refused(path: str, files: ProjectFiles) -> None:
    for use in (files.path, files.read, files.exists, files.delete):
        with pytest.raises(InputError, match="not a plain path"):
            use(path)
    with pytest.raises(InputError, match="not a plain path"):
        files.write(path, "")
    with pytest.raises(InputError, match="not a plain path"):
        files.create(path, b"")


@pytest.mark.parametrize("path", ["a/b.ts", "./a//b.ts", "a/./b.ts"])
def test_plain_paths(path: str, files: ProjectFiles) -> None:
    files.write(path, "é\r\n")
    assert (files.root / "a/b.ts").read_bytes() == "é\r\n".encode()
    assert files.read(path) == "é\r\n"
    assert files.names("a") == {"b.ts"}


def test_links_inside_are_followed_and_links_outside_refused(
    files: ProjectFiles, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("secret")
    (files.root / "inside").mkdir()
    (files.root / "good").symlink_to("inside")
    (files.root / "evil").symlink_to(tmp_path / "outside")
    (files.root / "file").symlink_to(tmp_path / "outside/secret")
    files.write("good/x", "1")
    assert files.read("inside/x") == "1"
    for path in ("evil/secret", "evil/new/deep", "file"):
        with pytest.raises(InputError, match="not a plain path"):
            files.read(path)
        with pytest.raises(InputError, match="not a plain path"):
            files.write(path, "2")
    with pytest.raises(InputError, match="not a plain path"):
        files.create("evil/x", b"2")
    assert sorted(p.name for p in (tmp_path / "outside").iterdir()) == ["secret"]
    assert (tmp_path / "outside/secret").read_text() == "secret"


def test_create_never_replaces(files: ProjectFiles, tmp_path: Path) -> None:
    files.create("a/b/c", b"1")
    with pytest.raises(MachineError, match="a/b/c"):
        files.create("a/b/c", b"2")
    (files.root / "dangling").symlink_to(files.root / "nowhere")
    with pytest.raises(MachineError):
        files.create("dangling", b"2")
    assert files.read("a/b/c") == "1"
    assert not (files.root / "nowhere").exists()


def test_write_leaves_no_temporary_file(files: ProjectFiles) -> None:
    files.write("a", "1")
    files.write(".rockets/plan.json", "{}")
    files.write("a", "2")
    assert sorted(p.name for p in files.root.iterdir()) == [".rockets", "a"]
    assert not list((files.root / ".rockets/scratch").iterdir())


def test_a_planted_temporary_link_is_not_followed(files: ProjectFiles, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (files.root / ".rockets/scratch").mkdir(parents=True)
    (files.root / f".rockets/scratch/{os.getpid()}-a").symlink_to(victim)
    with pytest.raises((MachineError, InputError)):
        files.write("a", "2")
    assert victim.read_text() == "mine"


def test_what_is_not_there(files: ProjectFiles) -> None:
    assert files.read("x/y") is None
    assert files.read_bytes("x/y") is None
    assert files.names("x") == frozenset()
    files.delete("x/y")
    with pytest.raises(MachineError):
        files.move("x", "y")


def test_not_utf8(files: ProjectFiles) -> None:
    (files.root / "x").write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        files.read("x")
    assert files.read_bytes("x") == b"\xff"
