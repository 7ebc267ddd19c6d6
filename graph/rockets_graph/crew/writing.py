"""What the Generator is asked: to mend findings, to write a module with behaviour."""

from collections.abc import Generator
from contextlib import contextmanager

from rockets_agents.errors import AgentError
from rockets_agents.generator import (
    FIX,
    WRITE_MODULE,
    FixBrief,
    FixSummary,
    ModuleBrief,
    ModuleInWork,
    ModuleWritten,
    check_module,
)
from rockets_agents.model import ModelUnreachableError
from rockets_graph.context import Context
from rockets_graph.crew.bench import as_said
from rockets_graph.crew.briefs import module_spec, usable_entities
from rockets_graph.crew.snapshot import put_back, texts_of
from rockets_graph.crew.tasks import module_task
from rockets_graph.gates import from_problems, shown
from rockets_graph.ledger import ModuleRecord
from rockets_graph.module_records import digests, module_files, status_of
from rockets_graph.modules import answer_of, task_of
from rockets_graph.state import FIX_ROUNDS, Assignment, ModuleResult
from rockets_tools.plan.model import NonCrud
from rockets_tools.plan.names import kebab


def fix(context: Context, assignment: Assignment) -> tuple[list[str], dict[str, ModuleResult]]:
    """Have the findings mended: what became of each in this wave, for the next review, and what
    is said anew of modules in work, by name."""
    files = tuple(assignment["files"])
    before = texts_of(context.files, files)
    try:
        answers, restated = _fix(context, assignment, files)
        return [*assignment["settled"], *answers], restated
    finally:
        # However it ended: what it wrote until then is there.
        now = texts_of(context.files, files)
        context.note_edits(p for p in before.keys() | now.keys() if before.get(p) != now.get(p))


def _fix(
    context: Context, assignment: Assignment, files: tuple[str, ...]
) -> tuple[list[str], dict[str, ModuleResult]]:
    crew, findings = context.team(), assignment["findings"]
    task = f"fix:wave-{assignment['wave'] + 1}:round-{assignment['round']}"
    brief = FixBrief(
        round=assignment["round"],
        rounds=FIX_ROUNDS,
        files=files,
        requests=tuple(map(as_said, findings)),
        modules=_in_work(context, assignment["modules"]),
    )
    try:
        done = crew.ask(FIX, brief, task=task, node="generator", writable=files)
    except (AgentError, ModelUnreachableError) as error:
        # The gates look again; a round without an answer is used up like any other.
        why = error.problems[0].message
        crew.mailbox.tell("generator", "lead", "failure", task=task, text=why)
        return [f"{shown(finding)} -> not answered" for finding in findings], {}
    answers = [
        f"{shown(findings[fix.request])} -> {'done' if fix.done else 'not done'}: {fix.what}"
        for fix in done.answer.fixes
    ]
    crew.mailbox.tell("generator", "reviewer", "answer", task=task, text="\n".join(answers))
    return answers, _restated(context, done.answer, brief.modules)


def _in_work(context: Context, names: list[str]) -> tuple[ModuleInWork, ...]:
    """What the Generator has said of these modules."""
    records = context.ledger.state.modules
    return tuple(
        ModuleInWork(module=module.name, task=task_of(context, module), written=written)
        for module in context.plan.non_crud
        if module.name in names
        and (written := answer_of(records[module.kebab].written)) is not None
    )


def _restated(
    context: Context, answer: FixSummary, modules: tuple[ModuleInWork, ...]
) -> dict[str, ModuleResult]:
    """What `integrate` is told next; remembered, so that a resumed run is told the same."""
    found: dict[str, ModuleResult] = {}
    for module in modules:
        if (new := answer.restated(module)) is not None:
            written = new.model_dump(mode="json")
            context.ledger.state.modules[kebab(module.module)].written = written
            found[module.module] = ModuleResult(written=written, findings=[])
    if found:
        context.ledger.save()
    return found


def write_module(context: Context, name: str) -> ModuleResult:
    """Have one module written, unless it was before and only has to be looked at."""
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
    record = context.ledger.state.modules[module.kebab]
    answer = _kept(context, module, brief)
    if answer is None:
        try:
            with _whole_or_nothing(context, record, files):
                done = crew.ask(WRITE_MODULE, brief, task=task, node="generator", writable=files)
        except AgentError as error:
            return ModuleResult(written=None, findings=from_problems(error))
        except ModelUnreachableError as error:
            context.leave_open(f"the module {name}", error)
            return ModuleResult(written=None, findings=[])
        answer = done.answer
        crew.mailbox.tell("generator", "reviewer", "module", task=task, text=answer.summary)
    written = answer.model_dump(mode="json")
    record.written, record.files = written, digests(module, context.files)
    record.begun = record.proven = False
    context.ledger.save()
    return ModuleResult(written=written, findings=[])


def _kept(context: Context, module: NonCrud, brief: ModuleBrief) -> ModuleWritten | None:
    """What the Generator said of a module that is there already; None when it has to be written."""
    records = context.ledger.state.modules
    if status_of(module, records, context.files) == "missing":
        return None
    answer = answer_of(records[module.kebab].written)
    if answer is None:
        return None
    # A person may have added a file to it, or taken one away.
    kept = answer.model_copy(update={"files": tuple(digests(module, context.files))})
    return None if any(check_module(kept, brief, context.files)) else kept


@contextmanager
def _whole_or_nothing(
    context: Context, record: ModuleRecord, places: tuple[str, ...]
) -> Generator[None]:
    """Half a module would only keep the rest from compiling."""
    before, answered = texts_of(context.files, places), False
    record.begun = True
    context.ledger.save()
    try:
        yield
        answered = True
    finally:
        if not answered:
            undone = put_back(context.files, before, texts_of(context.files, places))
            context.tell_undone("half a module", undone)
            record.begun = False
