"""Where a project keeps what has to be wired."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import FORBIDDEN, ProjectFiles
from rockets_tools.integrate.wiring.source import Source, WiringError
from rockets_tools.integrate.wiring.typeorm import has_entities

APP_MODULE = "src/app.module.ts"
ACL = ("src/app.acl.ts", "src/acl/app.acl.ts", "src/config/app.acl.ts")
TYPEORM = (
    "src/config/typeorm.settings.ts",
    "src/typeorm.settings.ts",
    "src/config/typeorm.config.ts",
    "src/config/database.config.ts",
    "src/ormconfig.ts",
    "src/data-source.ts",
    APP_MODULE,
)
ACCESS_CONTROL = re.compile(r"\bAccessControlModule\s*\.\s*(?:forRoot|register)")
CRUD_ROOT = re.compile(r"\bCrudModule\s*\.\s*(?:forRoot|register)")
RULES = re.compile(r"\bnew\s+AccessControl\s*\(")
SEARCH_LIMIT = 5000
"""TypeScript files looked at when something is not in its usual place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLayout:
    """Files to wire, relative to the project root."""

    typeorm: str
    """Has the `entities` of the TypeORM settings."""
    app_module: str
    acl: str
    access_control: str
    """Registers AccessControlModule; usually `app_module`."""
    crud_root: bool
    """CrudModule is registered somewhere else than in `app_module`."""


def discover(files: ProjectFiles) -> ProjectLayout:
    """Find the files, by what they say where they are not in their usual place.

    Raises `InputError` naming everything that is missing.
    """
    app_module = files.read(APP_MODULE)
    typeorm = typeorm_settings(files)
    acl = access_rules(files)
    access_control: str | None = APP_MODULE
    crud_root = False
    if app_module is not None:
        if not ACCESS_CONTROL.search(app_module):
            access_control = first_holding(files, ACCESS_CONTROL)
        if not CRUD_ROOT.search(app_module):
            crud_root = first_holding(files, CRUD_ROOT) is not None
    problems = [
        problem
        for found, problem in (
            (app_module, _missing("app-module", APP_MODULE, "the root module of the application")),
            (typeorm, _missing("typeorm-settings", TYPEORM[0], "settings with `entities: [...]`")),
            (acl, _missing("acl", ACL[0], "`export const acRules = new AccessControl()`")),
            (
                access_control,
                _missing("access-control", APP_MODULE, "`AccessControlModule.forRoot({...})`"),
            ),
        )
        if found is None
    ]
    if app_module is None or typeorm is None or acl is None or access_control is None:
        raise InputError(problems)
    return ProjectLayout(
        typeorm=typeorm,
        app_module=APP_MODULE,
        acl=acl,
        access_control=access_control,
        crud_root=crud_root,
    )


def typescript_files(files: ProjectFiles, folder: str = "src") -> Iterator[str]:
    """Relative paths of the TypeScript files below a folder, sorted by depth and name.

    Symlinks are not followed.
    """
    level = [folder]
    while level:
        following: list[str] = []
        for current in level:
            try:
                with os.scandir(files.path(current)) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in found:
                path = f"{current}/{entry.name}"
                if entry.is_dir(follow_symlinks=False) and entry.name not in FORBIDDEN:
                    following.append(path)
                elif entry.name.endswith(".ts") and entry.is_file(follow_symlinks=False):
                    yield path
        level = following


def access_rules(files: ProjectFiles) -> str | None:
    """The file with the project's access rules."""
    usual = next((path for path in ACL if files.exists(path)), None)
    return usual or first_holding(files, RULES)


def typeorm_settings(files: ProjectFiles) -> str | None:
    """The file with the `entities` of the TypeORM settings."""
    for path in TYPEORM:
        text = files.read(path)
        if text is not None and "entities" in text and (path in TYPEORM[:2] or _settings(text)):
            return path
    for path, text in _texts(files):
        if "entities" in text and _settings(text) and "migrations" in text:
            return path
    return None


def _settings(text: str) -> bool:
    try:
        return has_entities(Source(text, ""))
    except WiringError:
        return False


def first_holding(files: ProjectFiles, pattern: re.Pattern[str]) -> str | None:
    """The first TypeScript file, by depth and name, in whose text the pattern is found."""
    return next((path for path, text in _texts(files) if pattern.search(text)), None)


def _texts(files: ProjectFiles) -> Iterator[tuple[str, str]]:
    for number, path in enumerate(typescript_files(files)):
        if number >= SEARCH_LIMIT:
            return
        data = files.read_bytes(path)
        if data is not None:
            yield path, data.decode(errors="replace")


def _missing(code: str, path: str, what: str) -> Problem:
    return Problem(
        code=f"no-{code}",
        message=f"The project has no {path} with {what}.",
        fix=f"Add it to {path}.",
        file=path,
    )
