"""Structural check: what own scope compares with the user is a property of the entity."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.constants import resource_value
from rockets_tools.validate.project import Project
from rockets_tools.validate.result import Issue, Severity
from rockets_tools.validate.rule import FileCheck, Rule
from rockets_tools.validate.shared import Shared
from rockets_tools.validate.source import ACCESS_QUERY, ENTITY, Source
from rockets_tools.validate.syntax import (
    arguments,
    line_of,
    properties,
    property_of,
    string_value,
    text_of,
    unwrap,
    walk,
)

OWNER_FIELD = Rule(
    id="owner-field",
    severity=Severity.HIGH,
    summary="The owner of an own-scope entity is a property that the entity has.",
    help="Own scope compares the owner property, or the one at the end of a path such as "
    "`task.userId`, with the user's id. Where there is no such property nobody owns anything: "
    "correct `owner` in @AccessPolicy, or add the column.",
)

_POLICY = re.compile(r"^@AccessPolicy\(\{(?P<options>[^{}]*)\}\)$", re.MULTILINE)
_OWNER = re.compile(r"\bowner: '([\w.]+)'")
_RESOURCE = re.compile(r"\bresource: (\w+)\b")
_USER_ID = re.compile(r"(?:user|subject|caller|me)\w*(?:\(\))?[?!]?\.(?:id|sub|userId)\Z", re.I)
_WORD = re.compile(r"\W")
_HOPS = 8


def _policy(source: Source, shared: Shared) -> Iterator[Issue]:
    for owner, resource, line in _policies(source):
        if owner is not None:
            missing = _missing_step(shared.project, source, owner)
            if missing is not None:
                message = f"The owner '{owner}' leads nowhere: {missing}."
                yield OWNER_FIELD.at(source.path, line, message)
        elif resource is not None and shared.own_resources:
            names = [f"{resource}.One", f"{resource}.Many"]
            values = {resource_value(shared.project, source, n, shared.resources) for n in names}
            if not shared.own_resources.isdisjoint(v for v in values if v is not None):
                message = "A role has own scope on this entity and @AccessPolicy names no owner."
                yield OWNER_FIELD.at(source.path, line, message)


def _policies(source: Source) -> Iterator[tuple[str | None, str | None, int]]:
    """(owner, resource constant, line) of each `@AccessPolicy`."""
    quick = _POLICY.search(source.text) if source.is_plain else None
    if quick is not None and source.text.count("@AccessPolicy(") == 1:
        owner, resource = _OWNER.search(quick["options"]), _RESOURCE.search(quick["options"])
        if resource is not None and ("owner" in quick["options"]) == (owner is not None):
            line = source.text.count("\n", 0, quick.start()) + 1
            yield None if owner is None else owner[1], resource[1], line
            return
    for found in source.module.classes:
        decorator = found.decorator("AccessPolicy")
        given = None if decorator is None else next(iter(arguments(decorator.call)), None)
        if decorator is not None and given is not None:
            options = unwrap(given)
            resource_node = property_of(options, "resource")
            yield (
                string_value(property_of(options, "owner")),
                None if resource_node is None else text_of(resource_node),
                line_of(decorator.node),
            )


def _missing_step(project: Project, source: Source, path: str) -> str | None:
    """What of `task.userId` is not there, or None when all of it is, or cannot be followed."""
    *relations, column = path.split(".")
    for relation in relations:
        type_name = _property_type(project, source, relation)
        if type_name is None:
            return f"{source.class_name} has no property {relation}"
        following = _file_of(project, source, type_name)
        if following is None:
            return None
        source = following
    if _property_type(project, source, column) is None:
        return f"{source.class_name} has no property {column}"
    return None


def _file_of(project: Project, source: Source, type_name: str) -> Source | None:
    origin = source.origin(type_name)
    if origin is None:
        return source if type_name == source.class_name else None
    path = project.resolve(source.path, origin.module)
    where = None if path is None else project.definition(path, origin.name)
    return None if where is None else project.source(where[0])


def _property_type(project: Project, source: Source, name: str) -> str | None:
    """The type of an entity's property by its exact name, inherited ones included."""
    if source.is_plain:
        for sign in ("!: ", "?: ", ": "):
            _, found, rest = source.text.partition(f"\n  {name}{sign}")
            if found:
                return _WORD.split(rest, maxsplit=1)[0]
    for _ in range(_HOPS):
        owner = next(iter(source.module.classes), None)
        if owner is None:
            return None
        member = next((m for m in owner.members if m.name == name and not m.is_method), None)
        if member is not None:
            return text_of(_named_type(member.node.child_by_field_name("type"))) or "unknown"
        base = None if owner.base is None else _file_of(project, source, owner.base)
        if base is None or base is source:
            return None
        source = base
    return None


def _named_type(node: Node | None) -> Node | None:
    """`Task` of `Task`, `Task | null` and `Relation<Task>`."""
    names = [n for n in walk(node) if n.type == "type_identifier"] if node is not None else []
    return names[-1] if names else None


def _queries(source: Source, shared: Shared) -> Iterator[Issue]:
    """`where: { id, ownerId: user.id }` in an access query service written by hand."""
    entity = _queried_entity(source, shared.project)
    if entity is None:
        return
    for node in walk(source.module.root):
        if node.type != "pair" or text_of(node.child_by_field_name("key")) != "where":
            continue
        value = node.child_by_field_name("value")
        for key, compared in () if value is None else properties(unwrap(value)):
            known = _property_type(shared.project, entity, key) is not None
            if _USER_ID.search(text_of(unwrap(compared))) and not known and key != "id":
                message = f"{entity.class_name} has no property {key} to compare with the user."
                yield OWNER_FIELD.at(source.path, line_of(compared), message)


def _queried_entity(source: Source, project: Project) -> Source | None:
    """The entity of the one repository the service is given."""
    found = {
        text_of(node.named_children[1].named_children[0])
        for node in walk(source.module.root)
        if node.type == "generic_type"
        and source.module.type_name(node).endswith(("Repository", "RepositoryInterface"))
        and len(node.named_children) > 1
        and node.named_children[1].named_children
    }
    return _file_of(project, source, found.pop()) if len(found) == 1 else None


CHECKS = (
    FileCheck(
        rules=(OWNER_FIELD,),
        applies=lambda kind: kind == ENTITY,
        tokens=("@AccessPolicy(",),
        check=_policy,
    ),
    FileCheck(
        rules=(OWNER_FIELD,),
        applies=lambda kind: kind == ACCESS_QUERY,
        tokens=("where",),
        check=_queries,
    ),
)
