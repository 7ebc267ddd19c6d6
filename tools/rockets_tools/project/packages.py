"""Packages a plan imports by name must be the project's."""

import re

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Plan
from rockets_tools.project.target import dependencies

COMPILER_SETTINGS = "tsconfig.json"


def require_shared_packages(files: ProjectFiles, plan: Plan) -> None:
    """Raise `InputError` for each `sharedPackage` that the project could not resolve.

    A package is known when package.json depends on it or tsconfig.json maps it in `paths`.
    """
    wanted = {
        entity.shared_package: entity
        for entity in plan.entities.values()
        if entity.shared_package is not None
    }
    if not wanted:
        return
    known = dependencies(files)
    settings = files.read(COMPILER_SETTINGS) or ""
    problems = [
        Problem(
            code="shared-package-missing",
            message=f"The sharedPackage {specifier} of {entity.name} is no package of the project.",
            fix=f"Add {_package(specifier)} to package.json, map {specifier} in the paths of "
            f"{COMPILER_SETTINGS}, or remove sharedPackage.",
            pointer=f"{entity.pointer}/sharedPackage",
        )
        for specifier, entity in wanted.items()
        if _package(specifier) not in known and not _is_mapped(specifier, settings)
    ]
    if problems:
        raise InputError(problems)


def _package(specifier: str) -> str:
    """`@scope/name` of `@scope/name/deep`, `name` of `name/deep`."""
    parts = specifier.split("/")
    return "/".join(parts[: 2 if specifier.startswith("@") else 1])


def _is_mapped(specifier: str, settings: str) -> bool:
    """Comments are allowed in that file, so it is searched rather than parsed."""
    names = {specifier, *(f"{part}/*" for part in (_package(specifier), specifier))}
    return any(re.search(rf'"{re.escape(name)}"\s*:', settings) for name in names)
