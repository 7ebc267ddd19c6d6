"""What is wrong with an answer of a planning job: everything at once, by names its author knows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from pydantic import JsonValue

from rockets_agents.planning.merging import (
    Merged,
    Object,
    at,
    find,
    merge,
    pointers,
    put,
    replaced,
    steps,
    without,
)
from rockets_agents.planning.said import (
    Passage,
    Plan,
    PlanBrief,
    PlanDraft,
    ReviseBrief,
    SettleBrief,
    Settlement,
    Variants,
)
from rockets_agents.planning.sources import source_problems, span_problems
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import read_plan
from rockets_tools.plan.problems import quoted, unsafe_character

NOT_YOURS = ("paths", "sdkVersion")
"""Keys of a plan that are about the project and not about the document."""
_ANY: JsonValue = [{"entityName": "Placeholder"}]
"""For a plan that has modules only, so far."""


def planned(draft: PlanDraft, so_far: Plan) -> Merged:
    """What is planned with this part of the document read."""
    left, _ = without(so_far, draft.removed)
    return merge(left, draft.plan)


def revised(draft: PlanDraft, before: Plan) -> Object:
    """The draft as changed: entities and modules in the answer replace those of their name."""
    left, _ = without(before, draft.removed)
    return replaced(left, draft.plan)


def settled(settlement: Settlement, plan: Plan, clashes: Sequence[Variants]) -> Object:
    """The plan with the second variant where that was chosen."""
    result = deepcopy(plan)
    second = {choice.number for choice in settlement.choices if choice.take == "second"}
    for clash in clashes:
        if clash.number in second:
            put(result, clash.about, clash.second)
    return result


def check_plan(draft: PlanDraft, brief: PlanBrief, _: ProjectFiles) -> Iterator[str]:
    """Of a reading of the document or of a part of it."""
    if draft.refusal is not None:
        if draft.plan.get("entities") or draft.plan.get("nonCrud"):
            yield "The answer has a refusal and a plan. Give one of them; the other is null or {}."
        return
    result = planned(draft, brief.so_far).plan
    if result.get("entities", []) == result.get("nonCrud", []) == []:
        if brief.parts == 1:
            yield "The plan has no entities. Plan some, or say in `refusal` why there are none."
        return
    yield from _problems(draft, result, brief.so_far, (brief.document,))


def check_revision(draft: PlanDraft, brief: ReviseBrief, _: ProjectFiles) -> Iterator[str]:
    """Of a draft that a person has spoken to."""
    if draft.refusal is not None:
        yield "There is a draft already; change what was asked for and leave `refusal` null."
        return
    result = revised(draft, brief.draft)
    if result.get("entities") == []:
        yield "No entity would be left; keep those that nobody asked to remove."
    whole = Passage(name="", first=1, last=brief.lines, numbered="")
    yield from _problems(draft, result, brief.draft, (whole,))


def check_settlement(answer: Settlement, brief: SettleBrief, _: ProjectFiles) -> Iterator[str]:
    """Each clash once; whether the choices go together is seen when they are made."""
    wanted = [clash.number for clash in brief.clashes]
    if sorted(choice.number for choice in answer.choices) != wanted:
        yield f"There must be exactly one choice for each of the numbers {wanted}."
        return
    yield from _plan_problems(settled(answer, brief.plan, brief.clashes))


def _problems(
    draft: PlanDraft, result: Object, before: Plan, passages: Sequence[Passage]
) -> Iterator[str]:
    for key in NOT_YOURS:
        if key in draft.plan:
            yield f"`{key}` is about the project, not about the document: leave it out."
    for address in without(before, draft.removed)[1]:
        yield f"`removed` names {quoted(address)}, which is no part of the plan so far."
    found = tuple(_plan_problems(result))
    yield from found
    yield from source_problems(draft.plan, passages)
    yield from _texts(draft)
    for noticed in draft.noticed:
        yield from span_problems(noticed.lines, "`lines` of what you noticed", passages)
    if not found:
        yield from _addresses(draft, result)


def _plan_problems(plan: Object) -> Iterator[str]:
    """Everything `read_plan` says; that there are no entities yet is fine."""
    nothing_yet = plan.get("entities", []) == []
    try:
        read_plan(json.dumps({**plan, "entities": _ANY} if nothing_yet else plan))
    except InputError as error:
        for problem in error.problems:
            yield f"{_place(plan, problem.pointer or '')}: {problem.message} {problem.fix}"


def _place(plan: Object, pointer: str) -> str:
    """`/entities/3/fields/1/type` as `Order.total/type`: places move when plans are merged."""
    path = steps(pointer)
    if len(path) < 2 or path[0] not in ("entities", "nonCrud"):
        return pointer or "the plan"
    item = at(plan, path[:2])
    said = _called(item, ("entityName", "name"), f"{path[0]}[{path[1]}]")
    rest = path[2:]
    if len(rest) > 1 and rest[0] in ("fields", "relations"):
        member = at(plan, path[:4])
        said += f".{_called(member, ('name', 'targetEntity'), f'{rest[0]}[{rest[1]}]')}"
        rest = rest[2:]
    elif len(rest) > 1 and rest[0] == "acl":
        said += f"@{rest[1]}"
        rest = rest[2:]
    return "/".join([said, *rest])


def _called(item: JsonValue, keys: Iterable[str], otherwise: str) -> str:
    if isinstance(item, dict):
        for key in keys:
            name = item.get(key)
            if isinstance(name, str) and name:
                return name[:80]
    return otherwise


def _texts(draft: PlanDraft) -> Iterator[str]:
    """What a person will read holds nothing that hides."""
    said = [a.text for a in draft.assumptions] + [n.text for n in draft.noticed]
    for question in draft.questions:
        said += [question.text, question.assumption, *question.options]
        if question.options and question.assumption not in question.options:
            yield f"The assumption of question {question.id} is none of its options."
    for text in said:
        character = unsafe_character(text)
        if character is not None:
            yield f"{quoted(text)} has the character {character}; write without it."
    ids = [question.id for question in draft.questions]
    for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield f"Two questions have the id {twice}."


def _addresses(draft: PlanDraft, result: Object) -> Iterator[str]:
    known = pointers(result)
    told = [a.about for a in draft.assumptions] + [a for q in draft.questions for a in q.about]
    for address in dict.fromkeys(told):
        if find(known, address) is None:
            yield (
                f"{quoted(address)} names no part of the plan. Write `Order`, `Order.total`, "
                "`Order@user`, or the name of a module."
            )
