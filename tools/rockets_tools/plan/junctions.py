"""A `manyToMany` becomes the junction entity both sides are joined by."""

from dataclasses import dataclass

from rockets_tools.plan import names
from rockets_tools.plan.draft import Drafts, EntityDraft, RelationDraft
from rockets_tools.plan.model import Action, Grant, Operation, Owner, RelationType
from rockets_tools.plan.relations import target_of, well_named
from rockets_tools.plan.schema import RawEntity, RawRelation

_OPERATIONS = frozenset(
    {Operation.READ_MANY, Operation.READ_ONE, Operation.CREATE_ONE, Operation.DELETE_ONE}
)


@dataclass(eq=False, kw_only=True)
class Side:
    """One written `manyToMany`."""

    entity: EntityDraft
    raw: RawRelation
    pointer: str
    target: str
    sdk: bool

    @property
    def name(self) -> str:
        return names.camel(self.raw.name or self.target)

    @property
    def owns(self) -> bool | None:
        """Said to be the owner, or not to be, or None."""
        return (
            self.raw.owner if self.raw.owner is not None else False if self.raw.mapped_by else None
        )


@dataclass(eq=False, kw_only=True)
class Junction:
    """The entity made, and the declaring side it follows."""

    entity: EntityDraft
    of: EntityDraft


def side(drafts: Drafts, entity: EntityDraft, raw: RawRelation, pointer: str) -> Side | None:
    """Take in one written `manyToMany`; None after saying what is wrong with it."""
    target = target_of(drafts, raw, pointer)
    if target is None or not well_named(drafts, raw, pointer):
        return None
    return Side(entity=entity, raw=raw, pointer=pointer, target=target[0], sdk=target[1])


def make(drafts: Drafts, sides: list[Side]) -> list[Junction]:
    """One junction per pair of sides, added to the drafts."""
    made: list[Junction] = []
    done: set[int] = set()
    for one in sides:
        if id(one) in done:
            continue
        other = _other(one, [s for s in sides if id(s) not in done and s is not one])
        done |= {id(one), id(other)}
        declaring = one if other is None or _first_declares(one, other) else other
        junction = _junction(declaring)
        # `find` also when the target is called Entity: the suffix would be dropped.
        taken = drafts.find(junction.name) or drafts.add(junction)
        if taken is None:
            made.append(Junction(entity=junction, of=declaring.entity))
            if len(junction.table) > names.MAX_IDENTIFIER:
                drafts.problems.error(
                    "identifier-length",
                    declaring.pointer,
                    f"The manyToMany from {declaring.entity.name} to {declaring.target} needs the "
                    f"table {junction.table}, whose name is too long for Postgres.",
                    "Remove the manyToMany and write the junction entity yourself (isJunction), "
                    'with a shorter "tableName".',
                )
        else:
            drafts.problems.error(
                "junction-name-taken",
                declaring.pointer,
                f"The manyToMany from {declaring.entity.name} to {declaring.target} becomes the "
                f"entity {junction.name}, and the plan has one of that name.",
                "Remove the manyToMany and write the junction entity yourself (isJunction).",
            )
    return made


def _other(one: Side, rest: list[Side]) -> Side | None:
    """The side that declares the same relation from the target."""
    if one.sdk or one.target == one.entity.name:
        return None
    back = [s for s in rest if s.entity.name == one.target and s.target == one.entity.name]
    named = {one.raw.mapped_by, one.raw.inverse_side} - {None}
    return next((s for s in back if s.name in {names.camel(str(n)) for n in named}), None) or next(
        iter(back), None
    )


def _first_declares(one: Side, other: Side) -> bool:
    if one.owns is not other.owns:
        return one.owns is True or other.owns is False
    return one.entity.name < other.entity.name


def _junction(side: Side) -> EntityDraft:
    source, name = side.entity, f"{side.entity.name}{side.target}"
    own = names.camel(source.name)
    if side.target != source.name:
        far = names.camel(side.target)
    else:
        far = names.singular(side.name)
        far = f"related{source.name}" if far == own else far
    raw = RawEntity.model_validate({"entityName": name, "isJunction": True})
    if source.raw.shared_package:
        raw = raw.model_copy(update={"shared_package": source.raw.shared_package})
    return EntityDraft(
        raw=raw,
        pointer=side.pointer,
        name=name,
        plural=names.plural(name),
        table=names.snake(name),
        folders=source.folders,
        relations=[
            _end(own, source.name, sdk=False, pointer=side.pointer),
            _end(far, side.target, sdk=side.sdk, pointer=side.pointer),
        ],
        operations=_OPERATIONS,
        from_many_to_many=True,
    )


def _end(name: str, target: str, *, sdk: bool, pointer: str) -> RelationDraft:
    return RelationDraft(
        name=name,
        type=RelationType.MANY_TO_ONE,
        owning=True,
        target=target,
        sdk=sdk,
        pointer=pointer,
        raw=RawRelation.model_validate(
            {"name": name, "targetEntity": target, "onDelete": "CASCADE", "nullable": False}
        ),
    )


def access(junction: Junction) -> None:
    """Read follows the declaring entity's read grants, create and delete its update grants."""
    acl: dict[str, Grant] = {}
    for role, grant in junction.of.acl.items():
        actions = grant.actions & {Action.READ}
        if Action.UPDATE in grant.actions:
            actions |= {Action.CREATE, Action.DELETE}
        if actions:
            acl[role] = Grant(possession=grant.possession, actions=actions)
    junction.entity.acl = acl
    owner = junction.of.owner
    if owner is not None:
        junction.entity.owner = Owner(
            path=(junction.entity.relations[0].name, *owner.path),
            column=owner.column,
            targets=(junction.of.name, *owner.targets),
        )
