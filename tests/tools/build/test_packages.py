"""Installing: what is there, and what npm's failures become."""

import json
from pathlib import Path

import pytest

from rockets_tools.build import install, needs_install
from rockets_tools.errors import GateError, MachineError
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools, find_node


def lock(**versions: object) -> str:
    packages = {
        f"node_modules/{name.replace('_', '-')}": entry
        if isinstance(entry, dict)
        else {"version": entry}
        for name, entry in versions.items()
    }
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, **packages}})


@pytest.fixture
def files(tmp_path: Path) -> ProjectFiles:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text(lock(pg="8.0.0", typeorm="0.3.0"))
    return ProjectFiles(tmp_path)


def installed(files: ProjectFiles, text: str | None) -> None:
    folder = files.root / "node_modules"
    folder.mkdir()
    if text is not None:
        (folder / ".package-lock.json").write_text(text)


def test_nothing_there_needs_an_install(files: ProjectFiles) -> None:
    assert needs_install(files)


def test_an_install_that_was_killed_needs_another(files: ProjectFiles) -> None:
    installed(files, None)
    assert needs_install(files)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lock(pg="8.0.0", typeorm="0.3.0"), False),
        (lock(pg="8.0.0", typeorm="0.3.0", extra="1.0.0"), False),
        (lock(pg="8.0.0"), True),
        (lock(pg="8.0.1", typeorm="0.3.0"), True),
        (lock(pg={"link": True, "resolved": "../pg"}, typeorm="0.3.0"), False),
        ("not json", True),
        ("[]", True),
    ],
)
def test_what_is_there_is_held_against_the_lock(
    files: ProjectFiles, found: str, *, expected: bool
) -> None:
    installed(files, found)
    assert needs_install(files) is expected


def test_a_package_of_another_platform_is_not_missed(files: ProjectFiles) -> None:
    files.write("package-lock.json", lock(pg="8.0.0", other={"version": "1.0.0", "optional": True}))
    installed(files, lock(pg="8.0.0"))
    assert not needs_install(files)


def npm(folder: Path, script: str) -> NodeTools:
    """A program that speaks as npm does."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return NodeTools(node=Path("/bin/false"), npm=(str(program),), version="22.0.0", origin="test")


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("npm error code EUSAGE", GateError, "lock-out-of-step"),
        ("npm error code ENOTFOUND", MachineError, "npm-offline"),
        ("npm ERR! code ENOTCACHED", MachineError, "npm-offline"),
        ("npm error code E503", MachineError, "npm-offline"),
        ("npm error code ENOSPC", MachineError, "disk"),
        ("npm error code EACCES", MachineError, "disk"),
        ("npm error code EBADENGINE", MachineError, "node-too-old"),
        ("npm error code EINTEGRITY", GateError, "package-not-intact"),
        ("npm error something new", GateError, "npm-failed"),
    ],
)
def test_what_npm_says_becomes_an_error_to_act_on(
    files: ProjectFiles, said: str, kind: type[Exception], code: str
) -> None:
    node = npm(files.root, f"echo '{said}' >&2\nexit 1")
    with pytest.raises(kind) as caught:
        install(files, node)
    assert isinstance(caught.value, GateError | MachineError)
    assert caught.value.problems[0].code == code


def test_npm_is_called_without_scripts_and_secrets(
    files: ProjectFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "very-secret")
    monkeypatch.setenv("NPM_TOKEN", "very-secret")
    lines: list[str] = []
    install(files, npm(files.root, 'echo "$@"; env'), lines.append)
    assert lines[0].startswith("ci --ignore-scripts --prefer-offline")
    assert not any("very-secret" in line for line in lines)


def test_no_lock_is_said_before_npm_runs(files: ProjectFiles) -> None:
    files.delete("package-lock.json")
    with pytest.raises(GateError) as caught:
        install(files, npm(files.root, "touch ran"))
    assert caught.value.problems[0].code == "lock-missing"
    assert not (files.root / "ran").exists()


@pytest.mark.node
def test_a_real_lock_out_of_step(files: ProjectFiles) -> None:
    files.write("left/package.json", json.dumps({"name": "left", "version": "1.0.0"}))
    files.write("package.json", json.dumps({"name": "x", "dependencies": {"left": "file:./left"}}))
    files.write(
        "package-lock.json",
        json.dumps({"name": "x", "lockfileVersion": 3, "packages": {"": {"name": "x"}}}),
    )
    with pytest.raises(GateError) as caught:
        install(files, find_node())
    assert caught.value.problems[0].code == "lock-out-of-step"
