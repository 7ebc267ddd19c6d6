"""A project that did not come from `rockets new` gets what the steps need, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import ClassReference, Resource, Wiring
from rockets_tools.integrate.layout import APP_MODULE, discover, typeorm_settings
from rockets_tools.integrate.wave import wire_shared
from rockets_tools.integrate.wiring.typeorm import wire_entities
from rockets_tools.migrate.files import migrations_of
from rockets_tools.project.adopt.changes import Changes, Overlay
from rockets_tools.project.adopt.compiler import adopt_compiler
from rockets_tools.project.adopt.database import adopt_database
from rockets_tools.project.adopt.entry import adopt_entry
from rockets_tools.project.adopt.manifest import adopt_manifest
from rockets_tools.project.adopt.people import ENTITIES, People, adopt_people
from rockets_tools.project.adopt.root import TemplateModule, adopt_root
from rockets_tools.project.adopt.rules import AccessRules, adopt_rules
from rockets_tools.project.adopt.survey import Survey
from rockets_tools.project.adopt.template import (
    Moved,
    retargeted,
    template_paths,
    template_text,
)
from rockets_tools.project.target import MANIFEST, require_target
from rockets_tools.validate import validate
from rockets_tools.validate.adopted import RECORD, record

ENVIRONMENT = "src/config/environment.ts"
ADMIN = "src/admin.ts"
ALWAYS = (
    "db",
    "src/common",
    "src/config/crud.settings.ts",
    "src/config/validation.settings.ts",
)
PEOPLE = ("src/modules/auth", "src/modules/role", "src/modules/user")
EXPORTED = re.compile(
    r"^export (?:default )?(?:declare )?(?:abstract )?(?:async )?"
    r"(?:class|function|const|let|interface|type|enum) (\w+)",
    re.MULTILINE,
)
OF_ONE_MACHINE = (
    *(".rockets/builder/", ".rockets/checkpoints.sqlite*", ".rockets/run.lock"),
    *(".rockets/runs/", ".rockets/scratch/", ".rockets/undone/"),
)
"""The rest of `.rockets/` belongs into the repository: what was generated, so that edits merge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What a project gets. False in a condition: it has everything."""

    written: Mapping[str, str]
    """Text by path of files that are missing, in the order they are written."""
    wired: Mapping[str, str]
    """New text of files of the project, each the old one with something inserted."""
    warnings: tuple[Problem, ...]
    lock_outdated: bool
    """package.json got packages: call `renew_lock` before `npm ci`."""

    def __bool__(self) -> bool:
        return bool(self.written or self.wired)

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "written": list(self.written),
            "wired": list(self.wired),
            "warnings": [dict(warning.as_json()) for warning in self.warnings],
            "lockOutdated": self.lock_outdated,
        }


def adopt(files: ProjectFiles) -> Adoption:
    """Write what `plan_adoption` finds missing. A second call finds nothing.

    The root module and package.json come last: until then a project still looks like one that
    lacks everything, so that a call that was interrupted is completed by the next.
    """
    adoption = plan_adoption(files)
    for path, text in adoption.written.items():
        files.write(path, text)
    last = (APP_MODULE, MANIFEST)
    for path in (*(each for each in adoption.wired if each not in last), *last):
        if path in adoption.wired:
            files.write(path, adoption.wired[path])
    return adoption


def plan_adoption(files: ProjectFiles) -> Adoption:
    """What a project of a supported target lacks; nothing is written.

    Files of the project are never replaced: what is there, at its place and with the names that
    generated code uses, is taken as it is. Raises `InputError` with everything that cannot be
    added safely, and for a project of no, or an unsupported, target.
    """
    templates = require_target(files).templates
    changes = Changes(files)
    survey = Survey(files)
    lock_outdated = adopt_manifest(changes, templates)
    adopt_compiler(changes)
    adopt_entry(changes, survey)
    rules = adopt_rules(changes, templates)
    adopt_database(changes, survey, templates)
    people = adopt_people(changes, survey, templates)
    if people is not None:
        _sources(changes, survey, templates, rules, people)
    _ignore(changes)
    if changes.refused:
        raise InputError(changes.refused)
    _require_layout(changes)
    _leave_alone(changes)
    return Adoption(
        written={path: changes.written[path] for path in sorted(changes.written)},
        wired=changes.wired,
        warnings=tuple(changes.warnings),
        lock_outdated=lock_outdated,
    )


def _sources(
    changes: Changes, survey: Survey, templates: Path, rules: AccessRules, people: People
) -> None:
    """The files of a fresh project that are missing, and their place in the root module."""
    routes = not {"signup", "me"} <= survey.routes
    accounts = routes or not changes.files.exists(ADMIN)
    paths = [path for folder in ALWAYS for path in _paths(templates, folder)]
    left_out: set[str] = set()
    if not people.own:
        paths += [ENVIRONMENT, ADMIN, *_paths(templates, *PEOPLE)]
        if not migrations_of(changes.files):
            paths += _paths(templates, "src/migrations")
        _register_entities(changes, people)
    else:
        entities = {entity.file for entity in ENTITIES}
        theirs = {*entities, "src/modules/user/app-user-access-query.service.ts"}
        folders = PEOPLE[0 if routes else 1 :] if accounts else ()
        paths += [path for path in _paths(templates, *folders) if path not in theirs]
        paths += [ADMIN]
        left_out |= set() if routes else {"AppAuthModule"}
        left_out |= set() if accounts else {"AppUserModule"}
        if routes:
            _tell_of_sign_up(changes, survey)
    moved = {
        "src/app.acl.ts": rules.moved,
        ENVIRONMENT: Moved(None if people.own else ENVIRONMENT),
    }
    for path in paths:
        text = retargeted(template_text(templates, path), path, moved)
        for ours, name in rules.members.items():
            text = text.replace(ours, name)
        _add(changes, path, text)
    adopt_root(
        changes,
        survey,
        TemplateModule(templates),
        frozenset(left_out),
        moved,
        environment=not people.own,
    )


def _paths(templates: Path, *folders: str) -> list[str]:
    return [
        path
        for folder in folders
        for path in ([folder] if folder.endswith(".ts") else template_paths(templates, folder))
    ]


def _add(changes: Changes, path: str, text: str) -> None:
    """A file that is there stays, if it exports what others import from it."""
    there = changes.read(path)
    if there is None:
        changes.add(path, text)
        return
    lacking = sorted(_exported(text) - _exported(there))
    if lacking:
        changes.refuse(
            "adopt-file-taken",
            f"{path} is there and does not export {', '.join(lacking)}, which generated modules "
            "rely on.",
            "Move the file to another place, or export these names from it.",
            path,
        )


def _exported(text: str) -> set[str]:
    lists = re.findall(r"^export (?:type )?\{([^}]*)\}", text, re.MULTILINE)
    names = {part.split(" as ")[-1].strip() for each in lists for part in each.split(",")}
    return names | set(EXPORTED.findall(text)) - {""}


def _register_entities(changes: Changes, people: People) -> None:
    path = typeorm_settings(changes.files)
    text = None if path is None else changes.read(path)
    if path is not None and text is not None:
        with changes.refusing():
            changes.replace(path, wire_entities(text, people.entities, file=path))


def _tell_of_sign_up(changes: Changes, survey: Survey) -> None:
    if "signup" not in survey.routes:
        changes.warn(
            "adopt-sign-up",
            "POST /signup is new: anybody can make himself an account with the role user.",
            "Remove SignupController from src/modules/auth/app-auth.module.ts after the smoke test "
            "if nobody may.",
            "src/modules/auth/app-auth.module.ts",
        )


def _ignore(changes: Changes) -> None:
    """Databases and what belongs to one machine are not for the repository."""
    text = changes.read(".gitignore")
    if text is None:
        return
    lines = {line.strip().strip("/") for line in text.splitlines()}
    ours = () if ".rockets" in lines else OF_ONE_MACHINE
    missing = [name for name in (".data/", *ours) if name.strip("/") not in lines]
    if missing:
        end = "" if text.endswith("\n") or not text else "\n"
        changes.replace(".gitignore", text + end + "".join(f"{name}\n" for name in missing))


def _leave_alone(changes: Changes) -> None:
    """Remember which files break the engineering rules as they are; see `validate.adopted`."""
    if not (changes.written or changes.wired) or changes.files.exists(RECORD):
        return
    found = validate(Overlay(changes), migrations=False)
    guilty = {issue.file for issue in found.issues if issue.severity.fails}
    texts = {
        path: text
        for path in guilty - changes.written.keys()
        if (text := changes.read(path)) is not None
    }
    if texts:
        changes.add(RECORD, record(texts))
        changes.warn(
            "adopt-findings",
            f"{len(texts)} files of the project break engineering rules; as long as they are not "
            f"edited, that is a warning: {', '.join(sorted(texts)[:5])}.",
            "Run rockets validate to see what is found in them.",
        )


def _require_layout(changes: Changes) -> None:
    """Wire a module that does not exist, in memory: what `integrate` would refuse comes up now."""
    overlay = Overlay(changes)
    probe = Wiring(
        entity=ClassReference(name="AdoptionProbeEntity", file="src/adoption/probe.entity.ts"),
        module=ClassReference(name="AdoptionProbeModule", file="src/adoption/probe.module.ts"),
        query_service=ClassReference(
            name="AdoptionProbeAccessQueryService", file="src/adoption/probe-access.service.ts"
        ),
        resources=(
            Resource(member="AdoptionProbe", value="adoption-probe"),
            Resource(member="AdoptionProbeList", value="adoption-probe-list"),
        ),
        grants=(),
    )
    wire_shared(overlay, discover(overlay), [probe])
