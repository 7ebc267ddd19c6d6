"""The files of a fresh project, as another project can take them over."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

IMPORT = re.compile(
    r"^import (?:type )?(?:\{(?P<names>[^}]*)\} from )?'(?P<file>\.[^']+)';\n", re.M
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a project keeps what the template has elsewhere."""

    file: str | None
    """Relative to the project root; None: nowhere, so nobody imports it."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Exported name there by the template's."""


@cache
def template_text(root: Path, path: str) -> str:
    """A file of the target's project template."""
    return (root / "project" / path).read_text(encoding="utf-8")


@cache
def template_paths(root: Path, folder: str) -> tuple[str, ...]:
    """The files below a folder of the project template, sorted."""
    top = root / "project"
    found = (path for path in (top / folder).rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(top).as_posix() for path in found))


def retargeted(text: str, path: str, moved: Mapping[str, Moved]) -> str:
    """The template's file with its imports pointed to where the project keeps things.

    `moved` is by path in the template, with `.ts`.
    """
    here = posixpath.dirname(path)

    def replace(found: re.Match[str]) -> str:
        target = f"{posixpath.normpath(posixpath.join(here, found['file']))}.ts"
        place = moved.get(target)
        if place is None:
            return found[0]
        if place.file is None:
            return ""
        line = found[0].replace(f"'{found['file']}'", f"'{specifier(path, place.file)}'")
        if found["names"] is None:
            return line
        names = found["names"]
        for name, theirs in place.names.items():
            names = re.sub(rf"\b{re.escape(name)}\b", f"{theirs} as {name}", names)
        return line.replace(found["names"], names)

    return IMPORT.sub(replace, text)


def specifier(importer: str, file: str) -> str:
    """How `importer` names a module of the project."""
    target = posixpath.relpath(file.removesuffix(".ts"), posixpath.dirname(importer) or ".")
    return target if target.startswith("../") else f"./{target}"
