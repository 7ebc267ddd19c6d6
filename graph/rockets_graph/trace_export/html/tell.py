"""A trace, read once from its first event to its last, becomes the story of the page."""

from datetime import UTC, datetime
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from pydantic import JsonValue

from rockets_graph.events import Note, Output, Warned, WaveStarted
from rockets_graph.trace import events as e
from rockets_graph.trace_export.bodies import Bodies
from rockets_graph.trace_export.html.access import access
from rockets_graph.trace_export.html.calls import Calls
from rockets_graph.trace_export.html.files import changes
from rockets_graph.trace_export.html.money import Accounts, lane
from rockets_graph.trace_export.html.rows import Rows
from rockets_graph.trace_export.html.story import Failure, Message, Story
from rockets_graph.trace_export.html.summary import duration, reported, statuses, tiles
from rockets_graph.trace_export.html.texts import Texts, as_text, field, items, one_line
from rockets_graph.trace_export.html.waves import needs_of, wave_graph

if TYPE_CHECKING:
    from rockets_graph.trace.reader import TraceFile

MOST_EVENTS = 100_000


def tell(trace: "TraceFile") -> Story:
    """The story of one run, all its attempts."""
    teller = _Teller(trace)
    for event in trace.events():
        teller.take(event)
        if len(teller.story.happenings) >= MOST_EVENTS:
            teller.cut = f"only the first {MOST_EVENTS:,} events are shown"
            break
    return teller.finish()


