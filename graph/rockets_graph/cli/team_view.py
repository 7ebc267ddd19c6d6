"""The team at work, on a terminal: a line for each teammate, kept up to date below the others."""

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from rockets_graph.cli.output import printable, shown
from rockets_graph.events import JobFinished, JobProgressed, JobStarted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@dataclass
class Row:
    """What one teammate does."""

    role: str
    task: str
    doing: str
    tokens: int = 0
    cost: float | None = 0.0
    since: float = field(default_factory=monotonic)


class TeamView:
    """Rows of the jobs under way; whoever prints does it through `say`, above them."""

    def __init__(self, console: "Console") -> None:
        from rich.live import Live

        self.step: tuple[str, float] | None = None
        """The step under way, and when it began (`time.monotonic`); shown while nobody is asked."""
        self._rows: dict[tuple[str, str], Row] = {}
        self._live: Live = Live(
            console=console, get_renderable=self._table, transient=True, refresh_per_second=4
        )
        self._live.start()

    def say(self, text: str) -> None:
        """Print a line above the rows."""
        from rich.text import Text

        self._live.console.print(Text(shown(text)))

    def job(self, event: JobStarted | JobProgressed | JobFinished) -> None:
        """Bring the row of a job up to date."""
        key = (event.role, event.task)
        match event:
            case JobStarted():
                self._rows[key] = Row(event.role, event.task, f"{event.job} ({event.model})")
            case JobProgressed():
                if row := self._rows.get(key):
                    row.doing, row.tokens, row.cost = event.what, event.tokens, event.cost
            case JobFinished():
                self._rows.pop(key, None)

    def close(self) -> None:
        """Take the rows away."""
        self._live.stop()

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        # On a narrow terminal what is done and spent is cut, not who does which task.
        for whole in (True, True, False, False, True):
            table.add_column(no_wrap=whole)
        rows = [
            (row.role, row.task, row.doing, spent(row.tokens, row.cost), row.since)
            for row in list(self._rows.values())
        ]
        if self.step is not None and not rows:
            name, since = self.step
            rows.append((name, "", "", "", since))
        for *cells, since in rows:
            clock = f"{monotonic() - since:.0f} s"
            table.add_row(*(Text(printable(cell), no_wrap=True) for cell in (*cells, clock)))
        return table


def spent(tokens: int, cost: float | None) -> str:
    """`12,345 tokens, $0.0123`; without a price no cost, never zero."""
    return f"{tokens:,} tokens" + ("" if cost is None else f", ${cost:.4f}")
