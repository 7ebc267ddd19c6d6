"""What agents do: their tool calls as they begin and end, the answers that were sent back."""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace

from rockets_agents.loop import MOST_CALLS
from rockets_agents.model import ToolCall
from rockets_agents.toolset import ToolRecord, Touch
from rockets_agents.work import Asked, Called, Happened, Rejected
from rockets_graph.trace.events import (
    AgentToolAnswered,
    AgentToolCalled,
    AnswerRejected,
    FileChange,
)
from rockets_graph.trace.scope import Scope, current, enter
from rockets_graph.trace.writer import Trace


@dataclass
class Turn:
    """One turn of a job: calls are carried out in the order the model gave them."""

    role: str
    outer: Scope
    calls: Iterator[ToolCall]
    begun: int | None = None
    """Seq of the call under way."""


_turn: ContextVar[Turn | None] = ContextVar("rockets_trace_turn", default=None)


class RecordedWork:
    """A `Watcher` for every job of a run: each has a context of its own, as asyncio's tasks do.

    That a call begins is not told, only how it went; but after an answer with calls, and after
    each of them, the next one begins. What happens inside of it is recorded inside.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __call__(self, happened: Happened) -> None:
        if isinstance(happened, Asked):
            self._asked(happened)
            return
        turn = _turn.get()
        if turn is None:
            return  # nobody asked a model before: not one of our jobs
        if isinstance(happened, Called):
            self._ended(turn, happened.record)
            self._begin_next(turn)
        else:
            self._rejected(turn, happened)

    def _asked(self, asked: Asked) -> None:
        request, scope = asked.request, current()
        outer = Scope(
            trace=self._trace,
            parent=scope.parent if scope else None,
            node=request.node or None,
            task=request.task,
            wave=scope.wave if scope else None,
        )
        turn = Turn(
            role=request.role, outer=outer, calls=iter(asked.response.tool_calls[:MOST_CALLS])
        )
        _turn.set(turn)
        self._begin_next(turn)

    def _begin_next(self, turn: Turn) -> None:
        enter(turn.outer)
        turn.begun = None
        call = next(turn.calls, None)
        if call is None:
            return
        arguments = self._trace.body(call.arguments)
        turn.begun = self._trace.write(
            lambda at: AgentToolCalled(
                **at, role=turn.role, tool=call.name, call_id=call.id, arguments=arguments
            )
        )
        enter(replace(turn.outer, parent=turn.begun))

    def _ended(self, turn: Turn, record: ToolRecord) -> None:
        begun = turn.begun
        if begun is None:
            return  # told of a call that no answer asked for
        enter(turn.outer)
        text = self._trace.text(record.text)
        files = tuple(map(self._touched, record.touched))
        self._trace.write(
            lambda at: AgentToolAnswered(
                **at,
                duration=record.seconds,
                of=begun,
                role=turn.role,
                tool=record.name,
                call_id=record.call_id,
                is_error=record.is_error,
                text=text,
                files=files,
            )
        )

    def _rejected(self, turn: Turn, rejected: Rejected) -> None:
        feedback = self._trace.text(rejected.feedback)
        self._trace.write(lambda at: AnswerRejected(**at, role=turn.role, feedback=feedback))

    def _touched(self, touch: Touch) -> FileChange:
        return FileChange(
            path=touch.path,
            before=self._kept(touch.path, touch.before),
            after=self._kept(touch.path, touch.after),
        )

    def _kept(self, path: str, text: str | None) -> str | None:
        if text is None:
            return None
        return self._trace.file(path, text.encode("utf-8", "replace"))[0]
