"""What a project says of itself: which modules it registers, which classes it has."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.layout import APP_MODULE, typescript_files
from rockets_tools.integrate.wiring.app_module import registers
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source, WiringError

NOT_APPLICATION = re.compile(r"(?:[.-](?:spec|test)|\.d|\.fixture)\.ts$")
REGISTRATION = re.compile(rb"\b(\w+)\s*\.\s*(?:forRoot|register)(?:Async)?\s*\(")
MOST_FILES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClass:
    """A class of the project that extends one of the SDK's."""

    name: str
    file: str
    line: int
    exported: bool


class Survey:
    """Reads each TypeScript file once; parses those that matter."""

    def __init__(self, files: ProjectFiles) -> None:
        self.texts: dict[str, str] = {}
        """Text by path of the application's sources, tests left out."""
        for number, path in enumerate(typescript_files(files)):
            if number >= MOST_FILES:
                break
            data = files.read_bytes(path)
            if data is not None and not NOT_APPLICATION.search(path):
                self.texts[path] = data.decode(errors="replace")
        self._sources: dict[str, Source | None] = {}

    def source(self, path: str) -> Source | None:
        """The parsed file; None when it is missing or not valid TypeScript."""
        if path not in self._sources:
            text = self.texts.get(path)
            try:
                self._sources[path] = None if text is None else Source(text, path)
            except WiringError:
                self._sources[path] = None
        return self._sources[path]

    def registered(self, packages: Mapping[str, str]) -> dict[str, str]:
        """File by name of those modules (name to package) that are registered somewhere."""
        found: dict[str, str] = {}
        for path in sorted(self.texts, key=lambda path: (path != APP_MODULE, path)):
            called = {
                name.decode() for name in REGISTRATION.findall(self.texts[path].encode())
            } | set(self._aliased(path))
            source = self.source(path) if called else None
            if source is None:
                continue
            imports = Imports(source)
            for name, package in packages.items():
                if name not in found and registers(source, imports, name, package):
                    found[name] = path
        return found

    def _aliased(self, path: str) -> Iterator[str]:
        """`XModule as YModule` in an import: the call then has another name."""
        yield from re.findall(r"\b(\w+Module) as \w+", self.texts[path])

    def extending(self, bases: frozenset[str]) -> list[FoundClass]:
        """The classes that extend one of `bases`, by file."""
        found: list[FoundClass] = []
        for path, text in self.texts.items():
            if not any(base in text for base in bases):
                continue
            source = self.source(path)
            if source is None:
                continue
            for name, node in source.declarations.items():
                if node.type.endswith("class_declaration") and _base(source, node) in bases:
                    statement = node.parent
                    exported = statement is not None and statement.type == "export_statement"
                    default = (
                        exported
                        and b"default" in source.data[statement.start_byte : node.start_byte]
                        if statement is not None
                        else False
                    )
                    found.append(
                        FoundClass(
                            name=name,
                            file=path,
                            line=node.start_point.row + 1,
                            exported=exported and not default,
                        )
                    )
        return found

    def holding(self, pattern: str) -> list[str]:
        """The files in whose text a regular expression is found."""
        compiled = re.compile(pattern)
        return [path for path, text in self.texts.items() if compiled.search(text)]

    @cached_property
    def routes(self) -> frozenset[str]:
        """The paths that controllers are mounted at, as far as they are written out."""
        found = (
            re.findall(r"@Controller\(\s*(?:\{\s*path:\s*)?['\"`]/?([\w/-]+)", text)
            for text in self.texts.values()
        )
        return frozenset(route for routes in found for route in routes)


def class_node(source: Source, name: str) -> Node | None:
    """The declaration of a class of a file."""
    node = source.declarations.get(name)
    return node if node is not None and node.type.endswith("class_declaration") else None


def decorators(source: Source, node: Node) -> Iterator[tuple[str, Node]]:
    """Name and node of a class's or member's decorators."""
    holder = node.parent if node.parent is not None and _exports(node.parent) else None
    for child in (*(holder.children if holder else ()), *node.children):
        if child.type == "decorator":
            call = child.named_children[0]
            function = call.child_by_field_name("function") or call
            yield source.text(function), child


def _exports(node: Node) -> bool:
    return node.type == "export_statement"


def _base(source: Source, node: Node) -> str | None:
    heritage = next((c for c in node.children if c.type == "class_heritage"), None)
    clause = None if heritage is None else heritage.named_children[0]
    value = None if clause is None else clause.child_by_field_name("value")
    return None if value is None else source.text(value)
