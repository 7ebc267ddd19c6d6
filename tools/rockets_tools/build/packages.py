"""The project's npm packages: are they there, and bring them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from rockets_tools.errors import GateError, MachineError, Problem, RocketsError
from rockets_tools.files import ProjectFiles
from rockets_tools.node import NodeTools
from rockets_tools.process import Completed, run

LOCK = "package-lock.json"
INSTALL_SECONDS = 1800

OFFLINE = frozenset(
    {
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ENOTCACHED",
        "ENOTFOUND",
        "ERR_SOCKET_TIMEOUT",
        "ETIMEDOUT",
    }
)
DISK = {
    "ENOSPC": "The disk is full while npm installs packages.",
    "EROFS": "The file system is read-only; npm cannot install packages.",
    "EACCES": "npm may not write in the project or its cache.",
    "EPERM": "npm may not write in the project or its cache.",
    "EMFILE": "Too many open files while npm installs packages.",
}


def needs_install(files: ProjectFiles) -> bool:
    """The packages on disk are missing, half installed or not those of the lock file.

    Compares names and versions of the lock with what npm noted at the end of its last install;
    package managers that leave no such note are believed when `node_modules` is there.
    """
    folder = files.root / "node_modules"
    if not folder.is_dir():
        return True
    wanted = _packages(files.read(LOCK))
    if wanted is None:
        return False
    try:
        installed = _packages((folder / f".{LOCK}").read_text(encoding="utf-8"))
    except OSError:
        return True
    if installed is None:
        return True
    return any(not _satisfied(entry, installed.get(path)) for path, entry in wanted.items() if path)


def install(
    files: ProjectFiles, node: NodeTools, on_line: Callable[[str], None] | None = None
) -> float:
    """`npm ci` without install scripts; answers the seconds it took.

    Raises `MachineError` (offline, disk, Node too old for a package) or `GateError` (lock file
    missing, out of step or not intact) with what to do.
    """
    if not files.exists(LOCK):
        raise GateError(
            Problem(
                code="lock-missing",
                message="The project has no package-lock.json.",
                fix="Run npm install once in the project and keep the lock file.",
                file=LOCK,
            )
        )
    return npm(files, node, ["ci"], on_line)


def npm(
    files: ProjectFiles,
    node: NodeTools,
    command: Sequence[str],
    on_line: Callable[[str], None] | None = None,
) -> float:
    """An npm command on the project's packages, without install scripts; answers its seconds."""
    # The development packages are part of a project that is being built, whatever NODE_ENV says.
    done = run(
        [
            *node.npm,
            *command,
            "--ignore-scripts",
            "--prefer-offline",
            "--include=dev",
            "--no-audit",
            "--no-fund",
        ],
        cwd=files.root,
        env=node.environment({"npm_config_update_notifier": "false"}),
        timeout=INSTALL_SECONDS,
        on_line=on_line,
    )
    if done.code != 0:
        raise _failure(done, command[0])
    return done.seconds


def _failure(done: Completed, command: str) -> RocketsError:
    """What npm said, as an error a person can act on."""
    text = done.stderr + done.stdout
    code = next(iter(re.findall(r"^npm (?:ERR!|error) code (\S+)", text, re.MULTILINE)), "")
    said = _said(text)
    if code in DISK:
        return MachineError(
            Problem(
                code="disk",
                message=DISK[code],
                fix="Make room or give write permission, then run again with --resume.",
            )
        )
    if code in OFFLINE or re.fullmatch(r"E[45]\d\d", code):
        return MachineError(
            Problem(
                code="npm-offline",
                message=f"npm cannot reach its registry ({code}).",
                fix="Check the network, the proxy and npm's registry setting, then run again.",
            )
        )
    if code == "EBADENGINE":
        return MachineError(
            Problem(
                code="node-too-old",
                message=f"A package of the project does not accept this Node: {said}",
                fix="Install the Node version named in the project's package.json.",
            )
        )
    if code == "EUSAGE":
        return GateError(
            Problem(
                code="lock-out-of-step",
                message="package.json and package-lock.json do not belong together.",
                fix="Run npm install in the project and keep the new lock file.",
                file=LOCK,
            )
        )
    if code == "EINTEGRITY":
        return GateError(
            Problem(
                code="package-not-intact",
                message=f"A package differs from what the lock file says: {said}",
                fix="Run npm cache clean --force; if it stays, the lock file is wrong.",
                file=LOCK,
            )
        )
    return GateError(
        Problem(
            code="npm-failed",
            message=f"npm {command} ended with status {done.code}: {said}",
            fix=f"Run npm {command} in the project to see all it says.",
        )
    )


def _said(text: str) -> str:
    """npm's own words without its decoration, shortened to one line."""
    words = [
        line.split(None, 2)[-1]
        for line in text.splitlines()
        if re.match(r"npm (?:ERR!|error) (?!code |A complete log)\S", line)
    ]
    return " ".join(words)[:300] or text.strip()[-300:] or "it said nothing"


def _packages(text: str | None) -> Mapping[str, Mapping[str, object]] | None:
    """The packages of a lock file by their place; None when it is none (or of an old form)."""
    if text is None:
        return None
    try:
        lock: object = json.loads(text)
    except ValueError:
        return None
    packages = cast("dict[str, object]", lock).get("packages") if isinstance(lock, dict) else None
    if not isinstance(packages, dict):
        return None
    return cast("dict[str, dict[str, object]]", packages)


def _satisfied(wanted: Mapping[str, object], found: Mapping[str, object] | None) -> bool:
    if found is None:
        # Made for another platform, or wanted only if something else brings it.
        return bool(wanted.get("optional") or wanted.get("peer") or wanted.get("devOptional"))
    # A package someone linked in is theirs to vouch for.
    return bool(found.get("link")) or found.get("version") == wanted.get("version")
