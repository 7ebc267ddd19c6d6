"""Plans the smoke tests use."""

import json

from rockets_tools.plan import read_plan
from rockets_tools.plan.model import Plan

ALL = ["create", "read", "update", "delete"]


def plan_of(*entities: dict[str, object]) -> Plan:
    return read_plan(json.dumps({"entities": list(entities)})).plan


def shop() -> Plan:
    """Every ownership form: none, direct, through a parent; every kind of column and rule."""
    admin = {"possession": "any", "operations": ALL}
    return plan_of(
        {
            "entityName": "Category",
            "fields": [
                {"name": "name", "unique": True},
                {"name": "note", "type": "text", "required": False},
            ],
            "relations": [
                {"name": "parent", "targetEntity": "Category", "onDelete": "SET NULL"},
            ],
            "acl": {"admin": admin, "user": {"possession": "any", "operations": ["read"]}},
        },
        {
            "entityName": "Vault",
            "fields": [{"name": "code"}],
            "operations": ["readMany", "readOne", "createOne"],
            "acl": {"admin": {"possession": "any", "operations": ["create", "read"]}},
        },
        {
            "entityName": "Product",
            "fields": [
                {"name": "title"},
                {"name": "price", "type": "float", "min": 0},
                {"name": "stock", "type": "number", "default": 0},
                {"name": "attrs", "type": "json", "required": False},
                {"name": "kind", "type": "enum", "enumValues": ["new", "used"]},
                {"name": "releasedAt", "type": "date", "required": False},
                {"name": "secret", "expose": False, "required": False},
                {"name": "code", "updatable": False},
            ],
            "relations": [
                {"targetEntity": "User", "nullable": False},
                {"targetEntity": "Category", "nullable": False, "onDelete": "RESTRICT"},
                {"targetEntity": "Vault", "onDelete": "SET NULL"},
            ],
            "uniqueConstraint": ["title", "userId"],
            "acl": {
                "admin": admin,
                "user": {"possession": "own", "operations": ALL},
                "clerk": {"possession": "any", "operations": ["read"]},
            },
        },
        {
            "entityName": "Review",
            "operations": ["readMany", "readOne", "createOne", "updateOne", "deleteOne"],
            "ownerField": "product.userId",
            "fields": [{"name": "stars", "type": "number", "min": 1, "max": 5}],
            "relations": [
                {"targetEntity": "Product", "nullable": False, "onDelete": "CASCADE"},
            ],
            "acl": {
                "admin": admin,
                "user": {"possession": "own", "operations": ALL},
                "clerk": {"possession": "any", "operations": ["read"]},
            },
        },
        {
            "entityName": "Note",
            "operations": ["readMany", "readOne", "createOne", "updateOne"],
            "fields": [{"name": "text", "type": "text"}],
            "relations": [
                {"targetEntity": "User", "nullable": False},
                {"targetEntity": "Product", "onDelete": "SET NULL"},
            ],
            "acl": {"user": {"possession": "own", "operations": ["create", "read", "update"]}},
        },
        {
            "entityName": "Folder",
            "operations": ["readMany", "readOne"],
            "fields": [{"name": "name"}],
            "relations": [{"targetEntity": "User", "nullable": False}],
            "acl": {"clerk": {"possession": "any", "operations": ["read"]}},
        },
        {
            "entityName": "Page",
            "operations": ["readMany", "readOne", "createOne", "updateOne"],
            "ownerField": "folder.userId",
            "fields": [{"name": "text", "type": "text"}],
            "relations": [{"targetEntity": "Folder", "nullable": False}],
            "acl": {"user": {"possession": "own", "operations": ["create", "read", "update"]}},
        },
    )
