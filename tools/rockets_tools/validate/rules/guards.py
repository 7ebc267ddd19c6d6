"""Structural checks of CRUD controllers: every handler carries a grant the ACL knows."""

from collections.abc import Iterator

from rockets_tools.validate.constants import resource_value
from rockets_tools.validate.controllers import controllers
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import CONTROLLER, Source

HANDLER_GUARDED = Rule(
    id="handler-without-grant",
    severity=Severity.CRITICAL,
    summary="Every handler of a CRUD controller carries an AccessControl grant.",
    help="The guard lets any user who is logged in through to a handler without a grant. Put "
    "@AccessControlReadMany(…), …ReadOne, …CreateOne, … or @AccessControlGrant on it.",
)
RESOURCE_DEFINED = Rule(
    id="acl-resource-defined",
    severity=Severity.HIGH,
    summary="Every resource a controller names is defined in the ACL.",
    help="A grant for a resource that AppResource does not have can never be given. Add the "
    "resource to the enum in src/app.acl.ts and grant it.",
)
OWN_SCOPE = Rule(
    id="own-scope-enforced",
    number=6,
    severity=Severity.HIGH,
    summary="Own scope is enforced in the query or the service, not only in the grant.",
    help="A grant for own rows says who may come in, not which rows he sees. The controller needs "
    "@AccessControlQuery, and its list, create and update handlers must hand on who is asking, so "
    "that the query is filtered and the owner is set.",
)

_SCOPED = frozenset(
    {
        *("CrudReadMany", "CrudReadAll", "CrudCreateOne", "CrudCreateMany"),
        *("CrudUpdateOne", "CrudReplaceOne"),
    }
)
"""Routes on which the row check of the access query service is not enough."""


def _handlers(source: Source, shared: Shared) -> Iterator[Issue]:
    for controller in controllers(source):
        own_routes: set[str] = set()
        values = {
            written: resource_value(shared.project, source, written, shared.resources)
            for written in {r for handler in controller.handlers for r in handler.resources}
        }
        for handler in controller.handlers:
            where = f"{controller.name}.{handler.name}"
            if not handler.guarded:
                message = f"{where} carries no grant: any user may call it."
                yield HANDLER_GUARDED.at(source.path, handler.line, message)
            for written in handler.resources:
                value = values[written]
                if value in shared.own_resources:
                    own_routes.add(handler.name)
                if value is not None and shared.resources and value not in shared.resource_values:
                    message = f"{where} names {written}, and the ACL defines no resource '{value}'."
                    yield RESOURCE_DEFINED.at(source.path, handler.line, message)
        if own_routes and not controller.asks_query_service:
            message = f"{controller.name} has own-scope grants and no @AccessControlQuery."
            yield OWN_SCOPE.at(source.path, controller.line, message)
        for handler in controller.handlers:
            scoped = handler.name in own_routes and handler.route in _SCOPED
            if scoped and not handler.knows_caller:
                message = f"{controller.name}.{handler.name} does not hand on who is asking."
                yield OWN_SCOPE.at(source.path, handler.line, message)


CHECKS = (
    FileCheck(
        rules=(HANDLER_GUARDED, RESOURCE_DEFINED, OWN_SCOPE),
        applies=lambda kind: kind == CONTROLLER,
        tokens=(),
        check=_handlers,
    ),
    FileCheck(
        rules=(HANDLER_GUARDED, RESOURCE_DEFINED, OWN_SCOPE),
        applies=lambda kind: kind != CONTROLLER,
        tokens=("@CrudController(",),
        check=_handlers,
    ),
)
