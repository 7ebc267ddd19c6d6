"""From the plan as written to the plan as meant; every contradiction is reported on the way."""

from rockets_tools.plan import (
    access,
    clashes,
    enums,
    fields,
    junctions,
    members,
    names,
    pairing,
    relations,
)
from rockets_tools.plan.draft import Drafts, EntityDraft
from rockets_tools.plan.folders import Folders, folders, is_package
from rockets_tools.plan.identifiers import identifier
from rockets_tools.plan.model import NonCrud, Plan
from rockets_tools.plan.problems import quoted
from rockets_tools.plan.schema import RawEntity, RawNonCrud, RawPlan
from rockets_tools.plan.waves import Edge, Order, order


def resolve(raw: RawPlan, drafts: Drafts, *, plan_hash: str) -> Plan:
    """The plan; only to be used when `drafts.problems` has no error afterwards."""
    base = folders(raw.paths, Folders(), "/paths", drafts.problems)
    for index, entity in enumerate(raw.entities):
        declare(drafts, entity, f"/entities/{index}", base)
    link(drafts)
    clashes.check(drafts)
    access.check_roles(drafts)
    modules: dict[str, str] = {}
    for index, module in enumerate(raw.non_crud):
        clashes.check_non_crud(drafts, index, module, modules)
    in_order = _order(drafts)
    by_name = {name: entity.freeze() for name, entity in drafts.entities.items()}
    roles = {role for entity in drafts.entities.values() for role in entity.raw.acl or ()}
    return Plan(
        entities={name: by_name[name] for wave in in_order.waves for name in wave},
        waves=in_order.waves,
        roles=tuple(sorted({access.ADMIN, *roles})),
        cut_edges=in_order.cut,
        non_crud=tuple(_non_crud(module) for module in raw.non_crud),
        sdk_version=raw.sdk_version,
        hash=plan_hash,
    )


def link(drafts: Drafts) -> None:
    """Everything that needs all entities: relations, junctions, keys, grants, owners."""
    sides: list[junctions.Side] = []
    for entity in drafts.entities.values():
        for index, relation in enumerate(entity.raw.relations):
            pointer = f"{entity.pointer}/relations/{index}"
            if relation.type == "manyToMany":
                side = junctions.side(drafts, entity, relation, pointer)
                sides += [side] if side else []
            else:
                relations.declare(drafts, entity, relation, pointer)
    made = junctions.make(drafts, sides)
    enums.name_all(drafts)
    pairing.pair(drafts)
    followers = {junction.entity.name for junction in made}
    written = [e for e in drafts.entities.values() if e.name not in followers]
    for entity in drafts.entities.values():
        relations.foreign_keys(drafts, entity)
    for entity in written:
        access.operations(drafts, entity)
        access.grants(drafts, entity)
    for entity in written:
        access.owner(drafts, entity)
    for junction in made:
        junctions.access(junction)
    for entity in drafts.entities.values():
        members.check(drafts, entity)


def declare(drafts: Drafts, raw: RawEntity, pointer: str, base: Folders) -> None:
    """Take in one written entity and its fields; one that cannot be named is left out."""
    problems = drafts.problems
    if not _may_be_called(drafts, raw.entity_name, f"{pointer}/entityName"):
        drafts.lost_entities = True
        return
    name = names.entity_name(raw.entity_name, exact=drafts.exact)
    entity = EntityDraft(
        raw=raw,
        pointer=pointer,
        name=name,
        plural=names.plural(name),
        table=raw.table_name or names.snake(name),
        folders=folders(raw.paths, base, f"{pointer}/paths", problems),
    )
    if raw.plural_name is not None and names.is_name(raw.plural_name):
        entity.plural = names.kebab(raw.plural_name)
    elif raw.plural_name is not None:
        problems.error(
            "bad-name",
            f"{pointer}/pluralName",
            f"{quoted(raw.plural_name)} cannot be a route.",
            "Use letters and digits, words separated by hyphens, a letter first.",
        )
    identifier(
        problems,
        f"{pointer}/{'tableName' if raw.table_name else 'entityName'}",
        "table",
        entity.table,
    )
    if raw.shared_package is not None and not is_package(raw.shared_package):
        problems.error(
            "bad-path",
            f"{pointer}/sharedPackage",
            f"{quoted(raw.shared_package)} is not the import specifier of a package.",
            'Write a package name such as "@shop/shared".',
        )
    other = drafts.add(entity)
    if other is not None:
        problems.error(
            "duplicate-entity",
            f"{pointer}/entityName",
            f"{quoted(raw.entity_name)} is the entity {other.name} again.",
            "Remove or rename one of them.",
        )
        return
    for index, field in enumerate(raw.fields):
        fields.declare(drafts, entity, field, f"{pointer}/fields/{index}")


def _may_be_called(drafts: Drafts, written: str, pointer: str) -> bool:
    if not names.is_name(written):
        drafts.problems.error(
            "bad-name",
            pointer,
            f"{quoted(written)} cannot be an entity name.",
            "Use letters and digits, words separated by case, `_`, `-` or a space, a letter first.",
        )
        return False
    sdk = relations.sdk_entity(written)
    if sdk is not None:
        drafts.problems.error(
            "sdk-entity",
            pointer,
            f"The SDK owns the entity {sdk}; it cannot be generated.",
            "Remove it from the plan. Relations to User and Role are fine without it.",
        )
    elif names.is_dangerous(names.entity_name(written)):
        drafts.problems.error(
            "reserved-name",
            pointer,
            f"{quoted(written)} is a property of every JavaScript object.",
            "Use another name.",
        )
    else:
        return True
    return False


def _order(drafts: Drafts) -> Order:
    result = order(
        drafts.entities,
        [
            Edge(
                source=entity.name,
                relation=relation.name,
                target=relation.target,
                nullable=relation.nullable,
                explicit=relation.raw.nullable is True,
                pointer=relation.pointer,
            )
            for entity in drafts.entities.values()
            for relation in entity.owning
            if not relation.sdk
        ],
    )
    for cycle in result.stuck:
        way = ", ".join(f"{edge.source}.{edge.relation}" for edge in cycle)
        drafts.problems.error(
            "required-cycle",
            cycle[0].pointer,
            f"{way} {'are' if len(cycle) > 1 else 'is'} required and lead in a circle, so no "
            "first row can be stored.",
            f'Write "nullable": true on {"one of them" if len(cycle) > 1 else "it"}.',
        )
    return result


def _non_crud(raw: RawNonCrud) -> NonCrud:
    return NonCrud(
        name=names.pascal(raw.name),
        kebab=names.kebab(raw.name),
        type=raw.type,
        description=raw.description,
        pattern=raw.pattern,
    )
