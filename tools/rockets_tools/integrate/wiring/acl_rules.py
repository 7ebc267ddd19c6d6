"""Reading the access rules of a project: which statement grants what, and what cannot be told."""

import re
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from rockets_tools.integrate.wiring.acl_chain import Chains, Statement
from rockets_tools.integrate.wiring.acl_names import Names
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source

PACKAGE = "accesscontrol"
ACTION_CALL = re.compile(rb"\w+(?=\()")
INHERITANCE = re.compile(rb"\bextend|\binherit|\$extend")
GRANTING = rb"(?:grant|allow|deny|reject|setGrants|reset|extendRole|removeRoles|removeResources)"
NOT_RUN = frozenset(
    {
        "comment",
        "import_statement",
        "interface_declaration",
        "type_alias_declaration",
        "enum_declaration",
        "hash_bang_line",
    }
)
DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
DEFINITIONS = frozenset(
    {"function_declaration", "class_declaration", "generator_function_declaration"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a piece of code may do to the rules when it runs."""

    grants: bool
    """Changes who may do what, in whichever direction."""
    locks: bool


class Rules:
    """The rules variable of the file and the statements that may concern `relevant` resources."""

    def __init__(
        self,
        source: Source,
        imports: Imports,
        roles: Names,
        resources: Names,
        relevant: frozenset[str],
    ) -> None:
        self._source = source
        self._roles = roles
        self._resources = resources
        self._relevant = relevant
        self.name, self.declaration = self._find(imports)
        """The variable, and the top-level statement that declares it."""
        self._canonical = self._canonical_pattern()
        self._chains = Chains(source, self.name, roles, resources)
        self.statements: list[Statement] = []
        """In order, without those in `others`."""
        self.others: list[int] = []
        """Where grants end that were written for resources nobody asked about."""
        self._opaque: dict[str, Effect] = {}
        """Functions and values that work on the rules when they are used."""
        self._remember_functions()
        for node in source.root.children:
            self._read(node)

    @cached_property
    def initial_grants(self) -> bool:
        """The rules start from a grants object."""
        creation = self._creation(self.declaration)
        arguments = None if creation is None else creation.child_by_field_name("arguments")
        return arguments is not None and len(arguments.named_children) > 0

    def _find(self, imports: Imports) -> tuple[str, Node]:
        source = self._source
        constructor = imports.local("AccessControl", PACKAGE)
        found: list[tuple[str, Node]] = []
        for name, declarator in source.declarations.items():
            creation = self._creation(declarator)
            kind = None if creation is None else creation.child_by_field_name("constructor")
            if kind is None:
                continue
            written = source.text(kind)
            if written == constructor or written.endswith(".AccessControl"):
                parent = declarator.parent
                while parent is not None and parent.parent != source.root:
                    parent = parent.parent
                found.append((name, parent or declarator))
        named = [pair for pair in found if pair[0] == "acRules"] or found
        if len(named) == 1:
            return named[0]
        raise source.error(
            named[1][1] if named else 0,
            "wiring-no-rules",
            f"{source.file} has {len(named)} top-level variables made by `new AccessControl()`; "
            "one is needed.",
            "Declare the rules once: export const acRules = new AccessControl();",
        )

    def _creation(self, declarator: Node) -> Node | None:
        """The `new X(…)` a declarator (or the statement around it) is initialised with."""
        node: Node | None = declarator
        if declarator.type == "export_statement":
            node = declarator.child_by_field_name("declaration")
        if node is not None and node.type in DECLARATIONS:
            node = node.named_children[0]
        value = None if node is None else node.child_by_field_name("value")
        while value is not None and value.type in {
            "as_expression",
            "satisfies_expression",
            "parenthesized_expression",
        }:
            value = value.named_children[0]
        return value if value is not None and value.type == "new_expression" else None

    def _canonical_pattern(self) -> re.Pattern[bytes]:
        """The statement we write, in any white space: role, resources and actions as groups."""

        def member(names: Names) -> str:
            return r"'([^'\\\n]+)'" if names.missing else rf"{re.escape(names.name)}\.([\w$]+)"

        role, resource = member(self._roles), member(self._resources)
        text = (
            rf"{re.escape(self.name)}\s*\.grant\({role}\)"
            rf"\s*\.resource\(\[\s*{resource},\s*{resource},?\s*\]\)"
            r"((?:\s*\.(?:create|read|update|delete)(?:Own|Any)\(\))+);?"
        )
        return re.compile(text.encode())

    def _read(self, node: Node) -> None:
        if node.type in NOT_RUN or _definition(node) is not None:
            return
        data = self._source.data
        if node.type == "expression_statement":
            match = self._canonical.fullmatch(data, node.start_byte, node.end_byte)
            if match:
                self._take_canonical(node, match)
                return
        text = data[node.start_byte : node.end_byte]
        effect = self._effect(text)
        if not effect.grants and not effect.locks:
            return
        self._remember_values(node, effect)
        chain = self._chains.read(node) if node.type == "expression_statement" else None
        opaque = Statement(
            start=node.start_byte,
            end=node.end_byte,
            resources=None if effect.grants else frozenset(),
            extends=((None, None),) if INHERITANCE.search(text) else (),
            locks=effect.locks,
        )
        self.statements.append(chain or opaque)

    def _remember_functions(self) -> None:
        """Functions may be called above the place that declares them, and call each other."""
        found = [d for node in self._source.root.children if (d := _definition(node)) is not None]
        for _ in found:
            before = len(self._opaque)
            for definition in found:
                effect = self._effect(
                    self._source.data[definition.start_byte : definition.end_byte]
                )
                name = definition.child_by_field_name("name")
                if name is not None and (effect.grants or effect.locks):
                    self._opaque[self._source.text(name)] = effect
            if len(self._opaque) == before:
                return

    def _remember_values(self, node: Node, effect: "Effect") -> None:
        """`const admin = acRules.grant('admin')`: what is done with `admin` changes the rules."""
        body: Node | None = node
        if node.type == "export_statement":
            body = node.child_by_field_name("declaration")
        if body is None or node == self.declaration or body.type not in DECLARATIONS:
            return
        for declarator in body.named_children:
            name = declarator.child_by_field_name("name")
            if name is not None:
                self._opaque[self._source.text(name)] = effect

    def _effect(self, text: bytes) -> "Effect":
        """What running this may do to the rules."""
        called = rb"(?<![\w$.])" + re.escape(self.name.encode()) + rb"\s*[?!]?\s*\.\s*"
        passed = rb"[(,]\s*" + re.escape(self.name.encode()) + rb"\s*[,)]"
        used = [
            effect
            for name, effect in self._opaque.items()
            if re.search(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"(?![\w$])", text)
        ]
        own = bool(re.search(called + GRANTING, text) or re.search(passed, text))
        locks = bool(re.search(called, text) and re.search(rb"\.\s*lock\s*\(", text))
        return Effect(
            grants=own or any(effect.grants for effect in used),
            locks=locks or any(effect.locks for effect in used),
        )

    def _take_canonical(self, node: Node, match: re.Match[bytes]) -> None:
        role, first, second, calls = match.groups()
        values = self._value(self._resources, first), self._value(self._resources, second)
        if None not in values and self._relevant.isdisjoint(values):
            self.others.append(node.end_byte)
            return
        self.statements.append(
            Statement(
                start=node.start_byte,
                end=node.end_byte,
                resources=None if None in values else frozenset(filter(None, values)),
                role=self._value(self._roles, role),
                actions=tuple(name.decode() for name in ACTION_CALL.findall(calls)),
            )
        )

    def _value(self, names: Names, member: bytes) -> str | None:
        return member.decode() if names.missing else names.value_of_member(member.decode())


def _definition(node: Node) -> Node | None:
    """The function or class a statement declares, which does nothing until it is used."""
    body: Node | None = node
    if node.type == "export_statement":
        body = node.child_by_field_name("declaration")
    return body if body is not None and body.type in DEFINITIONS else None
