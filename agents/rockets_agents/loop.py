"""The agent loop: ask, carry out the calls, ask again, until the answer holds."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic

from rockets_agents.errors import (
    AnswerUnusableError,
    ContextFullError,
    RepeatedCallError,
    TurnsUsedUpError,
)
from rockets_agents.model import (
    Message,
    Model,
    ModelOutputError,
    ModelRequest,
    ModelResponse,
    OnDelta,
    RequestTooLargeError,
    Text,
    ToolResult,
    Usage,
    UserMessage,
    user,
)
from rockets_agents.repeats import MOST_REPEATS, Repeats
from rockets_agents.role import AnswerT, BriefT, Job
from rockets_agents.toolset import Desk, ToolRecord, Toolset
from rockets_agents.work import Asked, Called, Done, Happened, Rejected, Watcher, Work
from rockets_tools.errors import Problem
from rockets_tools.files import ProjectFiles

MOST_REPAIRS = 2
"""How often an answer that does not hold may be given anew."""
MOST_PROBLEMS = 20
"""Of an answer's problems that the model is told at once."""
MOST_WHY = 300
"""Characters of the last problem that people are told."""
MOST_CALLS = 25
"""Of one turn that are carried out."""
MARKED_TURNS = 2
TOO_MANY = f"Not carried out: at most {MOST_CALLS} calls in one turn."
LAST_TURN = "This was your last call of a tool. Give your final answer now."
ONCE_MORE = "You made this call before, with the same answer. Once more, and the job ends."


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a job is done: which model answers, under which name, and who watches."""

    model: Model
    model_id: str
    """A concrete id; aliases are resolved before."""
    task: str
    """Id of the task; budget, log, trace and replay know the calls by it."""
    node: str = ""
    watch: Watcher = field(default=lambda _: None)
    on_delta: OnDelta | None = None


async def work(
    job: Job[BriefT, AnswerT], brief: BriefT, *, desk: Desk, seat: Seat
) -> Done[AnswerT]:
    """Have `job` done.

    Raises `AgentError` when it ends without an answer, with the work so far; what the model seam
    and the machine raise (`ModelError`, `MachineError`) passes through, as does a cancellation.
    """
    talk = _Talk(job, brief, desk, seat)
    while True:
        response = await talk.ask()
        if response.tool_calls:
            await talk.carry_out(response)
            continue
        try:
            answer = _checked(job, brief, response, desk.files)
        except ModelOutputError as error:
            talk.send_back(response, error)
        else:
            return Done(answer=answer, work=talk.work)


def _checked(
    job: Job[BriefT, AnswerT], brief: BriefT, response: ModelResponse, files: ProjectFiles
) -> AnswerT:
    """The answer, in shape and in what it says; raises `ModelOutputError`."""
    answer = response.parse(job.answer)
    problems = tuple(job.check(answer, brief, files))
    if problems:
        said = "\n".join(f"- {problem}" for problem in problems[:MOST_PROBLEMS])
        raise ModelOutputError(
            f"The answer cannot be used:\n{said}\nGive the whole answer again, with this mended.",
            answer=response.text,
            stop_reason=response.stop_reason,
        )
    return answer


def _marked(message: Message) -> Message:
    """With a mark on its last part."""
    if not isinstance(message, UserMessage):
        return message
    *parts, last = message.content
    return user(*parts, last.model_copy(update={"cache": "5m"}))


class _Talk(Generic[BriefT, AnswerT]):
    """The conversation of one job: what was said, what was done, how much is left."""

    def __init__(self, job: Job[BriefT, AnswerT], brief: BriefT, desk: Desk, seat: Seat) -> None:
        self._job, self._seat = job, seat
        self._tools = Toolset(job.role, job.tools, desk)
        system, message = job.messages(brief)
        self._system = (Text(text=system, cache="5m"),)
        self._messages: list[Message] = [user(message)]
        self._repeats = Repeats()
        self._turns = 0
        self._usage = Usage()
        self._calls: list[ToolRecord] = []
        self._rejected: list[str] = []

    @property
    def work(self) -> Work:
        return Work(
            turns=self._turns,
            usage=self._usage,
            calls=tuple(self._calls),
            messages=tuple(self._messages),
            rejected=tuple(self._rejected),
        )

    async def ask(self) -> ModelResponse:
        """One turn of the model."""
        if self._turns == self._job.max_turns:
            raise TurnsUsedUpError(self._problem("agent-turns", "used all its turns"), self.work)
        self._turns += 1
        request = self._request()
        try:
            response = await self._seat.model.complete(request, on_delta=self._seat.on_delta)
        except RequestTooLargeError as error:
            if self._turns == 1:
                raise  # the brief itself: nothing the job has done
            what = "said and read more than the model holds"
            raise ContextFullError(self._problem("agent-context", what), self.work) from error
        self._usage += response.usage + response.lost
        self._tell(Asked(turn=self._turns, request=request, response=response))
        if response.message is not None:
            self._messages.append(response.message)
        return response

    async def carry_out(self, response: ModelResponse) -> None:
        """The calls of a turn, one after the other as given; the results in the same order."""
        results: list[ToolResult] = []
        for number, call in enumerate(response.tool_calls):
            if number >= MOST_CALLS:
                results.append(ToolResult(call_id=call.id, text=TOO_MANY, is_error=True))
                continue
            record = await self._tools.call(call)
            self._calls.append(record)
            self._tell(Called(turn=self._turns, record=record))
            count = self._repeats.count(record, edits=self._tools.edits(call.name))
            if count >= MOST_REPEATS:
                what = f"made the same call of {call.name[:60]} {count} times"
                raise RepeatedCallError(self._problem("agent-loop", what), self.work)
            text = f"{record.text}\n{ONCE_MORE}" if count == MOST_REPEATS - 1 else record.text
            results.append(ToolResult(call_id=call.id, text=text, is_error=record.is_error))
            # A cancellation must reach a job whose calls never wait for anything.
            await asyncio.sleep(0)
        last = (LAST_TURN,) if self._turns == self._job.max_turns - 1 else ()
        self._messages.append(user(*results, *last))

    def send_back(self, response: ModelResponse, error: ModelOutputError) -> None:
        """Tell the model why its answer does not hold, while it may still mend it."""
        self._rejected.append(error.feedback)
        self._tell(Rejected(turn=self._turns, feedback=error.feedback))
        full = response.stop_reason == "model_context_window_exceeded"
        if full or len(self._rejected) > MOST_REPAIRS:
            count = len(self._rejected)
            what = f"gave {count} answer{'s' if count > 1 else ''} that cannot be used"
            why = " ".join(error.feedback.split())[:MOST_WHY]
            raise AnswerUnusableError(
                self._problem("agent-answer", what, why), self.work
            ) from error
        self._messages.append(user(error.feedback))

    def _request(self) -> ModelRequest:
        job, seat = self._job, self._seat
        return ModelRequest(
            role=job.role.name,
            task=seat.task,
            node=seat.node,
            model=seat.model_id,
            system=self._system,
            messages=self._kept(),
            tools=self._tools.specs,
            output_schema=job.schema() if job.constrained else None,
            max_tokens=job.max_tokens,
            thinking=job.thinking,
            effort=job.effort,
        )

    def _kept(self) -> tuple[Message, ...]:
        """As they were said, for the API takes no thought back after something else; with marks
        on the newest part and where the last turn had one: from a mark the cache looks back over
        some twenty blocks only, and one turn may have more."""
        if self._turns == 1 and not self._job.many_turns:
            return tuple(self._messages)
        said = [at for at, one in enumerate(self._messages) if isinstance(one, UserMessage)]
        marked = said[-MARKED_TURNS:]
        return tuple(_marked(one) if at in marked else one for at, one in enumerate(self._messages))

    def _tell(self, happened: Happened) -> None:
        self._seat.watch(happened)

    def _problem(self, code: str, what: str, why: str = "") -> Problem:
        said = f" The last time it was told: {why}" if why else ""
        return Problem(
            code=code,
            message=f"The {self._job.role.name} {what} and gave no answer "
            f"({self._job.name}, task {self._seat.task}).{said}",
            fix="Look at the run's trace, then run again with --resume, or with another model.",
        )
