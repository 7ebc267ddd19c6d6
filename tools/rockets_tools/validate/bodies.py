"""Whether what a handler takes from outside is validated: Nest checks classes, at run time."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from rockets_tools.validate.module import ClassSyntax, Decorator, Member
from rockets_tools.validate.project import Project
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import arguments, children, line_of, text_of, walk

_TAKES = frozenset({"Body", "Query"})
_NO_CHECK = re.compile(
    r"Allow|Api\w+|AsJson|Exclude|Expose|IsOmittable|IsOptional|Transform|Type|ValidateIf"
)
"""Decorators of a property that let any value through."""
_DEPTH = 5
"""Base classes that are followed."""


def unvalidated(project: Project, source: Source, member: Member) -> Iterator[tuple[int, str]]:
    """Line and what is wrong, for each body and query that is not checked."""
    for parameter in children(member.node.child_by_field_name("parameters")):
        held = source.module.decorators([c for c in parameter.children if c.type == "decorator"])
        for decorator in held:
            if decorator.name in _TAKES:
                reason = _reason(project, source, parameter, decorator)
                if reason is not None:
                    yield line_of(parameter), f"takes @{decorator.name}, {reason}"


def _reason(project: Project, source: Source, parameter: Node, decorator: Decorator) -> str | None:
    """Why it is not validated; None: it is."""
    given = arguments(decorator.call)
    if given and given[0].type in {"string", "template_string"}:
        checked = len(given) > 1
        return None if checked else "one property of it, unchecked: take a DTO, or give it a pipe."
    annotation = parameter.child_by_field_name("type")
    kind = None if annotation is None else annotation.named_child(0)
    if kind is None or kind.type != "type_identifier":
        return "whose type is no class: validation needs a DTO class."
    name = text_of(kind)
    if _is_type_only(source, name):
        return f"whose class {name} is imported as a type, so at run time there is none."
    return _class_reason(project, source, name, _DEPTH)


def _is_type_only(source: Source, name: str) -> bool:
    """`import type { X }` or `import { type X }`: nothing of it is left when the code runs."""
    for statement in source.module.root.named_children:
        if statement.type != "import_statement":
            continue
        whole = any(child.type == "type" for child in statement.children)
        for node in walk(statement):
            if node.type != "import_specifier":
                continue
            local = node.child_by_field_name("alias") or node.child_by_field_name("name")
            if text_of(local) == name:
                return whole or any(child.type == "type" for child in node.children)
    return False


def _class_reason(project: Project, source: Source, name: str, depth: int) -> str | None:
    """Why instances of a class are not validated."""
    home, owner = source, _declared(source, name)
    if owner is None:
        origin = source.imports.get(name)
        if origin is not None and not origin.module.startswith("."):
            return None
        path = None if origin is None else project.resolve(source.path, origin.module)
        place = None if origin is None or path is None else project.definition(path, origin.name)
        found = None if place is None else project.source(place[0])
        owner = None if place is None or found is None else _declared(found, place[1])
        if found is None or owner is None:
            return f"whose type {name} is no class of the project: validation needs a DTO class."
        home = found
    for member in owner.members:
        if not member.is_method and not _is_checked(member):
            return f"and nothing checks {owner.name}.{member.name}: decorate it by class-validator."
    return _base_reason(project, home, owner, depth)


def _base_reason(project: Project, home: Source, owner: ClassSyntax, depth: int) -> str | None:
    """The same of what the class extends, or is mixed from: `PartialType(RefundCreateDto)`."""
    heritage = next((c for c in owner.node.children if c.type == "class_heritage"), None)
    if heritage is None or depth == 0:
        return None
    for node in walk(heritage):
        if node.type != "identifier":
            continue
        reason = None
        if node.parent is not None and node.parent.type in {"extends_clause", "arguments"}:
            reason = _class_reason(project, home, text_of(node), depth - 1)
        if reason is not None:
            return reason
    return None


def _declared(source: Source, name: str) -> ClassSyntax | None:
    if name not in source.declared:
        return None
    return next((owner for owner in source.module.classes if owner.name == name), None)


def _is_checked(member: Member) -> bool:
    if any(child.type == "static" for child in member.node.children):
        return True
    return any(_NO_CHECK.fullmatch(d.name) is None for d in member.decorators)
