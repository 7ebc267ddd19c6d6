"""What the Reviewer is asked: to read a wave for what the mechanical rules cannot see."""

from rockets_agents.errors import AgentError
from rockets_agents.model import ModelUnreachableError
from rockets_agents.reviewer import REVIEW, ReviewBrief
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_finding
from rockets_graph.crew.briefs import access_of, in_parts, reviewed
from rockets_graph.gates import from_problems
from rockets_graph.modules import read_in_review, subjects
from rockets_graph.state import Finding, RunState


def review(context: Context, state: RunState) -> list[Finding]:
    """What the model finds; without a model the review stays an open task."""
    crew = context.team()
    if crew.lost is not None:
        _leave_unread(context, state, crew.lost)
        return []
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
                found += from_problems(error)
                break
            found += [as_finding(finding.as_finding()) for finding in report.findings]
        step.passed = not any(finding["severity"] != "warning" for finding in found)
        step.detail = f"{len(found)} findings" if found else f"{len(files)} files"
    return found


def _leave_unread(context: Context, state: RunState, error: ModelUnreachableError) -> None:
    """The wave goes on by script; a resumed team reads it."""
    context.leave_open(f"the review of wave {state.wave + 1}", error)
    if not state.modules:
        names = map(context.kebab, context.todo[state.wave])
        ledger = context.ledger
        ledger.state.unreviewed = sorted({*ledger.state.unreviewed, *names})
