"""Directories of the generated files: defaults, the plan's, the entity's, all inside `src`."""

import re
from dataclasses import dataclass

from rockets_tools.plan.model import EntityPaths
from rockets_tools.plan.problems import Problems, quoted
from rockets_tools.plan.schema import RawPaths

_SEGMENT = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9._@-]*")
_PACKAGE = re.compile(
    r"(?:@[a-z0-9][a-z0-9._-]*/|#)?[a-z0-9][a-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*"
)
_NOT_SOURCE = frozenset({"node_modules", "dist"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where the folders of entities are made."""

    entity: str = "src/modules"
    module: str = "src/modules"
    shared: str | None = "src/shared"
    """None: inside the module's folder."""

    def of(self, kebab: str) -> EntityPaths:
        module = f"{self.module}/{kebab}"
        return EntityPaths(
            entity=f"{self.entity}/{kebab}",
            module=module,
            shared=f"{module}/shared" if self.shared is None else f"{self.shared}/{kebab}",
        )


def folders(raw: RawPaths | None, default: Folders, pointer: str, problems: Problems) -> Folders:
    """The defaults with what is written in their place; a bad path is reported and left out."""
    if raw is None:
        return default
    chosen: dict[str, str | None] = {}
    for name, written in (("entity", raw.entity), ("module", raw.module), ("shared", raw.shared)):
        chosen[name] = getattr(default, name)
        if written is not None:
            clean = written.removeprefix("./").rstrip("/")
            if _is_source_folder(clean):
                chosen[name] = clean
            else:
                problems.error(
                    "bad-path",
                    f"{pointer}/{name}",
                    f"The path {quoted(written)} is no plain folder inside src.",
                    "Write a relative path with forward slashes, src or below, without dots "
                    "like `..`: letters, digits, `.`, `_`, `-`, `@`.",
                )
        elif name == "shared" and "shared" in raw.model_fields_set:
            chosen[name] = None
    return Folders(
        entity=chosen["entity"] or "", module=chosen["module"] or "", shared=chosen["shared"]
    )


def is_package(specifier: str) -> bool:
    """An import specifier of a package: `@shop/shared`, never a file path."""
    return _PACKAGE.fullmatch(specifier) is not None


def _is_source_folder(path: str) -> bool:
    parts = path.split("/")
    return (
        parts[0] == "src"
        and all(_SEGMENT.fullmatch(part) for part in parts)
        and _NOT_SOURCE.isdisjoint(parts)
    )
