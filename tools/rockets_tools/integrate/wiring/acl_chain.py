"""Reading one chain of calls on the access rules: `acRules.grant(…).resource(…).readAny()`."""

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from rockets_tools.integrate.wiring.acl_names import Names
from rockets_tools.integrate.wiring.source import Source

ACTION = re.compile(r"(?:create|read|update|delete)(?:Own|Any)?")
Edge = tuple[str | None, str | None]
"""A role and one it inherits from; None where it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One top-level statement that works on the rules."""

    start: int
    end: int
    resources: frozenset[str] | None
    """Values it speaks about; None: cannot be told, so perhaps about all."""
    removes: bool = False
    """`removeResources` and nothing else."""
    role: str | None = None
    """Set, with `actions`, when it is one grant to one role: the shape that we write."""
    actions: tuple[str, ...] = ()
    """`createAny`, `readOwn`, … in the order written."""
    extends: tuple[Edge, ...] = ()
    locks: bool = False


class Chains:
    """Understands the call chains that begin at the rules variable `name`."""

    def __init__(self, source: Source, name: str, roles: Names, resources: Names) -> None:
        self._source = source
        self._name = name
        self._roles = roles
        self._resources = resources

    def read(self, node: Node) -> Statement | None:
        """What an expression statement does; None when something in it cannot be told."""
        calls = self._calls(node.named_children[0])
        if calls is None:
            return None
        reading = _Reading()
        for method, arguments in calls:
            if not self._take(reading, method, arguments):
                return None
        roles = self._values(reading.role, self._roles) if reading.role else None
        shape = [method for method, _ in calls]
        grants = (
            shape[:2] == ["grant", "resource"]
            and len(shape) == 2 + len(reading.actions)
            and len(reading.actions) > 0
            and not any(arguments for _, arguments in calls[2:])
        )
        return Statement(
            start=node.start_byte,
            end=node.end_byte,
            resources=frozenset(reading.resources),
            removes=shape == ["removeResources"] and len(calls[0][1]) == 1,
            role=roles[0] if grants and roles and len(roles) == 1 else None,
            actions=tuple(_full(action) for action in reading.actions) if grants else (),
            extends=tuple(reading.extends),
            locks="lock" in shape,
        )

    def _take(self, reading: "_Reading", method: str, arguments: list[Node]) -> bool:
        """Follow one call; False when it cannot be understood."""
        if method in {"grant", "allow", "deny", "reject", "role"}:
            reading.role = arguments[0] if arguments else None
        elif method in {"extend", "inherit"}:
            reading.extends += self._edges([reading.role] if reading.role else [], arguments)
        elif method == "extendRole":
            reading.extends += self._edges(arguments[:1], arguments[1:])
        elif method in {"resource", "removeResources"} or ACTION.fullmatch(method):
            if ACTION.fullmatch(method):
                reading.actions.append(method)
            values = self._values(arguments[0], self._resources) if arguments else []
            reading.resources.update(values or ())
            return values is not None
        else:
            return method in {"lock", "attributes"}
        return True

    def _calls(self, node: Node) -> list[tuple[str, list[Node]]] | None:
        """Method and arguments of each call, first to last, when the chain starts at the rules."""
        source = self._source
        calls: list[tuple[str, list[Node]]] = []
        while node.type == "call_expression":
            function = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            if function is None or arguments is None or function.type != "member_expression":
                return None
            method = function.child_by_field_name("property")
            inner = function.child_by_field_name("object")
            if method is None or inner is None:
                return None
            given = [child for child in arguments.named_children if child.type != "comment"]
            calls.append((source.text(method), given))
            node = inner
        if node.type != "identifier" or source.text(node) != self._name:
            return None
        return calls[::-1]

    def _values(self, node: Node, names: Names) -> list[str] | None:
        """The strings an expression stands for: members, literals, arrays of them."""
        value = self._source.value_of(node)
        if value.type == "array":
            found: list[str] = []
            for element in value.named_children:
                if element.type == "comment":
                    continue
                inner = element.named_children[0] if element.type == "spread_element" else element
                values = self._values(inner, names)
                if values is None:
                    return None
                found.extend(values)
            return found
        single = names.value(value)
        return None if single is None else [single]

    def _edges(
        self, roles: list[Node], extended: list[Node]
    ) -> list[tuple[str | None, str | None]]:
        unknown: list[str | None] = [None]
        heirs = self._values(roles[0], self._roles) if roles else None
        origins = self._values(extended[0], self._roles) if extended else None
        return [(heir, origin) for heir in heirs or unknown for origin in origins or unknown]


@dataclass(slots=True)
class _Reading:
    """What a chain has said so far."""

    role: Node | None = None
    resources: set[str] = field(default_factory=set[str])
    actions: list[str] = field(default_factory=list[str])
    extends: list[Edge] = field(default_factory=list[Edge])


def _full(action: str) -> str:
    """`readAny` for `read`, which the library takes as the same."""
    return action if action.endswith(("Own", "Any")) else f"{action}Any"
