"""What the Tester makes of a red gate and of the Builder's tries."""

from pydantic import JsonValue

from rockets_agents.errors import AgentError
from rockets_agents.model import ModelUnreachableError
from rockets_agents.tester import DIAGNOSE, DiagnosisBrief
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_said
from rockets_graph.crew.briefs import MOST_FINDINGS, tested_modules, tried
from rockets_graph.gates import from_problems, look_at_last, shown
from rockets_graph.ledger import GateRecord, Gates
from rockets_graph.state import Attempt, Finding, Gate, Standing
from rockets_tools.errors import GateError, InputError

ORDER: tuple[Gate, ...] = ("migrate", "build", "smoke", "test")
"""Of the last gates; one that is red later is nearer to green."""


def standing(context: Context, gate: Gate | None, findings: list[Finding]) -> Standing:
    """How things stand; the rules are only looked at where a Builder could break them."""
    looks = gate is not None and context.crew is not None
    return Standing(gate=gate, findings=findings, breaches=len(_breaches(context)) if looks else 0)


def judge(context: Context, before: Standing, attempt: Attempt) -> tuple[Standing, Attempt]:
    """Look again after a try; undo it when it made things worse."""
    gates = context.ledger.state.gates
    # Whatever the Builder touched, nothing that was proven before is proven any longer.
    context.ledger.state.gates = Gates()
    breaches = _breaches(context)
    if len(breaches) > before["breaches"]:
        after = Standing(gate=before["gate"], findings=breaches, breaches=len(breaches))
    else:
        gate, findings = look_at_last(context)
        after = Standing(gate=gate, findings=findings, breaches=len(breaches))
    judged = attempt.copy()
    judged["remaining"] = after["findings"][:MOST_FINDINGS]
    if _score(after) > _score(before):
        context.tell_undone("the Builder's try", context.snapshots.restore("tried"))
        context.ledger.state.gates = gates
        context.ledger.state.findings = before["findings"]
        judged["outcome"] = "rolled back"
        after = before
    else:
        judged["outcome"] = "better" if _score(after) < _score(before) else "no better"
    context.snapshots.discard("tried")
    return after, judged


def diagnose(
    context: Context, now: Standing, attempts: list[Attempt]
) -> list[dict[str, JsonValue]] | None:
    """What the Builder is asked to change; None when it is not worth a try."""
    crew, gate = context.team(), now["gate"] or "build"
    if crew.lost is not None:
        return None
    brief = DiagnosisBrief(
        gate=gate,
        failures=tuple(map(as_said, now["findings"][:MOST_FINDINGS])),
        output=context.tail(gate),
        modules=tested_modules(context.plan, gate),
        tried=tried(attempts),
    )
    task = f"diagnose:{gate}:{len(attempts) + 1}"
    try:
        answer = crew.ask(DIAGNOSE, brief, task=task, node="tester").answer
    except ModelUnreachableError as error:
        context.leave_open(f"mending the {gate} gate", error)
        return None
    except AgentError:
        return []  # the Builder sees the failures themselves
    if not answer.fixable:
        crew.mailbox.tell("tester", "lead", "failure", task=task, text=answer.cause)
        return None
    said = [f"{r.file}: {r.problem} {r.fix}" for r in answer.requests]
    crew.mailbox.tell(
        "tester", "builder", "fix-request", task=task, text="\n".join([answer.cause, *said])
    )
    return [request.model_dump(mode="json") for request in answer.requests]


def give_up(context: Context) -> None:
    """Leave the sources as they were before the Builder."""
    context.tell_undone("the Builder's work", context.snapshots.restore("before"))
    context.snapshots.discard("before", "try", "tried")
    gates = context.ledger.state.gates
    for name in ("migrate", "build", "smoke", "test"):
        if getattr(gates, name).status == "green":
            # It was green over what the Builder had written.
            setattr(gates, name, GateRecord())
    context.ledger.save()


def _breaches(context: Context) -> list[Finding]:
    """Errors of rules and structure in the whole project."""
    try:
        checked = context.tools.validate(context.plan, None, migrations=False)
    except (GateError, InputError) as error:
        return from_problems(error)
    return [finding for finding in checked.findings if finding["severity"] != "warning"]


def _score(standing: Standing) -> tuple[int, int, int]:
    """Less is better: fewer broken rules, a later red gate, fewer errors in it."""
    gate = standing["gate"]
    distance = 0 if gate is None else len(ORDER) - ORDER.index(gate)
    return standing["breaches"], distance, len(standing["findings"]) if gate else 0


def history(attempts: list[Attempt]) -> tuple[str, ...]:
    """One line per try."""
    lines: list[str] = []
    for attempt in attempts:
        first = shown(attempt["remaining"][0]) if attempt["remaining"] else "nothing left"
        lines.append(
            f"try {attempt['number']} ({attempt['outcome']}): {attempt['summary']} "
            f"Files: {', '.join(attempt['files']) or 'none'}. Then: {first}"
        )
    return tuple(lines)
