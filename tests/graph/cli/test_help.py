"""What a person reads first: every command has examples, those and the README's are valid."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.command import ROCKETS, ROOT, environment, rockets

from rockets_graph.cli import rockets as command_tree

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


ALL = list(commands(command_tree, ("rockets",)))


def examples(text: str) -> list[str]:
    """Command lines of an indented block or of shell blocks, comments left out."""
    lines = [line.strip() for line in text.splitlines()]
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("rockets ")]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_help_has_examples_that_are_valid(path: tuple[str, ...]) -> None:
    answer = rockets(*path[1:], "--help")
    assert answer.code == 0
    assert answer.err == ""
    assert max(map(len, answer.out.splitlines())) <= 100
    shown = examples(answer.out.partition("Examples:")[2])
    assert shown
    for line in shown:
        understood(line)


def understood(line: str) -> None:
    """Every command of a shell line exists and takes its options, without running it."""
    for part in line.split("|"):
        words = shlex.split(re.sub(r"[<>] *\S+", "", part))
        assert words[0] == "rockets", line
        context = click.Context(command_tree, info_name="rockets")
        command: click.Command = command_tree
        rest = words[1:]
        while isinstance(command, click.Group):
            _, found, rest = command.resolve_command(context, rest)
            assert found is not None, line
            command = found
        command.make_context(command.name, rest, parent=context)


def test_the_commands_of_the_readme_are_valid() -> None:
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
        for line in examples(block)
    ]  # fmt: skip
    assert len(lines) >= 6
    for line in lines:
        understood(line)


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z][a-z-]*)", README)) - {"and"}
    assert {"demo", "test", "install", "check", "bench"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_options_of_the_readme_exist() -> None:
    listed = re.findall(r"^\| (`rockets .*?) \| (.*) \|$", README, re.MULTILINE)
    assert len(listed) >= 6
    for command, what in listed:
        name = re.split(r"[ `]", command)[2]
        options = re.findall(r"--[a-z-]+", command + " " + what)
        assert name in command_tree.commands
        given = {
            o for p in command_tree.commands[name].params for o in (*p.opts, *p.secondary_opts)
        }
        if name not in {"generate", "plan"}:
            assert set(options) <= given, (name, set(options) - given)


def test_the_plan_of_the_readme_works(tmp_path: Path) -> None:
    (plan,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    (tmp_path / "plan.json").write_text(plan, encoding="utf-8")
    assert json.loads(plan)["entities"]
    # The lines of "Use it", in their order, on this plan; without the steps that need Node.
    use_it = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)[1]
    for line in examples(use_it):
        extra = " --skip-build" if " orchestrate " in line else ""
        done = subprocess.run(
            [ROCKETS, *shlex.split(line + extra)[1:]],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, line + done.stderr
        assert json.loads(done.stdout)


def test_version() -> None:
    assert re.fullmatch(r"rockets, version \d+\.\d+\.\d+\n", rockets("--version").out)
