"""Plain Nest controllers: each handler with its routes, its grants and what it is given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rockets_tools.plan.model import Action
from rockets_tools.validate.controllers import knows_caller
from rockets_tools.validate.module import ClassSyntax, Decorator, Member
from rockets_tools.validate.project import Project
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import (
    arguments,
    children,
    line_of,
    property_of,
    string_value,
    text_of,
    unwrap,
)

METHODS = {
    "All": "GET",
    "Delete": "DELETE",
    "Get": "GET",
    "Head": "HEAD",
    "Options": "OPTIONS",
    "Patch": "PATCH",
    "Post": "POST",
    "Put": "PUT",
    "Search": "SEARCH",
    "Sse": "GET",
}
"""Route decorator of Nest to the method it answers; for one that answers all, a harmless one."""
ACTIONS = {
    "AccessControlCreateMany": Action.CREATE,
    "AccessControlCreateOne": Action.CREATE,
    "AccessControlDeleteOne": Action.DELETE,
    "AccessControlReadMany": Action.READ,
    "AccessControlReadOne": Action.READ,
    "AccessControlRecoverOne": Action.CREATE,
    "AccessControlReplaceOne": Action.UPDATE,
    "AccessControlUpdateOne": Action.UPDATE,
}
"""What each of the SDK's decorators asks for."""
GRANT = "AccessControlGrant"
QUERY = "AccessControlQuery"
PUBLIC = "AuthPublic"
_GUARD_METADATA = re.compile(r"ACCESS_CONTROL|AUTHENTICATION|GRANT|GUARD", re.IGNORECASE)
_ACTION = {action.value: action for action in Action}
_SETS_METADATA = frozenset({"SetMetadata", "Reflect.metadata"})


@dataclass(frozen=True, slots=True)
class Needed:
    """What the guard asks for; of several, one is enough."""

    action: Action | None
    """None: it cannot be told."""
    resource: str
    """As written: `RefundResource.One`, `'refund'`."""


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str | None
    """With its parameters, e.g. `/refunds/:id`; None: it cannot be told."""


@dataclass(frozen=True, slots=True)
class PlainHandler:
    """A method that answers requests, as the guards see it."""

    name: str
    line: int
    member: Member
    routes: tuple[Route, ...]
    needs: tuple[Needed, ...]
    """Of the topmost grant decorator, which replaces those below it; empty: no grant."""
    public: bool
    """Taken out from behind the login, or the guards' metadata are set by hand."""
    asks_query_service: bool
    knows_caller: bool
    """Takes who is asking as a parameter and uses it."""


@dataclass(frozen=True, slots=True)
class PlainController:
    name: str
    line: int
    handlers: tuple[PlainHandler, ...]


def plain_controllers(project: Project, source: Source) -> Iterator[PlainController]:
    """The classes of a file that answer requests, CRUD controllers left out.

    A class without `@Controller` counts when it has routes: one that extends it may have it.
    """
    for owner in source.module.classes:
        if owner.decorator("CrudController") is not None:
            continue
        prefixes = _paths(project, source, owner.decorator("Controller"))
        handlers = tuple(_handlers(project, source, owner, prefixes))
        if handlers or owner.decorator("Controller") is not None:
            yield PlainController(owner.name, line_of(owner.node), handlers)


def _handlers(
    project: Project, source: Source, owner: ClassSyntax, prefixes: tuple[str | None, ...]
) -> Iterator[PlainHandler]:
    is_controller = owner.decorator("Controller") is not None
    for member in owner.members:
        if not member.is_method:
            continue
        routes = [d for d in member.decorators if d.name in METHODS]
        # A decorator of the project's own may bring a route: on a controller it counts as one.
        unknown = is_controller and any(_is_project(source, d) for d in member.decorators)
        if not routes and not unknown:
            continue
        above = (*owner.decorators, *member.decorators)
        yield PlainHandler(
            name=member.name,
            line=line_of(member.node),
            member=member,
            routes=tuple(
                Route(METHODS[d.name], _join(prefix, path))
                for d in routes
                for prefix in prefixes
                for path in _paths(project, source, d)
            )
            or (Route("GET", None),),
            needs=tuple(_needs(source, member)),
            public=any(_opens(d) for d in above),
            asks_query_service=any(d.name == QUERY for d in above),
            knows_caller=knows_caller(source, member),
        )


def _is_project(source: Source, decorator: Decorator) -> bool:
    """Declared in the project, not in a package."""
    written = text_of(
        decorator.node.named_child(0)
        if decorator.call is None
        else decorator.call.child_by_field_name("function")
    )
    origin = source.imports.get(written.partition(".")[0])
    return origin is None or origin.module.startswith(".")


def _opens(decorator: Decorator) -> bool:
    return decorator.name == PUBLIC or (
        decorator.name in _SETS_METADATA
        and _GUARD_METADATA.search(text_of(decorator.node)) is not None
    )


def _needs(source: Source, member: Member) -> Iterator[Needed]:
    """Decorators are applied from below: of several the topmost is what the guard finds.

    One of the project's own is none, whatever it is called.
    """
    for decorator in member.decorators:
        if _is_project(source, decorator):
            continue
        given = arguments(decorator.call)
        if decorator.name in ACTIONS:
            resource = text_of(unwrap(given[0])) if given else ""
            yield Needed(ACTIONS[decorator.name], resource)
            return
        if decorator.name == GRANT:
            for held in map(unwrap, given):
                written = text_of(property_of(held, "action")).rpartition(".")[2]
                action = _ACTION.get(written.strip("'\"").lower())
                yield Needed(action, text_of(property_of(held, "resource")))
            return


def _paths(project: Project, source: Source, decorator: Decorator | None) -> tuple[str | None, ...]:
    """What a route or controller decorator is given: nothing, a text, several, or options."""
    given = arguments(None if decorator is None else decorator.call)
    if decorator is None or not given:
        return ("" if decorator is not None else None,)
    home, held = project.constant(source, given[0])
    if held.type == "object":
        if property_of(held, "host") is not None or property_of(held, "version") is not None:
            return (None,)
        path = property_of(held, "path")
        if path is None:
            return ("",)
        home, held = project.constant(home, path)
    texts = children(held) if held.type == "array" else [held]
    return tuple(string_value(project.constant(home, text)[1]) for text in texts)


def _join(prefix: str | None, path: str | None) -> str | None:
    if prefix is None or path is None:
        return None
    return "/" + "/".join(part for part in f"{prefix}/{path}".split("/") if part)
