"""Why a part of the plan in force exists: what it is, and the lines it comes from."""

import re
from dataclasses import replace

from pydantic import JsonValue

from rockets_graph.approval.words import (
    counted,
    grant_words,
    relation_words,
    rule_words,
    type_words,
)
from rockets_graph.from_doc.book import Book, Explanation
from rockets_graph.ledger import PLAN_FILE
from rockets_tools.documents.provenance import has_value, read_provenance
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import read_plan
from rockets_tools.plan.document import parse
from rockets_tools.plan.fields import INHERITED
from rockets_tools.plan.model import SDK_ENTITIES, Action, Entity
from rockets_tools.plan.names import key as key_of

_GRANT = re.compile(r"([^:@]+)(?::([^@]*))?(?:@(.*))?", re.DOTALL)


def explain(files: ProjectFiles, query: str) -> Explanation:
    """What `query` is: `Product`, `Product.price`, `Product@user`, `Product:create@user`, the
    name of a module or role, or a JSON pointer into the plan.

    Raises `InputError` (`plan-missing`, `part-unknown`) with what comes close.
    """
    text = files.read(PLAN_FILE)
    if text is None:
        raise InputError(
            Problem(
                code="plan-missing",
                message="There is no plan in force here.",
                fix="Name the root of a project that has one with --project DIR.",
                file=PLAN_FILE,
            )
        )
    value = parse(text, file=PLAN_FILE)
    book = Book(files, text, value, read_plan(text, file=PLAN_FILE).plan, read_provenance(files))
    return _find(book, query.strip())


def _find(book: Book, query: str) -> Explanation:
    if query.startswith("/"):
        return _pointer(book, query)
    if "@" in query or ":" in query:
        return _grant(book, query)
    head, dot, member = query.partition(".")
    entity = book.entity(head)
    if dot and entity is not None:
        return _member(book, entity, member, query)
    if entity is not None and not dot:
        return _whole(book, entity)
    return _other(book, query)


def _other(book: Book, query: str) -> Explanation:
    """A module, a role, or what the SDK owns."""
    for part in book.parts:
        if part.kind == "module" and key_of(part.name) == key_of(query):
            return book.told(part, _text(part.value, "description") or "no description")
    if query in book.plan.roles:
        return _role(book, query)
    sdk = next((name for name in SDK_ENTITIES if key_of(name) == key_of(query)), None)
    if sdk is not None:
        return Explanation(
            name=sdk, kind="entity", what="an entity of the SDK", why="The SDK owns it."
        )
    raise book.unknown(query)


def _pointer(book: Book, pointer: str) -> Explanation:
    """The part a pointer leads to, or the nearest one around it."""
    around = [p for p in book.parts if pointer == p.pointer or pointer.startswith(f"{p.pointer}/")]
    if not around or not has_value(book.value, pointer):
        raise book.unknown(pointer)
    part = max(around, key=lambda p: len(p.pointer))
    found = _find(book, part.name)
    return (
        found
        if found.pointer != part.pointer
        else replace(found, pointer=pointer, line=book.line(pointer))
    )


def _whole(book: Book, entity: Entity) -> Explanation:
    what = (
        f"table {entity.table}, route /{entity.plural}, "
        f"{counted(len(entity.fields), 'field')}, {counted(len(entity.relations), 'relation')}"
    )
    for part in book.parts:
        if part.kind == "entity" and key_of(part.name) == key_of(entity.name):
            return book.told(part, what)
    made = book.made_by(entity)
    if made is None:
        raise book.unknown(entity.name)
    why = f"It is the join table of the many-to-many relation {made.name}."
    found = book.told(made, what)
    return replace(found, name=entity.name, kind="entity", why=f"{why} {found.why}")


