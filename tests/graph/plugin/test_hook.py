"""The hook with the events Claude Code sends, on real projects."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.command import ROCKETS, environment, fresh_project

from rockets_graph import assistant

BAD = (
    "import { InjectRepository } from '@nestjs/typeorm';\n"
    "export class TagService {\n"
    "  constructor(@InjectRepository(TagEntity) private readonly tags: Repo) {}\n"
    "}\n"
)
RELATIVE = "src/modules/tag/tag.service.ts"


def event(path: object, tool: str = "Write", **more: Any) -> str:
    """PostToolUse, as the hooks reference shows it."""
    return json.dumps(
        {
            "session_id": "abc123",
            "transcript_path": "/home/user/.claude/projects/x/transcript.jsonl",
            "cwd": "/home/user/x",
            "permission_mode": "default",
            "hook_event_name": "PostToolUse",
            "tool_name": tool,
            "tool_input": {"file_path": path, "content": BAD, **more},
            "tool_response": {"filePath": path, "success": True},
            "tool_use_id": "toolu_01ABC123",
        }
    )


def hook(stdin: str | bytes, *, path: str | None = None, cwd: Path | None = None) -> str:
    """What the hook prints; it never fails and never complains."""
    where = os.pathsep.join((str(Path(ROCKETS).parent), os.environ["PATH"]))
    done = subprocess.run(
        [sys.executable, "-I", assistant.FOLDER / assistant.HOOK],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env=environment(PATH=where if path is None else path),
        cwd=cwd,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return done.stdout.decode()


def put(project: Path, relative: str, text: str = BAD) -> Path:
    path = project / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return fresh_project(tmp_path / "shop")


@pytest.mark.parametrize("tool", ["Write", "Edit", "MultiEdit"])
def test_findings_are_handed_back(tool: str, project: Path) -> None:
    answer = json.loads(hook(event(str(put(project, RELATIVE)), tool)))
    assert answer["decision"] == "block"
    first, *findings = answer["reason"].splitlines()
    assert RELATIVE in first
    assert any(line.startswith(f"{RELATIVE}:3 inject-repository") for line in findings)


def test_a_clean_edit_is_silent(project: Path) -> None:
    assert hook(event(str(put(project, "src/modules/tag/tag.ts", "export const a = 1;\n")))) == ""


def test_only_sources_of_a_rockets_project_are_looked_at(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    put(elsewhere, "package.json", '{"dependencies": {"express": "5.0.0"}}')
    for path in (
        put(elsewhere, RELATIVE),
        put(tmp_path / "nothing", RELATIVE),
        put(project, "test/tag.ts"),
        put(project, "src/notes.md"),
        put(project, "web/package.json", "{}").parent / "missing.ts",
        put(project, "web/src/tag.ts"),
    ):
        assert hook(event(str(path)), path="/nonexistent") == "", path


def test_it_is_fast_outside_of_a_project(tmp_path: Path) -> None:
    path = put(tmp_path / "nothing", RELATIVE)
    best = min(elapsed(lambda: hook(event(str(path)))) for _ in range(5))
    bare = min(
        elapsed(lambda: subprocess.run([sys.executable, "-I", "-c", ""], check=True))
        for _ in range(5)
    )
    assert best < 10 * bare


def elapsed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "stdin",
    [
        "",
        "not json",
        "[]",
        "null",
        "{}",
        '{"tool_input": null}',
        '{"tool_input": {"file_path": 7}}',
        '{"tool_input": {"file_path": null}}',
        event("relative/src/a.ts"),
        event("/no/such/file.ts"),
        event("/\0/a.ts"),
        event("/\ud800/a.ts"),
        event("/" + "a" * 5000 + ".ts"),
        "[" * 100_000,
        b"\xff\xfe\x00",
    ],
    ids=range(15),
)
def test_what_is_no_event_is_ignored(stdin: str | bytes) -> None:
    assert hook(stdin) == ""


@pytest.mark.parametrize(
    "name",
    [
        "$(touch pwned).ts",
        "`touch pwned`.ts",
        "a'; touch pwned; '.ts",
        'a"; touch pwned; ".ts',
        "--help.ts",
        "a b.ts",
        "a\nb.service.ts",
        "ü\u202est.txt.ts",
    ],
)
def test_a_hostile_name_is_only_a_name(name: str, project: Path) -> None:
    path = put(project, f"src/{name}")
    out = hook(event(str(path)), cwd=project)
    answer = json.loads(out)
    told = "".join(answer.values())
    assert answer.get("decision") == "block" or "systemMessage" in answer
    assert "\u202e" not in told
    assert "a\nb" not in told
    assert not list(project.rglob("pwned"))


def test_a_link_out_of_the_project_is_not_its_source(project: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "tag.ts")
    (project / "src/link.ts").symlink_to(outside)
    assert hook(event(str(project / "src/link.ts"))) == ""


def test_no_program_of_the_project_is_run(project: Path) -> None:
    """A cloned project may bring its own `rockets`, `json.py` or PATH entries; none is used."""
    for name in ("rockets", ".venv/bin/rockets", "node_modules/.bin/rockets"):
        put(project, name, "#!/bin/sh\ntouch pwned\n").chmod(0o755)
    put(project, "json.py", "import pathlib; pathlib.Path('pwned').touch()\n")
    path = put(project, RELATIVE)
    answer = json.loads(hook(event(str(path)), path=f".{os.pathsep}/nonexistent", cwd=project))
    assert "no rockets on PATH" in answer["systemMessage"]
    assert not list(project.rglob("pwned"))


def test_a_project_that_cannot_be_checked_says_why(project: Path) -> None:
    put(project, ".rockets/plan.json", "{")
    answer = json.loads(hook(event(str(put(project, RELATIVE)))))
    assert "not checked" in answer["systemMessage"]
    assert "decision" not in answer
