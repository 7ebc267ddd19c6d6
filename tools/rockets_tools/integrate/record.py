"""What was generated, remembered under `.rockets/generated/`, one JSON file per entity.

Order of writes, so that a run killed at any moment can be told apart from a user's edit:

1. `<entity>.next.json`: the record as it will be,
2. the entity's files and the project's shared files,
3. `<entity>.next.json` is renamed to `<entity>.json`.

A `.next` that is found is what a killed run was about to do. For each file in it, the disk tells
whether that was done: then the new entry holds, else the one of `<entity>.json`. A `.next` that
is no valid record was torn before any file was touched. Everything read here is untrusted.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from pydantic import TypeAdapter, ValidationError

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.generate.result import ClassReference, Resource, Wiring

FOLDER = f"{STATE_FOLDER}/generated"
FORMAT = 1
KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Base:
    """One generated file: what the generator wrote, and what was left on disk."""

    sha256: str
    """Of the bytes on disk after the last run; not that of `base` where edits were merged."""
    base: str
    """The generator's text, which the next merge starts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRecord:
    """What one entity was when it was last integrated."""

    format: int = FORMAT
    generator: str
    """Version of this package that wrote the files."""
    entity: str
    """kebab-case."""
    classes: tuple[ClassReference, ClassReference, ClassReference]
    """Entity, module and access query service."""
    resources: tuple[Resource, ...]
    files: dict[str, Base] = field(default_factory=dict[str, Base])
    """By path."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of an entity from earlier runs."""

    record: EntityRecord | None = None
    unfinished: dict[str, Base] = field(default_factory=dict[str, Base])
    """Files that a killed run may have left absent, empty or cut off."""
    interrupted: bool = False
    """A killed run left its `.next`."""

    def base(self, path: str) -> Base | None:
        return None if self.record is None else self.record.files.get(path)


class Records:
    """The records of one project. Reading never raises on what it finds, save on a newer format
    (`InputError`, `record-newer`): a corrupt record is told in `warnings` and then not known."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files
        self._names = files.names(FOLDER)
        self.warnings: list[Problem] = []

    def entities(self) -> list[str]:
        """Every entity that has a record, kebab-case, sorted."""
        found = {name.removesuffix(".json").removesuffix(".next") for name in self._names}
        return sorted(entity for entity in found if KEBAB.fullmatch(entity))

    def recall(self, entity: str) -> Recalled:
        """What earlier runs, finished and killed, are known to have generated."""
        current, following = _path(entity), _path(entity, following=True)
        record = self._read(current, entity) if f"{entity}.json" in self._names else None
        if f"{entity}.next.json" not in self._names:
            return Recalled(record)
        begun = self._read(following, entity, torn=True)
        if begun is None:
            return Recalled(record, interrupted=True)
        entries = dict(record.files) if record else {}
        unfinished: dict[str, Base] = {}
        for path, base in begun.files.items():
            data = self._files.read_bytes(path)
            if data is not None and digest(data) == base.sha256:
                entries[path] = base
            elif path not in entries:
                unfinished[path] = base
        merged = EntityRecord(
            generator=begun.generator,
            entity=entity,
            classes=record.classes if record else begun.classes,
            resources=record.resources if record else begun.resources,
            files=entries,
        )
        return Recalled(merged, unfinished, interrupted=True)

    def begin(self, record: EntityRecord) -> None:
        """Step 1, before any file of the entity is touched."""
        name = f"{record.entity}.next.json"
        path = _path(record.entity, following=True)
        if name in self._names:
            self._files.delete(path)
        self._files.create(path, _adapter().dump_json(record))

    def commit(self, entity: str) -> None:
        """Step 3, when all files, the shared ones included, are written."""
        self._files.move(_path(entity, following=True), _path(entity))

    def _read(self, path: str, entity: str, *, torn: bool = False) -> EntityRecord | None:
        try:
            record = _adapter().validate_json(self._files.read_bytes(path) or b"")
        except ValidationError:
            record = None
        if record is not None and record.format > FORMAT:
            raise InputError(
                Problem(
                    code="record-newer",
                    message=f"{path} was written by a newer version of Rockets Team.",
                    fix="Use that version, or a newer one, on this project.",
                    file=path,
                )
            )
        if record and (record.format, record.entity) == (FORMAT, entity) and self._inside(record):
            return record
        if not torn:
            self.warnings.append(_corrupt(path))
        return None

    def _inside(self, record: EntityRecord) -> bool:
        """A path that leads out of the project makes the whole record worthless."""
        try:
            for path in (*record.files, *(reference.file for reference in record.classes)):
                self._files.path(path)
        except InputError:
            return False
        return True


def digest(data: bytes) -> str:
    """sha256, hex."""
    return sha256(data).hexdigest()


def record_of(entity: str, wiring: Wiring, files: dict[str, Base]) -> EntityRecord:
    """The record of an entity as it is integrated now."""
    return EntityRecord(
        generator=generator_version(),
        entity=entity,
        classes=(wiring.entity, wiring.module, wiring.query_service),
        resources=wiring.resources,
        files=files,
    )


@cache
def generator_version() -> str:
    """Of this package, as installed."""
    return version("rockets-team")


@cache
def _adapter() -> TypeAdapter[EntityRecord]:
    return TypeAdapter(EntityRecord)


def _path(entity: str, *, following: bool = False) -> str:
    if not KEBAB.fullmatch(entity):
        raise InputError(
            Problem(
                code="entity-name",
                message=f"{entity!r} is not an entity name in kebab-case.",
                fix="Name the entity with letters and digits.",
            )
        )
    return f"{FOLDER}/{entity}{'.next' if following else ''}.json"


def _corrupt(path: str) -> Problem:
    return Problem(
        code="record-corrupt",
        message=f"{path} is not a valid record, so what was generated there is not known.",
        fix="Restore it from version control, or delete it; files that differ are left alone.",
        file=path,
    )
