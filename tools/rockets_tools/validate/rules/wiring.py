"""Structural checks of what the shared files must say for a module to work."""

import re
from collections.abc import Iterator

from rockets_tools.integrate.layout import APP_MODULE
from rockets_tools.validate.entities import entity_classes
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, ProjectCheck, Rule
from rockets_tools.validate.shared import Shared, module_classes, module_property
from rockets_tools.validate.source import ACCESS_QUERY, CONTROLLER, ENTITY, MODULE, Source
from rockets_tools.validate.syntax import line_of, text_of, walk

SHARED_FILES = Rule(
    id="project-shared-files",
    severity=Severity.HIGH,
    summary="The project has the shared files that modules are wired into, and they can be read.",
    help="src/app.module.ts, src/app.acl.ts and src/config/typeorm.settings.ts hold what connects "
    "a module to the application; without them nothing is registered, imported or granted.",
)
ENTITY_REGISTERED = Rule(
    id="entity-registered",
    severity=Severity.HIGH,
    summary="Every entity is in the entities of the TypeORM settings.",
    help="TypeORM knows an entity only when src/config/typeorm.settings.ts imports its class and "
    "lists it under `entities`; otherwise it gets no table and the application does not start.",
)
MODULE_IMPORTED = Rule(
    id="module-imported",
    severity=Severity.HIGH,
    summary="Every module is imported by AppModule, itself or through another module.",
    help="A module nobody imports has no routes. Import its class in src/app.module.ts and list "
    "it under `imports`.",
)
QUERY_SERVICE_REGISTERED = Rule(
    id="access-query-service-registered",
    severity=Severity.HIGH,
    summary="Every access query service is where the guard resolves it.",
    help="The guard of AccessControlModule resolves access query services from the module's own "
    "`queryServices`; one that is missing there answers every request with 500.",
)
ACCESS_PROVIDERS = Rule(
    id="access-control-in-feature-module",
    severity=Severity.HIGH,
    summary="Feature modules provide nothing of the access control module.",
    help="A second AccessControlService, guard or settings token in a feature module shadows the "
    "application's own, with other rules. Configure access control in src/app.module.ts only.",
)
CRUD_ROOT = Rule(
    id="crud-module-root",
    severity=Severity.HIGH,
    summary="AppModule imports CrudModule.forRoot.",
    help="CRUD controllers take their settings from the global CrudModule. Add "
    "`CrudModule.forRoot({})` to the imports of src/app.module.ts.",
)

_WIRED = (ENTITY, MODULE, CONTROLLER, ACCESS_QUERY)
_BRINGS_CRUD = frozenset({"RocketsAuthModule"})
_ACCESS_TOKENS = frozenset(
    {
        "AccessControlService",
        "AccessControlGuard",
        "AccessControlModule",
        "ACCESS_CONTROL_MODULE_SETTINGS_TOKEN",
        "ACCESS_CONTROL_MODULE_OPTIONS_TOKEN",
    }
)
_CONCRETE_QUERY_SERVICE = re.compile(r"^export class (\w+)", re.MULTILINE)


def _shared_files(shared: Shared) -> Iterator[Issue]:
    """What is missing altogether, and lists that are built in a way nobody can check."""
    if not any(next(shared.wired(kind), None) for kind in _WIRED):
        return
    for problem in shared.missing:
        yield SHARED_FILES.at(problem.file or APP_MODULE, 1, problem.message)
    if shared.layout is None:
        return
    for path, what, held in (
        (shared.layout.typeorm, "the `entities`", shared.settings),
        (shared.layout.app_module, "the `imports` of AppModule", shared.modules),
        (shared.layout.access_control, "`queryServices`", shared.query_services),
    ):
        if held.found and not held.complete:
            message = f"{path}: {what} cannot be read; write them as an array of classes."
            yield SHARED_FILES.at(path, 1, message)


def _entities(shared: Shared) -> Iterator[Issue]:
    project, settings, layout = shared.project, shared.settings, shared.layout
    if layout is None or not settings.complete:
        return
    for source in shared.wired(ENTITY):
        for entity in entity_classes(source):
            if not settings.holds(project, source.path, entity.name):
                message = f"{entity.name} is not in the entities of {layout.typeorm}."
                yield ENTITY_REGISTERED.at(source.path, entity.line, message)


def _modules(shared: Shared) -> Iterator[Issue]:
    project, modules = shared.project, shared.modules
    if shared.layout is None or not modules.complete:
        return
    for source in shared.wired(MODULE):
        if source.path == APP_MODULE:
            continue
        name = source.class_name
        if source.text.count("@Module(") == 1 and name is not None:
            found = [(name, 0)]
        else:
            found = [(c.name, line_of(c.node)) for c in module_classes(source)]
        for name, line in found:
            if modules.holds(project, source.path, name):
                continue
            if (source.path, name) not in shared.reachable:
                message = f"{name} is imported by no module that {APP_MODULE} leads to."
                yield MODULE_IMPORTED.at(source.path, line or source.line_of(name), message)


def _query_services(shared: Shared) -> Iterator[Issue]:
    project, services, layout = shared.project, shared.query_services, shared.layout
    if layout is None or not services.complete:
        return
    for source in shared.wired(ACCESS_QUERY):
        name = source.class_name
        declared = _CONCRETE_QUERY_SERVICE.search(source.text)
        if name is None or declared is None:
            continue
        if not services.holds(project, source.path, name):
            where = f"`queryServices` of AccessControlModule in {layout.access_control}"
            message = f"{name} is not in {where}."
            yield QUERY_SERVICE_REGISTERED.at(source.path, source.line_of(name), message)


def _crud_root(shared: Shared) -> Iterator[Issue]:
    modules = shared.modules
    if shared.layout is None or shared.layout.crud_root:
        return
    if next(shared.wired(CONTROLLER), None) is None:
        return
    rooted = {("CrudModule", "forRoot"), ("CrudModule", "forRootAsync")}
    if rooted.isdisjoint(modules.calls) and _BRINGS_CRUD.isdisjoint(n for n, _ in modules.calls):
        yield CRUD_ROOT.at(APP_MODULE, 1, "AppModule does not import CrudModule.forRoot({}).")


def _access_providers(source: Source, _: Shared) -> Iterator[Issue]:
    if source.path == APP_MODULE:
        return
    for owner in module_classes(source):
        for key in ("imports", "providers", "exports"):
            held = module_property(owner, key)
            for node in () if held is None else walk(held):
                name = source.module.exported_name(node)
                if node.type == "identifier" and name in _ACCESS_TOKENS:
                    message = f"{owner.name} has {name} in its {key}: that belongs to AppModule."
                    yield ACCESS_PROVIDERS.at(source.path, line_of(node), message)
                elif node.type == "string" and text_of(node)[1:-1] in _ACCESS_TOKENS:
                    message = f"{owner.name} provides {text_of(node)}: that belongs to AppModule."
                    yield ACCESS_PROVIDERS.at(source.path, line_of(node), message)


CHECKS = (
    FileCheck(
        rules=(ACCESS_PROVIDERS,),
        applies=lambda kind: kind == MODULE,
        tokens=("AccessControl", "ACCESS_CONTROL"),
        check=_access_providers,
    ),
    ProjectCheck(rules=(SHARED_FILES,), check=_shared_files),
    ProjectCheck(rules=(ENTITY_REGISTERED,), check=_entities),
    ProjectCheck(rules=(MODULE_IMPORTED,), check=_modules),
    ProjectCheck(rules=(QUERY_SERVICE_REGISTERED,), check=_query_services),
    ProjectCheck(rules=(CRUD_ROOT,), check=_crud_root),
)
