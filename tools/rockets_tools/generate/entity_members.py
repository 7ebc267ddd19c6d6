"""An entity as TypeORM sees it: columns, relations, indexes, and what can be joined."""

from collections.abc import Iterator, Sequence

from rockets_tools.generate.fields import column, type_of
from rockets_tools.generate.layout import Call, Node, Object
from rockets_tools.generate.members import Member, decorate, nullable, related
from rockets_tools.generate.source_file import SourceFile
from rockets_tools.generate.typescript import RESERVED, string
from rockets_tools.plan.model import Entity, Relation, RelationType


def entity_members(file: SourceFile) -> Iterator[Member]:
    """Columns and relations."""
    entity = file.entity
    for field in entity.fields:
        call = column(field, file, unique=field.unique and not entity.soft_delete)
        text = f"{field.name}!: {type_of(field, file, nullable=not field.required)}"
        yield Member(text, decorate(call))
    for relation in entity.relations:
        if relation.owning:
            yield _foreign_key_column(relation, file)
        yield _relation(relation, file)


def _foreign_key_column(relation: Relation, file: SourceFile) -> Member:
    options: dict[str, Node] = {}
    if relation.column != relation.foreign_key:
        options["name"] = string(relation.column or "")
    options["type"] = "'uuid'"
    if relation.nullable:
        options["nullable"] = "true"
    if _has_unique_column(relation) and not file.entity.soft_delete:
        options["unique"] = "true"
    text = f"{relation.foreign_key}!: {nullable(relation, 'string')}"
    return Member(text, decorate(Call(file.use("Column"), [Object(options)])))


def _has_unique_column(relation: Relation) -> bool:
    """TypeORM makes a one-to-one unique by itself."""
    return relation.unique and relation.type is RelationType.MANY_TO_ONE


def _relation(relation: Relation, file: SourceFile) -> Member:
    target = file.target(relation, "Entity")
    arguments: list[Node] = [f"() => {target}"]
    if relation.inverse is not None:
        row = file.target_property(relation)
        row = "target" if row in RESERVED else row
        arguments.append(f"({row}) => {row}.{relation.inverse}")
    options: dict[str, Node] = {}
    if relation.owning and not relation.nullable:
        options["nullable"] = "false"
    if relation.owning and relation.on_delete is not None:
        options["onDelete"] = string(relation.on_delete.value)
    if options:
        arguments.append(Object(options))
    calls = [Call(file.use(_relation_decorator(relation, file.entity)), arguments)]
    if relation.owning:
        column_name = Object({"name": string(relation.column or "")})
        calls.append(Call(file.use("JoinColumn"), [column_name]))
    return Member(f"{relation.name}?: {related(relation, target)}", decorate(*calls))


def _relation_decorator(relation: Relation, entity: Entity) -> str:
    if relation.type is RelationType.ONE_TO_MANY:
        return "OneToMany"
    if relation.type is RelationType.MANY_TO_ONE:
        return "ManyToOne"
    # A one-to-one brings a unique constraint that deleted rows would keep taken; a partial unique
    # index on a many-to-one does the same for the others.
    return "ManyToOne" if relation.owning and entity.soft_delete else "OneToOne"


def unique_indexes(entity: Entity) -> Iterator[Sequence[str]]:
    """Properties that are unique together among the rows that are not deleted."""
    if entity.soft_delete:
        yield from ([field.name] for field in entity.fields if field.unique)
        yield from (
            [relation.foreign_key]
            for relation in entity.owning_relations
            if relation.unique and relation.foreign_key
        )
    yield from entity.unique


def joins(entity: Entity) -> Object:
    """The relations a client may ask for with `?join=`; the caller's roles decide further."""
    return Object({relation.name: _join(relation) for relation in entity.relations})


def _join(relation: Relation) -> Object:
    options: dict[str, Node] = {}
    if relation.eager:
        options["eager"] = "true"
    if relation.join_type == "INNER":
        options["required"] = "true"
    return Object(options)
