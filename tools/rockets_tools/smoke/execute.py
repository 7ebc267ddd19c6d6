"""Plays scenes: sets the rows, asks the cases, looks at the rows again, judges."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from rockets_tools.plan.model import Plan
from rockets_tools.smoke.checks import SECRETS, secrets_in
from rockets_tools.smoke.client import Client, NoAnswerError, Response
from rockets_tools.smoke.database import QueryError
from rockets_tools.smoke.model import ANONYMOUS, Case, Cell, Exchange, Scene, Step
from rockets_tools.smoke.redact import redacted
from rockets_tools.smoke.tables import Record, Snapshot, Tables, aftermath, touched

THREADS = 4
PATIENCE = 5
"""Requests without an answer in a row until no more are sent."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of one case."""

    case: Case
    step: Step
    """The last one asked."""
    response: Response | None
    reasons: list[str] = field(default_factory=list[str])
    created: dict[str, Record] = field(default_factory=dict[str, Record])
    """Rows answered as created, by id: what must be stored."""


class Player:
    """Plays scenes against one application, whose rows are in `tables`."""

    def __init__(self, plan: Plan, client: Client, tables: Tables) -> None:
        self._plan = plan
        self._client = client
        self._tables = tables
        self._exposed = {
            f.name for entity in plan.entities.values() for f in entity.fields if f.expose
        }
        self._exposed |= {r.name for entity in plan.entities.values() for r in entity.relations}
        self._silent = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="smoke")

    def close(self) -> None:
        """Send nothing more."""
        self._silent = PATIENCE
        self._pool.shutdown(cancel_futures=True)

    def play(self, scene: Scene) -> list[Cell]:
        """The outcome of each case, in order."""
        return [_cell(outcome) for outcome in self._outcomes(scene)]

    def _outcomes(self, scene: Scene) -> list[Outcome]:
        names = touched(scene) if scene.entity in self._plan.entities else ()
        before: Snapshot = {}
        if names:
            try:
                before = self._tables.set(scene.rows, names)
            except QueryError as error:
                return [_unset(case, str(error)) for case in scene.cases]
        outcomes = self._ask_all(scene)
        if not names or _reads_only(scene):
            return outcomes
        created = {i: row for outcome in outcomes for i, row in outcome.created.items()}
        try:
            after = self._tables.look(names)
        except QueryError as error:
            problems = [f"the rows could not be read: {error}"]
        else:
            problems = list(aftermath(self._plan, scene, created, before, after))
        if not problems:
            return outcomes
        if len(scene.cases) > 1:
            # Which of them was it? Each again, alone.
            alone = (replace(scene, cases=(case,)) for case in scene.cases)
            return [outcome for one in alone for outcome in self._outcomes(one)]
        outcomes[0].reasons += problems
        return outcomes

    def _ask_all(self, scene: Scene) -> list[Outcome]:
        if scene.quiet and len(scene.cases) > 1:
            return list(self._pool.map(self._ask, scene.cases))
        return [self._ask(case) for case in scene.cases]

    def _ask(self, case: Case) -> Outcome:
        """The steps until one fails."""
        outcome = Outcome(case=case, step=case.steps[0], response=None)
        for step in case.steps:
            outcome.step = step
            if self._silent >= PATIENCE:
                outcome.reasons.append("not asked: the application does not answer any more")
                break
            try:
                outcome.response = self._client.send(step)
            except NoAnswerError as error:
                with self._lock:
                    self._silent += 1
                outcome.response = None
                outcome.reasons.append(f"no answer: {error}")
                break
            self._silent = 0
            outcome.reasons += self._judge(step, outcome.response)
            if outcome.response.status == 201:
                ids = _ids(outcome.response.body)
                outcome.created.update(zip(ids, step.stored, strict=False))
            if outcome.reasons:
                break
        return outcome

    def _judge(self, step: Step, response: Response) -> Iterator[str]:
        status, body = response.status, response.body
        yield from secrets_in(body, SECRETS - self._exposed)
        if status not in step.status:
            yield f"answered {status}, not {_either(step.status)}"
            return
        if status >= 400 and step.method != "HEAD" and not _is_error(status, body):
            yield "the error is not {statusCode, errorCode, message, timestamp}"
        for check in step.checks:
            yield from check.problems(body)


def _reads_only(scene: Scene) -> bool:
    return all(step.method == "GET" for case in scene.cases for step in case.steps)


def _unset(case: Case, error: str) -> Outcome:
    reason = f"the rows of this scene could not be stored: {error}"
    return Outcome(case=case, step=case.steps[0], response=None, reasons=[reason])


def _ids(body: JsonValue) -> list[str]:
    rows = body if isinstance(body, list) else [body]
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    return [row_id for row_id in ids if isinstance(row_id, str)]


def _is_error(status: int, body: JsonValue) -> bool:
    return (
        isinstance(body, dict)
        and body.get("statusCode") == status
        and {"errorCode", "message", "timestamp"} <= body.keys()
    )


def _cell(outcome: Outcome) -> Cell:
    case, step, response = outcome.case, outcome.step, outcome.response
    status = "no answer" if response is None else str(response.status)
    person = step.person or ANONYMOUS
    return Cell(
        entity=case.entity,
        role=case.role,
        operation=case.operation,
        ownership=case.ownership.value,
        kind=case.kind.value,
        title=case.title,
        expected=_either(step.status),
        got="; ".join((status, *outcome.reasons[:1])),
        passed=not outcome.reasons,
        request=f"{step.method} {step.path} as {person}",
        reasons=tuple(outcome.reasons),
        exchange=_exchange(step, response) if outcome.reasons else None,
    )


def _exchange(step: Step, response: Response | None) -> Exchange:
    return Exchange(
        method=step.method,
        path=step.path,
        person=step.person or ANONYMOUS,
        request=redacted(step.text),
        status=None if response is None else response.status,
        response=None if response is None else redacted(response.text),
    )


def _either(statuses: Sequence[int]) -> str:
    return " or ".join(map(str, statuses))
