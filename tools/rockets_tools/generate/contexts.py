"""What a template needs beyond names: per output file, from the entity."""

from collections.abc import Callable, Mapping

from rockets_tools.generate import entity_members, shared_members
from rockets_tools.generate.fields import enum_declaration
from rockets_tools.generate.layout import Array, Call, Node, Object, fit
from rockets_tools.generate.source_file import SourceFile
from rockets_tools.generate.typescript import string
from rockets_tools.plan.model import Operation

Context = dict[str, object]

_PARTIAL = Object({"unique": "true", "where": "'\"dateDeleted\" IS NULL'"})


def _entity(file: SourceFile) -> Context:
    entity = file.entity
    policy: dict[str, Node] = {"resource": file.own("Resource")}
    if entity.owner is not None:
        policy["owner"] = string(entity.owner.dotted)
    if entity.soft_delete:
        policy["softDelete"] = "true"
    return {
        "policy": Object(policy),
        "members": list(entity_members.entity_members(file)),
        "unique_indexes": [
            Array([string(name) for name in names])
            for names in entity_members.unique_indexes(entity)
        ],
        "partial": _PARTIAL,
    }


def _controller(file: SourceFile) -> Context:
    return {"joins": entity_members.joins(file.entity)}


def _module(file: SourceFile) -> Context:
    def feature() -> Object:
        entity = file.own("Entity")
        return Object({f"[{file.entity_key()}]": Object({"entity": entity})})

    return {"feature": feature}


def _service(file: SourceFile) -> Context:
    return {"entity_key": file.entity_key()}


def _access_query(file: SourceFile) -> Context:
    return {"entity_key": file.entity_key()} if file.entity.owner else {}


def _answer(file: SourceFile) -> Context:
    return {"members": list(shared_members.answer_members(file))}


def _create(file: SourceFile) -> Context:
    return {
        "members": list(shared_members.create_members(file)),
        "has_create": file.entity.offers(Operation.CREATE_ONE),
    }


def _update(file: SourceFile) -> Context:
    entity = file.entity
    omitted = shared_members.create_only_names(entity)
    base: str | None = None
    if len(omitted) < len(shared_members.create_names(entity)):
        source: Node = file.own("CreateDto")
        if omitted:
            names = Array([string(name) for name in omitted])
            source = Call(file.use("OmitType"), [source, names])
        options = Object({"skipNullProperties": "false"})
        heading = f"export class {file.own('UpdateDto')} extends "
        base = fit(Call(file.use("PartialType"), [source, options]), 0, len(heading), 3)
    return {"base": base, "members": list(shared_members.update_only_members(file))}


def _interface(file: SourceFile) -> Context:
    return {
        "enums": [
            (field.enum_name, enum_declaration(field))
            for field in file.entity.fields
            if field.enum_name
        ],
        "members": list(shared_members.interface_members(file)),
    }


def _creatable(file: SourceFile) -> Context:
    return {"members": list(shared_members.creatable_members(file))}


def _updatable(file: SourceFile) -> Context:
    return {"members": list(shared_members.updatable_members(file))}


CONTEXTS: Mapping[str, Callable[[SourceFile], Context]] = {
    "{entity}/entities/{kebab}.entity.ts": _entity,
    "{module}/{kebab}.crud.controller.ts": _controller,
    "{module}/{kebab}.module.ts": _module,
    "{module}/{kebab}-model.service.ts": _service,
    "{module}/{kebab}-access-query.service.ts": _access_query,
    "{shared}/dtos/{kebab}.dto.ts": _answer,
    "{shared}/dtos/{kebab}-create.dto.ts": _create,
    "{shared}/dtos/{kebab}-update.dto.ts": _update,
    "{shared}/interfaces/{kebab}.interface.ts": _interface,
    "{shared}/interfaces/{kebab}-creatable.interface.ts": _creatable,
    "{shared}/interfaces/{kebab}-updatable.interface.ts": _updatable,
}
