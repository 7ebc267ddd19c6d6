"""Prose is read by the Lead: the only part of `rockets from-doc` that spends tokens by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue

from rockets_agents.errors import AgentError
from rockets_agents.loop import Seat
from rockets_agents.model import ModelRequest
from rockets_agents.model.budget import Budget, BudgetState
from rockets_agents.model.connect import connect
from rockets_agents.model.errors import KeyMissingError
from rockets_agents.model.retry import Failure
from rockets_agents.planning import Drafted, draft_plan, estimate_planning, revise_plan
from rockets_graph.approval.words import counted
from rockets_graph.cli.summary import dollars
from rockets_graph.crew.staff import Staff, read_staff
from rockets_graph.events import Note, Reporter
from rockets_graph.from_doc.memory import Memory, RememberingModel
from rockets_graph.options import Options
from rockets_tools.documents import Prose
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

ASSISTANT = (
    "let a coding assistant write the plan: rockets install-command adds /rockets-from-doc, which "
    "works with rockets plan schema and rockets plan check"
)
MOST_REASONS = 3
MOST_REASON = 600
"""Characters."""
Plan: TypeAlias = dict[str, JsonValue]


class Lead:
    """The Lead at the planning desk."""

    def __init__(self, staff: Staff, emit: Reporter, memory: Memory, *, fresh: bool) -> None:
        self._staff, self._emit = staff, emit
        self._memory, self._fresh = memory, fresh

    @property
    def model_id(self) -> str:
        return self._staff.models["lead"]

    def draft(self, document: Prose, existing: Plan | None) -> Drafted:
        """Read the document; raises `ModelError` and `AgentError` when nothing comes of it."""
        estimate = estimate_planning(document, model_id=self.model_id)
        cost = "" if estimate.cost is None else f", about {dollars(float(estimate.cost))}"
        self._emit(
            Note(
                text=f"the Lead reads {document.file}: {counted(estimate.calls, 'call')} of "
                f"{self.model_id}, "
                f"about {estimate.prompt_tokens + estimate.answer_tokens:,} tokens{cost}"
            )
        )
        return self._ask(
            lambda seat, budget: draft_plan(
                document, seat=seat, budget=budget, existing=existing or None
            ),
            None,
        )

    def revise(
        self,
        document: Prose,
        drafted: Drafted,
        *,
        answers: Mapping[str, str],
        remarks: Sequence[str] = (),
    ) -> Drafted:
        """Change the draft to what a person answered and remarked."""
        return self._ask(
            lambda seat, budget: revise_plan(
                document, drafted, seat=seat, budget=budget, answers=answers, remarks=remarks
            ),
            drafted.budget,
        )

    def _ask(
        self, work: Callable[[Seat, Budget], Awaitable[Drafted]], spent: BudgetState | None
    ) -> Drafted:
        settings = self._staff.settings

        def waiting(request: ModelRequest, failure: Failure, seconds: float) -> None:
            said = f"{request.role}: {failure.what}; trying again in {seconds:.0f} s"
            self._emit(Note(text=said))

        async def talk() -> Drafted:
            async with connect(settings, on_wait=waiting) as connected:
                budget = Budget(
                    max_tokens=settings.max_tokens, max_cost=settings.max_cost, state=spent
                )
                model = RememberingModel(
                    connected, self._memory, provider=settings.base_url, fresh=self._fresh
                )
                seat = Seat(model=model, model_id=self.model_id, task="plan", node="lead_plan")
                try:
                    drafted = await work(seat, budget)
                except AgentError as error:
                    model.forget_talk()
                    raise _no_plan(error) from error
                self._tell_remembered(model)
                return drafted

        return asyncio.run(talk())

    def _tell_remembered(self, model: RememberingModel) -> None:
        if model.remembered:
            said = f"{model.remembered} of {counted(model.asked, 'answer')} of the Lead"
            self._emit(
                Note(text=f"from an earlier run, at no cost now: {said} (--fresh asks anew)")
            )


def _no_plan(error: AgentError) -> AgentError:
    """With what was wrong last: there is no run yet whose trace would tell."""
    said = error.work.rejected[-1].splitlines() if error.work.rejected else [str(error)]
    reasons = [line[2:] for line in said if line.startswith("- ")] or said[:1]
    return AgentError(
        Problem(
            code=error.problems[0].code,
            message="The Lead came to no plan that can be used; nothing was done. What was wrong "
            f"last: {' '.join(reasons[:MOST_REASONS])[:MOST_REASON]}",
            fix="Run the same command again, he is asked anew; or choose another model with "
            f"--model lead=NAME; or {ASSISTANT}.",
        ),
        error.work,
    )


def open_lead(options: Options, emit: Reporter, memory: Memory, *, fresh: bool) -> Lead:
    """The Lead as command line, environment and the project's settings have him; `fresh` lets him
    not answer from `memory`.

    Raises `InputError` for `--sequential`, which never asks a model, and for wrong settings, and
    `KeyMissingError` where there is no key.
    """
    if options.mode == "sequential":
        raise InputError(
            Problem(
                code="prose-needs-model",
                message="This document is prose: only a model can read it, and --sequential asks "
                "none.",
                fix=f"Leave out --sequential, or {ASSISTANT}.",
            )
        )
    files = ProjectFiles(options.project) if Path(options.project).is_dir() else None
    staff = read_staff(files, options)
    if not staff.has_key:
        raise KeyMissingError(
            Problem(
                code="model-key-missing",
                message="This document is prose: only a model can read it, and ANTHROPIC_API_KEY "
                "is not set.",
                fix=f"Set it, or {ASSISTANT}.",
            )
        )
    return Lead(staff, emit, memory, fresh=fresh)
