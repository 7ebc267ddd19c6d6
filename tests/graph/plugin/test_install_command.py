"""`rockets install-command`: what it writes, what it leaves, what it refuses."""

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.command import environment, rockets, snapshot

from rockets_graph import assistant
from rockets_graph.assistant.install import BEGIN, END

SKILL = ".claude/skills/rockets-from-doc/SKILL.md"
HOOK = ".claude/hooks/rockets_check_edit.py"
SETTINGS = ".claude/settings.json"
ALL = ("--hooks", "--agents")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def install(project: Path, *options: str) -> Any:
    answer = rockets("install-command", "--project", project, *options)
    assert answer.code == 0, answer.err
    return answer.json


def test_the_command_is_the_plugins_own(project: Path) -> None:
    told = install(project)
    assert told["written"] == [SKILL]
    assert (project / SKILL).read_text() == assistant.shipped(assistant.SKILL)
    assert [path.name for path in project.iterdir()] == [".claude"]


def test_all_of_it_twice_is_once(project: Path) -> None:
    told = install(project, *ALL)
    assert told["written"] == [HOOK, SETTINGS, SKILL, "AGENTS.md"]
    before = snapshot(project)
    again = install(project, *ALL)
    assert (again["written"], again["unchanged"]) == ([], told["written"])
    assert snapshot(project) == before


def test_a_dry_run_writes_nothing(project: Path) -> None:
    told = install(project, *ALL, "--dry-run")
    assert told["dryRun"] is True
    assert SKILL in told["written"]
    assert list(project.iterdir()) == []


def test_settings_keep_everything(project: Path) -> None:
    other = {"matcher": "Bash", "hooks": [{"type": "command", "command": "true"}]}
    settings = {
        "$schema": "https://json.schemastore.org/claude-code-settings.json",
        "permissions": {"allow": ["Bash(npm test)"], "deny": ["Read(.env)"]},
        "hooks": {"Stop": [other], "PostToolUse": [other]},
        "model": "opus",
        "name": "Žluťoučký",
        "big": 12345678901234567890,
        "small": 0.1,
    }
    path = project / SETTINGS
    path.parent.mkdir()
    path.write_text(json.dumps(settings, indent=4, ensure_ascii=False), encoding="utf-8")
    install(project, "--hooks")
    merged = json.loads(path.read_text(encoding="utf-8"))
    theirs, ours = merged["hooks"]["PostToolUse"]
    assert theirs == other
    del merged["hooks"]["PostToolUse"][1]
    assert merged == settings
    assert list(merged) == list(settings)
    assert '\n    "model": "opus"' in path.read_text(encoding="utf-8")
    assert ours["matcher"] == "Edit|Write|MultiEdit"


def test_the_installed_hook_runs_as_the_settings_say(project: Path) -> None:
    install(project, "--hooks")
    (group,) = json.loads((project / SETTINGS).read_text())["hooks"]["PostToolUse"]
    (handler,) = group["hooks"]
    done = subprocess.run(
        ["/bin/sh", "-c", handler["command"]],
        input=b'{"tool_input": {"file_path": "/no/such/file.ts"}}',
        env=environment(CLAUDE_PROJECT_DIR=str(project)),
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_for_the_user(tmp_path: Path) -> None:
    home = tmp_path / 'home "$(touch pwned)'
    home.mkdir()
    config = home / ".claude"
    env = environment(HOME=str(home))
    env.pop("CLAUDE_CONFIG_DIR", None)
    told = rockets("install-command", "--user", "--hooks", env=env, cwd=tmp_path)
    assert told.code == 0, told.err
    assert (config / "skills/rockets-from-doc/SKILL.md").is_file()
    (group,) = json.loads((config / "settings.json").read_text())["hooks"]["PostToolUse"]
    command = group["hooks"][0]["command"]
    done = subprocess.run(
        ["/bin/sh", "-c", command], input=b"{}", cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stderr == b""
    assert not (tmp_path / "pwned").exists()
    assert not list(tmp_path.rglob("pwned"))
    other = tmp_path / "other"
    moved = rockets("install-command", "--user", env={**env, "CLAUDE_CONFIG_DIR": str(other)})
    assert moved.code == 0
    assert (other / "skills/rockets-from-doc/SKILL.md").is_file()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1),
        ('{\n  "a": 1,\n}', 3),
        ("[]", None),
        ('{"hooks": []}', None),
        ('{"hooks": {"PostToolUse": {}}}', None),
        ('{"model": "a", "model": "b"}', None),
        ("[" * 100_000, None),
        ('{"n": ' + "9" * 5000 + "}", None),
    ],
    ids=range(8),
)
def test_settings_that_cannot_be_added_to(text: str, line: int | None, project: Path) -> None:
    path = project / SETTINGS
    path.parent.mkdir()
    path.write_text(text)
    before = snapshot(project)
    answer = rockets("install-command", "--project", project, *ALL)
    assert answer.code == 2
    (error,) = answer.errors
    assert (error["code"], error["file"]) == ("settings-malformed", SETTINGS)
    if line is not None:
        assert error["line"] == line
    assert snapshot(project) == before


