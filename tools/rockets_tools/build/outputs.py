"""Which compiled files belong to which source, so that none outlives its source."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import cast

from rockets_tools.files import ProjectFiles, disk_error

ENDINGS = (".d.ts.map", ".d.ts", ".js.map", ".js")
NOTE = ".tsbuildinfo"
"""The compiler's note on what it last built; incremental builds trust it."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The output folder of a compiler configuration."""

    folder: Path
    stems: frozenset[str]
    """What the sources compile to, relative to `folder`, without endings."""

    def remove_stale(self) -> None:
        """Remove compiled files whose source is gone."""
        for path, stem in self._compiled():
            if stem not in self.stems:
                _remove(path)

    def remove_all(self) -> None:
        """Remove every compiled file and the compiler's note."""
        for path, _ in self._compiled():
            _remove(path)
        for note in self.folder.glob(f"*{NOTE}"):
            _remove(str(note))

    def incomplete(self) -> bool:
        """Some source has no compiled file."""
        return not self.stems <= {stem for path, stem in self._compiled() if path.endswith(".js")}

    def _compiled(self) -> Iterator[tuple[str, str]]:
        for folder, _, names in os.walk(self.folder):
            for name in names:
                ending = next((ending for ending in ENDINGS if name.endswith(ending)), None)
                if ending is not None:
                    path = os.path.join(folder, name)
                    yield path, os.path.relpath(path, self.folder).removesuffix(ending)


def outputs_of(files: ProjectFiles, shown: str) -> Outputs | None:
    """Read what `tsc --showConfig` printed.

    None when the outputs have no folder of their own inside the project: then nothing is known
    to be compiled, and nothing may be removed.
    """
    config = cast("dict[str, object]", json.loads(shown))
    options = cast("dict[str, str]", config.get("compilerOptions", {}))
    sources = [
        PurePosixPath(os.path.normpath(path))
        for path in cast("list[str]", config.get("files", []))
        if path.endswith((".ts", ".tsx")) and not path.endswith(".d.ts")
    ]
    if not sources or "outDir" not in options:
        return None
    target = PurePosixPath(os.path.normpath(options["outDir"]))
    if not target.parts or target.is_absolute() or ".." in target.parts:
        return None
    base = PurePath(
        os.path.normpath(options.get("rootDir") or os.path.commonpath([s.parent for s in sources]))
    )
    if any(source.is_relative_to(target) or not source.is_relative_to(base) for source in sources):
        return None
    return Outputs(
        folder=files.path(str(target)),
        stems=frozenset(str(source.relative_to(base).with_suffix("")) for source in sources),
    )


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError as error:
        raise disk_error(error, path) from error
