"""What the Builder is asked: to mend what does not compile or pass."""

from rockets_agents.builder import REPAIR, RepairBrief
from rockets_agents.errors import AgentError
from rockets_agents.findings import FixRequest
from rockets_agents.model import ModelUnreachableError
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_said
from rockets_graph.crew.briefs import MOST_FINDINGS, tested_modules, tried
from rockets_graph.module_records import specs_of
from rockets_graph.state import BUILDER_TRIES, Attempt, RunState


def repair(context: Context, state: RunState) -> Attempt:
    """One try; what it changed stays for the gates to judge, unless it came to no end."""
    crew, snapshots = context.team(), context.snapshots
    number = state.builder_tries + 1
    gate = state.failed_gate or "build"
    if number == 1:
        # Also over one that an earlier run left: what a person did since is not to be undone.
        snapshots.take("before")
    snapshots.take("try")
    brief = RepairBrief(
        attempt=number,
        attempts=BUILDER_TRIES,
        gate=gate,
        failures=tuple(map(as_said, state.findings[:MOST_FINDINGS])),
        output=context.tail(gate),
        requests=tuple(FixRequest.model_validate(request) for request in state.requests),
        modules=tested_modules(context.plan, gate),
        tried=tried(state.attempts),
    )
    task = f"repair:{gate}:try-{number}"
    attempt = Attempt(number=number, summary="", files=[], outcome="open", remaining=[])
    # A spec is the Generator's word, not the plan's: it may be what is wrong.
    specs = specs_of(context.plan, context.ledger.state.modules) if gate == "test" else []
    answered = False
    try:
        done = crew.ask(REPAIR, brief, task=task, node="builder", writable=("src/", *specs))
        answered = True
    except (AgentError, ModelUnreachableError) as error:
        attempt["summary"] = error.problems[0].message
        attempt["outcome"] = "rolled back"
    else:
        attempt["summary"] = done.answer.summary
        attempt["files"] = snapshots.changed("try")
        crew.mailbox.tell("builder", "tester", "answer", task=task, text=done.answer.summary)
    finally:
        # Also when the budget is spent or a person stops the run: no half a try is left behind.
        if not answered:
            snapshots.undo_unfinished(judged=True)
    if answered:
        snapshots.keep_try()
    return attempt
