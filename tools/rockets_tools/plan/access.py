"""Who may do what: operations, grants and the owner of a row."""

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft
from rockets_tools.plan.model import (
    ACTION_OF,
    Action,
    FieldType,
    Grant,
    Operation,
    Owner,
    Possession,
)
from rockets_tools.plan.problems import did_you_mean, quoted, token

ADMIN = "admin"
_MAX_STEPS = 10


def operations(drafts: Drafts, entity: EntityDraft) -> None:
    """The routes an entity offers: those written, else all."""
    written = entity.raw.operations
    if written is None:
        return
    entity.operations = frozenset(Operation(name) for name in written)
    if not written:
        drafts.problems.warning(
            "no-operations",
            f"{entity.pointer}/operations",
            f"{entity.name} offers no route.",
            'Remove "operations" to offer all six.',
        )


def grants(drafts: Drafts, entity: EntityDraft) -> None:
    """The entity's grants; actions that no route needs stay and are warned about."""
    offered = {ACTION_OF[operation] for operation in entity.operations}
    written = entity.raw.acl
    if written is None:
        entity.acl = {ADMIN: Grant(possession=Possession.ANY, actions=frozenset(offered))}
        drafts.problems.warning(
            "no-acl",
            entity.pointer,
            f"{entity.name} has no acl, so only admin may use it.",
            'Write "acl" with a grant per role.',
        )
        return
    acl: dict[str, Grant] = {}
    for role, raw in sorted(written.items()):
        actions = frozenset(Action(name) for name in raw.operations)
        idle = sorted(actions - offered)
        if idle:
            drafts.problems.warning(
                "grant-without-route",
                f"{entity.pointer}/acl/{token(role)}/operations",
                f"{role} may {' and '.join(idle)} {entity.name}, which offers no such route.",
                "Offer the operation, or remove the grant.",
            )
        if actions:
            acl[role] = Grant(possession=Possession(raw.possession), actions=actions)
    entity.acl = acl


def check_roles(drafts: Drafts) -> None:
    """Roles are words, and one role is always written the same."""
    spelled = {role: role for role in (ADMIN, "user")}
    for entity in drafts.entities.values():
        for role in entity.raw.acl or ():
            pointer = f"{entity.pointer}/acl/{token(role)}"
            if not names.is_name(role) or " " in role or names.is_dangerous(role):
                drafts.problems.error(
                    "bad-role",
                    pointer,
                    f"{quoted(role)} cannot be a role.",
                    "Use letters and digits, words separated by case, `_` or `-`, a letter first.",
                )
                continue
            other = spelled.setdefault(names.key(role), role)
            if other != role:
                drafts.problems.error(
                    "role-spelling",
                    pointer,
                    f"The role {quoted(role)} is called {quoted(other)} elsewhere.",
                    f'Write "{other}" everywhere.',
                )


def owner(drafts: Drafts, entity: EntityDraft) -> None:
    """How a row leads to its owner, where some role has own scope or the field is there anyway."""
    roles = [role for role, grant in entity.acl.items() if grant.possession is Possession.OWN]
    written = entity.raw.owner_field
    found, reason = _find_owner(drafts, entity, written or "userId")
    entity.owner = found if found or roles else _find_owner(drafts, entity, "userId")[0]
    if found is not None:
        return
    pointer = f"{entity.pointer}/ownerField"
    if roles:
        drafts.problems.error(
            "no-owner",
            pointer if written else f"{entity.pointer}/acl/{token(roles[0])}",
            f"{roles[0]} has own scope on {entity.name}, which has no owner: {reason}.",
            'Add a manyToOne relation to User, or set "ownerField" to a foreign key to User, a '
            "uuid field, or a path of required relations that ends in one.",
        )
    elif written and written != "userId":
        drafts.problems.warning(
            "owner-ignored",
            pointer,
            f"The ownerField of {entity.name} leads to no owner: {reason}.",
            'Correct or remove "ownerField".',
        )


def _find_owner(drafts: Drafts, entity: EntityDraft, written: str) -> tuple[Owner | None, str]:
    """The owner a path leads to, or why it leads to none."""
    *steps, last = written.split(".")
    path: list[str] = []
    targets: list[str] = []
    place = entity
    if len(steps) > _MAX_STEPS:
        return None, f"a path has at most {_MAX_STEPS} steps"
    for step in steps:
        relation = place.relation(_camel(drafts, step))
        if relation is None or not relation.owning:
            known = [r.name for r in place.owning]
            return None, (
                f"{place.name} has no manyToOne or owning oneToOne {quoted(step)}. "
                f"{did_you_mean(step, known)}".rstrip(".")
            )
        if relation.nullable:
            return None, f"{place.name}.{relation.name} is not required"
        if relation.sdk:
            return None, f"{place.name}.{relation.name} leads to {relation.target}, not to a row"
        path.append(relation.name)
        targets.append(relation.target)
        place = drafts.entities[relation.target]
    name = _camel(drafts, last)
    if not _is_owner(place, name):
        candidates = [str(r.foreign_key) for r in place.owning if r.target == "User" and r.sdk]
        candidates += [f.name for f in place.fields if f.type is FieldType.UUID]
        hint = f" ({did_you_mean(last, candidates).rstrip('.')})" if candidates else ""
        return None, (
            f"{place.name} has no foreign key to User and no uuid field called {quoted(last)}{hint}"
        )
    return Owner(path=tuple(path), column=name, targets=tuple(targets)), ""


def _is_owner(entity: EntityDraft, name: str) -> bool:
    relation = entity.foreign_key(name)
    if relation is not None:
        return relation.sdk and relation.target == "User"
    return any(f.name == name and f.type is FieldType.UUID for f in entity.fields)


def _camel(drafts: Drafts, name: str) -> str:
    return drafts.camel(name) if names.is_name(name) else name
