"""Modules with behaviour in the team's run: which are left, what they consist of, when they are
done. A group of them that can be written beside each other goes through the same gates as a wave.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rockets_agents.generator import ModuleWritten
from rockets_agents.lead import ModuleTask
from rockets_graph.context import Context
from rockets_graph.crew.briefs import worth_reading
from rockets_graph.crew.tasks import mark, module_task
from rockets_graph.ledger import ModuleRecord
from rockets_graph.state import RunState
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Action, Grant, NonCrud, Plan, Possession

if TYPE_CHECKING:
    from rockets_tools.integrate import BehaviourModule

MODULES = "src/modules"


def spec_of(module: NonCrud) -> str:
    """Hash of what the plan says of it."""
    said = [module.name, module.type, module.description, module.pattern]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def undone(plan: Plan, records: dict[str, ModuleRecord], files: ProjectFiles) -> list[NonCrud]:
    """Modules that are still to be written: new, described otherwise now, or gone from disk."""
    left: list[NonCrud] = []
    for module in plan.non_crud:
        record = records.get(module.kebab)
        written = answer_of(record.written) if record else None
        if (
            record is None
            or written is None
            or record.spec != spec_of(module)
            or not all(files.exists(path) for path in written.files)
        ):
            left.append(module)
    return left


def done_modules(plan: Plan, records: dict[str, ModuleRecord]) -> list[str]:
    """Ids of the tasks whose module is written and proven."""
    return [
        module_task(module.kebab)
        for module in plan.non_crud
        if module.kebab in records and records[module.kebab].written is not None
    ]


def answer_of(value: object) -> ModuleWritten | None:
    """What the Generator said of a module, from a state or a file; None when it is not that."""
    try:
        return ModuleWritten.model_validate_json(json.dumps(value))
    except (TypeError, ValidationError):
        return None


def ready(context: Context, left: Iterable[NonCrud]) -> list[NonCrud]:
    """Of those left the ones that wait for no other."""
    waiting = {module.name: module for module in left}
    free = [
        module
        for module in waiting.values()
        if not set(task_of(context, module).blocked_by) & (waiting.keys() - {module.name})
    ]
    # Tasks that were cut at different times may wait for each other.
    return free or list(waiting.values())[:1]


def task_of(context: Context, module: NonCrud) -> ModuleTask:
    """As the Lead has cut it."""
    return ModuleTask.model_validate_json(
        json.dumps(context.ledger.state.modules[module.kebab].task)
    )


def module_files(module: NonCrud) -> tuple[str, ...]:
    """What the Generator may write for it."""
    return (f"{MODULES}/{module.kebab}/", f"test/{module.kebab}.test.mjs")


def written_specs(plan: Plan, records: dict[str, ModuleRecord]) -> list[str]:
    """The specs of the modules that are done: a test of its own for each."""
    answers = [
        answer_of(records[module.kebab].written)
        for module in plan.non_crud
        if module.kebab in records
    ]
    return [path for answer in answers if answer for path in answer.files if is_spec(path)]


def behaviour(module: NonCrud, answer: ModuleWritten) -> "BehaviourModule":
    """What the Generator said of a module, in the words of `integrate`, which checks it."""
    from rockets_tools.generate.result import ClassReference
    from rockets_tools.integrate import BehaviourModule, ModuleGrant

    return BehaviourModule(
        name=module.kebab,
        module=ClassReference(name=answer.module.name, file=answer.module.file),
        files=answer.files,
        resources=answer.resources,
        grants=tuple(
            ModuleGrant(
                resource=grant.resource,
                role=grant.role,
                grant=Grant(
                    possession=Possession(grant.possession),
                    actions=frozenset(map(Action, grant.operations)),
                ),
            )
            for grant in answer.grants
        ),
    )


def is_spec(path: str) -> bool:
    """A test that speaks HTTP, which `Toolbox.test` can run."""
    return path.startswith("test/") and path.endswith(".test.mjs")


def in_work(context: Context, names: Iterable[str]) -> list[NonCrud]:
    """The modules of these names, in plan order."""
    wanted = set(names)
    return [module for module in context.plan.non_crud if module.name in wanted]


def files_of_wave(context: Context, state: RunState) -> tuple[str, ...]:
    """What a fix in this wave may change: the files of its entities, or of its modules."""
    if state.modules:
        modules = in_work(context, state.modules)
        return tuple(path for module in modules for path in module_files(module))
    return tuple(sorted(context.artefacts.paths(context.todo[state.wave]) or {}))


def read_in_review(context: Context, state: RunState) -> list[str]:
    """The files of this wave that the Reviewer reads."""
    if state.modules:
        answers = [answer_of(state.written[name]["written"]) for name in state.modules]
        return sorted({path for answer in answers if answer for path in answer.files})
    names = context.todo[state.wave]
    changed = context.tools.changed(context.plan, names)
    return worth_reading(
        context.artefacts.paths(names) or {},
        [path for files in changed.values() for path in files],
    )


def subjects(context: Context, state: RunState) -> list[str]:
    """Names of the entities that this wave is about."""
    if not state.modules:
        return list(context.todo[state.wave])
    used = {
        name for module in in_work(context, state.modules) for name in task_of(context, module).uses
    }
    return sorted(used & context.plan.entities.keys())


def complete_modules(context: Context, state: RunState) -> None:
    """Their gate is green: from now on they are done."""
    ledger = context.ledger
    for module in in_work(context, state.modules):
        ledger.state.modules[module.kebab].written = state.written[module.name]["written"]
    mark(ledger.state, [module_task(m.kebab) for m in in_work(context, state.modules)], "done")
    ledger.save()
