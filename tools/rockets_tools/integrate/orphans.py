"""Entities that left the plan: what they left behind, and what still speaks of them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.layout import typescript_files
from rockets_tools.integrate.record import EntityRecord, Records

SHOWN = 10
"""Lines named in the warning; all of them are in `Orphan.mentions`."""

EXPORTED = re.compile(
    r"^export (?:abstract |async |const (?=enum ))?"
    r"(?:class|interface|enum|type|function|const) ([\w$]+)",
    re.MULTILINE,
)

NAME = re.compile(r"AppResource\.[\w$]+|[\w$]+")
"""Looked up in a dict: one pattern of all names on every line costs minutes in a large project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A line outside the entity's own files that names one of its classes or resources."""

    file: str
    line: int
    """1-based."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """What was generated or written for a plan that has it no more. Nothing was deleted."""

    kind: Literal["entity", "module"] = "entity"
    """A module is one with behaviour."""
    entity: str
    """kebab-case."""
    files: tuple[str, ...]
    """Its generated files that still exist."""
    mentions: tuple[Mention, ...]

    def as_problem(self) -> Problem:
        """The warning for a report."""
        lines = list(dict.fromkeys(f"{each.file}:{each.line}" for each in self.mentions))
        more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        still = f"; it is still mentioned in {', '.join(lines[:SHOWN])}{more}" if lines else ""
        return Problem(
            code=f"{self.kind}-left-plan",
            message=f"{self.entity} is not in the plan any more and has {len(self.files)} "
            f"{'generated ' if self.kind == 'entity' else ''}files{still}.",
            fix="Take it out of those lines and delete its files, or put it back into the plan.",
            file=self.files[0] if self.files else None,
        )


def orphans(files: ProjectFiles, plan_entities: Collection[str]) -> list[Orphan]:
    """Every entity with a generation record that is not among `plan_entities` (kebab-case)."""
    records = Records(files)
    left = [
        record
        for entity in records.entities()
        if entity not in plan_entities and (record := records.recall(entity).record)
    ]
    owner = {name: record.entity for record in left for name in _names(record)}
    own_files = {path: record.entity for record in left for path in record.files}
    found = mentions(files, owner, own_files)
    return [
        Orphan(
            entity=record.entity,
            files=tuple(path for path in sorted(record.files) if files.exists(path)),
            mentions=tuple(found.get(record.entity, ())),
        )
        for record in left
    ]


def mentions(
    files: ProjectFiles, owner: Mapping[str, str], own_files: Mapping[str, str]
) -> dict[str, list[Mention]]:
    """By owner, the lines that speak of him. `owner` is by name, `own_files` by path; what a file
    says of its own owner does not count."""
    found: dict[str, list[Mention]] = {}
    for path in typescript_files(files) if owner else ():
        data = files.read_bytes(path)
        if data is None:
            continue
        for number, line in enumerate(data.decode(errors="replace").splitlines(), start=1):
            for name in dict.fromkeys(NAME.findall(line)):
                if name in owner and own_files.get(path) != owner[name]:
                    mention = Mention(file=path, line=number, name=name)
                    found.setdefault(owner[name], []).append(mention)
    return found


def _names(record: EntityRecord) -> list[str]:
    """Names that only this entity brings: what its files export, its members of `AppResource`."""
    exported = [name for base in record.files.values() for name in EXPORTED.findall(base.base)]
    return [*exported, *(f"AppResource.{resource.member}" for resource in record.resources)]
