"""What was done to files, as differences."""

import difflib
from collections.abc import Mapping, Sequence

from rockets_graph.trace.events import FileChange
from rockets_graph.trace_export.bodies import Bodies
from rockets_graph.trace_export.html.story import Block
from rockets_graph.trace_export.html.texts import Texts

MOST_LINES = 4_000
"""Lines of two texts that are compared; comparing takes more than linear time."""
MOST_COMPARED = 100_000
"""Lines that are compared for one page: in a hostile trace a minute, else far below a second."""
MOST_OPEN = 3
"""Differences of one event that are shown at once."""


class Files:
    def __init__(self, bodies: Bodies, texts: Texts) -> None:
        self._bodies = bodies
        self._texts = texts
        self._compared = 0

    def blocks(self, changes: Sequence[FileChange]) -> list[Block]:
        """A difference for each changed file, and one list of those whose text is not recorded."""
        blocks: list[Block] = []
        named: list[str] = []
        for change in changes:
            if not change.changed:
                continue
            what = "new" if change.before is None else "gone" if change.after is None else "changed"
            before, after = self._text(change.before), self._text(change.after)
            if before is None or after is None:
                named.append(f"{what:8}{change.path}")
                continue
            text = self._texts.add(self._difference(before.splitlines(), after.splitlines()))
            heading, unfolded = f"{change.path}, {what}", len(blocks) < MOST_OPEN
            blocks.append(Block(heading=heading, text=text, diff=True, open=unfolded))
        if named:
            heading = f"{len(named)} files, rendered by the generator or not kept"
            blocks.append(Block(heading=heading, text=self._texts.add("\n".join(named))))
        return blocks

    def _difference(self, old: list[str], new: list[str]) -> str:
        """The two texts as one unified difference."""
        if old and new:
            lines = len(old) + len(new)
            if lines > MOST_LINES or self._compared + lines > MOST_COMPARED:
                return "\n".join(["@@ too long to compare; now it is @@", *new])
            self._compared += lines
        # The first two lines name the file, which stands above it anyway.
        return "\n".join(list(difflib.unified_diff(old, new, lineterm=""))[2:])

    def _text(self, sha256: str | None) -> str | None:
        """Empty for no file, None for one that is not in the trace or no text."""
        if sha256 is None:
            return ""
        data = self._bodies.file(sha256)
        return None if data is None or b"\0" in data[:8_000] else data.decode("utf-8", "replace")


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileChange]:
    """What became of each file that is not what it was."""
    return [
        FileChange(path=path, before=before.get(path), after=after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]
