"""The task list: what has to be done, by whom, and what has to be done before."""

from collections.abc import Iterable
from typing import Literal

from rockets_graph.ledger import Gates, StateFile, TaskRecord
from rockets_tools.plan.model import Plan


def task_list(plan: Plan) -> list[TaskRecord]:
    """One task per entity, in topological order, then the modules, then the last gates."""
    tasks: list[TaskRecord] = []
    known: set[str] = set()
    for wave in plan.waves:
        for name in wave:
            entity = plan.entities[name]
            targets = {
                plan.entities[relation.target].kebab
                for relation in entity.owning_relations
                if relation.target in plan.entities
            }
            before = sorted(targets & known - {entity.kebab})
            tasks.append(TaskRecord(id=entity.kebab, role="generator", blocked_by=before))
        known |= {plan.entities[name].kebab for name in wave}
    tasks += [
        TaskRecord(id=module_task(module.kebab), role="generator", blocked_by=sorted(known))
        for module in plan.non_crud
    ]
    before = [task.id for task in tasks]
    for gate in ("migrate", "build", "smoke", *(["test"] if plan.non_crud else [])):
        tasks.append(TaskRecord(id=gate, role="tester", blocked_by=before))
        before = [gate]
    return tasks


def module_task(kebab: str) -> str:
    """Id of the task that writes a module with behaviour."""
    return f"module:{kebab}"


def mark(state: StateFile, ids: Iterable[str], status: Literal["in_progress", "done"]) -> None:
    """Note how these tasks stand; ids that no task has are none of the list's business."""
    wanted = set(ids)
    for task in state.tasks:
        if task.id in wanted:
            task.status = status


def green(gates: Gates) -> list[str]:
    """Ids of the tasks that are gates, and green."""
    return [name for name, gate in gates if gate.status == "green"]


def carried_over(
    plan: Plan, earlier: Iterable[TaskRecord], done: Iterable[str]
) -> list[TaskRecord]:
    """The list of a resumed run: done is what is proven, remarks stay."""
    remarks = {task.id: task.remark for task in earlier}
    finished = set(done)
    tasks = task_list(plan)
    for task in tasks:
        task.remark = remarks.get(task.id, "")
        task.status = "done" if task.id in finished else "open"
    return tasks
