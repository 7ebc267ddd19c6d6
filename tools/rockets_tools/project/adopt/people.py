"""Users, roles and logins: the project's own where it has them, else those of a fresh project."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.layout import APP_MODULE
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source
from rockets_tools.project.adopt.changes import Changes
from rockets_tools.project.adopt.rendering import entity_file
from rockets_tools.project.adopt.survey import FoundClass, Survey, class_node, decorators
from rockets_tools.project.adopt.template import template_text

MODULES: Mapping[str, str] = {
    "UserModule": "@concepta/nestjs-user",
    "RoleModule": "@concepta/nestjs-role",
    "AuthLocalModule": "@concepta/nestjs-auth-local",
    "AuthJwtModule": "@concepta/nestjs-auth-jwt",
    "AccessControlModule": "@concepta/nestjs-access-control",
}
"""Together they are who somebody is and what he may do; all of them, or none."""
STRENGTH = r"minPasswordStrength|PASSWORD_MIN_PASSWORD_STRENGTH"
POLICY = "AccessPolicy"
POLICY_FILE = "src/common/access/access-policy.decorator.ts"


@dataclass(frozen=True, slots=True, kw_only=True)
class SdkEntity:
    """An entity that the SDK owns, where generated modules look for it."""

    name: str
    file: str
    bases: frozenset[str]
    table: str
    has_policy: bool = True


ENTITIES = (
    SdkEntity(
        name="UserEntity",
        file="src/modules/user/entities/user.entity.ts",
        bases=frozenset({"UserPostgresEntity"}),
        table="user",
    ),
    SdkEntity(
        name="RoleEntity",
        file="src/modules/role/entities/role.entity.ts",
        bases=frozenset({"RolePostgresEntity"}),
        table="role",
    ),
    SdkEntity(
        name="UserRoleEntity",
        file="src/modules/role/entities/user-role.entity.ts",
        bases=frozenset({"RoleAssignmentPostgresEntity"}),
        table="user_role",
        has_policy=False,
    ),
)


@dataclass(slots=True)
class People:
    """What the project has of its own."""

    own: bool
    """It registers the SDK's users, roles, logins and access control itself."""
    entities: list[ClassReference] = field(default_factory=list[ClassReference])
    """Those that are new to the project and have to be in the TypeORM settings."""


def adopt_people(changes: Changes, survey: Survey, templates: Path) -> People | None:
    """Entities of users and roles in their places; None when the project has only half of it."""
    registered = survey.registered(MODULES)
    if registered and len(registered) < len(MODULES):
        lacking = ", ".join(name for name in MODULES if name not in registered)
        has = ", ".join(sorted(registered))
        changes.refuse(
            "adopt-people",
            f"The project registers {has}, but not {lacking}; who may log in and what he may do "
            "would be decided in two ways.",
            "Register the others too, as in the project that rockets new makes, or none of them.",
            registered[next(iter(registered))],
        )
        return None
    if not registered:
        return _take_over(changes, survey)
    for entity in ENTITIES:
        _own_entity(changes, survey, entity, templates)
    if not survey.holding(STRENGTH):
        changes.warn(
            "adopt-password-strength",
            "In production the SDK takes no password at all, unless it is told how strong one has "
            "to be.",
            "Set PASSWORD_MIN_PASSWORD_STRENGTH in the environment, from 0 to 4.",
        )
    return People(own=True)


def _take_over(changes: Changes, survey: Survey) -> People:
    """All of a fresh project's, after a look at whether there is room for it."""
    for entity in ENTITIES:
        table = rf"@Entity\(\s*(?:\{{\s*name:\s*)?['\"`]{entity.table}['\"`]"
        for path in (each for each in survey.holding(table) if each != entity.file):
            changes.refuse(
                "adopt-table-taken",
                f"{path} has the table {entity.table}, which is the SDK's {entity.name}.",
                f"Let the class extend {min(entity.bases)} and register the SDK's modules for "
                "users, roles and logins, or give the table another name.",
                path,
            )
        if changes.files.exists(entity.file):
            _require_export(changes, entity)
    changes.warn(
        "adopt-login",
        "Users, roles and logins are new to this project: from now on every route asks for a "
        "login, and anybody can sign up at /signup.",
        "Mark the routes that are for everybody with @AuthPublic() of "
        "@concepta/nestjs-authentication.",
        APP_MODULE,
    )
    guards = survey.holding(r"\bAPP_GUARD\b")
    if guards:
        changes.warn(
            "adopt-guards",
            f"{', '.join(guards)}: guards of the project's own run before those of the SDK.",
            "Check that they let sign-up and login through.",
            guards[0],
        )
    return People(
        own=False,
        entities=[ClassReference(name=entity.name, file=entity.file) for entity in ENTITIES],
    )


