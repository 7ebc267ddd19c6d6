"""What the Lead is asked before modules with behaviour are written: one task for each."""

from rockets_agents.lead import BREAKDOWN, BreakdownBrief
from rockets_graph.context import Context
from rockets_graph.crew.briefs import module_spec, usable_entities
from rockets_graph.ledger import ModuleRecord
from rockets_graph.module_records import spec_of
from rockets_graph.modules import read_task
from rockets_tools.plan.model import NonCrud


def cut(context: Context, left: list[NonCrud]) -> None:
    """Have the Lead make a task of each module that has none for what the plan says now."""
    records = context.ledger.state.modules
    new = [
        module
        for module in left
        if (record := records.get(module.kebab)) is None
        or record.spec != spec_of(module)
        or read_task(record.task) is None
    ]
    if not new:
        return
    brief = BreakdownBrief(
        entities=usable_entities(context.plan), modules=tuple(map(module_spec, new))
    )
    answer = context.team().ask(BREAKDOWN, brief, task="breakdown", node="noncrud").answer
    by_name = {task.module: task for task in answer.tasks}
    for module in new:
        before = records.get(module.kebab)
        records[module.kebab] = ModuleRecord(
            spec=spec_of(module),
            task=by_name[module.name].model_dump(mode="json"),
            files=before.files if before else {},
        )
    context.ledger.save()
