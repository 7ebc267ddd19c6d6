"""Handing what a gate found to the Generator, without a way through the Lead."""

from typing import Literal

from langgraph.types import Send

from rockets_graph.context import Context
from rockets_graph.crew.briefs import MOST_FINDINGS
from rockets_graph.gates import shown
from rockets_graph.modules import files_of_wave, in_work
from rockets_graph.state import Assignment, Finding, RunState


def to_generator(
    context: Context,
    state: RunState,
    sender: Literal["validate", "reviewer"],
    findings: list[Finding],
) -> Send:
    """Open the next fix round of this wave; its number goes into the state, too."""
    number = state.fix_rounds + 1
    blocking = [finding for finding in findings if finding["severity"] != "warning"]
    # Of hundreds most have the same cause; the others come in the next round.
    blocking = blocking[:MOST_FINDINGS]
    context.team().mailbox.tell(
        sender,
        "generator",
        "finding",
        task=f"fix:wave-{state.wave + 1}:round-{number}",
        text="\n".join(map(shown, blocking)),
    )
    assignment = Assignment(
        wave=state.wave,
        round=number,
        findings=blocking,
        files=list(files_of_wave(context, state)),
        settled=list(state.settled),
        module=None,
        modules=[module.name for module in in_work(context, state)],
    )
    return Send("generator", assignment)
