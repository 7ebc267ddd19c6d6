"""What the three shared files say: the TypeORM settings, the application module, the ACL."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from tree_sitter import Node

from rockets_tools.errors import InputError, Problem
from rockets_tools.integrate.layout import ProjectLayout, discover
from rockets_tools.plan.model import Entity, Possession
from rockets_tools.validate.constants import named_values
from rockets_tools.validate.module import ClassSyntax
from rockets_tools.validate.project import Project
from rockets_tools.validate.references import ClassList, class_list, property_values
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import (
    arguments,
    property_of,
    string_value,
    text_of,
    unwrap,
    walk,
)

GUARD_MODULES = frozenset({"AccessControlModule", "RocketsAuthModule", "RocketsModule"})
_RESOURCE = frozenset({"resource", "resources"})
_ACTIONS = ("create", "read", "update", "delete")
_OWN = {f"{action}Own": action for action in _ACTIONS}


class Shared:
    """Facts of the shared files, each file parsed once and only when asked about."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def layout(self) -> ProjectLayout | None:
        """Where the shared files are; None when one is missing (see `missing`)."""
        return self._discovered[0]

    @property
    def missing(self) -> tuple[Problem, ...]:
        """What of the shared files is not there; then none of the facts below is known."""
        return self._discovered[1]

    def wired(self, kind: str) -> Iterator[Source]:
        """Files of a kind that the shared files have to know: all of them when one of those is
        what was edited."""
        return self.project.sources_of(kind, everywhere=self._is_edited)

    @cached_property
    def _is_edited(self) -> bool:
        layout = self.layout
        if layout is None or not self.project.is_partial:
            return False
        shared = {layout.typeorm, layout.app_module, layout.acl, layout.access_control}
        return not shared.isdisjoint(self.project.scope)

    @cached_property
    def settings(self) -> ClassList:
        """The entities TypeORM knows."""
        return self._list(self._path("typeorm"), "entities")

    @cached_property
    def query_services(self) -> ClassList:
        """The access query services the target's guard can resolve."""
        path = self._path("access_control")
        return self._list(path, "queryServices", below=GUARD_MODULES)

    @cached_property
    def modules(self) -> ClassList:
        """What AppModule imports itself."""
        source = self._source(self._path("app_module"))
        held = ClassList()
        for owner in () if source is None else module_classes(source):
            imports = module_property(owner, "imports")
            if source is not None and imports is not None:
                held.merge(class_list(self.project, source, imports))
        return held

    @cached_property
    def reachable(self) -> frozenset[tuple[str, str]]:
        """Module classes AppModule imports, through other modules too: (file, class)."""
        seen = set[tuple[str, str]]()
        pending = list(self._homes(self.modules))
        while pending:
            home = pending.pop()
            source = self.project.source(home[0])
            if source is None or home in seen:
                continue
            seen.add(home)
            for owner in module_classes(source):
                imports = module_property(owner, "imports")
                if owner.name == home[1] and imports is not None:
                    pending += self._homes(class_list(self.project, source, imports))
        return frozenset(seen)

    def _homes(self, held: ClassList) -> Iterator[tuple[str, str]]:
        """Where the classes of a list are declared, those of packages left out."""
        for name, places in held.classes.items():
            for importer, specifier in places:
                path = self.project.resolve(importer, specifier) if specifier else importer
                home = None if path is None else self.project.definition(path, name)
                if home is not None:
                    yield home

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """`AppResource.Product` to `product`: members of enums and constant objects of the ACL."""
        source = self._source(self._path("acl"))
        return {} if source is None else dict(named_values(source))

    @cached_property
    def resource_values(self) -> frozenset[str]:
        """The strings of `resources`."""
        return frozenset(self.resources.values())

    @cached_property
    def own_resources(self) -> frozenset[str]:
        """Resources that some role holds for its own rows: by the plan for a wave, else the ACL."""
        if self.project.is_wave:
            owned = (e for e in self.project.entities if _has_own_scope(e))
            return frozenset(r for e in owned for r in (e.kebab, f"{e.kebab}-list"))
        return frozenset(resource for resource, _ in self.own_grants)

    @cached_property
    def own_grants(self) -> frozenset[tuple[str, str]]:
        """Resource and action of what the ACL grants some role for its own rows."""
        source = self._source(self._path("acl"))
        found = set[tuple[str, str]]()
        for child in () if source is None else source.module.root.named_children:
            if b"Own" not in (child.text or b""):
                continue
            chain = child.named_child(0) if child.type == "expression_statement" else None
            calls = walk(child) if chain is None else _chain(chain)
            for call in calls:
                action = _OWN.get(_method(call))
                for held in (*arguments(call), *_resource_arguments(call)) if action else ():
                    values = _resource_values(held, self.resources)
                    found.update((value, action) for value in values if action)
        return frozenset(found)

    @cached_property
    def _discovered(self) -> tuple[ProjectLayout | None, tuple[Problem, ...]]:
        try:
            return discover(self.project.files), ()
        except InputError as error:
            return None, error.problems

    def _path(self, role: Literal["typeorm", "app_module", "acl", "access_control"]) -> str | None:
        found: str | None = None if self.layout is None else getattr(self.layout, role)
        return found

    def _source(self, path: str | None) -> Source | None:
        return None if path is None else self.project.source(path)

    def _list(self, path: str | None, key: str, below: frozenset[str] | None = None) -> ClassList:
        source = self._source(path)
        held = ClassList()
        if source is not None and key in source.text:
            for value in property_values(source, key, below=below):
                # Modules of the SDK take `entities` by key, in an object.
                if unwrap(value).type != "object":
                    held.merge(class_list(self.project, source, value))
        return held

    def _is_file(self, path: str) -> bool:
        return path.startswith("src/") and self.project.exists(path)


def module_classes(source: Source) -> Iterator[ClassSyntax]:
    """Classes with `@Module`."""
    return (c for c in source.module.classes if c.decorator("Module") is not None)


def module_property(owner: ClassSyntax, key: str) -> Node | None:
    """A property of the object `@Module` is given."""
    decorator = owner.decorator("Module")
    given = None if decorator is None else next(iter(arguments(decorator.call)), None)
    return None if given is None else property_of(unwrap(given), key)


def _has_own_scope(entity: Entity) -> bool:
    return any(grant.possession is Possession.OWN for grant in entity.acl.values())


def _method(node: Node) -> str:
    """The method a call is made on something by, empty for anything else."""
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    return "" if callee is None else text_of(callee.child_by_field_name("property"))


def _chain(node: Node) -> Iterator[Node]:
    """`a.b().c()`: the calls of a chain, the last one first."""
    following: Node | None = node
    while following is not None and following.type == "call_expression":
        yield following
        callee = following.child_by_field_name("function")
        following = None if callee is None else callee.child_by_field_name("object")


def _resource_arguments(call: Node) -> list[Node]:
    """The arguments of the `.resource(…)` that a grant's method follows."""
    return next((arguments(c) for c in _chain(call) if _method(c) in _RESOURCE), list[Node]())


def _resource_values(given: Node, values: Mapping[str, str]) -> Iterator[str]:
    pending = [given]
    while pending:
        node = unwrap(pending.pop())
        if node.type == "array":
            pending += node.named_children
        elif node.type == "member_expression":
            yield values.get(text_of(node), "")
        elif node.type in {"string", "template_string"}:
            yield string_value(node) or ""
        elif node.type != "comment":
            # `Object.values(AppResource)`, a constant: a blanket grant, which covers all of them.
            yield from values.values()
