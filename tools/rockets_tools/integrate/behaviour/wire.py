"""Wiring modules with behaviour. Their files are there already; the shared files are ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import ClassReference, Resource
from rockets_tools.integrate.behaviour.checks import problems_of
from rockets_tools.integrate.behaviour.data import BehaviourModule, resource_of
from rockets_tools.integrate.behaviour.record import ModuleRecords, WrittenModule
from rockets_tools.integrate.behaviour.surroundings import Surroundings
from rockets_tools.integrate.layout import ProjectLayout, discover, typescript_files
from rockets_tools.integrate.record import digest, generator_version
from rockets_tools.integrate.result import ActionKind, FileAction, IntegrateResult
from rockets_tools.integrate.wave import Edit, edited
from rockets_tools.integrate.wiring.acl import add_rules, wire_acl
from rockets_tools.integrate.wiring.app_module import ModuleWiring, wire_module
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.plan.model import Grant

QUERY_SERVICE = "-access-query.service.ts"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Access:
    """One resource, and what each role may do with it."""

    resources: tuple[Resource, ...]
    grants: tuple[tuple[str, Grant], ...] = ()


def integrate_modules(files: ProjectFiles, modules: Sequence[BehaviourModule]) -> IntegrateResult:
    """Wire modules whose files are in the project, and remember what they consist of.

    Each module's class is imported by the root module, its access query services go where the
    guard resolves them, its resources into `AppResource`; on those, roles get exactly what is
    granted here. A second call with the same input changes nothing but the hashes of files that
    were edited in between. Raises `InputError` with everything that is wrong, before anything is
    written: a name that is no identifier, a file or resource of somebody else, a grant to an
    unknown role or on what is not the module's own.
    """
    records = ModuleRecords(files)
    layout = discover(files)
    known = {module.name: records.recall(module.name) for module in modules}
    around = Surroundings(files, layout, records, [module.name for module in modules])
    problems = _problems(files, layout, modules, known, around)
    if problems:
        raise InputError(problems)
    written = [_record(files, module, known[module.name]) for module in modules]
    shared, notes = _shared(files, layout, written, around)
    for record in written:
        if record != known[record.name]:
            records.save(record)
    for path, text in shared.items():
        files.write(path, text)
    return IntegrateResult(
        actions=tuple(FileAction(ActionKind.WIRED, path) for path in shared),
        warnings=(*records.warnings, *notes),
    )


def refusals(files: ProjectFiles, modules: Sequence[BehaviourModule]) -> tuple[Problem, ...]:
    """What `integrate_modules` would refuse; nothing is written. None where the project is not one
    that it can wire at all."""
    try:
        layout = discover(files)
        records = ModuleRecords(files)
        known = {module.name: records.recall(module.name) for module in modules}
        around = Surroundings(files, layout, records, [module.name for module in modules])
    except InputError:
        return ()
    return tuple(_problems(files, layout, modules, known, around))


def _problems(
    files: ProjectFiles,
    layout: ProjectLayout,
    modules: Sequence[BehaviourModule],
    known: dict[str, WrittenModule | None],
    around: Surroundings,
) -> list[Problem]:
    problems = list(problems_of(modules, known, around))
    return problems or list(_adopted(files, layout, modules, known, around))


def _record(
    files: ProjectFiles, module: BehaviourModule, known: WrittenModule | None
) -> WrittenModule:
    """What will be remembered. Sources in its folder that were not named are its own, too."""
    paths = sorted({*module.files, *typescript_files(files, module.folder)})
    resources = tuple(resource_of(member) for member in dict.fromkeys(module.resources))
    former = () if known is None else (*known.resources, *known.retired)
    grants = sorted(module.grants, key=lambda grant: (grant.resource, grant.role))
    return WrittenModule(
        generator=generator_version(),
        name=module.name,
        module=module.module,
        resources=resources,
        retired=tuple(r for r in dict.fromkeys(former) if r not in resources),
        grants=tuple(grant for grant in grants if grant.grant.actions),
        files={path: digest(files.read_bytes(path) or b"") for path in paths},
    )


def _shared(
    files: ProjectFiles,
    layout: ProjectLayout,
    written: Sequence[WrittenModule],
    around: Surroundings,
) -> tuple[dict[str, str], list[Problem]]:
    """New texts of the shared files, and warnings."""
    notes: list[Problem] = []
    access = [each for record in written for each in _access(record, around)]

    def rules(text: str) -> str | None:
        source = Source(text, layout.acl)
        add_rules(source, access)
        notes.extend(source.notes)
        return source.result()

    services = [each for record in written for each in _query_services(files, record)]
    together = layout.access_control == layout.app_module
    wiring = ModuleWiring(
        modules=[record.module for record in written],
        query_services=services if together else (),
        crud_root=False,
    )
    edits: list[Edit] = [
        (layout.app_module, partial(wire_module, wiring=wiring, file=layout.app_module)),
        (layout.acl, rules),
    ]
    if services and not together:
        apart = ModuleWiring(query_services=services, crud_root=False)
        path = layout.access_control
        edits.append((path, partial(wire_module, wiring=apart, file=path)))
    return edited(files, edits), notes


def _access(record: WrittenModule, around: Surroundings) -> Iterator[_Access]:
    """Grants by resource; nobody keeps any on a resource that the module no longer needs."""
    for resource in record.resources:
        granted = ((g.role, g.grant) for g in record.grants if g.resource == resource.member)
        yield _Access(resources=(resource,), grants=tuple(sorted(granted, key=lambda g: g[0])))
    for resource in record.retired:
        if around.has_value(resource.value):
            yield _Access(resources=(resource,))


def _adopted(
    files: ProjectFiles,
    layout: ProjectLayout,
    modules: Sequence[BehaviourModule],
    known: dict[str, WrittenModule | None],
    around: Surroundings,
) -> Iterator[Problem]:
    """A resource that is there and that no record explains is the module's only if the access
    rules say of it just what the module says: then it was wired once and its record is lost."""
    text = files.read(layout.acl) or ""
    for module in modules:
        record = known[module.name]
        mine = () if record is None else (*record.resources, *record.retired)
        for access in _access(_record(files, module, record), around):
            resource = access.resources[0]
            if resource in mine or not around.has_value(resource.value):
                continue
            if wire_acl(text, [access], file=layout.acl) is not None:
                yield Problem(
                    code="resource-taken",
                    message=f"{module.name} wants the resource {resource.member}, which the "
                    "project has for something else.",
                    fix="Give the module a resource with a name of its own.",
                    file=layout.acl,
                )


def _query_services(files: ProjectFiles, record: WrittenModule) -> Iterator[ClassReference]:
    """What the guard has to resolve."""
    for path in record.files:
        if path.endswith(QUERY_SERVICE):
            declared = Source(files.read(path) or "", path).declarations
            for name, node in declared.items():
                exported = node.parent is not None and node.parent.type == "export_statement"
                if node.type == "class_declaration" and exported:
                    yield ClassReference(name=name, file=path)
