"""The project as the rules see it: files read once, shared files parsed once."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from tree_sitter import Node

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.behaviour.record import modules_written
from rockets_tools.integrate.layout import typescript_files
from rockets_tools.plan.model import Entity
from rockets_tools.validate.module import Module
from rockets_tools.validate.source import (
    Source,
    kind_of,
)
from rockets_tools.validate.syntax import text_of, unwrap

MIGRATIONS = "src/migrations/"
_NOT_SOURCE = (".d.ts", ".spec.ts", ".test.ts")
_HOPS = 8
"""How many constants are followed before a name counts as unknown."""


class Project:
    """One validation's view of a project."""

    def __init__(
        self,
        files: ProjectFiles,
        *,
        texts: Mapping[str, str],
        scope: Sequence[str] | None = None,
        entities: Sequence[Entity] = (),
        modules: Sequence[str] = (),
    ) -> None:
        self._modules = modules
        self.entities = entities
        """Entities of the plan whose files are in scope."""
        self.is_partial = scope is not None
        self.is_wave = scope is not None and bool(entities)
        """The scope is the files of these entities and nothing else."""
        self.files = files
        self._texts = texts
        self._scope = scope
        self._sources: dict[str, Source | None] = {}

    @cached_property
    def listing(self) -> tuple[str, ...]:
        """Every TypeScript source below `src/`, sorted; tests and declarations left out."""
        found = {*typescript_files(self.files), *self._texts}
        return tuple(sorted(filter(is_source, found)))

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """The files findings are wanted for."""
        return self.listing if self._scope is None else tuple(filter(is_source, self._scope))

    @cached_property
    def migrations(self) -> tuple[str, ...]:
        """Migration files in the order they run: by their time stamp, which leads the name."""
        found = {p for p in self._texts if p.startswith(MIGRATIONS)}
        found.update(typescript_files(self.files, MIGRATIONS.rstrip("/")))
        return tuple(sorted(filter(is_source, found), key=lambda p: (_stamp(p), p)))

    def source(self, path: str) -> Source | None:
        """A file by its path, or None when there is none."""
        if path not in self._sources:
            text = self._texts.get(path)
            if text is None:
                text = self.files.read(path)
            self._sources[path] = None if text is None else Source(path, text)
        return self._sources[path]

    @cached_property
    def _in_scope(self) -> Mapping[str, list[Source]]:
        """Files in scope by kind; migrations are nobody's rule but their own."""
        found: dict[str, list[Source]] = {}
        for path in self.scope:
            source = None if path.startswith(MIGRATIONS) else self.source(path)
            if source is not None:
                found.setdefault(source.kind, []).append(source)
        return found

    def sources(self) -> Iterator[Source]:
        """The files in scope."""
        return chain.from_iterable(self._in_scope.values())

    def sources_of(self, kind: str, *, everywhere: bool = False) -> Iterator[Source]:
        """The files of a kind, in scope or in the whole project."""
        if not everywhere:
            return iter(self._in_scope.get(kind, ()))
        found = (self.source(path) for path in self.listing if kind_of(path) == kind)
        return (source for source in found if source is not None)

    @cached_property
    def behaviour(self) -> tuple[Source, ...]:
        """The files in scope of modules with behaviour: of those that were integrated, and below
        folders called like those of the plan."""
        recorded = (f"{r.module.file.rpartition('/')[0]}/" for r in modules_written(self.files))
        folders = tuple(recorded)
        planned = [f"/{name}/" for name in self._modules]
        found = (
            self.source(path)
            for path in (self.scope if folders or planned else ())
            if path.startswith(folders) or any(folder in path for folder in planned)
        )
        return tuple(source for source in found if source is not None)

    @cached_property
    def behaviour_paths(self) -> frozenset[str]:
        """Their paths."""
        return frozenset(source.path for source in self.behaviour)

    def beside(self, path: str) -> tuple[str, ...]:
        """The TypeScript files in the folder of a file, itself left out."""
        folder = path.rpartition("/")[0]
        found = {p for p in self._texts if p.rpartition("/")[0] == folder}
        found.update(f"{folder}/{name}" for name in self.files.names(folder))
        return tuple(sorted(p for p in found - {path} if is_source(p)))

    def exists(self, path: str) -> bool:
        return path in self._texts or self.files.exists(path)

    def resolve(self, importer: str, specifier: str) -> str | None:
        """The file a relative import names, or None (a package, or no such file)."""
        if not specifier.startswith("."):
            return None
        base = stem(importer, specifier)
        if base.startswith(".."):
            return None
        return next((p for p in (f"{base}.ts", f"{base}/index.ts") if self.exists(p)), None)

    def definition(self, file: str, name: str) -> tuple[str, str] | None:
        """Where an exported name is declared, barrels followed: (file, name there)."""
        seen = set[tuple[str, str]]()
        pending = [(file, name)]
        while pending:
            current = pending.pop()
            source = None if current in seen else self.source(current[0])
            seen.add(current)
            if source is None:
                continue
            if current[1] in source.declared:
                return current
            for exported, origin in source.module.reexports if " from " in source.text else ():
                if exported in {current[1], "*"}:
                    path = self.resolve(current[0], origin.module)
                    inner = current[1] if exported == "*" else origin.name
                    pending += () if path is None else [(path, inner)]
        return None

    def constant(self, source: Source, node: Node) -> tuple[Source, Node]:
        """The expression an identifier stands for, followed through constants and imports."""
        for _ in range(_HOPS):
            node = unwrap(node)
            if node.type not in {"identifier", "shorthand_property_identifier"}:
                break
            name = text_of(node)
            value = declared(source.module, name)
            if value is not None:
                node = value
                continue
            origin = source.imports.get(name)
            path = None if origin is None else self.resolve(source.path, origin.module)
            if origin is None or path is None:
                break
            home = self.definition(path, origin.name)
            other = None if home is None else self.source(home[0])
            value = None if home is None or other is None else declared(other.module, home[1])
            if other is None or value is None:
                break
            source, node = other, value
        return source, unwrap(node)


def is_source(path: str) -> bool:
    """A TypeScript file of the application, which tests and declarations are not."""
    return path.endswith(".ts") and path.startswith("src/") and not path.endswith(_NOT_SOURCE)


def _stamp(path: str) -> int:
    found = re.match(r"\d{1,18}", path.rpartition("/")[2])
    return int(found[0]) if found else 0


def stem(importer: str, specifier: str) -> str:
    """The path a relative specifier names, without its extension."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))
    return joined.removesuffix(".js").removesuffix(".ts")


def declared(module: Module, name: str) -> Node | None:
    """The value of a constant declared at the top level of a file."""
    for child in module.root.named_children:
        inner = (
            child.child_by_field_name("declaration") if child.type == "export_statement" else child
        )
        if inner is None or inner.type not in {"lexical_declaration", "variable_declaration"}:
            continue
        for declarator in inner.named_children:
            if text_of(declarator.child_by_field_name("name")) == name:
                return declarator.child_by_field_name("value")
    return None
