"""Prose is read by the Lead: the only part of `rockets from-doc` that spends tokens by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue

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
from rockets_graph.options import Options
from rockets_tools.documents import Prose
from rockets_tools.errors import InputError, Problem
from rockets_tools.files import ProjectFiles

ASSISTANT = (
    "let a coding assistant write the plan: rockets install-command adds /rockets-from-doc, which "
    "works with rockets plan schema and rockets plan check"
)
Plan: TypeAlias = dict[str, JsonValue]


class Lead:
    """The Lead at the planning desk."""

    def __init__(self, staff: Staff, emit: Reporter) -> None:
        self._staff, self._emit = staff, emit

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
            async with connect(settings, on_wait=waiting) as model:
                budget = Budget(
                    max_tokens=settings.max_tokens, max_cost=settings.max_cost, state=spent
                )
                seat = Seat(model=model, model_id=self.model_id, task="plan", node="lead_plan")
                return await work(seat, budget)

        return asyncio.run(talk())


def open_lead(options: Options, emit: Reporter) -> Lead:
    """The Lead as command line, environment and the project's settings have him.

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
    return Lead(staff, emit)
