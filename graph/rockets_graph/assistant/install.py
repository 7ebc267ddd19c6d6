"""Put the command, the hook and the section of `AGENTS.md` where an assistant looks for them.

What is to be written is worked out first, all of it, from what is there; then it is written.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from rockets_graph.assistant import HOOK, HOOK_SETTINGS, SKILL, agents_section, shipped
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

BEGIN = "<!-- rockets-team: begin (rockets install-command --agents writes this) -->"
END = "<!-- rockets-team: end -->"
SETTINGS = "settings.json"
HOOK_FILE = "hooks/rockets_check_edit.py"
PROJECT_FOLDER = ".claude"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a folder gets."""

    files: ProjectFiles
    texts: Mapping[str, str]
    """Path below the folder to the text it will have."""
    changed: tuple[str, ...]
    """Those that are not as they shall be, sorted."""

    def write(self) -> None:
        for path in self.changed:
            # AGENTS.md may be a link to CLAUDE.md; it stays one.
            real = os.path.realpath(self.files.path(path))
            self.files.write(os.path.relpath(real, self.files.root), self.texts[path])

    def as_json(self, *, dry_run: bool) -> dict[str, JsonValue]:
        unchanged: list[JsonValue] = [
            path for path in sorted(self.texts) if path not in self.changed
        ]
        return {
            "success": True,
            "folder": str(self.files.root),
            "dryRun": dry_run,
            "written": list(self.changed),
            "unchanged": unchanged,
        }


def plan_installation(
    folder: Path, *, user: bool, hooks: bool, agents: bool, force: bool
) -> Installation:
    """Work out what a project (or, with `user`, Claude Code's own folder) gets.

    Raises `InputError` with everything that stands in the way; nothing is written.
    """
    files = ProjectFiles(folder)
    prefix = "" if user else f"{PROJECT_FOLDER}/"
    texts: dict[str, str] = {f"{prefix}{SKILL}": shipped(SKILL)}
    if hooks:
        texts[f"{prefix}{HOOK_FILE}"] = shipped(HOOK)
    problems = [] if force else _own_files(files, texts)
    if hooks:
        root = str(files.root) if user else "${CLAUDE_PROJECT_DIR}"
        path = f"{prefix}{SETTINGS}"
        _merge(files, texts, path, problems, command=hook_command(root, f"{prefix}{HOOK_FILE}"))
    if agents:
        _section(files, texts, problems)
    if problems:
        raise InputError(problems)
    changed = sorted(path for path, text in texts.items() if files.read(path) != text)
    return Installation(files=files, texts=texts, changed=tuple(changed))


def hook_command(root: str, path: str) -> str:
    """The shell line of the hook; `root` is a variable of Claude Code's, or a real folder."""
    if not root.startswith("${"):
        root = re.sub(r'(["\\$`])', r"\\\1", root)
    return f'python3 -I "{root}"/{path}'


def _own_files(files: ProjectFiles, texts: Mapping[str, str]) -> list[Problem]:
    """Files of our names that say something else: somebody's edits, or another version's."""
    return [
        Problem(
            code="file-differs",
            message=f"{path} is there and is not what this version writes.",
            fix="Keep what you need of it elsewhere, then run again with --force.",
            file=path,
        )
        for path, text in texts.items()
        if files.read(path) not in {None, text}
    ]


def _merge(
    files: ProjectFiles,
    texts: dict[str, str],
    path: str,
    problems: list[Problem],
    *,
    command: str,
) -> None:
    """Settings with our hook behind the others; as they are when they have it."""
    before = files.read(path)
    try:
        settings = _object(before or "")
        groups = _groups(settings)
    except _MalformedError as error:
        problems.append(
            Problem(
                code="settings-malformed",
                message=f"Nothing can be added to {path}: {error}.",
                fix="Correct the file; it is a JSON object as Claude Code documents it.",
                file=path,
                line=error.line,
            )
        )
        return
    if before is not None and any(_runs(group, command) for group in groups):
        texts[path] = before
        return
    groups.append(_our_group(command))
    indent = re.search(r"^[{\[]\s*\n([ \t]+)", before or "")
    text = json.dumps(settings, ensure_ascii=False, indent=indent[1] if indent else "  ")
    texts[path] = f"{text}\n"


class _MalformedError(Exception):
    """Settings nothing can be added to; why, for a sentence."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def _object(text: str) -> dict[str, JsonValue]:
    """The settings; a key that is there twice would lose one of its values."""

    def once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _MalformedError("a key is in it twice")
        return found

    if not text.strip():
        return {}
    try:
        value: JsonValue = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise _MalformedError("it is not valid JSON", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise _MalformedError("it has what no settings have") from error
    if not isinstance(value, dict):
        raise _MalformedError("it is not a JSON object")
    return value


def _groups(settings: dict[str, JsonValue]) -> list[JsonValue]:
    """The matcher groups of `PostToolUse`, made where they are missing."""
    hooks = settings.setdefault("hooks", {})
    if not isinstance(hooks, dict):
        raise _MalformedError("its hooks are not an object")
    groups = hooks.setdefault("PostToolUse", [])
    if not isinstance(groups, list):
        raise _MalformedError("its hooks.PostToolUse is not a list")
    return groups


def _runs(group: JsonValue, command: str) -> bool:
    handlers = group.get("hooks") if isinstance(group, dict) else None
    return isinstance(handlers, list) and any(
        isinstance(handler, dict) and handler.get("command") == command for handler in handlers
    )


def _our_group(command: str) -> dict[str, JsonValue]:
    """The plugin's own matcher group, with the command of an installed hook."""
    (group,) = json.loads(shipped(HOOK_SETTINGS))["hooks"]["PostToolUse"]
    (handler,) = group["hooks"]
    return {**group, "hooks": [{**handler, "command": command}]}


def _section(files: ProjectFiles, texts: dict[str, str], problems: list[Problem]) -> None:
    """`AGENTS.md` with our section between its markers; everything else stays byte for byte."""
    path = "AGENTS.md"
    before = files.read(path) or ""
    section = f"{BEGIN}\n{agents_section()}{END}"
    begins, ends = before.count(BEGIN), before.count(END)
    if begins == ends == 0:
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        texts[path] = f"{before}{gap}{section}\n"
    elif begins == ends == 1 and before.index(BEGIN) < before.index(END):
        head, _, rest = before.partition(BEGIN)
        texts[path] = f"{head}{section}{rest.partition(END)[2]}"
    else:
        problems.append(
            Problem(
                code="markers-malformed",
                message=f"{path} does not have one begin and one end marker of ours.",
                fix="Remove what is left of our section, markers included, and run again.",
                file=path,
            )
        )
