"""The team of one run: a node asks it and gets an answer, or an error that says who must act."""

import time
from dataclasses import dataclass, field

from rockets_agents.errors import ToolRefusedError
from rockets_agents.findings import Note
from rockets_agents.loop import Seat, work
from rockets_agents.model import Model, ModelUnreachableError, RoleName
from rockets_agents.model.budget import Budget
from rockets_agents.model.prices import cost_of
from rockets_agents.model.usage import Usage
from rockets_agents.role import AnswerT, BriefT, Job
from rockets_agents.toolset import Desk, TaskStatus, shipped_with
from rockets_agents.work import Asked, Called, Done, Happened, Watcher
from rockets_graph.crew.bench import Bench
from rockets_graph.crew.loop import TeamLoop
from rockets_graph.crew.mailbox import Mailbox
from rockets_graph.crew.staff import Staff
from rockets_graph.events import JobFinished, JobProgressed, JobStarted, Reporter
from rockets_graph.ledger import Ledger
from rockets_tools.errors import RocketsError
from rockets_tools.files import ProjectFiles
from rockets_tools.targets import CONCEPTA_5


@dataclass(kw_only=True)
class Crew:
    """Lives as long as the run; nodes of several threads ask it at once."""

    files: ProjectFiles
    staff: Staff
    model: Model
    """With the budget around it."""
    budget: Budget
    bench: Bench
    wiring: frozenset[str]
    """Files that `integrate` wires."""
    acl: str
    """Where the access rules are."""
    mailbox: Mailbox
    ledger: Ledger
    loop: TeamLoop
    emit: Reporter
    watch: Watcher = field(default=lambda _: None)
    """Also told of everything that happens in a job: the trace."""
    lost: ModelUnreachableError | None = None
    """Set once the model could not be reached; from then on nobody is asked."""

    def ask(
        self,
        job: Job[BriefT, AnswerT],
        brief: BriefT,
        *,
        task: str,
        node: str,
        writable: tuple[str, ...] = (),
    ) -> Done[AnswerT]:
        """Have a job done by the role it belongs to; waits for it.

        Raises `AgentError` when it ends without an answer, and what the model seam raises.
        """
        if self.loop.stopped:
            raise KeyboardInterrupt
        if self.lost is not None:
            raise self.lost
        role = job.role.name
        told = brief.model_copy(update={"messages": self.mailbox.take(role)})
        view = _View(self, role, job.name, task)
        seat = Seat(
            model=self.model,
            model_id=self.staff.models[role],
            task=task,
            node=node,
            watch=view.happened,
        )
        desk = Desk(
            files=self.files,
            workbench=self.bench,
            team=_Mates(self, task),
            writable=writable,
            wiring=self.wiring,
            acl=self.acl,
            shipped=shipped_with(CONCEPTA_5),
        )
        view.started()
        passed, detail = False, "stopped"
        try:
            done = self.loop.run(work(job, told, desk=desk, seat=seat))
            passed, detail = True, ""
        except ModelUnreachableError as error:
            self.lost, detail = error, error.problems[0].message
            raise
        except RocketsError as error:
            detail = error.problems[0].message
            raise
        finally:
            view.finished(passed=passed, detail=detail)
        return done


@dataclass(frozen=True)
class _Mates:
    """`Team` of one job."""

    crew: Crew
    task: str

    def send(self, note: Note) -> None:
        self.crew.mailbox.tell(note.sender, note.receiver, "note", task=self.task, text=note.text)

    def update(self, task: str, status: TaskStatus, remark: str) -> None:
        record = next((t for t in self.crew.ledger.state.tasks if t.id == task), None)
        if record is None:
            known = ", ".join(t.id for t in self.crew.ledger.state.tasks[:50])
            raise ToolRefusedError(f"There is no task {task[:200]}. There are: {known}.")
        # The gates decide what is done; an agent's word is a remark beside it.
        record.remark = f"{status}: {remark}" if remark else status


class _View:
    """What people see of one job."""

    def __init__(self, crew: Crew, role: RoleName, job: str, task: str) -> None:
        self._crew, self._role, self._job, self._task = crew, role, job, task
        self._model = crew.staff.models[role]
        self._start = time.perf_counter()
        self._turns = 0
        self._usage = Usage()

    def started(self) -> None:
        self._crew.emit(
            JobStarted(role=self._role, job=self._job, task=self._task, model=self._model)
        )

    def happened(self, event: Happened) -> None:
        self._crew.watch(event)
        if isinstance(event, Asked):
            self._turns = event.turn
            self._usage += event.response.usage + event.response.lost
            what = f"turn {event.turn}"
        elif isinstance(event, Called):
            record = event.record
            about = record.arguments.get("path") or record.arguments.get("to") or ""
            what = f"{record.name} {about}".rstrip() + (" refused" if record.is_error else "")
        else:
            what = "answer sent back"
        self._crew.emit(
            JobProgressed(
                role=self._role,
                task=self._task,
                what=what[:200],
                tokens=self._usage.total_tokens,
                cost=self._cost(),
            )
        )

    def finished(self, *, passed: bool, detail: str) -> None:
        self._crew.emit(
            JobFinished(
                role=self._role,
                job=self._job,
                task=self._task,
                passed=passed,
                detail=detail,
                turns=self._turns,
                tokens=self._usage.total_tokens,
                cost=self._cost(),
                seconds=time.perf_counter() - self._start,
            )
        )

    def _cost(self) -> float | None:
        cost = cost_of(self._model, self._usage)
        return None if cost is None else float(cost)
