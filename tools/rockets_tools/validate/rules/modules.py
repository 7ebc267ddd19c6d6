"""Modules with behaviour: what a person or a model wrote by hand, held to what generated code is.

Their handlers are guarded like those of CRUD controllers. Plain controllers elsewhere are the
user's own: an open handler there is worth a warning, unless the project's template ships it.
"""

from collections.abc import Iterator
from functools import cache

from rockets_tools.files import ProjectFiles
from rockets_tools.targets import CONCEPTA_5
from rockets_tools.validate.bodies import unvalidated
from rockets_tools.validate.constants import resource_value
from rockets_tools.validate.handlers import PlainController, PlainHandler, plain_controllers
from rockets_tools.validate.project import Project
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, ProjectCheck, Rule
from rockets_tools.validate.rules.generation import GENERATED_FIRST
from rockets_tools.validate.rules.guards import HANDLER_GUARDED, OWN_SCOPE, RESOURCE_DEFINED
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import ADAPTER, CONTROLLER, ENTITY, MODEL, Source

PUBLIC = Rule(
    id="handler-public",
    severity=Severity.CRITICAL,
    summary="No handler of a module with behaviour is taken out from behind the login.",
    help="@AuthPublic, or metadata of the guards set by hand, lets in whoever asks. Only what the "
    "project's template ships is public; put a grant on the handler and remove the rest.",
)
OPEN = Rule(
    id="open-handler",
    severity=Severity.WARNING,
    summary="A handler outside the CRUD modules carries a grant, or is open on purpose.",
    help="The guard lets any user who is logged in through to a handler without a grant, and "
    "anybody to one with @AuthPublic. Where that is not meant, put a grant on it.",
)
ROUTE_KNOWN = Rule(
    id="handler-route-unknown",
    severity=Severity.HIGH,
    summary="Where a handler of a module with behaviour answers can be told from its decorators.",
    help="The smoke test calls every handler as somebody who may not. Give @Controller and the "
    "route decorator plain strings, without host and version.",
)
BODY_VALIDATED = Rule(
    id="input-without-validation",
    severity=Severity.HIGH,
    summary="What a handler takes from body and query is a DTO whose every property is checked.",
    help="The validation sees classes with class-validator decorators only: not an interface, a "
    "literal, a class imported by `import type`, or a property without a check.",
)


def _behaviour(shared: Shared) -> Iterator[Issue]:
    project = shared.project
    for source in project.behaviour:
        if source.kind in {ADAPTER, CONTROLLER, ENTITY, MODEL}:
            message = f"{source.path} is of a kind that is generated from the plan, and was not."
            yield GENERATED_FIRST.at(source.path, 1, message)
        if "@" not in source.text:
            continue
        for controller in plain_controllers(project, source):
            yield from _guards(shared, source, controller)
            for handler in controller.handlers:
                for node_line, message in unvalidated(project, source, handler.member):
                    where = f"{controller.name}.{handler.name}"
                    yield BODY_VALIDATED.at(source.path, node_line, f"{where} {message}")


def _guards(shared: Shared, source: Source, controller: PlainController) -> Iterator[Issue]:
    path = source.path
    for handler in controller.handlers:
        where = f"{controller.name}.{handler.name}"
        if handler.public:
            message = f"{where} is open to anybody: only what the template ships may be."
            yield PUBLIC.at(path, handler.line, message)
        if not handler.needs:
            message = f"{where} carries no grant: any user may call it."
            yield HANDLER_GUARDED.at(path, handler.line, message)
        if any(route.path is None for route in handler.routes):
            message = f"The route of {where} cannot be told: write it as a plain string."
            yield ROUTE_KNOWN.at(path, handler.line, message)
        for needed in handler.needs:
            value = resource_value(shared.project, source, needed.resource, shared.resources)
            if value is None or needed.action is None:
                message = f"What {where} asks for cannot be told: name action and resource."
                yield HANDLER_GUARDED.at(path, handler.line, message)
            elif shared.resources and value not in shared.resource_values:
                message = f"{where} names {needed.resource}: the ACL has no resource '{value}'."
                yield RESOURCE_DEFINED.at(path, handler.line, message)
            elif (value, needed.action.value) in shared.own_grants and not _keeps_own(handler):
                yield OWN_SCOPE.at(path, handler.line, f"{where} {_OWN}")


_OWN = (
    "is granted for own rows and does not look whose it is: ask an access query service about "
    "`:id`, or hand on who is asking."
)


def _keeps_own(handler: PlainHandler) -> bool:
    """It hands on who is asking, or the query service finds the row by `:id`, the only parameter
    it knows."""
    by_id = all(":id" in (route.path or "").split("/") for route in handler.routes)
    return handler.knows_caller or (handler.asks_query_service and by_id)


def _elsewhere(source: Source, shared: Shared) -> Iterator[Issue]:
    project = shared.project
    if source.path in project.behaviour_paths:
        return
    for controller in plain_controllers(project, source):
        for handler in controller.handlers:
            if (source.path, controller.name, handler.name) in _shipped():
                continue
            where = f"{controller.name}.{handler.name}"
            if handler.public:
                yield OPEN.at(source.path, handler.line, f"{where} is open to anybody.")
            elif not handler.needs:
                message = f"{where} carries no grant: any user who is logged in may call it."
                yield OPEN.at(source.path, handler.line, message)


@cache
def _shipped() -> frozenset[tuple[str, str, str]]:
    """Path, class and method of what the template of a fresh project answers without a grant."""
    project = Project(ProjectFiles(CONCEPTA_5.templates / "project"), texts={})
    sources = (project.source(path) for path in project.listing if "controller" in path)
    return frozenset(
        (source.path, controller.name, handler.name)
        for source in sources
        if source is not None
        for controller in plain_controllers(project, source)
        for handler in controller.handlers
    )


CHECKS = (
    FileCheck(
        rules=(OPEN,),
        applies=lambda kind: kind != CONTROLLER,
        tokens=("@Controller(", "Controller as ", ".Controller("),
        check=_elsewhere,
    ),
    ProjectCheck(
        rules=(
            BODY_VALIDATED,
            GENERATED_FIRST,
            HANDLER_GUARDED,
            OWN_SCOPE,
            PUBLIC,
            RESOURCE_DEFINED,
            ROUTE_KNOWN,
        ),
        check=_behaviour,
    ),
)
