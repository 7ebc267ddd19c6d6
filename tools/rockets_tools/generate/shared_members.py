"""An entity as its callers see it: interfaces, answers and bodies."""

from collections.abc import Iterator

from rockets_tools.generate.fields import api_options, type_of, validators
from rockets_tools.generate.layout import Call, Node, Object
from rockets_tools.generate.members import (
    Member,
    decorate,
    is_creatable,
    is_omittable,
    nullable,
    related,
)
from rockets_tools.generate.source_file import SourceFile
from rockets_tools.generate.typescript import string
from rockets_tools.plan.model import Entity, Field, FieldType, Relation, RelationType


def interface_members(file: SourceFile) -> Iterator[Member]:
    """Everything a record has, hidden fields included."""
    for field in file.entity.fields:
        yield Member(f"{field.name}: {type_of(field, file, nullable=not field.required)}")
    for relation in file.entity.relations:
        if relation.owning:
            yield Member(f"{relation.foreign_key}: {nullable(relation, 'string')}")
        type_name = file.target(relation, "Interface", value=False)
        yield Member(f"{relation.name}?: {related(relation, type_name)}")


def creatable_members(file: SourceFile) -> Iterator[Member]:
    """What a new record may be made from."""
    for field in filter(is_creatable, file.entity.fields):
        mark = "?" if is_omittable(field, file.entity) else ""
        type_name = type_of(field, file, nullable=not field.required)
        yield Member(f"{field.name}{mark}: {type_name}")
    for relation in file.entity.owning_relations:
        mark = "?" if is_omittable(relation, file.entity) else ""
        yield Member(f"{relation.foreign_key}{mark}: {nullable(relation, 'string')}")


def updatable_members(file: SourceFile) -> Iterator[Member]:
    """What may be changed of a record."""
    for field in file.entity.fields:
        if field.updatable:
            type_name = type_of(field, file, nullable=not field.required)
            yield Member(f"{field.name}?: {type_name}")
    for relation in file.entity.owning_relations:
        yield Member(f"{relation.foreign_key}?: {nullable(relation, 'string')}")


def answer_members(file: SourceFile) -> Iterator[Member]:
    """What a record answers: exposed fields, foreign keys, and relations that were joined."""
    for field in file.entity.fields:
        if field.expose:
            yield _answer_field(field, file)
    for relation in file.entity.relations:
        if relation.owning:
            options: dict[str, Node] = {"format": "'uuid'"}
            if relation.nullable:
                options["nullable"] = "true"
            api = Call(file.use("ApiProperty"), [Object(options)])
            text = f"{relation.foreign_key}!: {nullable(relation, 'string')}"
            yield Member(text, decorate(Call(file.use("Expose")), api))
        yield _answer_relation(relation, file)


def _answer_field(field: Field, file: SourceFile) -> Member:
    calls = [Call(file.use("Expose"))]
    if field.type is FieldType.JSON:
        calls.append(Call(file.use("AsJson")))
    elif field.type is FieldType.DATE:
        calls.append(Call(file.use("Type"), ["() => Date"]))
    calls.append(_api("ApiProperty", api_options(field, file, body=False), file))
    text = f"{field.name}!: {type_of(field, file, nullable=not field.required)}"
    return Member(text, decorate(*calls))


def _answer_relation(relation: Relation, file: SourceFile) -> Member:
    target = file.target(relation, "Dto")
    options: dict[str, Node] = {"type": f"() => {target}"}
    if relation.type is RelationType.ONE_TO_MANY:
        options["isArray"] = "true"
    elif relation.nullable or not relation.owning:
        options["nullable"] = "true"
    if relation.description:
        options["description"] = string(relation.description)
    calls = [
        Call(file.use("Expose")),
        Call(file.use("Type"), [f"() => {target}"]),
        Call(file.use("ApiPropertyOptional"), [Object(options)]),
    ]
    return Member(f"{relation.name}?: {related(relation, target)}", decorate(*calls))


def create_members(file: SourceFile) -> Iterator[Member]:
    """What a create body may carry."""
    for field in filter(is_creatable, file.entity.fields):
        yield _body_field(field, file, omittable=is_omittable(field, file.entity))
    for relation in file.entity.owning_relations:
        yield _body_foreign_key(relation, file)


def update_only_members(file: SourceFile) -> Iterator[Member]:
    """What an update body may carry and a create body may not."""
    for field in file.entity.fields:
        if field.updatable and not field.creatable:
            yield _body_field(field, file, omittable=True)


def create_only_names(entity: Entity) -> list[str]:
    """Properties of the create body that an update body may not carry."""
    return [field.name for field in filter(is_creatable, entity.fields) if not field.updatable]


def create_names(entity: Entity) -> list[str]:
    """Properties of the create body."""
    fields = [field.name for field in filter(is_creatable, entity.fields)]
    return [*fields, *(r.foreign_key for r in entity.owning_relations if r.foreign_key)]


def _body_field(field: Field, file: SourceFile, *, omittable: bool) -> Member:
    calls: list[Call] = []
    if not field.required:
        calls.append(Call(file.use("IsOptional")))
    elif omittable:
        calls.append(Call(file.use("IsOmittable")))
    calls.extend(validators(field, file))
    kind = "ApiPropertyOptional" if omittable else "ApiProperty"
    calls.append(_api(kind, api_options(field, file, body=True), file))
    mark = "?" if omittable else "!"
    text = f"{field.name}{mark}: {type_of(field, file, nullable=not field.required)}"
    return Member(text, decorate(*calls))


def _body_foreign_key(relation: Relation, file: SourceFile) -> Member:
    omittable = is_omittable(relation, file.entity)
    calls: list[Call] = []
    if relation.nullable:
        calls.append(Call(file.use("IsOptional")))
    elif omittable:
        calls.append(Call(file.use("IsOmittable")))
    calls.append(Call(file.use("IsUUID")))
    options: dict[str, Node] = {"format": "'uuid'"}
    if relation.nullable:
        options["nullable"] = "true"
    kind = "ApiPropertyOptional" if omittable else "ApiProperty"
    calls.append(Call(file.use(kind), [Object(options)]))
    mark = "?" if omittable else "!"
    text = f"{relation.foreign_key}{mark}: {nullable(relation, 'string')}"
    return Member(text, decorate(*calls))


def _api(kind: str, options: Object, file: SourceFile) -> Call:
    return Call(file.use(kind), [options] if options.entries else [])
