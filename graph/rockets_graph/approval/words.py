"""Parts of a plan in a few words, as the page and `rockets explain` show them."""

import json

from rockets_tools.plan.model import Entity, Field, FieldType, Grant, Operation, Relation

_ACTIONS = ("create", "read", "update", "delete")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 call`, `1,200 calls`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def type_words(field: Field) -> str:
    """`string ≤ 80`, `float(10,2)`, `enum a | b | c`."""
    kind = field.type.value
    if field.type is FieldType.ENUM:
        shown = " | ".join(field.enum_values[:8])
        more = f" | … {len(field.enum_values)} values" if len(field.enum_values) > 8 else ""
        return f"{kind} {shown}{more}"
    if field.type is FieldType.FLOAT:
        return f"{kind}({field.precision},{field.scale})"
    return kind


def rule_words(field: Field) -> str:
    """`required, unique, ≤ 80 characters, default 0`."""
    rules = [
        "required" if field.required else "",
        "unique" if field.unique else "",
        f"≥ {field.min_length} characters" if field.min_length is not None else "",
        f"≤ {field.max_length} characters" if field.max_length is not None else "",
        f"≥ {field.min}" if field.min is not None else "",
        f"≤ {field.max}" if field.max is not None else "",
        f"pattern {field.pattern}" if field.pattern else "",
        "e-mail" if field.is_email else "",
        "URL" if field.is_url else "",
        f"default {json.dumps(field.default, ensure_ascii=False)}" if field.has_default else "",
        "" if field.creatable else "not set on create",
        "" if field.updatable else "never changed",
        "" if field.expose else "never answered",
    ]
    return ", ".join(rule for rule in rules if rule)


def relation_words(relation: Relation) -> str:
    """`manyToOne Category, required, RESTRICT on delete`."""
    words = [f"{relation.type.value} {relation.target}"]
    if relation.owning:
        words.append("optional" if relation.nullable else "required")
        if relation.on_delete is not None:
            words.append(f"{relation.on_delete.value} on delete")
    else:
        words.append("the other side")
    return ", ".join(words)


def grant_words(grant: Grant, entity: Entity) -> str:
    """`create, read of own rows (owner: userId)`."""
    actions = [action for action in _ACTIONS if action in grant.actions]
    rows = "own rows" if grant.possession.value == "own" else "any row"
    owner = f" (owner: {entity.owner.dotted})" if rows == "own rows" and entity.owner else ""
    return f"{', '.join(actions) or 'nothing'} of {rows}{owner}"


def route_words(entity: Entity) -> str:
    """The operations on offer, `all` for all six."""
    offered = [operation.value for operation in Operation if entity.offers(operation)]
    return "all" if len(offered) == len(Operation) else ", ".join(offered) or "none"