class _Teller:
    def __init__(self, trace: "TraceFile") -> None:
        self.cut: str | None = None
        """Why not everything is told."""
        self._trace = trace
        self._bodies = Bodies(trace)
        self._rows = Rows()
        self._texts = Texts()
        self._accounts = Accounts()
        self._calls = Calls(self._bodies, self._texts)
        self._models: dict[int, str] = {}
        self._output: dict[int, list[str]] = {}
        """By call, lines that programs printed in it."""
        self._headers: list[e.Header] = []
        self._ended: e.RunEnded | None = None
        self._tools = 0
        self._edited: set[str] = set()
        self._written: int | None = None
        """Files that are not what they were before the first attempt."""
        self._smoke: tuple[list[JsonValue], JsonValue] = ([], None)
        self._red: dict[str, int] = {}
        """By tool, its newest result that was red or an error."""
        self.story = Story(title="", run_id="", outcome="unfinished", texts=self._texts.all)
        self.story.happenings = self._rows.all

    @singledispatchmethod
    def take(self, event: e.AnyEvent) -> None:
        """Tell one event."""
        raise NotImplementedError(type(event))

    # -- what begins

    @take.register
    def _(self, event: e.Header) -> None:
        """An attempt; what is open was cut off with the one before."""
        self._rows.begin_attempt(event)
        self._headers.append(event)
        self._ended = None
        attempt = "run begins" if event.attempt == 1 else f"attempt {event.attempt} begins"
        row = self._rows.add(event, "run", f"{attempt}, {event.mode}", "script")
        row.blocks = self._calls.header(event)

    @take.register
    def _(self, event: e.NodeEntered) -> None:
        self._rows.begin(event, "node", event.node or "node", self._rows.lane(event))

    @take.register
    def _(self, event: e.JobStarted) -> None:
        self._rows.begin(event, "agent", f"{event.role}: {event.job}", lane(event.role))

    @take.register
    def _(self, event: e.ModelRequested) -> None:
        row = self._rows.begin(event, "model", f"asks {event.model}", lane(event.role))
        row.blocks = self._calls.request(event)
        self._models[event.seq] = event.model

    @take.register
    def _(self, event: e.AgentToolCalled) -> None:
        self._called(event, lane(event.role))

    @take.register
    def _(self, event: e.ToolCalled) -> None:
        self._called(event, self._rows.lane(event))

    # -- what ends

    @take.register
    def _(self, event: e.NodeLeft) -> None:
        if (row := self._rows.end(event, event.of)) is not None:
            self._calls.left(row, event)

    @take.register
    def _(self, event: e.JobFinished) -> None:
        if (row := self._rows.end(event, event.of)) is not None:
            self._calls.finished(row, event)

    @take.register(e.ModelAnswered)
    @take.register(e.ModelFailed)
    def _(self, event: e.ModelAnswered | e.ModelFailed) -> None:
        self._accounts.book(event, self._models.pop(event.of, "unknown"))
        if (row := self._rows.end(event, event.of)) is not None:
            self._calls.response(row, event)

    @take.register
    def _(self, event: e.AgentToolAnswered) -> None:
        self._edited |= {change.path for change in event.files if change.changed}
        if (row := self._rows.end(event, event.of)) is not None:
            self._calls.agent_result(row, event)

    @take.register
    def _(self, event: e.ToolAnswered) -> None:
        result = self._bodies.value(event.result) if event.result is not None else None
        if event.tool == "smoke" and result is not None:
            self._smoke = (items(field(result, "matrix")), field(result, "details"))
        red = event.error is not None or field(result, "passed") is False
        if red:
            self._red[event.tool] = event.of
        if (row := self._rows.end(event, event.of)) is not None:
            row.bad = red
            self._calls.result(row, event, result, self._output.pop(event.of, []))

    @take.register
    def _(self, event: e.Interrupted) -> None:
        self._rows.end(event, event.of)
        row = self._rows.add(event, "interrupt", "waits for a person", self._rows.lane(event))
        row.blocks = [self._calls.block("Asked", event.value, unfolded=True)]

    @take.register
    def _(self, event: e.Failed) -> None:
        if event.of is not None and (row := self._rows.end(event, event.of)) is not None:
            row.bad = True
        said = " ".join(problem.message for problem in event.problems) or event.error
        failed = self._rows.add(event, "error", one_line(said), self._rows.lane(event))
        failed.bad = True
        failed.blocks = self._calls.problems(event.error, event.problems)
        self.story.failures.append(Failure(seq=event.seq, text=said))

    @take.register
    def _(self, event: e.RunEnded) -> None:
        self._ended = event
        row = self._rows.add(event, "run", f"run {event.outcome}", "script")
        row.bad = event.outcome == "failed"
        row.blocks = [self._calls.block("Report", event.report)]
        before = self._bodies.files(self._headers[0].files) if self._headers else None
        after = self._bodies.files(event.files)
        if before is not None and after is not None:
            written = changes(before, after)
            self._written = len(written)
            row.blocks += self._calls.files.blocks(written)

    # -- what only happens

    @take.register
    def _(self, event: e.AnswerRejected) -> None:
        row = self._rows.add(event, "error", "the answer did not hold", lane(event.role))
        row.bad = True
        row.blocks = [self._calls.block("What the model was told", event.feedback, unfolded=True)]

    @take.register
    def _(self, event: e.Messaged) -> None:
        text, who = as_text(self._bodies.value(event.text)), lane(event.sender)
        title = f"{event.sender} → {event.receiver}: {one_line(text)}"
        row = self._rows.add(event, "message", title, who)
        row.blocks = [self._calls.block(event.about or "Message", event.text, unfolded=True)]
        self.story.messages.append(
            Message(
                seq=event.seq,
                lane=who,
                sender=event.sender,
                receiver=event.receiver,
                at=duration(row.at / 1000),
                text=text,
            )
        )

    @take.register
    def _(self, event: e.Progressed) -> None:
        match event.shown:
            case WaveStarted():
                self.story.wave_starts.append(self._rows.at(event.time))
            case Output(line=line):
                if event.parent in self._rows.open:
                    self._output.setdefault(event.parent, []).append(line)
            case Note(text=text):
                self._rows.add(event, "note", one_line(text), self._rows.lane(event))
            case Warned(problem=problem):
                row = self._rows.add(
                    event, "note", one_line(problem.message), self._rows.lane(event)
                )
                row.blocks = [self._calls.facts(("code", problem.code), ("fix", problem.fix))]
            case _:
                pass

    def _called(self, event: e.AgentToolCalled | e.ToolCalled, who: str) -> None:
        self._tools += 1
        arguments = self._bodies.value(event.arguments)
        words = (field(arguments, name) for name in ("path", "to", "task", "pattern", "query"))
        word = next((one_line(word, 100) for word in words if isinstance(word, str)), "")
        row = self._rows.begin(event, "tool", f"{event.tool} {word}".rstrip(), who)
        row.blocks = [self._calls.block("Arguments", event.arguments)]

    # -- the whole

    def finish(self) -> Story:
        story, first, header = self.story, self._headers[0], self._headers[-1]
        report = self._bodies.value(self._ended.report) if self._ended else None
        seconds = self._rows.now / 1000
        self._rows.cut_off()
        story.title = header.project or "run"
        story.run_id = header.run_id
        story.facts = [header.mode, _date(first.time), duration(seconds)]
        if len(self._headers) > 1:
            story.facts.append(f"{len(self._headers)} attempts, pauses left out")
        if self._trace.problem or self.cut:
            story.facts.append(self._trace.problem or self.cut or "")
        models = ((f"model of the {role}", model) for role, model in header.models.items())
        story.versions = [*header.versions.items(), *models]
        status = statuses(header, report)
        story.tiles = tiles(
            seconds=seconds,
            header=header,
            status=status,
            accounts=self._accounts,
            tools=self._tools,
            written=self._written,
            edited=len(self._edited),
        )
        story.spending = self._accounts.rows()
        story.access = access(*self._smoke)
        plan = as_text(self._bodies.value(header.plan))
        story.graph = wave_graph(header.waves, needs_of(plan), status)
        if self._ended is not None:
            story.outcome = self._ended.outcome
            at = self._red.get(str(field(report, "failedGate")), self._ended.seq)
            story.failures += [Failure(seq=at, text=line) for line in reported(report)]
        if story.outcome == "completed":
            story.failures = []  # what went wrong was mended
        return story


def _date(time: float) -> str:
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%d %b %Y, %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return "at no time"
