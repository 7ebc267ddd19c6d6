"""The rows of the event list: when each began and ended on the page, and in whose lane it is."""

from rockets_graph.trace.events import Event
from rockets_graph.trace_export.html.story import EventKind, Happening

PAUSE = 1.0
"""Seconds between attempts on the page, however long it really was."""
TEAM_NODES = ("generator", "reviewer", "tester", "builder")


class Rows:
    def __init__(self) -> None:
        self.all: list[Happening] = []
        self.open: dict[int, Happening] = {}
        """What has begun and not ended, by the event that began it."""
        self._lanes: dict[int, str] = {}
        self._zero: float | None = None
        """Unix seconds that are zero on the page; moved on where an attempt ended."""
        self._newest = 0.0

    @property
    def now(self) -> float:
        """Milliseconds on the page of the newest event."""
        return self.at(self._newest)

    def begin_attempt(self, event: Event) -> None:
        self.cut_off()
        waited = 0.0 if self._zero is None else event.time - self._newest - PAUSE
        self._zero = event.time if self._zero is None else self._zero + waited

    def add(self, event: Event, kind: EventKind, title: str, who: str) -> Happening:
        row = Happening(
            seq=event.seq,
            kind=kind,
            lane=who,
            title=title,
            at=self.at(event.time),
            node=event.node or "",
            task=event.task or "",
            wave=event.wave,
            parent=event.parent,
        )
        self._newest = max(self._newest, event.time)
        self._lanes[event.seq] = who
        self.all.append(row)
        return row

    def begin(self, event: Event, kind: EventKind, title: str, who: str) -> Happening:
        row = self.open[event.seq] = self.add(event, kind, title, who)
        return row

    def end(self, event: Event, of: int) -> Happening | None:
        """The row of what ends here; None when it never began."""
        self._newest = max(self._newest, event.time)
        row = self.open.pop(of, None)
        if row is not None:
            row.took = max(0.0, self.at(event.time) - row.at)
            row.ended = event.seq
        return row

    def cut_off(self) -> None:
        """What is open will not end any more."""
        for row in self.open.values():
            row.took = max(0.0, self.now - row.at)
            row.bad = True
        self.open.clear()

    def at(self, time: float) -> float:
        """Milliseconds on the page."""
        return max(0.0, (time - (self._zero or 0.0)) * 1000)

    def lane(self, event: Event) -> str:
        """Whose doing it is: a call inside a teammate's job is the teammate's."""
        if event.parent in self._lanes:
            return self._lanes[event.parent]
        node = event.node or ""
        if node in TEAM_NODES:
            return node
        return "lead" if node.startswith("lead_") else "script"
