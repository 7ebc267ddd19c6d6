"""Integrating one wave: everything is planned in memory, checked, and then written once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import STATE_FOLDER, ProjectFiles
from rockets_tools.generate.result import Rendered, Wiring
from rockets_tools.integrate.layout import ProjectLayout, discover
from rockets_tools.integrate.place import Placement, Write, place
from rockets_tools.integrate.record import Base, EntityRecord, Recalled, Records, record_of
from rockets_tools.integrate.result import ActionKind, FileAction, IntegrateResult
from rockets_tools.integrate.wiring.acl import add_rules
from rockets_tools.integrate.wiring.app_module import ModuleWiring, wire_module
from rockets_tools.integrate.wiring.source import Source, WiringError
from rockets_tools.integrate.wiring.typeorm import wire_entities

Edit = tuple[str, Callable[[str], str | None]]
"""A shared file, and what is done to its text; None: nothing to change."""


@dataclass(slots=True)
class Wave:
    """A wave as it will be written."""

    records: list[EntityRecord] = field(default_factory=list[EntityRecord])
    """Those that differ from what is stored."""
    placements: list[Placement] = field(default_factory=list[Placement])
    shared: dict[str, str] = field(default_factory=dict[str, str])
    """New text of each shared file that changes."""
    warnings: list[Problem] = field(default_factory=list[Problem])


def integrate(files: ProjectFiles, rendered: Sequence[Rendered]) -> IntegrateResult:
    """Write the files of a wave's entities and wire them into the project.

    Files you edited are merged three ways; a conflict, a file that was never generated and one
    you deleted are left as they are and reported. A second call with the same input changes
    nothing. Raises `InputError`, with every problem found and before anything is written, when a
    shared file cannot be wired safely or a path is not usable: it is the project given that
    needs a change. `MachineError` is what the disk refuses.
    """
    records = Records(files)
    wave = plan_wave(files, rendered, records)
    for record in wave.records:
        records.begin(record)
    actions: list[FileAction] = []
    for placement in wave.placements:
        if placement.write is Write.CREATE:
            files.create(placement.path, placement.text.encode())
        elif placement.write is Write.REPLACE:
            files.write(placement.path, placement.text)
        else:
            continue
        actions.append(FileAction(placement.kind, placement.path))
    for path, text in wave.shared.items():
        files.write(path, text)
        actions.append(FileAction(ActionKind.WIRED, path))
    for record in wave.records:
        records.commit(record.entity)
    return IntegrateResult(
        actions=tuple(actions),
        warnings=tuple(wave.warnings),
        conflicts=tuple(c for placement in wave.placements for c in placement.conflicts),
    )


def plan_wave(files: ProjectFiles, rendered: Sequence[Rendered], records: Records) -> Wave:
    """Everything `integrate` would write; nothing is touched."""
    layout = discover(files)
    _check_paths(files, rendered, layout)
    known = {each.entity: records.recall(each.entity) for each in rendered}
    wave = Wave()
    wirings = [each.wiring for each in rendered]
    moved = _moved(rendered, known)
    wave.shared, notes = wire_shared(files, layout, wirings, moved)
    presence = _Presence(files)
    for each in rendered:
        _place_entity(files, each, known[each.entity], presence, wave)
    wave.warnings[:0] = [*records.warnings, *notes]
    return wave


def wire_shared(
    files: ProjectFiles,
    layout: ProjectLayout,
    wirings: Sequence[Wiring],
    moved: dict[str, str] | None = None,
) -> tuple[dict[str, str], list[Problem]]:
    """New texts of the shared files that change, and warnings.

    `moved`: file of a class to the one it was generated into before. Raises one `InputError` with
    the problems of all of them; nothing is written.
    """
    moved = moved or {}
    notes: list[Problem] = []

    def entities(text: str) -> str | None:
        classes = [wiring.entity for wiring in wirings]
        return wire_entities(text, classes, file=layout.typeorm, moved=moved)

    def rules(text: str) -> str | None:
        source = Source(text, layout.acl)
        add_rules(source, wirings)
        notes.extend(source.notes)
        return source.result()

    services = [wiring.query_service for wiring in wirings]
    together = layout.access_control == layout.app_module
    app_module = ModuleWiring(
        modules=[wiring.module for wiring in wirings],
        query_services=services if together else (),
        crud_root=not layout.crud_root,
        moved=moved,
    )
    edits: list[Edit] = [
        (layout.typeorm, entities),
        (layout.app_module, partial(wire_module, wiring=app_module, file=layout.app_module)),
        (layout.acl, rules),
    ]
    if not together:
        other = ModuleWiring(query_services=services, crud_root=False, moved=moved)
        edits.append(
            (layout.access_control, partial(wire_module, wiring=other, file=layout.access_control))
        )
    return edited(files, edits), notes


def edited(files: ProjectFiles, edits: Iterable[Edit]) -> dict[str, str]:
    """New text of each shared file that its edits change; nothing is written.

    Raises one `WiringError` with the problems of all of them.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, edit in edits:
        text = texts.get(path) or files.read(path)
        try:
            changed = edit(text or "")
        except WiringError as error:
            problems.extend(error.problems)
        else:
            if changed is not None:
                texts[path] = changed
    if problems:
        raise WiringError(problems)
    return texts


