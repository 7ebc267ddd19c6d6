"""Modules with behaviour as the state file knows them: which are there, which are not, which
changed. Both casts ask, so nothing of the team is loaded for it.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Literal

from rockets_graph.ledger import ModuleRecord, StateFile
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import NonCrud, Plan
from rockets_tools.tree import paths_below

MODULES = "src/modules"

ModuleStatus = Literal["missing", "theirs", "unproven", "done"]
"""Missing: to be written, or anew because the plan says something else of it. Theirs: somebody
else has written it, which the team leaves alone. Unproven: written, and no gate has seen it as it
is now."""


def module_files(module: NonCrud) -> tuple[str, ...]:
    """What the Generator may write for it."""
    return (f"{MODULES}/{module.kebab}/", f"test/{module.kebab}.test.mjs")


def is_spec(path: str) -> bool:
    """A test that speaks HTTP, which `Toolbox.test` can run."""
    return path.startswith("test/") and path.endswith(".test.mjs")


def spec_of(module: NonCrud) -> str:
    """Hash of what the plan says of it."""
    said = [module.name, module.type, module.description, module.pattern]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def status_of(
    module: NonCrud, records: Mapping[str, ModuleRecord], files: ProjectFiles
) -> ModuleStatus:
    """How it stands, by its record and by what is on disk."""
    record, now = records.get(module.kebab), digests(module, files)
    if record is None or not (record.files or record.begun):
        return "theirs" if any(path.startswith(f"{MODULES}/") for path in now) else "missing"
    if record.spec != spec_of(module) or _class_file(record) not in now:
        return "missing"
    return "done" if record.proven and now == record.files else "unproven"


def digests(module: NonCrud, files: ProjectFiles) -> dict[str, str]:
    """By path the sha256 of everything that is in its places."""
    folder, spec = module_files(module)
    found: dict[str, str] = {}
    for path in sorted([*paths_below(files, folder.rstrip("/")), spec]):
        try:
            data = None if (files.root / path).is_symlink() else files.read_bytes(path)
        except InputError:  # a name that no file of ours has
            continue
        if data is not None:
            found[path] = hashlib.sha256(data).hexdigest()
    return found


def _class_file(record: ModuleRecord) -> object:
    """Where its class is, as the Generator said; without it there is no module."""
    said = (record.written or {}).get("module")
    return said.get("file") if isinstance(said, dict) else None


def half_written(plan: Plan, state: StateFile) -> list[NonCrud]:
    """Modules that were being written for the first time when the run was killed."""
    return [
        module
        for module in plan.non_crud
        if (record := state.modules.get(module.kebab)) is not None
        and record.begun
        and not record.files
    ]


def changed_modules(plan: Plan, state: StateFile, files: ProjectFiles) -> list[str]:
    """Names of the proven modules whose files are not as the gates saw them."""
    return [
        module.name
        for module in plan.non_crud
        if (record := state.modules.get(module.kebab)) is not None
        and record.proven
        and record.spec == spec_of(module)
        and record.files != digests(module, files)
    ]


def all_done(plan: Plan, state: StateFile, files: ProjectFiles) -> bool:
    """There is nothing left for a team."""
    return not any(
        module.kebab in state.unreviewed
        or status_of(module, state.modules, files) in {"missing", "unproven"}
        for module in plan.non_crud
    )


def accept(plan: Plan, state: StateFile, files: ProjectFiles) -> None:
    """The gates are green over what is there now, whoever changed it."""
    for module in plan.non_crud:
        record = state.modules.get(module.kebab)
        if record is not None and record.proven:
            record.files = digests(module, files)


def specs_of(plan: Plan, records: Mapping[str, ModuleRecord]) -> list[str]:
    """The specs of the modules that are done: a test of its own for each."""
    return [
        path
        for module in plan.non_crud
        if (record := records.get(module.kebab)) is not None and record.proven
        for path in record.files
        if is_spec(path)
    ]
