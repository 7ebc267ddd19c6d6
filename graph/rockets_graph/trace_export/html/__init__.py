"""One self-contained HTML page of a run, which opens from disk and asks no network."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rockets_graph.trace.reader import TraceFile


def write_html(trace: "TraceFile", path: Path) -> int:
    """Write the page; how many events it shows."""
    from rockets_graph.trace_export.html.page import page
    from rockets_graph.trace_export.html.tell import tell
    from rockets_graph.trace_export.target import replaced

    story = tell(trace)
    with replaced(path) as stream:
        for piece in page(story):
            stream.write(piece.encode())
    return len(story.happenings)
