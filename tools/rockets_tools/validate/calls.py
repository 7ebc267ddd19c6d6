"""The order in which a class's methods call what was injected."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from tree_sitter import Node

from rockets_tools.validate.module import ClassSyntax
from rockets_tools.validate.syntax import text_of, walk

Kind = Literal["audit", "dispatch"]


@dataclass(frozen=True, slots=True)
class Event:
    """A call that matters, in the order of the source."""

    kind: Kind
    name: str
    """The call as written, e.g. `this.mailer.send`."""
    node: Node


class Classify(Protocol):
    """What a call on `this.<receiver>` means, or None."""

    def __call__(self, receiver: str, name: str, *, awaited: bool) -> Kind | None: ...


def events(owner: ClassSyntax, classify: Classify) -> Iterator[list[Event]]:
    """One list of events for each method that no other method of the class calls."""
    bodies = {m.name: m.node for m in owner.members if m.is_method}
    helpers = {n for name, body in bodies.items() for n in _own_calls(body) if n != name}
    for name, body in bodies.items():
        if name not in helpers:
            yield list(_events(body, bodies, classify, {name}))


def _own_calls(body: Node) -> Iterator[str]:
    for node in walk(body):
        receiver, name = _target(node)
        if receiver == "this":
            yield name


def _events(
    body: Node, bodies: dict[str, Node], classify: Classify, seen: set[str]
) -> Iterator[Event]:
    """The method's events, each helper's put in where it is called first."""
    for node in walk(body):
        receiver, name = _target(node)
        if receiver == "this" and name in bodies:
            if name not in seen:
                seen.add(name)
                yield from _events(bodies[name], bodies, classify, seen)
        elif receiver.startswith("this."):
            kind = classify(receiver.removeprefix("this."), name, awaited=_is_awaited(node))
            if kind is not None:
                yield Event(kind, f"{receiver}.{name}", node)


def _target(node: Node) -> tuple[str, str]:
    """Receiver and method of a call, empty for anything else."""
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    if callee is None or callee.type != "member_expression":
        return "", ""
    receiver = text_of(callee.child_by_field_name("object"))
    return receiver.replace("#", ""), text_of(callee.child_by_field_name("property"))


def _is_awaited(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type in {"await_expression", "return_statement"}
