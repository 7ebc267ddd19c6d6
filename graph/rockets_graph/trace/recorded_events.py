"""What a person watching is told, recorded beside."""

from contextvars import ContextVar
from dataclasses import replace

from rockets_graph import events
from rockets_graph.events import Reporter
from rockets_graph.trace.events import JobFinished, JobStarted, Messaged, Progressed, Shown
from rockets_graph.trace.scope import Scope, current, enter, inside
from rockets_graph.trace.writer import Trace


class RecordedReporter:
    """A `Reporter` that tells another one, too. A job's events are inside its beginning."""

    def __init__(self, emit: Reporter, trace: Trace) -> None:
        self._emit = emit
        self._trace = trace
        self._job: ContextVar[tuple[int, Scope | None] | None] = ContextVar(
            "rockets_trace_job", default=None
        )

    def __call__(self, event: events.Event) -> None:
        self._emit(event)
        match event:
            case events.JobStarted():
                self._started(event)
            case events.JobFinished():
                self._finished(event)
            case events.MessageSent():
                self._messaged(event)
            case events.JobProgressed():
                pass  # the calls themselves are recorded
            case _:
                self._progressed(event)

    def _started(self, event: events.JobStarted) -> None:
        outer = current()
        scope = replace(outer or Scope(trace=self._trace), task=event.task)
        with inside(scope):
            seq = self._trace.write(
                lambda at: JobStarted(**at, role=event.role, job=event.job, model=event.model)
            )
        self._job.set((seq, outer))
        enter(replace(scope, parent=seq))

    def _finished(self, event: events.JobFinished) -> None:
        job = self._job.get()
        if job is None:
            return
        seq, outer = job
        with inside(replace(outer or Scope(trace=self._trace), task=event.task)):
            self._trace.write(
                lambda at: JobFinished(
                    **at,
                    duration=event.seconds,
                    of=seq,
                    role=event.role,
                    job=event.job,
                    passed=event.passed,
                    detail=event.detail,
                    turns=event.turns,
                    tokens=event.tokens,
                    cost=event.cost,
                )
            )
        self._job.set(None)
        enter(outer)

    def _progressed(self, event: Shown) -> None:
        """In the wave that is told of: the node that opens it is still in the one before."""
        outer = current() or Scope(trace=self._trace)
        wave: int | None = getattr(event, "wave", None)
        with inside(outer if wave is None else replace(outer, wave=wave)):
            self._trace.write(lambda at: Progressed(**at, shown=event))

    def _messaged(self, event: events.MessageSent) -> None:
        outer = current()
        text = self._trace.text(event.text)
        task = event.task or (outer.task if outer else None)
        with inside(replace(outer or Scope(trace=self._trace), task=task)):
            self._trace.write(
                lambda at: Messaged(
                    **at,
                    sender=event.sender,
                    receiver=event.receiver,
                    about=event.about,
                    text=text,
                )
            )
