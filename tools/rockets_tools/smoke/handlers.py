"""Handlers of modules with behaviour: nobody without a token, and no role without the grant.

What a handler does for those who may call it is proven by the module's own spec: only it knows what
a right request is. The guards look at a request before anything else does, so any will do here.
"""

import re
from collections.abc import Iterator

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import WrittenModule, modules_written
from rockets_tools.plan.model import Action, Plan, Possession
from rockets_tools.plan.names import pascal
from rockets_tools.smoke.cast import ADMIN, SIGNED_UP, STRANGER, key
from rockets_tools.smoke.model import ANONYMOUS, Case, Kind, Ownership, Scene, Step
from rockets_tools.smoke.stage import stable_id
from rockets_tools.validate.constants import resource_value
from rockets_tools.validate.handlers import PlainHandler, Route, plain_controllers
from rockets_tools.validate.project import Project
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import Source

UNKNOWN = "/smoke-unknown-route"
"""Asked in place of a route that cannot be told; answers 404, and so is red."""

NOT_HIS = (400, 403, 404)
"""What the holder of a grant for own rows may be told of a row that is nobody's."""

_PARAMETER = re.compile(r":\w+(?:\([^/]*\))?[?+*]?|\*\w*")


def handler_scenes(files: ProjectFiles, plan: Plan) -> Iterator[Scene]:
    """One scene for each module that was integrated."""
    for record in modules_written(files):
        name = pascal(record.name)
        cases = tuple(_cases(files, plan, record, name))
        if cases:
            yield Scene(entity=name, title=f"{name}: who is refused", rows=(), cases=cases)


def _cases(files: ProjectFiles, plan: Plan, record: WrittenModule, name: str) -> Iterator[Case]:
    project = Project(files, texts={}, scope=sorted(record.files))
    shared = Shared(project)
    roles = sorted({*plan.roles, SIGNED_UP, ADMIN})
    for source in project.sources():
        for controller in plain_controllers(project, source) if "@" in source.text else ():
            for handler in controller.handlers:
                needs = tuple(_needs(shared, source, handler))
                lacking = [role for role in roles if needs and not _held(record, role, needs)]
                own = [role for role in roles if _held(record, role, needs) == {Possession.OWN}]
                for route in handler.routes:
                    yield _case(name, ANONYMOUS, handler, route, (401,))
                    for role in (*lacking, STRANGER):
                        yield _case(name, role, handler, route, (403,))
                    for role in own if ":id" in (route.path or "").split("/") else ():
                        yield _case(name, role, handler, route, NOT_HIS)


def _needs(shared: Shared, source: Source, handler: PlainHandler) -> Iterator[tuple[Action, str]]:
    """Action and resource; one that cannot be told is held by nobody."""
    for needed in handler.needs:
        value = resource_value(shared.project, source, needed.resource, shared.resources)
        if needed.action is not None and value is not None:
            yield needed.action, value


def _held(
    record: WrittenModule, role: str, needs: tuple[tuple[Action, str], ...]
) -> set[Possession]:
    """With which possession the role has one of the grants."""
    member = {resource.value: resource.member for resource in record.resources}
    return {
        held.grant.possession
        for action, value in needs
        for held in record.grants
        if (held.role, held.resource) == (role, member.get(value)) and action in held.grant.actions
    }


def _case(
    name: str, role: str, handler: PlainHandler, route: Route, status: tuple[int, ...]
) -> Case:
    path = UNKNOWN if route.path is None else _PARAMETER.sub(stable_id(name), route.path)
    ownership = Ownership.OTHER if status == NOT_HIS else Ownership.NONE
    shown = f"{route.method} {route.path or handler.name}"
    return Case(
        entity=name,
        role=role,
        operation=shown,
        ownership=ownership,
        kind=Kind.CELL,
        title=f"{role} {shown} {ownership}",
        steps=(
            Step(
                person=None if role == ANONYMOUS else key(role, "a"),
                method=route.method,
                path=path,
                status=status,
            ),
        ),
    )
