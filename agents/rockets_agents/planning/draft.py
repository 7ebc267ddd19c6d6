"""From prose to a plan: read part by part, merged by code, settled where parts contradict."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rockets_agents.loop import Seat, work
from rockets_agents.model import Model, ModelRequest, ModelResponse, OnDelta, Usage
from rockets_agents.model.budget import Budget
from rockets_agents.model.budgeted import BudgetedModel
from rockets_agents.planning.checks import revised
from rockets_agents.planning.desk import bare_desk
from rockets_agents.planning.drafted import Assumption, Drafted, Question
from rockets_agents.planning.jobs import PLAN, REVISE
from rockets_agents.planning.merging import Object
from rockets_agents.planning.passages import brief_of, passages_at, whole
from rockets_agents.planning.reading import Reading, changed_by
from rockets_agents.planning.said import Answered, Passage, PlanDraft, ReviseBrief
from rockets_agents.planning.sources import marked
from rockets_agents.role import BriefT, Job
from rockets_tools.documents import Prose
from rockets_tools.documents.sections import MOST_CHARACTERS, halves, sections
from rockets_tools.errors import InputError, Problem
from rockets_tools.plan import plan_schema
from rockets_tools.plan.problems import did_you_mean

ANSWER_TOKENS = 16_000
"""Room for thinking and a small plan; each character read or revised adds one token."""
STEP = 4000
LEAST_CHARACTERS = 8000
"""Of a part of the document that is read in smaller ones when its plan does not fit one answer."""


async def draft_plan(
    document: Prose,
    *,
    seat: Seat,
    budget: Budget,
    existing: Object | None = None,
    section_size: int = MOST_CHARACTERS,
) -> Drafted:
    """Have the Lead read the document and draft its plan.

    `existing` is the plan in force in the project: it stays, and the document adds to it.
    `section_size` is in characters. Raises `AgentError` when the answers stay unusable; nothing
    of them is kept.
    """
    reading = Reading(document=document, seat=_budgeted(seat, budget), plan=existing or {})
    parts = list(sections(document, section_size))
    number = 0
    while number < len(parts):
        brief = brief_of(document, parts[number], number + 1, len(parts), reading.plan)
        text = brief.document.numbered
        # An answer that does not fit would come back shorter, with things left out.
        pieces = halves(document, parts[number]) if len(text) > LEAST_CHARACTERS else ()
        seat = reading.seat
        if len(pieces) > 1:
            seat = replace(seat, model=_Whole(seat.model))
        try:
            done = await work(_sized(PLAN, len(text)), brief, desk=bare_desk(), seat=seat)
        except _CutOffError as cut:
            reading.usage += cut.usage
            parts[number : number + 1] = pieces
        else:
            reading.take(done.answer, done.work.usage)
            number += 1
    if not reading.plan.get("entities"):
        return reading.nothing(budget)
    await reading.settle()
    return reading.drafted(budget)


async def revise_plan(
    document: Prose,
    draft: Drafted,
    *,
    seat: Seat,
    budget: Budget,
    answers: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
) -> Drafted:
    """Have the Lead change the draft to what a person answered, by question id, and remarked.

    Asks nothing when every answer is what was assumed anyway. Raises `InputError` for an answer
    to no question or with none of its options.
    """
    given = dict(answers or {})
    _check_answers(draft.questions, given)
    news = [q for q in draft.questions if given.get(q.id, q.assumption) != q.assumption]
    left = tuple(q for q in draft.questions if q.id not in given)
    agreed = tuple(
        Assumption(pointer=q.pointers[0], text=f"{q.text} {q.assumption}")
        for q in draft.questions
        if given.get(q.id) == q.assumption
    )
    if not news and not remarks:
        return replace(draft, questions=left, assumptions=(*draft.assumptions, *agreed))
    before = marked(draft.plan, draft.provenance)
    brief = ReviseBrief(
        passages=_passages_of(document, draft),
        lines=len(document.lines),
        plan_schema=plan_schema(),
        draft=before,
        answered=tuple(Answered(question=q.text, answer=given[q.id]) for q in news),
        remarks=tuple(remarks),
    )
    seat = _budgeted(seat, budget)
    job = _sized(REVISE, len(json.dumps(before)))
    done = await work(job, brief, desk=bare_desk(), seat=seat)
    answer = done.answer
    reading = Reading(document=document, seat=seat, plan=revised(answer, before))
    reading.usage = draft.usage + done.work.usage
    reading.carry(draft, left, agreed, changed=changed_by(answer))
    reading.note(answer)
    return reading.drafted(budget, earlier=draft.notices)


def _check_answers(questions: Sequence[Question], answers: Mapping[str, str]) -> None:
    known = {question.id: question for question in questions}
    problems: list[Problem] = []
    for id_, answer in answers.items():
        question = known.get(id_)
        if question is None:
            problems.append(
                Problem(
                    code="answer-unknown",
                    message=f"There is no question {id_[:80]!r}.",
                    fix=did_you_mean(id_, known) if known else "Nothing is asked.",
                )
            )
        elif not answer.strip() or (question.options and answer not in question.options):
            problems.append(
                Problem(
                    code="answer-option",
                    message=f"{answer[:80]!r} is no answer to the question {id_}.",
                    fix=f"Answer one of: {' | '.join(question.options)}."
                    if question.options
                    else "Write a sentence.",
                )
            )
    if problems:
        raise InputError(problems)


def _passages_of(document: Prose, draft: Drafted) -> tuple[Passage, ...]:
    """All of a document that can be shown at once, else what questions and entities cite."""
    asked = [pointer for question in draft.questions for pointer in question.pointers]
    cited = [
        (source.first, source.last)
        for pointer in [*asked, *draft.provenance]
        for source in draft.provenance.get(pointer, ())
    ]
    return whole(document) or passages_at(document, cited)


class _CutOffError(Exception):
    """There was no room for the whole answer."""

    def __init__(self, usage: Usage) -> None:
        """`usage` is that of the whole talk."""
        super().__init__()
        self.usage = usage


class _Whole:
    """Wraps any `Model`: an answer that does not fit ends the talk."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._usage = Usage()

    async def complete(
        self, request: ModelRequest, *, on_delta: OnDelta | None = None
    ) -> ModelResponse:
        response = await self._model.complete(request, on_delta=on_delta)
        self._usage += response.usage + response.lost
        if response.stop_reason in ("max_tokens", "model_context_window_exceeded"):
            raise _CutOffError(self._usage)
        return response


def _budgeted(seat: Seat, budget: Budget) -> Seat:
    return replace(seat, model=BudgetedModel(seat.model, budget))


def _sized(job: Job[BriefT, PlanDraft], characters: int) -> Job[BriefT, PlanDraft]:
    """With no more room for the answer than it can need: all of it is set aside in the budget."""
    return replace(
        job, max_tokens=min(job.max_tokens, ANSWER_TOKENS + -(-characters // STEP) * STEP)
    )
