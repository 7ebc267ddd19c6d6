"""A property as a class or interface declares it, and what all of them have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from rockets_tools.generate.layout import Call, fit
from rockets_tools.plan.model import Entity, Field, Relation, RelationType

INDENT = 2


@dataclass(slots=True)
class Member:
    """A property with its decorators, each printed from column two on."""

    text: str
    """Without indentation and semicolon, e.g. `name!: string`."""
    decorators: Sequence[str] = ()


def decorate(*calls: Call) -> list[str]:
    """Decorators of a property, laid out."""
    return [
        f"@{fit(call, INDENT, 1)}" if call.arguments else f"@{call.function}()" for call in calls
    ]


def nullable(relation: Relation, type_name: str) -> str:
    """The type of a relation's foreign key, or of a row it leads to."""
    return f"{type_name} | null" if relation.nullable else type_name


def related(relation: Relation, type_name: str) -> str:
    """The type of a relation's property: rows, or a row that may be missing."""
    if relation.type is not RelationType.ONE_TO_MANY and relation.owning and not relation.nullable:
        return type_name
    row = f"({type_name})" if "&" in type_name else type_name
    return f"{row}[]" if relation.type is RelationType.ONE_TO_MANY else f"{row} | null"


def is_creatable(field: Field) -> bool:
    """May a create body carry it?"""
    return field.creatable


def is_omittable(part: Field | Relation, entity: Entity) -> bool:
    """May a create body leave it out? Also the owner, whom the service knows."""
    owner = entity.owner.column if entity.owner and not entity.owner.path else None
    if isinstance(part, Field):
        return part.has_default or not part.required or part.name == owner
    return part.nullable or part.foreign_key == owner
