"""Where the backend is to be: a folder to make a project in, or a project with what it has."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_graph.ledger import PLAN_FILE
from rockets_tools.documents.provenance import Provenance, read_provenance
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import names
from rockets_tools.project import detect_target, require_room, require_target
from rockets_tools.project.target import MANIFEST

if TYPE_CHECKING:
    from rockets_tools.project.adopt import Adoption

ROLE_ENUM = "AppRole."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntity:
    """An entity class that a person wrote."""

    name: str
    """Without the `Entity` suffix."""
    table: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The project as it is before anything is done."""

    project: Path
    is_new: bool
    """It is to be made."""
    target: str = ""
    """What it is built on, in words."""
    adoption: "Adoption | None" = None
    """What it lacks, because it did not come from `rockets new`."""
    plan: JsonValue = None
    """The plan in force."""
    provenance: Provenance | None = None
    by_hand: tuple[OwnEntity, ...] = ()
    roles: tuple[str, ...] = ()
    """Those its access rules know."""


def default_project(document: Path, here: Path) -> Path:
    """The current folder when it is a Rockets project, else a folder called like the document."""
    if (here / MANIFEST).is_file():
        try:
            detect_target(ProjectFiles(here))
        except InputError:
            pass
        else:
            return Path()
    return Path(names.kebab(document.stem) or "rockets-api")


def find_place(project: Path) -> Place:
    """Look at the folder; raises `InputError` when no project can be there, nor be made."""
    files = ProjectFiles(project)
    if not (project / MANIFEST).is_file():
        require_room(project)
        return Place(project=project, is_new=True)
    target = require_target(files)
    from rockets_tools.project.adopt import plan_adoption

    adoption = plan_adoption(files)
    return Place(
        project=project,
        is_new=False,
        target=target.sdk,
        adoption=adoption if adoption else None,
        plan=_plan_in_force(files),
        provenance=_provenance(files),
        by_hand=tuple(_by_hand(files)),
        roles=_roles(files),
    )


def _plan_in_force(files: ProjectFiles) -> JsonValue:
    """As written; a broken one is of no use to anybody and will be replaced."""
    try:
        value: JsonValue = json.loads(files.read(PLAN_FILE) or "null")
    except (ValueError, RecursionError, InputError):
        return None
    return value if isinstance(value, dict) else None


def _provenance(files: ProjectFiles) -> Provenance | None:
    """A broken record only costs the knowledge of what came from where."""
    try:
        return read_provenance(files)
    except InputError as error:
        if any(problem.code == "provenance-newer" for problem in error.problems):
            raise
        return None


def _by_hand(files: ProjectFiles) -> Iterator[OwnEntity]:
    """Entity classes of the project's sources that no run of ours has generated."""
    from rockets_tools.integrate import Records
    from rockets_tools.integrate.layout import typescript_files
    from rockets_tools.validate.entities import entity_classes
    from rockets_tools.validate.source import Source

    records = Records(files)
    ours = {
        path
        for entity in records.entities()
        if (record := records.recall(entity).record) is not None
        for path in record.files
    }
    for path in typescript_files(files):
        data = None if path in ours else files.read_bytes(path)
        if data is None or b"@Entity" not in data:
            continue
        for found in entity_classes(Source(path, data.decode(errors="replace"))):
            name = names.entity_name(found.name, exact=True)
            yield OwnEntity(name=name, table=found.table, file=path, line=found.line)


def _roles(files: ProjectFiles) -> tuple[str, ...]:
    from rockets_tools.integrate import discover
    from rockets_tools.validate.constants import named_values
    from rockets_tools.validate.source import Source

    try:
        path = discover(files).acl
    except InputError:  # one that is to be adopted may have none yet
        return ()
    text = files.read(path) or ""
    values = named_values(Source(path, text))
    return tuple(sorted({value for name, value in values if name.startswith(ROLE_ENUM)}))


def clashes(place: Place, entities: dict[str, str]) -> list[Problem]:
    """Entities of the plan (name to table) that a person has written in the project already."""
    tables = {table: name for name, table in entities.items()}
    by_key = {names.key(name): name for name in entities}
    problems: list[Problem] = []
    for own in place.by_hand:
        name = by_key.get(names.key(own.name)) or tables.get(own.table)
        if name is None:
            continue
        same = "class" if names.key(own.name) == names.key(name) else f"table {own.table}"
        problems.append(
            Problem(
                code="entity-exists",
                message=f"The plan has the entity {name}, and the project has a {same} of that "
                "name which was written by hand.",
                fix="Rename or leave out the entity in the plan, or move the project's own class "
                "away; it is not overwritten.",
                file=own.file,
                line=own.line,
            )
        )
    return problems
