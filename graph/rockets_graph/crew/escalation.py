"""What the Lead is asked when the team is stuck: why, and what a person should do."""

from rockets_agents.errors import AgentError
from rockets_agents.lead import ESCALATE, EscalationBrief
from rockets_agents.model import ModelError
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_said
from rockets_graph.crew.briefs import MOST_FINDINGS
from rockets_graph.crew.tries import history
from rockets_graph.gates import shown
from rockets_graph.state import RunState


def escalate(context: Context, state: RunState) -> None:
    """Have the Lead say what it makes of the gate; without an answer the findings stand alone."""
    crew, gate = context.team(), state.failed_gate or ""
    if crew.lost is not None:
        return
    rounds = tuple(state.settled)
    brief = EscalationBrief(
        gate=gate,
        tries=len(state.attempts) or state.fix_rounds,
        findings=tuple(map(as_said, state.findings[:MOST_FINDINGS])),
        history=history(state.attempts) or rounds,
    )
    task = f"escalate:{gate}"
    sender = "tester" if state.attempts else "reviewer"
    said = "\n".join(map(shown, state.findings[:MOST_FINDINGS]))
    crew.mailbox.tell(sender, "lead", "escalation", task=task, text=said)
    try:
        answer = crew.ask(ESCALATE, brief, task=task, node="lead_report").answer
    except (AgentError, ModelError) as error:
        context.leave_open("the Lead's verdict", error)
        return
    context.ledger.state.verdict = answer.model_dump(mode="json")
