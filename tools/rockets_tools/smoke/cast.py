"""Who takes part: two users for each role with own scope, one for any other, and outsiders."""

from dataclasses import dataclass
from itertools import permutations

from rockets_tools.plan.model import ACTION_OF, Entity, Operation, Plan, Possession
from rockets_tools.smoke.model import Ownership
from rockets_tools.smoke.uniqueness import distinct_keys

ADMIN = "admin"
SIGNED_UP = "user"
"""The role that signing up gives."""
STRANGER = "smoke-stranger"
"""A role the database knows and no grant names."""
SPARES = 9
"""Users for foreign keys that no two rows may share: as many as a scene may have rows of one
entity, less the three there always are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of the test."""

    key: str
    """`<role>.a` or `.b`; `<role>+<role>.a` holds both."""
    roles: tuple[str, ...]


def cast(plan: Plan) -> tuple[Person, ...]:
    """Everybody the scenes of this plan need; `admin.a` first, who creates the others."""
    roles = sorted({*plan.roles, SIGNED_UP} - {ADMIN})
    people = [Person(key=key(role, "a"), roles=(role,)) for role in (ADMIN, *roles, STRANGER)]
    people += [
        Person(key=key(role, "b"), roles=(role,))
        for role in (ADMIN, *roles)
        if any(has_own_scope(entity, role) for entity in plan.entities.values())
    ]
    pairs = {pair for entity in plan.entities.values() if (pair := two_roles(entity))}
    people += [Person(key=key("+".join(pair), "a"), roles=pair) for pair in sorted(pairs)]
    if any(_needs_users(entity) for entity in plan.entities.values()):
        people += [Person(key=key("spare", str(number)), roles=()) for number in range(SPARES)]
    return tuple(people)


def _needs_users(entity: Entity) -> bool:
    """Each row needs a user of its own."""
    distinct = distinct_keys(entity)
    return any(
        relation.foreign_key in distinct and relation.target == "User"
        for relation in entity.owning_relations
    )


def key(role: str, letter: str) -> str:
    """A person's key."""
    return f"{role}.{letter}"


def possession(entity: Entity, role: str, operation: Operation) -> Possession | None:
    """What the plan lets a role do: on any row, on its own, or nothing."""
    grant = entity.acl.get(role)
    if grant is None or ACTION_OF[operation] not in grant.actions:
        return None
    return grant.possession


def scope(entity: Entity, role: str, operation: Operation) -> Ownership:
    """`possession` as a cell names it."""
    held = possession(entity, role, operation)
    return Ownership.NONE if held is None else Ownership(held)


def has_own_scope(entity: Entity, role: str) -> bool:
    """The role's grant, if there is one, ends at the caller's own rows."""
    grant = entity.acl.get(role)
    return grant is not None and grant.possession is Possession.OWN


def two_roles(entity: Entity) -> tuple[str, str] | None:
    """Two roles of which the second may do what the first may not, or on its own rows only;
    rather the latter, where two grants meet in one decision."""
    pairs = [pair for pair in permutations(sorted(entity.acl), 2) if widened(entity, *pair)]
    pairs.sort(key=lambda pair: not has_own_scope(entity, pair[0]))
    return pairs[0] if pairs else None


def widened(entity: Entity, first: str, second: str) -> Operation | None:
    """An operation on one row that `second` may do on any row and `first` may not."""
    for operation in (Operation.READ_ONE, Operation.UPDATE_ONE, Operation.DELETE_ONE):
        if (
            entity.offers(operation)
            and possession(entity, second, operation) is Possession.ANY
            and possession(entity, first, operation) is not Possession.ANY
        ):
            return operation
    return None
