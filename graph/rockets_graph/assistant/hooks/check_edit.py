"""Claude Code's PostToolUse hook: hold the file that was just edited against the nine rules.

The event is JSON on standard input, the answer JSON on standard output. Outside a Rockets project
it says nothing and starts nothing. Standard library only: it runs with any Python 3, from the
plugin or from where `rockets install-command --hooks` has put it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SDK = ("@concepta/nestjs-crud", "@concepta/nestjs-access-control")
"""Packages, any of which as a dependency makes a project one that `rockets validate` knows."""
SECTIONS = ("dependencies", "devDependencies", "peerDependencies")
TIMEOUT = 25
"""Seconds; below the hook's own, so that it is us who say so."""
MOST = 20
"""Findings told at once; the first ones fixed, the next edit tells the rest."""
LARGEST = 10_000_000
"""Bytes of an event, or of a package.json, that are looked at."""


def main() -> None:
    """One event in, at most one JSON document out; the exit status is always 0."""
    file = edited_file(sys.stdin.buffer.read(LARGEST))
    project = project_of(file) if file else None
    if file is None or project is None:
        return
    inside = file.relative_to(project).as_posix()
    if not inside.startswith("src/") or not inside.endswith(".ts"):
        return
    answer = verdict(project, inside)
    if answer:
        sys.stdout.write(json.dumps(answer) + "\n")


def edited_file(event: bytes) -> "Path | None":
    """The real path of the file the tool has written; None for anything unexpected."""
    try:
        told = json.loads(event)
        path = told["tool_input"]["file_path"]
        real = Path(os.path.realpath(os.fsdecode(os.fsencode(path))))
        return real if path.startswith("/") and real.is_file() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def project_of(file: Path) -> "Path | None":
    """The nearest folder above with a package.json, if that one uses the Rockets SDK."""
    folder = next((above for above in file.parents if (above / "package.json").is_file()), None)
    if folder is None:
        return None
    try:
        with open(folder / "package.json", "rb") as stream:
            manifest = json.loads(stream.read(LARGEST))
        used = {name for section in SECTIONS for name in manifest.get(section) or ()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return None
    return folder if used.intersection(SDK) else None


def verdict(project: Path, inside: str) -> "dict[str, str] | None":
    """What Claude Code is told of the file; None when there is nothing to say.

    `decision: block` does not undo the edit: it hands `reason` to the assistant. A
    `systemMessage` is for the person.
    """
    program = shutil.which("rockets")
    if program is None or not program.startswith("/"):
        return {"systemMessage": "Rockets: the nine rules were not checked, no rockets on PATH."}
    command = [
        program,
        "validate",
        "--project",
        str(project),
        f"--files={inside}",
        "--format",
        "json",
    ]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False
        )
        told = json.loads(done.stdout)
        if done.returncode > 1:
            why = "; ".join(f"{error['message']} {error['fix']}" for error in told["errors"])
            return {"systemMessage": plain(f"Rockets: the nine rules were not checked. {why}")}
        failing = [issue for issue in told["issues"] if issue["severity"] != "warning"]
        lines = [plain(f"{i['file']}:{i['line']} {i['rule']}: {i['message']}") for i in failing]
    except subprocess.TimeoutExpired:
        return {"systemMessage": f"Rockets: the check of an edit took over {TIMEOUT} seconds."}
    except (OSError, ValueError, KeyError, TypeError):
        return {"systemMessage": "Rockets: the nine rules were not checked, validate failed."}
    if not lines:
        return None
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    head = f"{plain(inside)} breaks the project's engineering rules (rockets validate):"
    return {"decision": "block", "reason": "\n".join([head, *lines[:MOST], *more])}


def plain(text: str) -> str:
    """One line in which nothing is hidden: names and findings come from the project."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


if __name__ == "__main__":
    main()
