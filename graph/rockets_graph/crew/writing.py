"""What the Generator is asked: to mend findings, to write a module with behaviour."""

from rockets_agents.errors import AgentError
from rockets_agents.generator import FIX, WRITE_MODULE, FixBrief, ModuleBrief
from rockets_agents.model import ModelUnreachableError
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_said
from rockets_graph.crew.briefs import module_spec, usable_entities
from rockets_graph.crew.tasks import module_task
from rockets_graph.gates import from_problems, shown
from rockets_graph.modules import module_files, task_of
from rockets_graph.state import FIX_ROUNDS, Assignment, ModuleResult


def fix(context: Context, assignment: Assignment) -> list[str]:
    """Have the findings mended; what became of each, for the next review."""
    crew, findings = context.team(), assignment["findings"]
    files = tuple(assignment["files"])
    task = f"fix:wave-{assignment['wave'] + 1}:round-{assignment['round']}"
    brief = FixBrief(
        round=assignment["round"],
        rounds=FIX_ROUNDS,
        files=files,
        requests=tuple(map(as_said, findings)),
    )
    try:
        done = crew.ask(FIX, brief, task=task, node="generator", writable=files)
    except (AgentError, ModelUnreachableError) as error:
        # The gates look again; a round without an answer is used up like any other.
        why = error.problems[0].message
        crew.mailbox.tell("generator", "lead", "failure", task=task, text=why)
        return [f"{shown(finding)} -> not answered" for finding in findings]
    context.note_edits(done.work.changed_files)
    answers = [
        f"{shown(findings[fix.request])} -> {'done' if fix.done else 'not done'}: {fix.what}"
        for fix in done.answer.fixes
    ]
    crew.mailbox.tell("generator", "reviewer", "answer", task=task, text="\n".join(answers))
    return answers


def write_module(context: Context, name: str) -> ModuleResult:
    """Have one module written."""
    crew = context.team()
    module = next(module for module in context.plan.non_crud if module.name == name)
    files = module_files(module)
    task = module_task(module.kebab)
    assigned = task_of(context, module)
    brief = ModuleBrief(
        module=module_spec(module),
        task=assigned,
        entities=usable_entities(context.plan, assigned.uses),
        files=files,
    )
    try:
        done = crew.ask(WRITE_MODULE, brief, task=task, node="generator", writable=files)
    except (AgentError, ModelUnreachableError) as error:
        return ModuleResult(written=None, findings=from_problems(error))
    crew.mailbox.tell("generator", "reviewer", "module", task=task, text=done.answer.summary)
    return ModuleResult(written=done.answer.model_dump(mode="json"), findings=[])
