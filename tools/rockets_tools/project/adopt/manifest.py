"""The packages and npm scripts of a project: what our steps need and it does not have."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.json_text import JsonText
from rockets_tools.project.adopt.template import template_text
from rockets_tools.project.target import MANIFEST, SECTIONS

LOCK = "package-lock.json"
OTHER_LOCKS = {"yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lockb": "bun", "bun.lock": "bun"}
NOT_NEEDED = frozenset(
    {
        "@concepta/nestjs-swagger-ui",
        "eslint",
        "prettier",
        "typescript-7",
        "typescript-eslint",
    }
)
"""Packages of a fresh project that nothing we write into another one uses."""
SCRIPTS = (
    "start",
    "db:start",
    "migration:generate",
    "migration:run",
    "migration:revert",
    "migration:check",
    "admin",
)
BUILD = "tsc -p tsconfig.json"
SDK = "@concepta/"
MAJORS = {"@nestjs/common": 10, "@nestjs/core": 10, "typeorm": 0}
"""What the SDK's own packages are made for."""


def adopt_manifest(changes: Changes, templates: Path) -> bool:
    """Add packages, overrides and scripts; answers whether the lock file is to be renewed."""
    text = changes.read(MANIFEST)
    if text is None:
        return False
    with changes.refusing():
        ours: dict[str, JsonValue] = json.loads(template_text(templates, MANIFEST))
        manifest = JsonText(text, MANIFEST)
        if manifest.value("type") == "module":
            changes.refuse(
                "adopt-module",
                f'{MANIFEST} says "type": "module", and what is generated are CommonJS modules.',
                'Remove "type": "module", or compile to CommonJS.',
                MANIFEST,
            )
        theirs = {name: v for section in SECTIONS for name, v in _texts(manifest, section).items()}
        _check_versions(changes, theirs, ours)
        missing = {
            section: {
                name: version
                for name, version in _section(ours, section).items()
                if name not in theirs and name not in NOT_NEEDED
            }
            for section in ("dependencies", "devDependencies")
        }
        pinned = _texts(manifest, "overrides").keys() | theirs.keys()
        overrides = {
            name: version
            for name, version in _section(ours, "overrides").items()
            if name not in pinned
        }
        manager = next(
            (name for lock, name in OTHER_LOCKS.items() if changes.files.exists(lock)), None
        )
        wanted = any(missing.values())
        if manager is not None and wanted and not changes.files.exists(LOCK):
            _refuse_manager(changes, manager, missing)
            return False
        for section, packages in missing.items():
            manifest.add(section, _json(packages))
        manifest.add("overrides", {} if manager else _json(overrides))
        manifest.add("scripts", _json(_scripts(manifest, ours)))
        changes.replace(MANIFEST, manifest.result())
        return manager is None and _is_outdated(changes)
    return False


def _is_outdated(changes: Changes) -> bool:
    """The lock file is of other packages than package.json now has, or missing where it is used."""
    text = changes.read(LOCK)
    if text is None:
        return not (changes.files.root / "node_modules").is_dir()
    locked = JsonText(text, LOCK).value("packages", "")
    manifest = JsonText(changes.read(MANIFEST) or "{}", MANIFEST)
    root = locked if isinstance(locked, dict) else {}
    return any(
        _section(root, section) != _texts(manifest, section)
        for section in ("dependencies", "devDependencies")
    )


def _scripts(manifest: JsonText, ours: Mapping[str, JsonValue]) -> dict[str, str]:
    theirs = _texts(manifest, "scripts")
    wanted = {"build": BUILD, **{n: _section(ours, "scripts")[n] for n in SCRIPTS}}
    return {name: command for name, command in wanted.items() if name not in theirs}


def _check_versions(
    changes: Changes, theirs: Mapping[str, str], ours: Mapping[str, JsonValue]
) -> None:
    proven = _section(ours, "dependencies")
    for name, major in MAJORS.items():
        found = re.search(r"\d+", theirs.get(name, ""))
        if found is not None and int(found[0]) != major:
            changes.refuse(
                "adopt-version",
                f"The project has {name} {theirs[name]}, and the SDK needs {major}.x.",
                f"Use {name} {proven.get(name, major)}.",
                MANIFEST,
            )
    others = sorted(
        f"{name} {version}"
        for name, version in theirs.items()
        if name.startswith(SDK) and name in proven and proven[name] not in version
    )
    if others:
        changes.warn(
            "adopt-sdk-version",
            f"Generated code is proven with {proven['@concepta/nestjs-crud']} of the SDK's "
            f"packages; the project has {', '.join(others)}.",
            "If the build fails, use that version of all of them.",
            MANIFEST,
        )


def _refuse_manager(
    changes: Changes, manager: str, missing: Mapping[str, Mapping[str, str]]
) -> None:
    """Another package manager's lock file is not ours to write."""
    commands = [
        f"{manager} add {flag}{' '.join(f'{name}@{version}' for name, version in found.items())}"
        for flag, found in (
            ("", missing["dependencies"]),
            ("-D ", missing["devDependencies"]),
        )
        if found
    ]
    changes.refuse(
        "adopt-packages",
        f"The project lacks packages, and they are installed by {manager}.",
        f"Run {' and '.join(commands)}, then run again.",
        MANIFEST,
    )


def _section(manifest: Mapping[str, JsonValue], name: str) -> dict[str, str]:
    found = manifest.get(name)
    entries = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in entries if isinstance(value, str)}


def _texts(manifest: JsonText, section: str) -> dict[str, str]:
    found = manifest.value(section)
    entries = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in entries if isinstance(value, str)}


def _json(entries: Mapping[str, str]) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in entries.items()}
