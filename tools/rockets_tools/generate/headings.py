"""What templates call to have a line laid out: everything whose length depends on a name."""

from collections.abc import Mapping, Sequence

from rockets_tools.generate.layout import WIDTH, Array, Call, Node, Object, fit
from rockets_tools.generate.members import INDENT, Member

Plain = Node | Mapping[str, str]
"""A node, or an object literal as templates write it."""


def decorate(function: str, *arguments: Plain, indent: int = 0) -> str:
    """A decorator on a line of its own."""
    return f"@{fit(Call(function, [_node(a) for a in arguments]), indent, 1)}"


def call(indent: int, function: str, *arguments: Plain) -> str:
    """A call at the beginning of a line, a decorator's or a list's."""
    return fit(Call(function, [_node(a) for a in arguments]), indent, 1)


def assign(declaration: str, value: str) -> str:
    """A constant with a string value."""
    line = f"{declaration} = {value};"
    return line if len(line) <= WIDTH else f"{declaration} =\n  {value};"


def array(indent: int, before: int, items: Sequence[str]) -> str:
    """A list after `before` columns of its line."""
    return fit(Array(items), indent, before, 1)


def object_(indent: int, before: int, entries: Mapping[str, str]) -> str:
    """An object literal after `before` columns of its line."""
    return fit(Object(entries), indent, before, 1)


def class_(
    name: str, members: Sequence[Member], *, base: str | None = None, interface: str | None = None
) -> str:
    """An exported class of nothing but properties."""
    heritage = [f"extends {base}"] if base else []
    heritage += [f"implements {interface}"] if interface else []
    line = " ".join([f"export class {name}", *heritage, "{"])
    if len(heritage) > 1 and len(line) > WIDTH:
        line = "\n".join([f"export class {name}", *[f"  {part}" for part in heritage], "{"])
    return f"{line}\n{_properties(members)}}}" if members else f"{line}}}"


def interface(name: str, members: Sequence[Member], bases: Sequence[str] = ()) -> str:
    """An exported interface."""
    heritage = f"extends {', '.join(bases)} {{" if bases else "{"
    line = f"export interface {name} {heritage}"
    if bases and len(line) > WIDTH:
        line = f"export interface {name}\n  {heritage}"
    body = "".join([f"  {member.text};\n" for member in members])
    return f"{line}\n{body}}}" if members else f"{line}}}"


def generic(name: str, base: str, types: Sequence[str]) -> str:
    """A class that extends a generic class, up to its body."""
    line = f"export class {name} extends {base}<{', '.join(types)}> {{"
    if len(line) <= WIDTH:
        return line
    inner = ",\n".join([f"  {item}" for item in types])
    return f"export class {name} extends {base}<\n{inner}\n> {{"


def constructor(parameter: str) -> str:
    """A constructor with one parameter, up to its body."""
    line = f"  constructor({parameter})"
    return line if len(line) + 3 <= WIDTH else f"  constructor(\n    {parameter},\n  )"


def _properties(members: Sequence[Member]) -> str:
    """Properties with their decorators, an empty line between two of them."""
    pad = " " * INDENT
    return "\n".join(
        [
            "".join([f"{pad}{decorator}\n" for decorator in member.decorators])
            + f"{pad}{member.text};\n"
            for member in members
        ]
    )


def _node(argument: Plain) -> Node:
    return Object(argument) if isinstance(argument, Mapping) else argument


HELPERS: Mapping[str, object] = {
    "array": array,
    "assign": assign,
    "call": call,
    "class": class_,
    "constructor": constructor,
    "decorate": decorate,
    "fit": fit,
    "generic": generic,
    "interface": interface,
    "object": object_,
}
