"""Rule 1, and whether an entity of the plan has all of its files."""

from collections.abc import Iterator

from rockets_tools.integrate.record import KEBAB, Records
from rockets_tools.validate.layout import controller_file, entity_files
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import ProjectCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import CONTROLLER

GENERATED_FIRST = Rule(
    id="crud-module-generated",
    number=1,
    severity=Severity.HIGH,
    summary="A CRUD module is generated before it is edited.",
    help="A generated module has every layer, its checks and a record under .rockets/ by which "
    "later edits are merged. Put the entity into the plan and generate it, then edit.",
)
FILES_COMPLETE = Rule(
    id="entity-files-complete",
    severity=Severity.HIGH,
    summary="Every entity of the plan has all of its sixteen files.",
    help="A module with a file missing does not compile or lacks a layer. Generate it again.",
)


def _generated(shared: Shared) -> Iterator[Issue]:
    """Controllers that no generation record names."""
    project = shared.project
    records = Records(project.files)
    recorded = frozenset(records.entities())
    planned = {controller_file(entity): entity.kebab for entity in project.entities}
    for source in project.sources_of(CONTROLLER):
        # A record is found by its entity; only for one the plan does not place is it opened.
        if planned.get(source.path) in recorded:
            continue
        entity = source.path.rpartition("/")[2].removesuffix(f"{CONTROLLER}.ts")
        record = records.recall(entity).record if KEBAB.fullmatch(entity) else None
        if record is None or source.path not in record.files:
            message = f"No generation record names {source.path}: it was not generated first."
            yield GENERATED_FIRST.at(source.path, 1, message)


def _complete(shared: Shared) -> Iterator[Issue]:
    for entity in shared.project.entities:
        for path in entity_files(entity):
            if not shared.project.exists(path):
                yield FILES_COMPLETE.at(path, 1, f"{entity.name} has no {path}.")


CHECKS = (
    ProjectCheck(rules=(GENERATED_FIRST,), check=_generated, needs_records=True),
    ProjectCheck(rules=(FILES_COMPLETE,), check=_complete),
)
