"""The imports of a file: what a class is called here, and how to bring it in."""

import posixpath
import re
from dataclasses import dataclass

from tree_sitter import Node

from rockets_tools.generate.result import ClassReference
from rockets_tools.integrate.wiring.source import Source, string_value

PLAIN = re.compile(
    rb"import \{ ([\w$]+)(?: as ([\w$]+))? \} from (?:'([^'\\\n]+)'|\"([^\"\\\n]+)\");?"
)
"""The import most statements are, recognised without walking its nodes."""

SUFFIXES = ("AccessQueryService", "Module", "Entity")


@dataclass(frozen=True, slots=True)
class Binding:
    """One local name an import statement brings."""

    imported: str
    """The exported name; `default` and `*` for those forms."""
    specifier: str
    statement: Node
    type_only: bool = False


class Imports:
    """Reads the imports of `source` once, gathers new ones, and inserts them in one edit."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bound: dict[str, Binding] = {}
        self._locals: dict[str, list[str]] = {}
        self._last: Node | None = None
        self._new: list[str] = []
        self._extension = ""
        for node in source.root.children:
            if node.type == "import_statement":
                self._read(node)
                self._last = node

    def local(self, imported: str, specifier: str) -> str | None:
        """What `imported` from the package `specifier` is called here as a value, if imported."""
        for name in self._locals.get(imported, ()):
            binding = self._bound[name]
            if binding.specifier == specifier and not binding.type_only:
                return name
        return None

    def from_package(self, imported: str, specifier: str) -> str:
        """As `local`, importing it when it is missing."""
        return self.local(imported, specifier) or self._add(imported, specifier)

    def type_from_package(self, imported: str, specifier: str) -> str:
        """As `from_package`, for a type: nothing of it is left at run time."""
        for name in self._locals.get(imported, ()):
            if self._bound[name].specifier == specifier:
                return name
        return self._add(imported, specifier, type_only=True)

    def from_project(self, reference: ClassReference, previous: str | None = None) -> str:
        """What a class of the project is called here, importing it when it is missing.

        `previous` is the file an earlier run generated the class into; an import of that file is
        pointed at the new one.
        """
        target = _without_extension(reference.file)
        for name in self._locals.get(reference.name, ()):
            binding = self._bound[name]
            if not binding.type_only and self._names_file(binding.specifier, target):
                return name
        if previous is not None and previous != reference.file:
            old = _without_extension(previous)
            for name in self._locals.get(reference.name, ()):
                binding = self._bound[name]
                if not binding.type_only and self._names_file(binding.specifier, old):
                    self._repoint(name, target)
                    return name
        return self._add(reference.name, self._relative(target))

    def bound_to(self, name: str) -> Binding | None:
        """The import that brings a local name."""
        return self._bound.get(name)

    def for_effect(self, specifier: str) -> None:
        """Have a module of the project run before everything else that is imported."""
        present = any(
            node.type == "import_statement"
            and (found := node.child_by_field_name("source")) is not None
            and string_value(self._source, found) == specifier
            for node in self._source.root.children
        )
        if not present:
            source = self._source
            at = _head(source)
            source.insert(at, f"import {source.quoted(specifier)}{source.semicolon}\n")

    def flush(self) -> None:
        """Put the gathered imports behind the last one, or at the head of a file without any."""
        if not self._new:
            return
        source, text = self._source, "\n".join(self._new)
        if self._last is None:
            at = _head(source)
            before = "" if source.line_start(at) == at else "\n"
            source.insert(at, f"{before}{text}\n" + ("\n" if at < len(source.data) else ""))
            return
        at = self._last.end_byte
        following = self._last.next_sibling
        while (
            following is not None
            and following.type == "comment"
            and following.start_point.row == self._last.end_point.row
        ):
            at, following = following.end_byte, following.next_sibling
        shared_line = following is not None and b"\n" not in source.data[at : following.start_byte]
        source.insert(at, f"\n{text}\n" if shared_line else f"\n{text}")

    def _add(self, imported: str, specifier: str, *, type_only: bool = False) -> str:
        local = self._free(imported)
        clause = imported if local == imported else f"{imported} as {local}"
        source = self._source
        kind = "type " if type_only else ""
        text = f"import {kind}{{ {clause} }} from {source.quoted(specifier)}{source.semicolon}"
        self._new.append(text)
        # Taken from now on. The statement does not exist yet and is never looked at.
        self._bound[local] = Binding(imported, specifier, source.root, type_only)
        self._locals.setdefault(imported, []).append(local)
        return local

    def _free(self, wanted: str) -> str:
        """`wanted`, or the alias for a name that is taken: `EventFeatureModule`."""
        suffix = next((end for end in SUFFIXES if wanted.endswith(end)), "")
        stem = wanted.removesuffix(suffix)
        candidate, number = wanted, 1
        while candidate in self._bound or candidate in self._source.declarations:
            candidate = f"{stem}Feature{'' if number == 1 else number}{suffix}"
            number += 1
        return candidate

    def repoint(self, name: str, reference: ClassReference) -> bool:
        """Let a local name come from a class of the project; False: its import brings others."""
        if not self._is_alone(name):
            return False
        self._repoint(name, _without_extension(reference.file))
        return True

    def _is_alone(self, name: str) -> bool:
        statement = self._bound[name].statement
        data = self._source.data
        return PLAIN.fullmatch(data, statement.start_byte, statement.end_byte) is not None

    def _repoint(self, name: str, target: str) -> None:
        source, binding = self._source, self._bound[name]
        statement = binding.statement
        string = statement.child_by_field_name("source")
        if string is None or not self._is_alone(name):
            raise source.error(
                statement,
                "wiring-moved-class",
                f"{binding.imported} moved, and this import brings other names too.",
                f"Import {binding.imported} in a statement of its own, then run again.",
            )
        specifier = self._relative(target)
        source.replace(string.start_byte, string.end_byte, source.quoted(specifier))
        self._bound[name] = Binding(binding.imported, specifier, statement)

    def _relative(self, target: str) -> str:
        here, there = self._source.file.split("/")[:-1], target.split("/")
        common = 0
        while common < len(here) and common < len(there) - 1 and here[common] == there[common]:
            common += 1
        up = len(here) - common
        prefix = "../" * up if up else "./"
        return f"{prefix}{'/'.join(there[common:])}{self._extension}"

    def _names_file(self, specifier: str, target: str) -> bool:
        """The specifier leads to the file, or to a barrel in a folder above it."""
        path = _without_extension(specifier).removesuffix("/index")
        if specifier.startswith("."):
            here = posixpath.dirname(self._source.file)
            resolved = posixpath.normpath(posixpath.join(here, path))
            return target == resolved or (resolved != here and target.startswith(f"{resolved}/"))
        if path.startswith("src/"):
            return target == path
        _, _, tail = path.partition("/")
        return path[:1] in {"@", "~", "#"} and "/" in tail and target.endswith(f"/{tail}")

    def _read(self, node: Node) -> None:
        source = self._source
        match = PLAIN.fullmatch(source.data, node.start_byte, node.end_byte)
        if match:
            specifier = (match[3] or match[4]).decode()
            self._bind(
                (match[2] or match[1]).decode(), match[1].decode(), specifier, node, type_only=False
            )
            return
        string = node.child_by_field_name("source")
        specifier = (string_value(source, string) or "") if string is not None else ""
        type_only = any(child.type == "type" for child in node.children)
        for clause in node.named_children:
            if clause.type == "import_require_clause":
                self._bind(
                    source.text(clause.named_children[0]), "*", specifier, node, type_only=False
                )
            elif clause.type == "import_clause":
                self._read_clause(clause, specifier, node, type_only=type_only)

    def _read_clause(self, clause: Node, specifier: str, node: Node, *, type_only: bool) -> None:
        source = self._source
        for part in clause.named_children:
            if part.type == "identifier":
                self._bind(source.text(part), "default", specifier, node, type_only=type_only)
            elif part.type == "namespace_import":
                name = source.text(part.named_children[-1])
                self._bind(name, "*", specifier, node, type_only=type_only)
            elif part.type == "named_imports":
                for item in part.named_children:
                    if item.type != "import_specifier":
                        continue
                    imported = item.child_by_field_name("name")
                    alias = item.child_by_field_name("alias")
                    if imported is None:
                        continue
                    only_type = type_only or any(c.type == "type" for c in item.children)
                    self._bind(
                        source.text(alias or imported),
                        source.text(imported),
                        specifier,
                        node,
                        type_only=only_type,
                    )

    def _bind(
        self, local: str, imported: str, specifier: str, node: Node, *, type_only: bool
    ) -> None:
        self._bound[local] = Binding(imported, specifier, node, type_only)
        self._locals.setdefault(imported, []).append(local)
        if specifier.startswith(".") and specifier.endswith(".js"):
            self._extension = ".js"


def _without_extension(path: str) -> str:
    return path.removesuffix(".ts").removesuffix(".js")


def _head(source: Source) -> int:
    """Where the first import of a file goes: behind the shebang, directives and a file header."""
    at = 0
    children = source.root.children
    for index, node in enumerate(children):
        directive = node.type == "expression_statement" and node.named_children[0].type == "string"
        if node.type == "comment":
            following = children[index + 1] if index + 1 < len(children) else None
            gap = b"" if following is None else source.data[node.end_byte : following.start_byte]
            if following is not None and gap.count(b"\n") < 2:
                break
        elif node.type != "hash_bang_line" and not directive:
            break
        at = node.end_byte
    rest = source.data[at:]
    return at + len(rest) - len(rest.lstrip())