def test_edited_files_of_ours_are_kept_until_forced(project: Path) -> None:
    install(project, "--hooks")
    (project / SKILL).write_text("mine")
    (project / HOOK).write_text("mine, too")
    before = snapshot(project)
    answer = rockets("install-command", "--project", project, *ALL)
    assert answer.code == 2
    assert [error["file"] for error in answer.errors] == [SKILL, HOOK]
    assert snapshot(project) == before
    install(project, *ALL, "--force")
    assert (project / SKILL).read_text() == assistant.shipped(assistant.SKILL)


@pytest.mark.parametrize("before", ["", "# Ours\n\nUse tabs.\n", "no line end", "a\r\nb\r\n"])
def test_agents_page_keeps_the_users_text(before: str, project: Path) -> None:
    page = project / "AGENTS.md"
    page.write_bytes(before.encode())
    install(project, "--agents")
    text = page.read_bytes().decode()
    assert text.startswith(before)
    assert text.count(BEGIN) == text.count(END) == 1
    assert "9. A notification service" in text
    assert "RULES" not in text
    # Text behind our section, and an outdated section.
    old = text.replace("## Rockets Team", "## An older version") + "\nMore of mine.\n"
    page.write_bytes(old.encode())
    install(project, "--agents")
    assert page.read_bytes().decode() == text + "\nMore of mine.\n"


@pytest.mark.parametrize(
    "text", [f"{BEGIN}\n", f"{END}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}{END}{BEGIN}{END}"]
)
def test_broken_markers_are_refused(text: str, project: Path) -> None:
    (project / "AGENTS.md").write_text(text)
    before = snapshot(project)
    answer = rockets("install-command", "--project", project, *ALL)
    assert (answer.code, answer.errors[0]["code"]) == (2, "markers-malformed")
    assert snapshot(project) == before


def test_a_linked_agents_page_stays_a_link(project: Path) -> None:
    (project / "CLAUDE.md").write_text("# Mine\n")
    (project / "AGENTS.md").symlink_to("CLAUDE.md")
    install(project, "--agents")
    assert (project / "AGENTS.md").is_symlink()
    assert BEGIN in (project / "CLAUDE.md").read_text()


@pytest.mark.parametrize("link", [".claude", ".claude/skills", SETTINGS, "AGENTS.md"])
def test_nothing_outside_of_the_folder(link: str, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = outside / "file" if "." in Path(link).name[1:] else outside
    if target != outside:
        target.write_text("{}")
    path = project / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    before = snapshot(outside)
    answer = rockets("install-command", "--project", project, *ALL)
    assert (answer.code, answer.errors[0]["code"]) == (2, "path-outside-project")
    assert snapshot(outside) == before
    assert not (project / "AGENTS.md").exists() or link == "AGENTS.md"


@pytest.mark.parametrize(
    "options",
    ["--user --project .", "--user --agents", "--project nowhere", "--hook"],
)
def test_wrong_options(options: str, tmp_path: Path) -> None:
    answer = rockets("install-command", *shlex.split(options), cwd=tmp_path)
    assert answer.code == 2
    assert list(tmp_path.iterdir()) == []
