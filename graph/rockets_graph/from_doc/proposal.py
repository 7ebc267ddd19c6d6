"""The plan that a person is asked about: checked, merged with what the project has, traced."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rockets_graph.from_doc.document import Draft, Question, uncited_duties
from rockets_graph.from_doc.merge import Merged, merge, undone_edits
from rockets_graph.from_doc.place import Place, clashes
from rockets_tools.documents.obligations import Obligation
from rockets_tools.documents.provenance import (
    Assumption,
    DocumentRecord,
    Part,
    Provenance,
    carried,
    from_project,
    sourced,
)
from rockets_tools.errors import InputError, Problem
from rockets_tools.plan import CheckedPlan, Plan, read_plan
from rockets_tools.plan.document import parse

REPLACE = "replace-"
"""Id of the question whether the document's version of an entity takes the place of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A valid plan and all that is known about it."""

    text: str
    """The plan as it will be in force, byte for byte."""
    value: JsonValue
    checked: CheckedPlan
    parts: tuple[Part, ...]
    merged: Merged
    draft: Draft
    place: Place
    questions: tuple[Question, ...]
    is_edited: bool = False
    """A person changed its text."""

    @property
    def plan(self) -> Plan:
        return self.checked.plan

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What holds when it is approved as it is, open questions included."""
        taken = (
            Assumption(pointer=question.pointer, text=f"{question.text} {question.assumed}")
            for question in self.questions
            if question.pointer is not None
        )
        return (*self.draft.assumptions, *taken)

    @property
    def uncited(self) -> list[Obligation]:
        return uncited_duties(self.draft, self.parts)

    @property
    def undone(self) -> tuple[str, ...]:
        """A person's edits of the plan in force that this plan does without."""
        return undone_edits(self.value, self.place)

    def provenance(self) -> Provenance:
        """What will be written beside the plan."""
        document = self.draft.document.record(self.place.project)
        used = {lines.file for part in self.parts for lines in part.sources}
        known = self.place.provenance.documents if self.place.provenance else ()
        others: list[DocumentRecord] = [
            record for record in known if record.file in used and record.file != document.file
        ]
        return Provenance(
            plan_hash=self.plan.hash,
            documents=(document, *others),
            parts=self.parts,
            assumptions=self.assumptions,
        )


def propose(draft: Draft, place: Place, answers: Mapping[str, str]) -> Proposal:
    """The plan for a project; raises `InputError` with everything that is wrong with it."""
    file = from_project(draft.document.path, place.project)
    keep = {
        question.removeprefix(REPLACE)
        for question, answer in answers.items()
        if question.startswith(REPLACE) and not _is_yes(question, answer)
    }
    parts = sourced(draft.plan, draft.sources, file, grants=draft.document.is_prose)
    merged = merge(draft.plan, parts, place, file, keep=keep)
    text = plan_text(merged.plan)
    return _checked(
        Proposal(
            text=text,
            value=merged.plan,
            checked=read_plan(text, file=draft.document.shown),
            parts=merged.parts,
            merged=merged,
            draft=draft,
            place=place,
            questions=(*draft.questions, *_replacements(merged, draft)),
        )
    )


def edited(proposal: Proposal, text: str) -> Proposal:
    """The same after a person changed the plan's text; raises `InputError` for a bad one."""
    value = parse(text, file="the edited plan")
    return _checked(
        Proposal(
            text=text,
            value=value,
            checked=read_plan(text, file="the edited plan"),
            parts=carried(value, proposal.value, proposal.parts, new="person"),
            merged=proposal.merged,
            draft=proposal.draft,
            place=proposal.place,
            questions=proposal.questions,
            is_edited=True,
        )
    )


def plan_text(plan: JsonValue) -> str:
    """A plan as it is kept in a file."""
    return json.dumps(plan, ensure_ascii=False, indent=2) + "\n"


def require_known(answers: Mapping[str, str], questions: Sequence[Question], file: str) -> None:
    """Raise `InputError` for every answer to something nobody asked."""
    known = [question.id for question in questions]
    problems = [
        Problem(
            code="answer-unknown",
            message=f"There is no question {name!r}.",
            fix=f"The questions are: {', '.join(known)}."
            if known
            else "Leave the answer out: this plan has no questions.",
            file=file,
        )
        for name in answers
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _checked(proposal: Proposal) -> Proposal:
    tables = {name: entity.table for name, entity in proposal.plan.entities.items()}
    problems = clashes(proposal.place, tables)
    if problems:
        raise InputError(problems)
    return proposal


def _is_yes(question: str, answer: str) -> bool:
    """Raises `InputError` for anything but yes and no: what is not understood replaces nothing."""
    match answer.strip().lower():
        case "yes" | "y" | "true":
            return True
        case "no" | "n" | "false":
            return False
        case _:
            raise InputError(
                Problem(
                    code="answer-option",
                    message=f"{answer[:80]!r} is no answer to the question {question}.",
                    fix="Answer yes or no.",
                )
            )


def _replacements(merged: Merged, draft: Draft) -> list[Question]:
    return [
        Question(
            id=f"{REPLACE}{name}",
            text=f"{name} is in the project's plan already and does not come from "
            f"{draft.document.shown}. Shall the document's version take its place?",
            assumed="yes",
            options=("yes", "no"),
        )
        for name in merged.taken_over
    ]
