"""Validate a project, or the part of it that a wave or an edit touched."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from posixpath import normpath

from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Plan
from rockets_tools.validate.adopted import judged
from rockets_tools.validate.catalog import FILE_CHECKS, PROJECT_CHECKS
from rockets_tools.validate.layout import entity_files
from rockets_tools.validate.project import Project
from rockets_tools.validate.result import Issue, ValidateResult
from rockets_tools.validate.rule import FileCheck
from rockets_tools.validate.shared import Shared


def validate(
    files: ProjectFiles,
    *,
    plan: Plan | None = None,
    entities: Collection[str] | None = None,
    paths: Sequence[str] | None = None,
    texts: Mapping[str, str] | None = None,
    migrations: bool = True,
    records: bool = True,
) -> ValidateResult:
    """Hold a project against the engineering rules and the structural checks.

    Without limits every TypeScript source below `src/` is looked at. `paths` (relative to the
    root, any that exist) limits findings to those files and their wiring; `entities` (names in
    `plan`) to the files of one wave. With a plan, every entity in question must have all of its
    files. `texts` are files the caller has just written and need not be read again.
    `migrations=False` leaves out the check that every table has one, `records=False` rule 1, for a
    project whose `integrate` was another program. Reads, never writes; raises
    `InputError` for a path that leaves the project and for a file that is not text.
    """
    project = _project(files, plan, entities, paths, texts or {})
    shared = Shared(project)
    issues: list[Issue] = []
    for source in project.sources():
        any_token, checks = _checks_of(source.kind)
        # Most files have no token of any check: one look for all of them.
        for check in checks if any_token.search(source.text) else ():
            if source.has_any(check.tokens):
                issues.extend(check.check(source, shared))
        for check in _always(source.kind):
            issues.extend(check.check(source, shared))
    for whole in PROJECT_CHECKS:
        wanted = (migrations or not whole.needs_migrations) and (records or not whole.needs_records)
        if wanted:
            issues.extend(whole.check(shared))
    return ValidateResult.of(judged(files, issues))


def _project(
    files: ProjectFiles,
    plan: Plan | None,
    entities: Collection[str] | None,
    paths: Sequence[str] | None,
    texts: Mapping[str, str],
) -> Project:
    """The view of the project that has in scope what was asked for."""
    modules = () if plan is None else [module.kebab for module in plan.non_crud]
    if paths is not None:
        for path in paths:
            files.path(path)
        scope = sorted({normpath(path) for path in paths})
        return Project(files, texts=texts, scope=scope, modules=modules)
    planned = () if plan is None else list(plan.entities.values())
    if entities is None:
        return Project(files, texts=texts, entities=planned, modules=modules)
    named = frozenset(entities)
    chosen = [entity for entity in planned if entity.name in named]
    wave = [path for entity in chosen for path in entity_files(entity)]
    return Project(files, texts=texts, scope=wave, entities=chosen)


@cache
def _checks_of(kind: str) -> tuple[re.Pattern[str], tuple[FileCheck, ...]]:
    """Checks for files of a kind that have one of their tokens, and what finds any of those."""
    checks = tuple(check for check in FILE_CHECKS if check.tokens and check.applies(kind))
    tokens = dict.fromkeys(token for check in checks for token in check.tokens)
    return re.compile("|".join(map(re.escape, tokens))), checks


@cache
def _always(kind: str) -> tuple[FileCheck, ...]:
    """Checks for every file of a kind."""
    return tuple(check for check in FILE_CHECKS if not check.tokens and check.applies(kind))
