"""Modules with behaviour that left the plan."""

from collections.abc import Collection

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.behaviour.record import WrittenModule, modules_written
from rockets_tools.integrate.orphans import EXPORTED, Orphan, mentions


def orphan_modules(files: ProjectFiles, plan_modules: Collection[str]) -> list[Orphan]:
    """Every module with a record that is not among `plan_modules` (kebab-case)."""
    left = [record for record in modules_written(files) if record.name not in plan_modules]
    owner = {name: record.name for record in left for name in _names(files, record)}
    own_files = {path: record.name for record in left for path in record.files}
    found = mentions(files, owner, own_files)
    return [
        Orphan(
            kind="module",
            entity=record.name,
            files=tuple(path for path in sorted(record.files) if files.exists(path)),
            mentions=tuple(found.get(record.name, ())),
        )
        for record in left
    ]


def _names(files: ProjectFiles, record: WrittenModule) -> list[str]:
    """What its files export, and its members of `AppResource`."""
    sources = (path for path in record.files if path.endswith(".ts"))
    texts = ((files.read_bytes(path) or b"").decode(errors="replace") for path in sources)
    exported = [name for text in texts for name in EXPORTED.findall(text)]
    resources = (*record.resources, *record.retired)
    return [record.module.name, *exported, *(f"AppResource.{r.member}" for r in resources)]
