"""Modules with behaviour in the team's run: what they consist of, when they are done. A group of
them that can be written beside each other goes through the same gates as a wave.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rockets_agents.generator import ModuleWritten
from rockets_agents.lead import ModuleTask
from rockets_graph.context import Context
from rockets_graph.crew.briefs import worth_reading
from rockets_graph.crew.tasks import mark, module_task
from rockets_graph.module_records import digests, module_files
from rockets_graph.state import Finding, RunState
from rockets_tools.plan.model import NonCrud

if TYPE_CHECKING:
    from rockets_tools.integrate import BehaviourModule


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
    task = read_task(context.ledger.state.modules[module.kebab].task)
    if task is None:
        raise LookupError(f"{module.name} has no task")
    return task


def read_task(value: object) -> ModuleTask | None:
    """A task from a state file; None when it is not one of ours, or of another version's."""
    try:
        return ModuleTask.model_validate_json(json.dumps(value))
    except (TypeError, ValidationError):
        return None


def behaviour(state: RunState, module: NonCrud) -> "BehaviourModule":
    """What the Generator said of a module in work, in the words of `integrate`."""
    answer = answer_of(state.written[module.name]["written"])
    if answer is None:
        raise LookupError(f"{module.name} is not written")
    return answer.as_behaviour(module.kebab)


def in_work(context: Context, state: RunState) -> list[NonCrud]:
    """The modules of the group that are written, in plan order."""
    return [
        module
        for module in context.plan.non_crud
        if module.name in state.modules and state.written[module.name]["written"] is not None
    ]


def files_of_wave(context: Context, state: RunState) -> tuple[str, ...]:
    """What a fix in this wave may change: the files of its entities, or of its modules."""
    if state.modules:
        modules = in_work(context, state)
        return tuple(path for module in modules for path in module_files(module))
    return tuple(sorted(context.artefacts.paths(context.todo[state.wave]) or {}))


def read_in_review(context: Context, state: RunState) -> list[str]:
    """The files of this wave that the Reviewer reads."""
    if state.modules:
        modules = in_work(context, state)
        return [path for module in modules for path in digests(module, context.files)]
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
    used = {name for module in in_work(context, state) for name in task_of(context, module).uses}
    return sorted(used & context.plan.entities.keys())


def kebabs(context: Context, state: RunState) -> list[str]:
    """Names, as the state file has them, of the entities or the modules in work."""
    if state.modules:
        return [module.kebab for module in in_work(context, state)]
    return [context.kebab(name) for name in context.todo[state.wave]]


def complete_modules(context: Context, state: RunState) -> None:
    """Their gate is green: from now on they are done."""
    ledger, modules = context.ledger, in_work(context, state)
    for module in modules:
        record = ledger.state.modules[module.kebab]
        record.written = state.written[module.name]["written"]
        record.files = digests(module, context.files)
        record.proven = True
    mark(ledger.state, [module_task(module.kebab) for module in modules], "done")
    ledger.save()


def forget(context: Context, state: RunState) -> None:
    """What the Generator said of them cannot be wired; the next run has them written anew."""
    for module in in_work(context, state):
        context.ledger.state.modules[module.kebab].written = None


def concerns_modules(context: Context, state: RunState, finding: Finding) -> bool:
    """It is about the modules in work or the files that `integrate` wires for them; what is wrong
    elsewhere in the project is for the last gates."""
    path, crew = finding["file"], context.team()
    if path is None or path in crew.wiring or path == crew.acl:
        return True
    return path.startswith(files_of_wave(context, state))
