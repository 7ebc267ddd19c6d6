"""The names of one generated file: what it declares, what it imports, and under which alias."""

from collections.abc import Iterable
from functools import lru_cache

from rockets_tools.generate.layout import WIDTH

GLOBALS = frozenset(("Boolean", "Date", "Object", "Promise"))
"""Names a file may use without importing them."""

PROJECT = "/"
"""Begins a module that is a file of the project: `/src/common/crud/crud.service`."""


class FileNames:
    """Collects imports while a file is rendered, so that nothing is imported but not used."""

    def __init__(self, folder: str, declared: Iterable[str]) -> None:
        self._folder = folder
        self._taken = {*declared, *GLOBALS}
        self._modules: dict[str, dict[str, str]] = {}
        """Local names by module and exported name."""
        self._values: dict[str, set[str]] = {}
        """Exported names whose value is used, by module."""

    def use(self, name: str, module: str, *, alias: str, value: bool, avoid: bool = False) -> str:
        """The local name of an export.

        `module` is a package or, after `PROJECT`, a file without `.ts`; `alias` is used if the
        name is taken in this file, or with `avoid`; `value` is false where only the type is used.
        """
        exports = self._modules.get(module)
        if exports is None:
            exports = self._modules[module] = {}
            self._values[module] = set()
        if value:
            self._values[module].add(name)
        local = exports.get(name)
        if local is None:
            local, count = alias if avoid else name, 1
            while local in self._taken:
                local = alias if count == 1 else f"{alias}{count}"
                count += 1
            self._taken.add(local)
            exports[name] = local
        return local

    def statements(self) -> str:
        """All import statements, sorted, each ending in a line break."""
        lines: list[tuple[str, str]] = []
        for module, exports in self._modules.items():
            source = specifier(self._folder, module) if module[0] == PROJECT else module
            values = self._values[module]
            if len(exports) == 1:
                ((name, local),) = exports.items()
                clause = name if name == local else f"{name} as {local}"
                keyword = "import" if values else "import type"
                text = f"{keyword} {{ {clause} }} from '{source}';\n"
            else:
                text = _statement(source, tuple(exports.items()), frozenset(values))
            lines.append((source if source[0] != "." else _position(source), text))
        lines.sort()
        return "".join([text for _, text in lines])


def _position(source: str) -> str:
    """What to sort files by: behind the packages, those furthest away first."""
    return f"~{99 - source.count('../'):02}{source}"


@lru_cache(maxsize=4096)
def _statement(source: str, exports: tuple[tuple[str, str], ...], values: frozenset[str]) -> str:
    """The import of several (name, local name); only `values` are more than types."""
    is_type = not values
    keyword = "import type" if is_type else "import"
    clauses = [
        ("" if is_type or name in values else "type ")
        + (name if name == local else f"{name} as {local}")
        for name, local in sorted(exports, key=lambda export: export[0].lower())
    ]
    text = f"{keyword} {{ {', '.join(clauses)} }} from '{source}';\n"
    if len(text) <= WIDTH + 1:
        return text
    inner = "".join([f"  {clause},\n" for clause in clauses])
    return f"{keyword} {{\n{inner}}} from '{source}';\n"


def specifier(folder: str, module: str) -> str:
    """The relative path by which a file in `folder` imports another file of the project."""
    path = module[len(PROJECT) :]
    if path.startswith(f"{folder}/"):
        return f".{path[len(folder) :]}"
    here, there = folder.split("/"), path.split("/")
    common = 0
    for ours, theirs in zip(here, there[:-1], strict=False):
        if ours != theirs:
            break
        common += 1
    return "../" * (len(here) - common) + "/".join(there[common:])
