"""The `rockets` command as a person meets it: a process with two streams and an exit status."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rockets_tools.project import new_project

ROOT = Path(__file__).resolve().parent.parent
ROCKETS = str(Path(sys.executable).with_name("rockets"))
"""The console script of the environment that runs the tests."""


@dataclass(frozen=True)
class Answer:
    """What came of one command."""

    code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def errors(self) -> Any:
        assert self.json["success"] is False
        return self.json["errors"]

    @property
    def found(self) -> list[tuple[str, str | None]]:
        """(code, pointer) of every error, in the order they were told."""
        return [(error["code"], error["pointer"]) for error in self.errors]


def rockets(
    *arguments: object,
    stdin: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
    timeout: float = 300,
) -> Answer:
    """Run the command; whatever it is asked, it never shows a traceback."""
    done = subprocess.run(
        [*prefix, ROCKETS, *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env=environment() if env is None else dict(env),
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert "rockets itself failed" not in done.stderr, done.stderr
    return Answer(code=done.returncode, out=done.stdout, err=done.stderr)


def environment(**changes: str) -> dict[str, str]:
    """Ours, without what would change what a run does."""
    ours = {"DATABASE_URL", "CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS", "ANTHROPIC_API_KEY"}
    return {**{k: v for k, v in os.environ.items() if k not in ours}, **changes}


def snapshot(folder: Path) -> dict[str, str]:
    """Every path below a folder, `.rockets/` included, with what is there and when it was written.

    Links are not followed, so the packages of a warm project are one entry.
    """
    seen: dict[str, str] = {}
    for current, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(current, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                seen[relative] = f"link to {path.readlink()}"
            elif path.is_dir():
                seen[relative] = "folder"
            else:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                seen[relative] = f"{digest} {path.stat().st_mtime_ns}"
    return seen


def sources(project: Path) -> dict[str, str]:
    """Text of every TypeScript file of the project's own."""
    return {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((project / "src").rglob("*.ts"))
    }


def write_plan(path: Path, *entities: Mapping[str, Any], **keys: Any) -> Path:
    path.write_text(json.dumps({"entities": list(entities), **keys}, indent=2), encoding="utf-8")
    return path


def fresh_project(folder: Path) -> Path:
    new_project(folder, "shop")
    return folder
