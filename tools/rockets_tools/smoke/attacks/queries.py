"""Attacks through the query of a list: injected names, others' rows, hidden columns, huge pages."""

from collections.abc import Iterator

from pydantic import JsonValue

from rockets_tools.plan.model import Entity, Operation, Possession
from rockets_tools.smoke import routes
from rockets_tools.smoke.attacks.target import attack, compact, get
from rockets_tools.smoke.bodies import hidden_names
from rockets_tools.smoke.cast import possession
from rockets_tools.smoke.cells import Caller
from rockets_tools.smoke.checks import MAX_LIMIT, AtMost, Hides, Lacks
from rockets_tools.smoke.model import Case, Row, Scene
from rockets_tools.smoke.stage import Stage
from rockets_tools.smoke.uniqueness import distinct_keys, one_per_owner, owner_column, unique_sets

ANSWERED = (200, 400, 403)
"""Answered without harm, or refused."""
REJECTED = (400, 403)
FIELDS_TRIED = 8
HIDDEN_TRIED = 3
CROWD = MAX_LIMIT + 1
"""Rows, one more than a page may have."""


def query_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """What a list's query may not get out for this caller."""
    held = possession(entity, caller.role, Operation.READ_MANY)
    if held is None or not entity.offers(Operation.READ_MANY):
        return
    stage = new.empty()
    theirs = stage.row(entity, caller.other)
    stage.row(entity, caller.me)
    gone = stage.row(entity, caller.other, deleted=True) if entity.soft_delete else None
    tries = [*_injections(entity, theirs, held), *_hidden(entity)]
    if held is Possession.OWN:
        tries += _sneaks(stage, entity, caller, theirs)
    if gone is not None and _must_not_see_deleted(entity, caller, held):
        query = [("include_deleted", "1"), ("limit", "100")]
        tries.append(("deleted rows", query, ANSWERED, (gone.id,)))
    cases = (_case(entity, caller, one) for one in tries)
    yield stage.scene(entity, f"{entity.name}: {caller.role} attacks the list", *cases)


def robustness_scenes(new: Stage, entity: Entity, caller: Caller) -> Iterator[Scene]:
    """What a list's query may not do, whoever asks: break the server, or empty the table."""
    if not entity.offers(Operation.READ_MANY):
        return
    stage = new.empty()
    stage.row(entity, caller.me)
    tries = (*_pollution(), *_odd_filters(entity), *_odd_pages())
    cases = (_case(entity, caller, one) for one in tries)
    yield stage.scene(entity, f"{entity.name}: odd queries", *cases)
    crowd = _crowd(new.empty(), entity, caller)
    if crowd is not None:
        yield crowd


Try = tuple[str, list[tuple[str, str]], tuple[int, ...], tuple[str, ...]]
"""What is tried, its query, the answers allowed, texts that no answer may have."""


def _case(entity: Entity, caller: Caller, tried: Try) -> Case:
    title, query, status, secret = tried
    checks = (AtMost(MAX_LIMIT), Lacks(secret), Hides(hidden_names(entity)))
    step = get(caller, routes.many(entity, query), status, *checks)
    return attack(entity, caller, Operation.READ_MANY, title, step)


def _injections(entity: Entity, theirs: Row, held: Possession) -> Iterator[Try]:
    """SQL in the place of a name. Names end up between quotes or bare, so both are tried."""
    secret = (theirs.id,) if held is Possession.OWN else ()
    for name in (f"1=1) OR ({entity.name}Entity.id", 'id" IS NOT NULL OR "id', "_row.id"):
        for title, query in (
            ("filter", [("filter", f"{name}||$notnull")]),
            ("or", [("filter", "id||$isnull"), ("or", f"{name}||$notnull")]),
            ("s", [("s", compact({name: {"$notnull": True}}))]),
            ("sort", [("sort", f"{name},ASC")]),
        ):
            yield f"name injected by {title}: {name}", query, REJECTED, secret
    injected = "id FROM pg_user --"
    yield "name injected by fields", [("fields", f"id,{injected}")], ANSWERED, secret
    yield "name injected by join", [("join", f"x ON 1=1 --||{injected}")], ANSWERED, secret


