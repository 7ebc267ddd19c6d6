"""CRUD controllers: their handlers, and what guards each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from rockets_tools.validate.module import ClassSyntax, Decorator, Member
from rockets_tools.validate.source import CONTROLLER, Source
from rockets_tools.validate.syntax import arguments, line_of, property_of, text_of, unwrap, walk

ROUTES = frozenset(
    {
        *("CrudReadMany", "CrudReadAll", "CrudReadOne", "CrudCreateOne", "CrudCreateMany"),
        *("CrudUpdateOne", "CrudReplaceOne", "CrudDeleteOne", "CrudRecoverOne"),
        *("All", "Delete", "Get", "Head", "Options", "Patch", "Post", "Put", "Search"),
    }
)
"""Decorators that make a method a handler."""
_GRANT = re.compile(
    r"AccessControl(?:ReadMany|ReadOne|CreateOne|CreateMany|UpdateOne|ReplaceOne|DeleteOne"
    r"|RecoverOne|Grant)\Z"
)
_DATA = frozenset({"Body", "CrudBody", "CrudRequest", "Headers", "Param", "Query", "Res"})
"""Parameter decorators that say nothing about who is asking."""

_LINE = re.compile(
    r"^  (?:@(?P<decorator>\w+)(?:\((?:\{ resource: )?(?P<resource>\w+\.\w+)?[^\n]*)?"
    r"|(?:async )?(?P<method>\w+)\((?P<rest>[^\n]*))$",
    re.MULTILINE,
)
_ROUTE = re.compile(rf"@(?:{'|'.join(sorted(ROUTES))})\(")
_ASKS = re.compile(rf"@(?!(?:{'|'.join(sorted(_DATA))})\()\w+\(\w*\) (\w+): \w+[\s\S]*?\b\1\b")
"""A parameter that says who is asking, and behind it a use of its name."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A method that answers requests."""

    name: str
    route: str
    """Name of its route decorator."""
    line: int
    guarded: bool
    """Has a grant decorator; without one any user who is logged in may call it."""
    resources: tuple[str, ...]
    """What its grants name, as written: `ProductResource.Many`, `'product'`."""
    knows_caller: bool
    """Takes who is asking as a parameter and uses it."""


@dataclass(frozen=True, slots=True)
class Controller:
    """One CRUD controller."""

    name: str
    line: int
    asks_query_service: bool
    """Has `@AccessControlQuery`."""
    handlers: tuple[Handler, ...]


def controllers(source: Source) -> Iterator[Controller]:
    """The CRUD controllers of a file."""
    quick = _quick(source)
    if quick is not None:
        yield quick
        return
    for owner in source.module.classes:
        if owner.decorator("CrudController") is not None or (
            source.kind == CONTROLLER and owner.decorator("Controller") is not None
        ):
            yield Controller(
                name=owner.name,
                line=line_of(owner.node),
                asks_query_service=owner.decorator("AccessControlQuery") is not None,
                handlers=tuple(_handlers(source, owner)),
            )


def _handlers(source: Source, owner: ClassSyntax) -> Iterator[Handler]:
    for member in owner.members:
        route = next((d.name for d in member.decorators if d.name in ROUTES), None)
        if route is None:
            continue
        grants = [d for d in member.decorators if _GRANT.match(d.name)]
        yield Handler(
            name=member.name,
            route=route,
            line=line_of(member.node),
            guarded=bool(grants),
            resources=tuple(r for d in grants for r in _named_resources(d)),
            knows_caller=knows_caller(source, member),
        )


def _named_resources(decorator: Decorator) -> Iterator[str]:
    for argument in arguments(decorator.call):
        held = unwrap(argument)
        if held.type == "object":
            held = property_of(held, "resource") or held
        for node in held.named_children if held.type == "array" else [held]:
            if node.type in {"member_expression", "string", "identifier"}:
                yield text_of(node)


def knows_caller(source: Source, member: Member) -> bool:
    """The method takes who is asking as a parameter and uses it."""
    held = member.node.child_by_field_name("parameters")
    body = member.node.child_by_field_name("body")
    if held is None or body is None:
        return False
    used = {
        text_of(n) for n in walk(body) if n.type in {"identifier", "shorthand_property_identifier"}
    }
    for parameter in held.named_children:
        kinds = source.module.decorators([c for c in parameter.children if c.type == "decorator"])
        bound = _bound(parameter.child_by_field_name("pattern"))
        if any(d.name not in _DATA for d in kinds) and not used.isdisjoint(bound):
            return True
    return False


def _bound(pattern: Node | None) -> set[str]:
    if pattern is None:
        return set()
    kinds = {"identifier", "shorthand_property_identifier_pattern"}
    return {text_of(node) for node in walk(pattern) if node.type in kinds}


def _quick(source: Source) -> Controller | None:
    """The same without a parse, for a file laid out by prettier; None when it may be otherwise.

    Every decorator of a member is on a line of its own, two columns in. Anything that counts
    differently (a route on a line with other code, say) is left to the parser.
    """
    text = source.text
    name = source.class_name
    if not source.is_plain or text.count("@CrudController(") != 1 or name is None:
        return None
    start = text.find(f"\nexport class {name}")
    if start < 0 or " as " in text[:start]:
        return None
    handlers: list[Handler] = []
    pending: list[tuple[str, str | None]] = []
    lines = list(_LINE.finditer(text, start))
    for position, found in enumerate(lines):
        if found["decorator"]:
            if " @" in found[0][3:]:
                return None
            pending.append((found["decorator"], found["resource"]))
            continue
        route = next((d for d, _ in pending if d in ROUTES), None)
        if route is not None:
            stop = lines[position + 1].start() if position + 1 < len(lines) else len(text)
            grants = [(d, r) for d, r in pending if _GRANT.match(d)]
            handlers.append(
                Handler(
                    name=found["method"],
                    route=route,
                    line=text.count("\n", 0, found.start()) + 1,
                    guarded=bool(grants),
                    resources=tuple(r for _, r in grants if r),
                    knows_caller=_ASKS.search(text, found.start(), stop) is not None,
                )
            )
        pending = []
    if any(h.guarded and not h.resources for h in handlers):
        return None
    if len(handlers) != len(_ROUTE.findall(text)):
        return None
    return Controller(
        name=name,
        line=text.count("\n", 0, start + 1) + 1,
        asks_query_service="\n@AccessControlQuery(" in text[:start],
        handlers=tuple(handlers),
    )
