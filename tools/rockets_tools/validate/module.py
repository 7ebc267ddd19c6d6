"""One TypeScript file as declarations: what it imports, which classes it has, what they hold.

A name means what the file's own imports say it means, so aliases (`import { InjectRepository as
IR }`) and namespaces (`orm.InjectRepository`) are seen through.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from rockets_tools.validate.syntax import (
    arguments,
    children,
    class_nodes,
    parse,
    string_value,
    text_of,
    walk,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name comes from: `name` is what `module` exports it as (`*`: the whole module)."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Decorator:
    """`@Name(...)`; `call` is None for a bare `@Name`."""

    name: str
    """As exported by its module, aliases seen through."""
    node: Node
    call: Node | None


@dataclass(frozen=True, slots=True)
class Member:
    """A method, constructor or property of a class."""

    name: str
    node: Node
    decorators: tuple[Decorator, ...]

    @property
    def is_method(self) -> bool:
        return self.node.type == "method_definition"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constructor parameter or a property: an injected thing and its type's name."""

    name: str
    type: str
    """Exported name of the type without its arguments: `Repository` for `Repository<X>`."""
    node: Node


@dataclass(frozen=True, slots=True)
class ClassSyntax:
    """One class declaration."""

    name: str
    node: Node
    decorators: tuple[Decorator, ...]
    base: str | None
    """Exported name of what it extends, type arguments and mixin arguments dropped."""
    members: tuple[Member, ...]

    def decorator(self, name: str) -> Decorator | None:
        return next((d for d in self.decorators if d.name == name), None)

    def method(self, name: str) -> Member | None:
        return next((m for m in self.members if m.name == name), None)


class Module:
    """One parsed file."""

    def __init__(self, text: str, imports: Mapping[str, Origin] | None = None) -> None:
        """`imports`: what the file imports, if the caller knows."""
        self.root = parse(text)
        self._known_imports = imports

    @cached_property
    def imports(self) -> Mapping[str, Origin]:
        """Local name to origin, `require` calls at top level included."""
        if self._known_imports is not None:
            return self._known_imports
        found: dict[str, Origin] = {}
        for child in self.root.named_children:
            if child.type == "import_statement":
                found.update(_imported(child))
            elif child.type in {"lexical_declaration", "variable_declaration"}:
                found.update(_required(child))
        return found

    @cached_property
    def specifiers(self) -> tuple[tuple[str, Node], ...]:
        """Every module specifier of an import, export, `require` or `import()`."""
        found: list[tuple[str, Node]] = []
        for node in walk(self.root):
            target: Node | None = None
            if node.type in {"import_statement", "export_statement", "import_require_clause"}:
                target = node.child_by_field_name("source")
            elif node.type == "call_expression":
                callee = node.child_by_field_name("function")
                if callee is not None and (
                    callee.type == "import" or text_of(callee) in {"require", "require.resolve"}
                ):
                    target = next(iter(arguments(node)), None)
            value = string_value(target)
            if value is not None:
                found.append((value, node))
        return tuple(found)

    @cached_property
    def reexports(self) -> tuple[tuple[str, Origin], ...]:
        """`export … from`: exported name (`*` for all) and origin."""
        found: list[tuple[str, Origin]] = []
        for child in self.root.named_children:
            source = (
                child.child_by_field_name("source") if child.type == "export_statement" else None
            )
            module = string_value(source)
            if module is None:
                continue
            clause = next((c for c in child.named_children if c.type == "export_clause"), None)
            if clause is None:
                found.append(("*", Origin(module, "*")))
                continue
            for item in clause.named_children:
                name = text_of(item.child_by_field_name("name"))
                alias = text_of(item.child_by_field_name("alias")) or name
                found.append((alias, Origin(module, name)))
        return tuple(found)

    @cached_property
    def classes(self) -> tuple[ClassSyntax, ...]:
        """Classes declared anywhere in the file."""
        return tuple(self._class(node) for node in class_nodes(self.root))

    def exported_name(self, node: Node | None) -> str:
        """What an identifier or a member access is called where it comes from."""
        written = text_of(node)
        head, _, rest = written.rpartition(".")
        origin = self.imports.get(written)
        if origin is not None and origin.name not in {"*", "default"}:
            return origin.name
        if rest and head in self.imports:
            return rest
        return written

    def type_name(self, node: Node | None) -> str:
        """Exported name of a type, its arguments and `| null` dropped."""
        while node is not None:
            if node.type in {"type_annotation", "parenthesized_type", "readonly_type"}:
                node = node.named_child(0)
            elif node.type == "generic_type":
                node = node.child_by_field_name("name")
            elif node.type == "union_type":
                node = next((c for c in node.named_children if c.type != "literal_type"), None)
            else:
                return self.exported_name(node)
        return ""

    def decorators(self, nodes: list[Node]) -> tuple[Decorator, ...]:
        found: list[Decorator] = []
        for node in nodes:
            target = next(iter(children(node)), None)
            if target is None:
                continue
            call = target if target.type == "call_expression" else None
            callee = target if call is None else call.child_by_field_name("function")
            found.append(Decorator(self.exported_name(callee), node, call))
        return tuple(found)

    def injected(self, owner: ClassSyntax) -> list[Parameter]:
        """Constructor parameters and typed properties of a class."""
        found: list[Parameter] = []
        for member in owner.members:
            if member.name == "constructor" and member.is_method:
                holder = member.node.child_by_field_name("parameters")
                found += [
                    self._parameter(item, item.child_by_field_name("pattern"))
                    for item in (children(holder))
                ]
            elif not member.is_method:
                found.append(self._parameter(member.node, member.node.child_by_field_name("name")))
        return found

    def _parameter(self, node: Node, name: Node | None) -> Parameter:
        return Parameter(text_of(name), self.type_name(node.child_by_field_name("type")), node)

    def _class(self, node: Node) -> ClassSyntax:
        above = [c for c in node.children if c.type == "decorator"]
        if node.parent is not None and node.parent.type == "export_statement":
            above = [c for c in node.parent.children if c.type == "decorator"] + above
        heritage = next((c for c in node.children if c.type == "class_heritage"), None)
        return ClassSyntax(
            name=text_of(node.child_by_field_name("name")),
            node=node,
            decorators=self.decorators(above),
            base=self._base(heritage),
            members=tuple(self._members(node)),
        )

    def _base(self, heritage: Node | None) -> str | None:
        clause = None
        if heritage is not None:
            clause = next((c for c in heritage.children if c.type == "extends_clause"), None)
        value = None if clause is None else clause.child_by_field_name("value")
        if value is not None and value.type == "call_expression":
            value = value.child_by_field_name("function")
        return None if value is None else self.exported_name(value)

    def _members(self, node: Node) -> Iterator[Member]:
        body = node.child_by_field_name("body")
        pending: list[Node] = []
        for child in children(body):
            if child.type == "decorator":
                pending.append(child)
            elif child.type in {"method_definition", "public_field_definition"}:
                inner = [c for c in child.children if c.type == "decorator"]
                name = text_of(child.child_by_field_name("name"))
                yield Member(name, child, self.decorators(pending + inner))
                pending = []