def _sneaks(stage: Stage, entity: Entity, caller: Caller, theirs: Row) -> Iterator[Try]:
    """Right names, and a condition that asks for another's row."""
    found: JsonValue = {"id": {"$eq": theirs.id}}
    yield "another's row by filter", [("filter", f"id||$eq||{theirs.id}")], ANSWERED, (theirs.id,)
    query = [("filter", "id||$isnull"), ("or", f"id||$eq||{theirs.id}")]
    yield "another's row by or", query, ANSWERED, (theirs.id,)
    query = [("s", compact({"$or": [found, {"id": {"$notnull": True}}]}))]
    yield "another's row by s", query, ANSWERED, (theirs.id,)
    query = [("s", compact({"id": {"$or": {"$eq": theirs.id, "$in": [theirs.id]}}}))]
    yield "another's row by a nested s", query, ANSWERED, (theirs.id,)
    owner = owner_column(entity)
    if owner is not None and owner not in hidden_names(entity):
        query = [("or", f"{owner}||$eq||{stage.people.users[caller.other]}")]
        yield "another's rows by owner", query, ANSWERED, (theirs.id,)


def _hidden(entity: Entity) -> Iterator[Try]:
    """A column that is never answered must not be guessed by filters or seen by order either."""
    for name in sorted(hidden_names(entity))[:HIDDEN_TRIED]:
        yield f"hidden {name} by filter", [("filter", f"{name}||$notnull")], REJECTED, ()
        query = [("s", compact({name: {"$notnull": True}}))]
        yield f"hidden {name} by s", query, REJECTED, ()
        yield f"hidden {name} by sort", [("sort", f"{name},ASC")], REJECTED, ()
        yield f"hidden {name} by fields", [("fields", name)], ANSWERED, ()


def _pollution() -> Iterator[Try]:
    """Names that mean something to JavaScript."""
    for name in ("__proto__", "constructor"):
        for query in (
            [("filter", f"{name}||$notnull")],
            [("s", f'{{"{name}":{{"$notnull":true}}}}')],
            [("sort", f"{name},ASC")],
            [("fields", name)],
            [("join", name)],
            [(f"{name}[polluted]", "1")],
        ):
            yield f"prototype by {query[0][0]}: {name}", query, ANSWERED, ()


def _odd_filters(entity: Entity) -> Iterator[Try]:
    """Operators and values that do not fit the column: the caller's mistake, never a 5xx."""
    answered = (200, 400)
    for field in entity.fields[:FIELDS_TRIED]:
        if field.expose:
            for rest in ("$cont||x", "$eq||'\"\\", "$between||1", "$gtL||x"):
                query = [("filter", f"{field.name}||{rest}")]
                yield f"odd filter {field.name} {rest}", query, answered, ()
            yield f"sort by {field.name}", [("sort", f"{field.name},DESC")], answered, ()
    for text in ("{", "[]", '"x"', "null", '{"$or":{}}', '{"$and":[1]}', '{"id":{"$in":"x"}}'):
        yield f"odd s {text}", [("s", text)], answered, ()
    deep = '{"$and":[' * 40 + '{"id":{"$notnull":true}}' + "]}" * 40
    yield "deep s", [("s", deep)], answered, ()
    for text in ("id", "id||$eq", "||$eq||1", "id||$in||", "id||$eq||\0"):
        yield f"odd filter {text!r}", [("filter", text)], answered, ()


def _odd_pages() -> Iterator[Try]:
    for name, text in (
        ("limit", "1000000000"),
        ("limit", "-1"),
        ("limit", "0"),
        ("limit", "1.5"),
        ("limit", "x"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "99999999999999999999"),
        ("offset", "-1"),
        ("offset", "99999999999"),
    ):
        yield f"{name}={text}", [(name, text)], (200, 400), ()


def _must_not_see_deleted(entity: Entity, caller: Caller, held: Possession) -> bool:
    """Another's deleted row is nobody's business who could not recover it."""
    recovers = possession(entity, caller.role, Operation.RECOVER_ONE)
    return held is Possession.OWN or recovers is not Possession.ANY


def _crowd(stage: Stage, entity: Entity, caller: Caller) -> Scene | None:
    """More rows than a page may have; None where unique columns do not let there be so many."""
    if distinct_keys(entity) or one_per_owner(stage.plan, entity):
        return None
    rows = [stage.row(entity, caller.me) for _ in range(CROWD)]
    for names in unique_sets(entity):
        if len({tuple(repr(row.values[name]) for name in names) for row in rows}) < CROWD:
            return None
    tries: tuple[Try, ...] = (
        ("more rows than a page may have", [("limit", "1000000")], (200, 400), ()),
        ("no limit", [], (200,), ()),
        ("offset without limit", [("offset", "0")], (200, 400), ()),
    )
    cases = (_case(entity, caller, one) for one in tries)
    return stage.scene(entity, f"{entity.name}: {caller.role} asks for everything", *cases)
