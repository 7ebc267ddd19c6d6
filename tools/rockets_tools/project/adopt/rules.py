"""The access rules: the two roles every project has, and administrators who manage users."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rockets_tools.generate.result import Resource
from rockets_tools.integrate.layout import ACL, access_rules
from rockets_tools.integrate.wiring.acl import add_rules
from rockets_tools.integrate.wiring.acl_names import RESOURCES, ROLES, Names
from rockets_tools.integrate.wiring.acl_rules import Rules
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.plan.model import Action, Grant, Possession
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.template import Moved, template_text

TEMPLATE = "src/app.acl.ts"
RULES = "acRules"
ROLE_MEMBERS = {"Admin": "admin", "User": "user"}
SDK_RESOURCES = (("User", "user"), ("Role", "role"), ("RoleAssignment", "role-assignment"))
"""Member and value of the resources that the SDK's own controllers check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRules:
    """Where the rules are and how they are named there."""

    file: str
    moved: Moved
    members: Mapping[str, str] = field(default_factory=dict[str, str])
    """`AppRole.Admin` and `AppRole.User` as the project writes them, where that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    resources: tuple[Resource, ...]
    grants: tuple[tuple[str, Grant], ...]


def adopt_rules(changes: Changes, templates: Path) -> AccessRules:
    """The project's rules with what is missing in them, or those of a fresh project."""
    file = access_rules(changes.files)
    if file is None:
        changes.add(ACL[0], template_text(templates, TEMPLATE))
        return AccessRules(file=ACL[0], moved=Moved(ACL[0]))
    members: dict[str, str] = {}
    names: dict[str, str] = {}

    def declare(source: Source) -> None:
        """The two enums, where the rules are written in plain strings."""
        missing = [
            name for name in (ROLES, RESOURCES) if _names(source, Imports(source), name).missing
        ]
        if missing:
            at = Rules(source, Imports(source), *_both(source), frozenset()).declaration
            text = "".join(f"{_template_enum(templates, name, source)}\n\n" for name in missing)
            source.insert(source.line_start(at.start_byte), text)

    def roles(source: Source) -> None:
        found = _names(source, Imports(source), ROLES)
        _require_exported(source, ROLES)
        for member, value in ROLE_MEMBERS.items():
            found.add(member, value)
            members[f"{ROLES}.{member}"] = found.expression(value)
        found.flush()

    def grants(source: Source) -> None:
        pairs, name = _missing(source)
        _require_exported(source, name)
        if name != RULES:
            names[RULES] = name
        add_rules(source, pairs)

    changes.edit(file, declare)
    changes.edit(file, roles)
    changes.edit(file, grants)
    return AccessRules(
        file=file,
        moved=Moved(file, names),
        members={ours: theirs for ours, theirs in members.items() if ours != theirs},
    )


def _names(source: Source, imports: Imports, name: str) -> Names:
    binding = imports.bound_to(name)
    return Names(source, name, imported=binding.statement if binding else None)


def _both(source: Source) -> tuple[Names, Names]:
    imports = Imports(source)
    return _names(source, imports, ROLES), _names(source, imports, RESOURCES)


def _template_enum(templates: Path, name: str, source: Source) -> str:
    """The enum of a fresh project, in the quotes of another file."""
    ours = Source(template_text(templates, TEMPLATE), TEMPLATE)
    node = ours.declarations[name]
    return ours.text(node.parent or node).replace(ours.quote, source.quote)


def _missing(source: Source) -> tuple[list[_Pair], str]:
    """What nobody says anything about yet, for administrators; and the name of the rules."""
    roles, resources = _both(source)
    values = {value: f"{value}-list" for _, value in SDK_RESOURCES}
    relevant = frozenset((*values, *values.values()))
    rules = Rules(source, Imports(source), roles, resources, relevant)
    everything = Grant(possession=Possession.ANY, actions=frozenset(Action))
    pairs = [
        _Pair(
            resources=(
                Resource(member=member, value=value),
                Resource(member=f"{member}List", value=values[value]),
            ),
            grants=(("admin", everything),),
        )
        for member, value in SDK_RESOURCES
        if not any(
            statement.resources is None
            or not statement.resources.isdisjoint({value, values[value]})
            for statement in rules.statements
        )
    ]
    return pairs, rules.name


def _require_exported(source: Source, name: str) -> None:
    text = source.data.decode()
    pattern = (
        rf"export\s+(?:const\s+|declare\s+)*(?:enum\s+|class\s+)?{name}\b"
        rf"|export\s*\{{[^}}]*\b{name}\b"
    )
    if not re.search(pattern, text):
        raise source.error(
            source.declarations.get(name, source.root),
            "adopt-not-exported",
            f"{source.file} does not export {name}, which other files of the application need.",
            f"Export it: export … {name}.",
        )
