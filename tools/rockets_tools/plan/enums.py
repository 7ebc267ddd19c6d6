"""Names of the TypeScript enums: the plan's, else entity and field, made to differ."""

from dataclasses import replace

from rockets_tools.plan.draft import Drafts
from rockets_tools.plan.model import FieldType


def name_all(drafts: Drafts) -> None:
    """Give every enum field its name; two written ones that clash are left for the check."""
    taken = {
        field.enum_name
        for entity in drafts.entities.values()
        for field in entity.fields
        if field.enum_name
    }
    taken |= {name for entity in drafts.entities for name in class_names(entity)}
    for entity in drafts.entities.values():
        for index, field in enumerate(entity.fields):
            if field.type is not FieldType.ENUM or field.enum_name:
                continue
            name = f"{entity.name}{field.name[0].upper()}{field.name[1:]}"
            while name in taken:
                name += "Enum"
            taken.add(name)
            entity.fields[index] = replace(field, enum_name=name)


_SUFFIXES = (
    "Entity",
    "Module",
    "CrudController",
    "CrudService",
    "TypeOrmCrudAdapter",
    "ModelService",
    "AccessQueryService",
    "Dto",
    "CreateDto",
    "CreateManyDto",
    "UpdateDto",
    "PaginatedDto",
    "Interface",
    "CreatableInterface",
    "UpdatableInterface",
    "Resource",
)
"""What the names of an entity's classes and interfaces end in."""


def class_names(entity: str) -> list[str]:
    """Everything exported under an entity's name."""
    return [f"{entity}{suffix}" for suffix in _SUFFIXES]
