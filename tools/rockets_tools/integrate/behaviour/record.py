"""What modules with behaviour consist of, remembered under `.rockets/modules/`, one file each.

Its files are written by whoever writes the module, so a record claims and compares, and never
restores. It is written before the shared files are: a run killed in between claims what the next
one wires. Everything read here is untrusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.generate.result import ClassReference, Resource
from rockets_tools.integrate.behaviour.data import ModuleGrant
from rockets_tools.integrate.record import KEBAB, digest

FOLDER = f"{STATE_FOLDER}/modules"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenModule:
    """A module with behaviour when it was last integrated."""

    format: int = FORMAT
    generator: str
    """Version of this package that integrated it."""
    name: str
    """kebab-case, as in the plan."""
    module: ClassReference
    resources: tuple[Resource, ...]
    """Members of `AppResource` that it needs."""
    retired: tuple[Resource, ...] = ()
    """Members that it needed earlier; they are still its own, and granted to nobody."""
    grants: tuple[ModuleGrant, ...]
    files: dict[str, str]
    """Path to sha256, hex, of what was there; POSIX, relative to the project root."""

    def changed(self, files: ProjectFiles) -> Mapping[str, str]:
        """Files that are not as they were: path to the sha256 of what is there now, empty when
        the file is gone."""
        found: dict[str, str] = {}
        for path, known in self.files.items():
            data = files.read_bytes(path)
            now = "" if data is None else digest(data)
            if now != known:
                found[path] = now
        return found


class ModuleRecords:
    """The records of one project. A record that cannot be read is told in `warnings` and then not
    known; one of a newer format raises `InputError` (`record-newer`)."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files
        self._names = files.names(FOLDER)
        self.warnings: list[Problem] = []

    def modules(self) -> list[str]:
        """Every module that has a record, kebab-case, sorted."""
        found = (name.removesuffix(".json") for name in self._names if name.endswith(".json"))
        return sorted(name for name in found if KEBAB.fullmatch(name))

    def recall(self, name: str) -> WrittenModule | None:
        if f"{name}.json" not in self._names or not KEBAB.fullmatch(name):
            return None
        path = f"{FOLDER}/{name}.json"
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
        if record and (record.format, record.name) == (FORMAT, name) and self._inside(record):
            return record
        self.warnings.append(
            Problem(
                code="record-corrupt",
                message=f"{path} is not a valid record, so what the module wrote is not known.",
                fix="Restore it from version control, or delete it and run again.",
                file=path,
            )
        )
        return None

    def save(self, record: WrittenModule) -> None:
        self._files.write(f"{FOLDER}/{record.name}.json", _adapter().dump_json(record).decode())

    def _inside(self, record: WrittenModule) -> bool:
        """A path that leads out of the project makes the whole record worthless."""
        try:
            for path in (record.module.file, *record.files):
                self._files.path(path)
        except InputError:
            return False
        return True


def module_written(files: ProjectFiles, name: str) -> WrittenModule | None:
    """What is known of a module with behaviour (kebab-case); None: it was never integrated, or its
    record cannot be read."""
    return ModuleRecords(files).recall(name)


def modules_written(files: ProjectFiles) -> tuple[WrittenModule, ...]:
    """All of them, sorted by name."""
    records = ModuleRecords(files)
    return tuple(record for name in records.modules() if (record := records.recall(name)))


@cache
def _adapter() -> TypeAdapter[WrittenModule]:
    return TypeAdapter(WrittenModule)