def _member(book: Book, entity: Entity, member: str, query: str) -> Explanation:
    """A field or relation, by its property or the property of its key."""
    wanted = key_of(member)
    for field in entity.fields:
        if key_of(field.name) == wanted:
            rules = rule_words(field)
            what = f"{type_words(field)}{f', {rules}' if rules else ''}; column {field.column}"
            return book.part("field", f"{entity.name}.{field.name}", what, query)
    for relation in entity.relations:
        names = {key_of(relation.name), key_of(relation.foreign_key or relation.name)}
        if wanted not in names:
            continue
        what = relation_words(relation)
        if relation.column is not None:
            what += f"; column {relation.column}"
        if book.has("relation", f"{entity.name}.{relation.name}"):
            return book.part("relation", f"{entity.name}.{relation.name}", what, query)
        return _other_side(book, entity, relation.name, what, query)
    for name, joined in book.joins():
        if key_of(name) == key_of(f"{entity.name}.{member}"):
            what = f"manyToMany, through the entity {joined.name}"
            return book.part("relation", name, what, query)
    if member in INHERITED:
        return Explanation(
            name=f"{entity.name}.{member}",
            kind="field",
            what="an inherited column",
            why="Every entity of the SDK has it.",
        )
    raise book.unknown(query)


def _other_side(book: Book, entity: Entity, name: str, what: str, query: str) -> Explanation:
    """A relation the plan has written on the other entity, or on a many-to-many."""
    relation = entity.relation(name)
    target = book.plan.entities.get(relation.target)
    for other in target.relations if target else ():
        if other.inverse == name and other.target == entity.name and target is not None:
            return replace(
                book.part("relation", f"{target.name}.{other.name}", what, query),
                name=f"{entity.name}.{name}",
            )
    made = book.made_by(entity)
    if made is None:
        raise book.unknown(query)
    return replace(book.told(made, what), name=f"{entity.name}.{name}", kind="relation")


def _grant(book: Book, query: str) -> Explanation:
    """`Entity:action@role`, with action or role left out."""
    match = _GRANT.fullmatch(query)
    entity = book.entity(match[1].strip()) if match else None
    if match is None or entity is None:
        raise book.unknown(query)
    action, role = (match[2] or "").strip(), (match[3] or "").strip()
    if action and action not in list(Action):
        raise book.unknown(query, known=[f"{entity.name}:{a}" for a in Action])
    if role and role not in book.plan.roles:
        raise book.unknown(query, known=[f"{entity.name}@{r}" for r in book.plan.roles])
    if not role:
        return _grants(book, entity, Action(action) if action else None)
    grant = entity.acl.get(role)
    if grant is None or (action and Action(action) not in grant.actions):
        return Explanation(
            name=query,
            kind="grant",
            what=f"{role} may not {action or 'do anything'}",
            why="Nothing in the plan grants it, and what is not granted is refused.",
            notes=(f"what {role} may: {grant_words(grant, entity)}",) if grant else (),
        )
    what = f"{role} may {grant_words(grant, entity)}"
    if book.has("grant", f"{entity.name}@{role}"):
        return book.part("grant", f"{entity.name}@{role}", what, query)
    made = book.made_by(entity)
    if made is not None:
        return replace(book.told(made, what), name=f"{entity.name}@{role}", kind="grant")
    return Explanation(
        name=f"{entity.name}@{role}",
        kind="grant",
        what=what,
        why="The plan gives the entity no acl, so only admin may use it.",
        pointer=entity.pointer,
        line=book.line(entity.pointer),
    )


def _grants(book: Book, entity: Entity, action: Action | None) -> Explanation:
    """Who may, with the lines of every grant."""
    roles = [r for r, g in entity.acl.items() if action is None or action in g.actions]
    single = [_grant(book, f"{entity.name}@{role}") for role in roles]
    name = f"{entity.name}:{action.value}" if action else f"{entity.name}:"
    return Explanation(
        name=name,
        kind="grant",
        what="; ".join(one.what for one in single) or "nobody may",
        why=" ".join(dict.fromkeys(one.why for one in single)) or "What is not granted is refused.",
        pointer=entity.pointer,
        line=book.line(entity.pointer),
        sources=tuple(dict.fromkeys(q for one in single for q in one.sources)),
        guesses=tuple(dict.fromkeys(g for one in single for g in one.guesses)),
    )


def _role(book: Book, role: str) -> Explanation:
    granted = [e for e in book.plan.entities.values() if role in e.acl]
    what = "; ".join(f"{e.name}: {grant_words(e.acl[role], e)}" for e in granted)
    return Explanation(
        name=role,
        kind="role",
        what=what or "may do nothing",
        why="admin exists always." if role == "admin" else "Grants of the plan name it.",
    )


def _text(value: JsonValue, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
