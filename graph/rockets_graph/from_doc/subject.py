"""A proposal as the subject of the approval page."""

from pydantic import JsonValue

from rockets_graph.approval.content import Subject
from rockets_graph.cli.summary import dollars
from rockets_graph.from_doc.document import Question
from rockets_graph.from_doc.make import EDITED_PLAN
from rockets_graph.from_doc.proposal import Proposal
from rockets_graph.options import Options
from rockets_graph.report import Report
from rockets_tools.errors import Problem
from rockets_tools.plan.model import SDK_ENTITIES


def subject_of(proposal: Proposal, planned: Report, options: Options) -> Subject:
    """Everything the page tells."""
    return Subject(
        plan=proposal.plan,
        document=proposal.draft.document.shown,
        facts=(
            ("project", _project(proposal, options)),
            *_mode(proposal, planned),
            ("plan's hash", proposal.plan.hash),
        ),
        parts=proposal.parts,
        asked=tuple(_asked(question) for question in proposal.questions),
        assumptions=proposal.draft.assumptions,
        project=tuple(_differences(proposal)),
        notices=proposal.draft.notices,
        warnings=(*proposal.checked.warnings, *_adoption_warnings(proposal)),
        duties=tuple(proposal.uncited),
    )


def _mode(proposal: Proposal, planned: Report) -> list[tuple[str, str]]:
    """How it will run and what that costs; of the Lead's reading, what it has cost."""
    rows = [("mode", "sequential: no model, no tokens")]
    if planned.mode == "team":
        rows = [("mode", "team"), ("likely cost", _cost(planned))]
    drafted = proposal.draft.drafted
    if drafted is not None:
        rows.append(("planning took", f"{drafted.usage.total_tokens:,} tokens"))
    return rows


def _cost(planned: Report) -> str:
    """`$0.020 to $0.10 for 20,000 to 90,000 tokens, when nothing has to be fixed`."""
    estimate = planned.estimate or {}
    tokens, cost = (_ends(estimate.get(key)) for key in ("tokens", "cost"))
    price = "price not known" if cost is None else f"{dollars(cost[0])} to {dollars(cost[1])}"
    spent = "" if tokens is None else f" for {tokens[0]:,.0f} to {tokens[1]:,.0f} tokens"
    return f"{price}{spent}, when nothing has to be fixed"


def _ends(value: JsonValue) -> tuple[float, float] | None:
    match value:
        case {"low": int() | float() as low, "high": int() | float() as high}:
            return low, high
        case _:
            return None


def _project(proposal: Proposal, options: Options) -> str:
    place = proposal.place
    if place.is_new:
        return f"{options.project}, to be made"
    return f"{options.project}, on {place.target}"


def _adoption_warnings(proposal: Proposal) -> tuple[Problem, ...]:
    adoption = proposal.place.adoption
    return adoption.warnings if adoption else ()


def _own(proposal: Proposal) -> list[str]:
    return [own.name for own in proposal.place.by_hand if own.name not in SDK_ENTITIES]


def _differences(proposal: Proposal) -> list[str]:
    """What happens to what the project has."""
    place, merged, adoption = proposal.place, proposal.merged, proposal.place.adoption
    if place.is_new:
        return []
    new_roles = sorted(set(proposal.plan.roles) - set(place.roles))
    lines = [
        ("its roles", place.roles),
        ("new roles", new_roles),
        ("stay as they are, for the document says nothing about them", merged.kept),
        ("changed", merged.changed),
        (
            f"edited at approval, now without it; the plan with it stays ({EDITED_PLAN})",
            proposal.undone,
        ),
        ("left the document; their files stay, see the report", merged.left),
        ("files it lacks and gets", adoption.written if adoption else ()),
        ("files of it that something is added to", adoption.wired if adoption else ()),
        ("written by hand, not touched", _own(proposal)),
    ]
    return [f"{label}: {', '.join(names)}" for label, names in lines if names]


def _asked(question: Question) -> str:
    options = f" [{' / '.join(question.options)}]" if question.options else ""
    return f"{question.id}: {question.text}{options} Assumed: {question.assumed}"
