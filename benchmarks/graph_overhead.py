"""What the graph costs besides the work of its nodes: time per node, and the checkpoint's size.

    .venv/bin/python benchmarks/graph_overhead.py [--sizes 20 100 500 1000] [--postgres URL]

The tools do nothing, so what is left is LangGraph, our checkpoints and the state file. See
README.md beside this file for what the columns mean.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from plans import classic

from rockets_graph.checkpoints import CHECKPOINTS
from rockets_graph.events import Event, WaveFinished
from rockets_graph.options import Options
from rockets_graph.orchestrate import orchestrate
from rockets_graph.toolbox import Checked, Integrated
from rockets_tools.files import ProjectFiles

MANIFEST = {"name": "bench", "dependencies": {"@concepta/nestjs-crud": "5.0.0-alpha.4"}}
SIZES = {
    "sqlite": "SELECT (SELECT sum(length(checkpoint) + length(metadata)) FROM checkpoints) + "
    "(SELECT coalesce(sum(length(value)), 0) FROM writes)",
    "postgres": "SELECT (SELECT sum(octet_length(checkpoint::text) + octet_length(metadata::text)) "
    "FROM checkpoints) + (SELECT coalesce(sum(octet_length(blob)), 0) FROM checkpoint_blobs) + "
    "(SELECT coalesce(sum(octet_length(blob)), 0) FROM checkpoint_writes)",
}


class Idle:
    """A toolbox that has everything done at once."""

    generator = "idle"
    workers = 2

    def needs_packages(self) -> bool:
        return False

    def render(self, _plan: object, entities: Sequence[str]) -> list["Nothing"]:
        return [Nothing() for _ in entities]

    def integrate(self, _artefacts: object) -> Integrated:
        return Integrated()

    def changed(self, _plan: object, _entities: object) -> dict[str, dict[str, str]]:
        return {}

    def orphans(self, _plan: object) -> list[str]:
        return []

    def validate(self, *_: object, **_options: object) -> Checked:
        return Checked(passed=True)

    migrate = build = smoke = test = validate

    def close(self, *_: object) -> None: ...

    preflight = announce = install = close


class Nothing:
    """What an entity becomes here."""

    files = ()


@dataclass
class Watch:
    """Listens to the log line that every node leaves."""

    first: float = 0.0
    last: float = 0.0
    inside: list[float] = field(default_factory=list)

    def __call__(self, _logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        import structlog

        now = time.perf_counter()
        if event["event"] == "enter":
            self.first = self.first or now
        elif event["event"] == "leave":
            self.last = now
            self.inside.append(event["seconds"])
        raise structlog.DropEvent

    @property
    def per_node(self) -> float:
        return (self.last - self.first - sum(self.inside)) / len(self.inside)


@dataclass(frozen=True, kw_only=True)
class Row:
    nodes: int
    overhead: float
    """Seconds per node."""
    state: float
    """Seconds per node in the nodes themselves: mostly the state file."""
    stored: int
    """Bytes, when the last wave was done."""


def measure(entities: int, url: str | None) -> Row:
    import structlog

    watch = Watch()
    structlog.configure(processors=[watch])
    with tempfile.TemporaryDirectory(prefix="rockets-bench-") as folder:
        root, spec = Path(folder, "project"), Path(folder, "plan.json")
        root.mkdir()
        (root / "package.json").write_text(json.dumps(MANIFEST))
        spec.write_text(json.dumps(classic(entities)))
        stored = [0]

        def emit(event: Event) -> None:
            if isinstance(event, WaveFinished) and event.wave == event.waves - 1:
                stored[0] = bytes_stored(ProjectFiles(root), url)

        report = orchestrate(
            Options(project=root, spec=spec, mode="sequential", checkpoints=url),
            emit,
            make_tools=lambda _files, _options: Idle(),
            environment={},
        )
        assert report.success
    return Row(
        nodes=len(watch.inside),
        overhead=watch.per_node,
        state=sum(watch.inside) / len(watch.inside),
        stored=stored[0],
    )


def bytes_stored(files: ProjectFiles, url: str | None) -> int:
    if url is None:
        with closing(sqlite3.connect(files.path(CHECKPOINTS))) as connection:
            return int(connection.execute(SIZES["sqlite"]).fetchone()[0])
    import psycopg

    with psycopg.connect(url) as other:
        found = other.execute(SIZES["postgres"]).fetchone()
        assert found is not None
        return int(found[0])


def main() -> None:
    parser = argparse.ArgumentParser(description="What the graph costs besides the work.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 100, 500, 1000])
    parser.add_argument("--runs", type=int, default=3, help="of which the median is shown")
    parser.add_argument("--postgres", metavar="URL", help="measure a database as well")
    arguments = parser.parse_args()
    measure(10, None)  # imports
    for name, url in (("SQLite", None), ("PostgreSQL", arguments.postgres)):
        if name == "SQLite" or url:
            table(name, [(n, median(n, url, arguments.runs)) for n in arguments.sizes])


def median(entities: int, url: str | None, runs: int) -> Row:
    rows = [measure(entities, url) for _ in range(runs)]
    return Row(
        nodes=rows[0].nodes,
        overhead=statistics.median(row.overhead for row in rows),
        state=statistics.median(row.state for row in rows),
        stored=rows[0].stored,
    )


def table(name: str, rows: list[tuple[int, Row]]) -> None:
    """One line per size, and how far the sizes lie off a straight line."""
    print(f"\n{name}, five waves\n")
    print("|    N | nodes | graph per node | in the node | checkpoints |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for entities, row in rows:
        print(
            f"| {entities} | {row.nodes} | {row.overhead * 1000:.2f} ms "
            f"| {row.state * 1000:.2f} ms | {row.stored / 1000:.0f} kB |"
        )
    sizes = [(entities, row.stored) for entities, row in rows]
    if len(sizes) > 2:
        slope, start = statistics.linear_regression(*zip(*sizes, strict=True))
        worst = max(abs(stored / (start + slope * n) - 1) for n, stored in sizes)
        print(
            f"\n{start / 1000:.0f} kB and {slope:.0f} bytes per entity; off by {worst:.1%} at most"
        )


if __name__ == "__main__":
    main()
