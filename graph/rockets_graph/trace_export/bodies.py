"""Bodies of a trace that may be damaged: what cannot be read is said in its place."""

from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_graph.trace.errors import TraceError
from rockets_graph.trace.events import Body

if TYPE_CHECKING:
    from rockets_graph.trace.reader import TraceFile

OURS = ".rockets/"


class Bodies:
    def __init__(self, trace: "TraceFile") -> None:
        self._trace = trace

    def value(self, body: Body) -> JsonValue:
        """What the body says, as JSON; a text is a string."""
        try:
            return self._trace.value(body)
        except TraceError as error:
            return f"({error.problems[0].message})"

    def files(self, body: Body) -> dict[str, str] | None:
        """Hash by path of a project's files, ours left out; None where they cannot be read."""
        try:
            tree = self._trace.tree(body)
        except TraceError:
            return None
        return {path: name for path, name in tree.files.items() if not path.startswith(OURS)}

    def file(self, sha256: str) -> bytes | None:
        """A file's bytes; None where the trace does not have them."""
        try:
            return self._trace.blobs.read(sha256) if sha256 in self._trace.blobs else None
        except TraceError:
            return None
