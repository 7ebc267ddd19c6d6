"""Which SDK target a project is on, read from its package.json."""

import json
import re
from collections.abc import Mapping

from pydantic import JsonValue

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.targets import TARGETS, Target

MANIFEST = "package.json"
SECTIONS = ("dependencies", "devDependencies", "peerDependencies")
SUPPORTED = ", ".join(target.id for target in TARGETS if target.folder is not None)


def detect_target(files: ProjectFiles) -> Target:
    """The target of a project, supported for generation or not.

    Raises `InputError` when there is no package.json, when it is malformed, or when it names no
    package, or no version, of a known target.
    """
    packages = dependencies(files)
    seen = ""
    for target in TARGETS:
        for package in target.packages:
            if package in packages:
                if _major(packages[package]) == target.major:
                    return target
                seen = f" It has {package} {packages[package]}."
    raise InputError(
        Problem(
            code="project-unknown-target",
            message=f"{MANIFEST} names no Rockets SDK that is known.{seen}",
            fix=f"Make a project with rockets new, or point at one on {SUPPORTED}.",
            file=MANIFEST,
        )
    )


def require_target(files: ProjectFiles) -> Target:
    """The target of a project that modules can be generated for; else `InputError`."""
    target = detect_target(files)
    if target.folder is None:
        raise InputError(
            Problem(
                code="project-unsupported-target",
                message=f"The project is on {target.sdk}, for which nothing is generated yet.",
                fix=f"Use a project on {SUPPORTED}; rockets new makes one.",
                file=MANIFEST,
            )
        )
    return target


def dependencies(files: ProjectFiles) -> Mapping[str, str]:
    """Package name to version range, of all kinds of dependencies."""
    text = files.read(MANIFEST)
    if text is None:
        raise InputError(
            Problem(
                code="project-not-found",
                message=f"{files.root} is not a project: it has no {MANIFEST}.",
                fix="Check the path, or make a project there with rockets new.",
                file=MANIFEST,
            )
        )
    try:
        manifest: JsonValue = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise _malformed("is not valid JSON", line=line) from error
    if not isinstance(manifest, dict):
        raise _malformed("is not a JSON object")
    packages: dict[str, str] = {}
    for section in SECTIONS:
        entries = manifest.get(section, {})
        if not isinstance(entries, dict):
            raise _malformed(f"has {section} that are not an object", pointer=f"/{section}")
        packages |= {name: value for name, value in entries.items() if isinstance(value, str)}
    return packages


def _major(version: str) -> int | None:
    """The major version of a range like `5.0.0`, `^5.1`, `~5`, `npm:@x/y@5.0.0`."""
    found = re.match(r"[\^~=v<> ]*(\d{1,9})\b", version.rsplit("@", maxsplit=1)[-1])
    return int(found[1]) if found else None


def _malformed(what: str, *, line: int | None = None, pointer: str | None = None) -> InputError:
    return InputError(
        Problem(
            code="project-malformed",
            message=f"The project's {MANIFEST} {what}.",
            fix=f"Repair {MANIFEST}; npm must be able to read it.",
            file=MANIFEST,
            line=line,
            pointer=pointer,
        )
    )
