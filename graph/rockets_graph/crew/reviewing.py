"""What the Reviewer is asked: to read a wave for what the mechanical rules cannot see."""

from rockets_agents.errors import AgentError
from rockets_agents.model import ModelUnreachableError
from rockets_agents.reviewer import REVIEW, ReviewBrief
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_finding
from rockets_graph.crew.briefs import access_of, in_parts, reviewed
from rockets_graph.gates import from_problems
from rockets_graph.modules import kebabs, read_in_review, subjects
from rockets_graph.state import Finding, RunState


def review(context: Context, state: RunState) -> tuple[list[Finding], bool]:
    """What the model finds, and whether it came to an answer: if not, the findings say so, and the
    Generator can do nothing about it. Without a model the review stays an open task."""
    crew, answered = context.team(), True
    if crew.lost is not None:
        _leave_unread(context, state, crew.lost)
        return [], True
    files = reviewed(context.files, read_in_review(context, state))
    entities = tuple(access_of(context.plan.entities[name]) for name in subjects(context, state))
    found: list[Finding] = []
    with context.step("review", state.wave) as step:
        for number, part in enumerate(in_parts(files), start=1):
            brief = ReviewBrief(
                wave=state.wave + 1, entities=entities, files=part, settled=tuple(state.settled)
            )
            task = f"review:wave-{state.wave + 1}:part-{number}"
            try:
                report = crew.ask(REVIEW, brief, task=task, node="reviewer").answer
            except ModelUnreachableError as error:
                _leave_unread(context, state, error)
                break
            except AgentError as error:
                found, answered = from_problems(error), False
                break
            found += [as_finding(finding.as_finding()) for finding in report.findings]
        step.passed = not any(finding["severity"] != "warning" for finding in found)
        step.detail = f"{len(found)} findings" if found else f"{len(files)} files"
    return found, answered


def _leave_unread(context: Context, state: RunState, error: ModelUnreachableError) -> None:
    """The wave goes on by script; a resumed team reads it."""
    what = ", ".join(state.modules) if state.modules else f"wave {state.wave + 1}"
    context.leave_open(f"the review of {what}", error)
    ledger = context.ledger
    ledger.state.unreviewed = sorted({*ledger.state.unreviewed, *kebabs(context, state)})