class _Presence:
    """Which files exist, asking the disk once per folder, and not at all below a missing one."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files
        self._names: dict[str, frozenset[str]] = {}

    def __call__(self, path: str) -> bool:
        folder, slash, name = path.rpartition("/")
        return name in self._in(folder) if slash else self._files.exists(path)

    def _in(self, folder: str) -> frozenset[str]:
        names = self._names.get(folder)
        if names is None:
            if "/" in folder and not self(folder):
                names = frozenset[str]()
            else:
                names = self._files.names(folder)
            self._names[folder] = names
        return names


def _place_entity(
    files: ProjectFiles, rendered: Rendered, known: Recalled, presence: _Presence, wave: Wave
) -> None:
    """Decide about each file of an entity, and what to remember of it."""
    bases: dict[str, Base] = {}
    for generated in rendered.files:
        placement = place(files, generated, known, rendered.entity, presence)
        if placement.base is not None:
            bases[placement.path] = placement.base
        if placement.warning is not None:
            wave.warnings.append(placement.warning)
        wave.placements.append(placement)
    former = known.record.files if known.record else {}
    for path, base in former.items():
        if path not in bases and presence(path):
            bases[path] = base
            wave.warnings.append(_left_over(path))
    record = record_of(rendered.entity, rendered.wiring, bases)
    if record != known.record or known.interrupted:
        wave.records.append(record)


def _moved(rendered: Sequence[Rendered], known: Mapping[str, Recalled]) -> dict[str, str]:
    """File of a class to the file that an earlier run generated it into, where it differs."""
    moved: dict[str, str] = {}
    for each in rendered:
        record = known[each.entity].record
        wiring = each.wiring
        if record is not None:
            now = (wiring.entity, wiring.module, wiring.query_service)
            for old, new in zip(record.classes, now, strict=True):
                if old.file != new.file:
                    moved[new.file] = old.file
    return moved


def _check_paths(files: ProjectFiles, rendered: Sequence[Rendered], layout: ProjectLayout) -> None:
    """All inside the project, no file twice, none of the shared ones, none of ours."""
    shared = {layout.typeorm, layout.app_module, layout.acl, layout.access_control}
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for each in rendered:
        for path in (file.path for file in each.files):
            files.require_inside(path)
            if path in seen or path in shared or path.startswith(f"{STATE_FOLDER}/"):
                holder = seen.get(path, "the project itself")
                problems.append(
                    Problem(
                        code="path-taken",
                        message=f"{each.entity} wants to write {path}, which is of {holder}.",
                        fix="Give the entity another name or other paths in the plan.",
                        file=path,
                    )
                )
            seen[path] = each.entity
    if problems:
        raise InputError(problems)


def _left_over(path: str) -> Problem:
    return Problem(
        code="no-longer-generated",
        message=f"{path} was generated earlier and is not part of the entity any more.",
        fix="Delete the file when nothing of yours uses it.",
        file=path,
    )