def _own_entity(changes: Changes, survey: Survey, entity: SdkEntity, templates: Path) -> None:
    found = survey.extending(entity.bases)
    chosen = next((each for each in found if each.name == entity.name), None)
    if chosen is None and len(found) == 1:
        chosen = found[0]
    if chosen is None or not chosen.exported:
        names = ", ".join(f"{each.name} ({each.file})" for each in found) or "none"
        changes.refuse(
            "adopt-entity",
            f"The project's {entity.name} cannot be told; classes that extend "
            f"{min(entity.bases)}: {names}.",
            f"Export exactly one class named {entity.name} that extends {min(entity.bases)}.",
            found[0].file if found else None,
            found[0].line if found else None,
        )
        return
    if entity.table == "user":
        _check_user(changes, survey, chosen)
    if entity.has_policy:
        changes.edit(chosen.file, lambda source: _add_policy(source, chosen, entity, templates))
    if chosen.file == entity.file and chosen.name == entity.name:
        return
    if changes.files.exists(entity.file):
        _require_export(changes, entity)
        return
    text = entity_file(
        templates, entity.file, entity.name, their_name=chosen.name, their_file=chosen.file
    )
    changes.add(entity.file, text)


def _require_export(changes: Changes, entity: SdkEntity) -> None:
    text = changes.files.read(entity.file) or ""
    if not re.search(rf"export\b[^;]*\b{entity.name}\b", text):
        changes.refuse(
            "adopt-file-taken",
            f"{entity.file} is there and does not export {entity.name}, which generated modules "
            "import from it.",
            "Move the file, or export that name from it.",
            entity.file,
        )


def _check_user(changes: Changes, survey: Survey, user: FoundClass) -> None:
    """Sign-up and the admin command give a username, an email and a password, and nothing else."""
    source = survey.source(user.file)
    node = None if source is None else class_node(source, user.name)
    body = None if node is None else node.child_by_field_name("body")
    if source is None or body is None:
        return
    names: set[str] = set()
    for member in body.named_children:
        name = member.child_by_field_name("name")
        if member.type != "public_field_definition" or name is None:
            continue
        names.add(source.text(name))
        if _is_required(source, member):
            changes.refuse(
                "adopt-user-column",
                f"{user.name}.{source.text(name)} is required, but sign-up and the admin command "
                "know only username, email and password.",
                "Make the column nullable, or give it a default.",
                user.file,
                member.start_point.row + 1,
            )
    if "userRoles" not in names:
        changes.refuse(
            "adopt-user-roles",
            f"{user.name} has no userRoles, from where a user's roles are read.",
            "Add it: @OneToMany(() => UserRoleEntity, (userRole) => userRole.assignee) "
            "userRoles!: UserRoleEntity[].",
            user.file,
            user.line,
        )


def _is_required(source: Source, member: Node) -> bool:
    column = next((node for name, node in decorators(source, member) if name == "Column"), None)
    if column is None:
        return False
    text = source.text(column)
    return not re.search(r"\bnullable:\s*true\b|\bdefault\s*:|\binsert:\s*false\b", text)


def _add_policy(source: Source, found: FoundClass, entity: SdkEntity, templates: Path) -> None:
    """The decorator of the fresh project's class, on the project's own."""
    node = class_node(source, found.name)
    if node is None or any(name == POLICY for name, _ in decorators(source, node)):
        return
    ours = Source(template_text(templates, entity.file), entity.file)
    their_imports, our_imports = Imports(source), Imports(ours)
    our_class = class_node(ours, entity.name)
    text = (
        next(
            (ours.text(each) for name, each in decorators(ours, our_class) if name == POLICY), None
        )
        if our_class is not None
        else None
    )
    if text is None:
        return
    for name in re.findall(r"\b[A-Z]\w+", text):
        binding = our_imports.bound_to(name)
        if binding is None:
            continue
        if binding.specifier.startswith("."):
            reference = ClassReference(name=name, file=POLICY_FILE)
            local = their_imports.from_project(reference)
        else:
            local = their_imports.from_package(name, binding.specifier)
        text = re.sub(rf"\b{name}\b", local, text)
    first = next((each for _, each in decorators(source, node)), None)
    statement = node.parent if node.parent is not None and node.parent != source.root else node
    start = statement.start_byte if first is None else min(first.start_byte, statement.start_byte)
    indent = source.line_indent(start)
    source.insert(start, f"{text.replace(chr(39), source.quote)}\n{indent}")
    their_imports.flush()