def _imported(statement: Node) -> Iterator[tuple[str, Origin]]:
    clause = next((c for c in statement.named_children if c.type == "import_clause"), None)
    if clause is None:
        requires = next(
            (c for c in statement.named_children if c.type == "import_require_clause"), None
        )
        module = None if requires is None else string_value(requires.child_by_field_name("source"))
        if requires is not None and module is not None:
            yield text_of(requires.named_child(0)), Origin(module, "*")
        return
    module = string_value(statement.child_by_field_name("source")) or ""
    for part in clause.named_children:
        if part.type == "identifier":
            yield text_of(part), Origin(module, "default")
        elif part.type == "namespace_import":
            yield text_of(part.named_child(0)), Origin(module, "*")
        elif part.type == "named_imports":
            for item in part.named_children:
                name = text_of(item.child_by_field_name("name"))
                if name:
                    yield text_of(item.child_by_field_name("alias")) or name, Origin(module, name)


def _required(declaration: Node) -> Iterator[tuple[str, Origin]]:
    for declarator in declaration.named_children:
        value = declarator.child_by_field_name("value")
        target = declarator.child_by_field_name("name")
        if value is None or target is None or value.type != "call_expression":
            continue
        module = string_value(next(iter(arguments(value)), None))
        if text_of(value.child_by_field_name("function")) != "require" or module is None:
            continue
        if target.type == "identifier":
            yield text_of(target), Origin(module, "*")
            continue
        for item in target.named_children:
            if item.type == "shorthand_property_identifier_pattern":
                yield text_of(item), Origin(module, text_of(item))
            elif item.type == "pair_pattern":
                local = text_of(item.child_by_field_name("value"))
                yield local, Origin(module, text_of(item.child_by_field_name("key")))
