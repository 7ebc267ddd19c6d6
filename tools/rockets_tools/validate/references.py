"""Lists of classes in the shared files: what is registered, seen through imports and spreads."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tree_sitter import Node

from rockets_tools.validate.project import Project, stem
from rockets_tools.validate.source import Source
from rockets_tools.validate.syntax import (
    arguments,
    pairs,
    property_of,
    string_value,
    text_of,
    unwrap,
)

_DEPTH = 12
"""Spreads in constants in spreads …; deeper than anybody writes."""

_EXTENSION = re.compile(r"(?:\.?\{[^{}]*\}|\.[jt]s)\Z")

Place = tuple[str, str]
"""(importing file, specifier); an empty specifier: declared in that file itself."""


@dataclass
class ClassList:
    """The classes an array holds."""

    found: bool = False
    """There is such an array."""
    complete: bool = True
    """Every element was understood."""
    classes: dict[str, set[Place]] = field(default_factory=dict[str, set[Place]])
    """Exported name to where it comes from."""
    calls: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """(class, static method) of elements such as `CrudModule.forRoot({})`."""
    globs: list[str] = field(default_factory=list[str])

    def add(self, source: Source, node: Node) -> str:
        """Note a class that is named in a file, and answer its exported name."""
        written = text_of(node)
        head, _, rest = written.rpartition(".")
        origin = source.imports.get(written) or source.imports.get(head)
        name = written if origin is None else rest if origin.name == "*" else origin.name
        place = (source.path, "" if origin is None else origin.module)
        self.classes.setdefault(name, set()).add(place)
        return name

    def merge(self, other: "ClassList") -> None:
        """Add what another array holds."""
        self.found = self.found or other.found
        self.complete = self.complete and other.complete
        for name, places in other.classes.items():
            self.classes.setdefault(name, set()).update(places)
        self.calls |= other.calls
        self.globs += other.globs

    def holds(self, project: Project, file: str, name: str) -> bool:
        """Whether the class `name` that `file` declares is in the list, barrels followed."""
        base = file.removesuffix(".ts")
        for place in self.classes.get(name, ()):
            if _names_file(place, file) or _is_exported(project, place, (file, name)):
                return True
        defaults = self.classes.get("default", ())
        if any(stem(importer, specifier) == base for importer, specifier in defaults):
            return True
        return any(_glob_covers(pattern, base) for pattern in self.globs)


def _names_file(place: Place, file: str) -> bool:
    importer, specifier = place
    base = file.removesuffix(".ts")
    if specifier.startswith("."):
        return stem(importer, specifier) == base
    if not specifier:
        return importer == file
    # A path alias of tsconfig is taken at its word: the compiler checks it.
    return posixpath.basename(specifier) == posixpath.basename(base)


def _is_exported(project: Project, place: Place, wanted: tuple[str, str]) -> bool:
    """Through a barrel."""
    path = project.resolve(*place)
    return path is not None and project.definition(path, wanted[1]) == wanted


def _glob_covers(pattern: str, base: str) -> bool:
    """Whether a TypeORM glob takes in a source file, by its name: folders differ in `dist/`."""
    name = _EXTENSION.sub(".js", pattern.replace("\\", "/").rpartition("/")[2])
    return fnmatchcase(f"{posixpath.basename(base)}.js", name)


def class_list(project: Project, source: Source, array: Node | None) -> ClassList:
    """What an array expression holds."""
    held = ClassList()
    if array is not None:
        held.found = True
        _collect(project, source, array, held, _DEPTH)
    return held


def _collect(project: Project, source: Source, node: Node, held: ClassList, depth: int) -> None:
    node = unwrap(node)
    if depth == 0:
        held.complete = False
    elif node.type == "array":
        for element in (c for c in node.named_children if c.type != "comment"):
            inner = element.named_child(0) if element.type == "spread_element" else None
            if inner is not None:
                _collect(project, source, inner, held, depth - 1)
            else:
                _element(project, source, unwrap(element), held)
    elif node.type == "ternary_expression":
        # Which side it is, is known at run time: both count as listed.
        for side in node.named_children[1:]:
            _collect(project, source, side, held, depth - 1)
    else:
        home, value = project.constant(source, node)
        held.complete = held.complete and value != node
        if value != node:
            _collect(project, home, value, held, depth - 1)


def _element(project: Project, source: Source, node: Node, held: ClassList) -> None:
    kind = node.type
    if kind in {"identifier", "member_expression"}:
        held.add(source, node)
        if kind == "identifier" and text_of(node) not in source.imports:
            home, constant = project.constant(source, node)
            if constant != node:
                _element(project, home, constant, held)
    elif (glob := _glob(node)) is not None:
        held.globs.append(glob)
    elif kind == "object":
        for key in ("useClass", "useExisting", "provide"):
            value = property_of(node, key)
            if value is not None and value.type in {"identifier", "member_expression"}:
                held.add(source, value)
    elif kind == "call_expression":
        _call(source, node, held)
    else:
        held.complete = False


def _glob(node: Node) -> str | None:
    """A path pattern: a literal, a template or a `join(…)` that ends in one."""
    value = string_value(node)
    if value is not None or node.type == "string":
        return value
    if node.type == "template_string":
        return text_of(node)[1:-1].rpartition("}")[2]
    if node.type == "call_expression":
        callee = text_of(node.child_by_field_name("function"))
        if callee.rpartition(".")[2] in {"join", "resolve"}:
            last = next(iter(reversed(arguments(node))), None)
            return string_value(last)
    return None


def _call(source: Source, node: Node, held: ClassList) -> None:
    callee = node.child_by_field_name("function")
    if callee is None:
        return
    if text_of(callee) == "forwardRef":
        for inner in arguments(node):
            body = inner.child_by_field_name("body")
            if body is not None:
                held.add(source, unwrap(body))
    elif callee.type == "member_expression":
        target = callee.child_by_field_name("object")
        if target is not None:
            name = held.add(source, target)
            held.calls.add((name, text_of(callee.child_by_field_name("property"))))
    else:
        held.complete = False


def property_values(
    source: Source, key: str, *, below: frozenset[str] | None = None
) -> Iterator[Node]:
    """Values of properties called `key` anywhere in the file.

    `below`: only inside the arguments of calls on these classes (`AccessControlModule.forRoot`).
    """
    for child in source.module.root.named_children:
        if child.type == "import_statement":
            continue
        for node in pairs(child):
            if text_of(node.child_by_field_name("key") or node) != key:
                continue
            value = node.child_by_field_name("value") if node.type == "pair" else node
            if value is not None and (below is None or _is_below(source, node, below)):
                yield value


def _is_below(source: Source, node: Node, classes: frozenset[str]) -> bool:
    above = node.parent
    while above is not None:
        if above.type == "call_expression":
            callee = above.child_by_field_name("function")
            if callee is not None and callee.type == "member_expression":
                target = callee.child_by_field_name("object")
                if source.module.exported_name(target) in classes:
                    return True
        above = above.parent
    return False
