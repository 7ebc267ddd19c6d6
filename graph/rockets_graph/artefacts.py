"""What was rendered in this run and not yet written: between `generate` and `integrate`.

It lives in memory, as long as the run. A graph that goes on in another process finds it empty
and renders again; the digest in the state tells whether it got the same.
"""

import hashlib
from collections.abc import Iterable, Sequence

from rockets_graph.toolbox import Artefact


class Artefacts:
    """Rendered entities by name. Each name has one writer, so threads need no lock."""

    def __init__(self) -> None:
        self._rendered: dict[str, Artefact] = {}
        self._paths: dict[str, tuple[str, ...]] = {}

    def put(self, names: Iterable[str], rendered: Iterable[Artefact]) -> None:
        for name, item in zip(names, rendered, strict=True):
            self._rendered[name] = item
            self._paths[name] = tuple(file.path for file in item.files)

    def take(self, names: Sequence[str]) -> list[Artefact] | None:
        """Those of `names`, in order, and forget them; None unless all are there."""
        if any(name not in self._rendered for name in names):
            return None
        return [self._rendered.pop(name) for name in names]

    def paths(self, names: Sequence[str]) -> dict[str, str] | None:
        """The entity of each file that `names` were rendered to; None unless all are known."""
        if any(name not in self._paths for name in names):
            return None
        return {path: name for name in names for path in self._paths[name]}


def digest(rendered: Iterable[Artefact]) -> str:
    """Changes when a path or a byte of what was rendered does."""
    sink = hashlib.blake2b(digest_size=16)
    for item in rendered:
        for file in item.files:
            sink.update(f"{file.path}\0{len(file.content)}\0".encode())
            sink.update(file.content.encode())
    return sink.hexdigest()
