"""Plans of any size, shaped like the ones the predecessor was measured with: five waves."""

from typing import Any

WAVES = 5


def classic(count: int) -> dict[str, Any]:
    """A valid plan of `count` entities in five waves: fields of usual kinds, one parent each."""
    return {"entities": [entity(index, count) for index in range(count)]}


def entity(index: int, count: int) -> dict[str, Any]:
    wave = index * WAVES // count
    relations = []
    if wave:
        relations.append({"targetEntity": name(index - max(count // WAVES, 1)), "nullable": False})
    return {
        "entityName": name(index),
        "fields": [
            {"name": "name", "type": "string", "maxLength": 120, "unique": True},
            {"name": "description", "type": "text", "required": False},
            {"name": "price", "type": "float", "min": 0, "precision": 10, "scale": 2},
            {"name": "stock", "type": "number", "default": 0},
            {"name": "active", "type": "boolean", "default": True},
            {"name": "status", "type": "enum", "enumValues": ["draft", "live", "gone"]},
        ],
        "relations": relations,
        "acl": {
            "admin": {"possession": "any", "operations": ["create", "read", "update", "delete"]},
            "user": {"possession": "any", "operations": ["read"]},
        },
    }


def name(index: int) -> str:
    """`Aa`, `Ab`, …: distinct letters only, so that no plural or case clash arises."""
    letters = ""
    for _ in range(3):
        index, digit = divmod(index, 26)
        letters = chr(97 + digit) + letters
    return f"Item{letters.title()}"
