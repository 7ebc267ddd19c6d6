"""Where a run begins: what an earlier one left, held against plan, generator and files."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rockets_graph import resume
from rockets_graph.events import Note, Reporter
from rockets_graph.given import Given
from rockets_graph.ledger import (
    FORMAT,
    STATE_FILE,
    Gates,
    ModuleRecord,
    StateFile,
    Usage,
    now,
    read_state,
)
from rockets_graph.module_records import all_done, changed_modules, specs_of
from rockets_graph.toolbox import Toolbox
from rockets_tools.errors import InputError, Problem

if TYPE_CHECKING:
    from pydantic import JsonValue

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{0,99}")


def earlier_state(given: Given, emit: Reporter) -> StateFile | None:
    """What an earlier run left and this one may build on; told in a line when it may not.

    Raises InputError for a state file of a newer format and, with `--resume`, of another project.
    """
    found = read_state(given.files)
    if isinstance(found, str):
        emit(Note(text=f"{found}; starting from the first wave"))
        return None
    if not given.options.resume:
        if found is not None and found.project != given.project:
            emit(Note(text=f"{STATE_FILE} is of project {found.project!r}; it is replaced"))
        elif found is not None and found.status != "completed":
            emit(Note(text="an earlier run did not finish; starting over (--resume goes on)"))
        return None
    if found is None:
        emit(Note(text=f"there is no {STATE_FILE}; starting from the first wave"))
        return None
    if found.project and found.project != given.project:
        raise InputError(
            Problem(
                code="state-foreign",
                message=f"{STATE_FILE} is of project {found.project!r}, this is {given.project!r}.",
                fix="Run without --resume to start from the first wave.",
                file=STATE_FILE,
            )
        )
    if found.plan_hash and found.plan_hash != given.plan.hash:
        emit(Note(text="the plan is another than in the earlier run; what did not change stays"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is left to do, and why."""

    progress: resume.Progress
    changed: Mapping[str, Mapping[str, str]]
    """`Toolbox.changed` of the entities that would stay but for their files."""


def starting_point(
    given: Given,
    tools: Toolbox,
    earlier: StateFile | None,
    configs: Mapping[str, str],
    emit: Reporter,
) -> Start:
    """Compare what the earlier run left with the plan, the generator and the files."""
    plan = given.plan
    if earlier is None:
        return Start(progress=resume.beginning(plan), changed={})
    if earlier.generator != tools.generator:
        emit(Note(text="another generator made the earlier run; all entities are done again"))
        return Start(progress=resume.beginning(plan), changed={})
    progress = resume.progress(plan, earlier, configs=configs)
    changed = {
        name: files
        for name, files in tools.changed(plan, sorted(progress.kept)).items()
        if not files or any(earlier.accepted.get(path) != now for path, now in files.items())
    }
    unread = unreviewed(given, earlier, progress)
    if unread:
        emit(Note(text=f"not reviewed yet, so done again: {', '.join(unread)}"))
        progress = resume.without_changed(plan, progress, unread)
    if changed:
        emit(Note(text=f"changed since, so looked at again: {', '.join(sorted(changed))}"))
        progress = resume.without_changed(plan, progress, changed)
    edited = changed_modules(plan, earlier, given.files)
    if edited:
        emit(Note(text=f"changed since, so looked at again: {', '.join(edited)}"))
        progress = replace(progress, gates=Gates())
    emit(Note(text=f"resuming: {len(progress.kept)} of {len(plan.entities)} entities stay"))
    return Start(progress=progress, changed=changed)


def usage_of_planning(spent: "Mapping[str, JsonValue]") -> dict[str, Usage]:
    """What the Lead spent on the plan, to be read; a plan that was given cost nothing."""
    if not spent:
        return {}
    from rockets_agents.model.budget import BudgetState
    from rockets_graph.crew.open import usage_by_role

    return usage_by_role(BudgetState.model_validate(spent).spent)


def unreviewed(given: Given, earlier: StateFile, start: resume.Progress) -> list[str]:
    """Entities that stay but for the Reviewer, who could not read them; only a team cares."""
    if given.mode != "team":
        return []
    names = set(earlier.unreviewed)
    return sorted(n for n in start.kept if given.plan.entities[n].kebab in names)


def new_state(
    given: Given, tools: Toolbox, start: resume.Progress, earlier: StateFile | None
) -> StateFile:
    """The state file as this run begins."""
    plan = given.plan
    kept = [plan.entities[name].kebab for name in plan.entities if name in start.kept]
    undone = {plan.entities[name].kebab for wave in start.todo for name in wave}
    return StateFile(
        started_at=earlier.started_at if earlier else now(),
        waves=resume.records(plan, start, earlier),
        completed_entities=kept,
        failed_entities=[n for n in earlier.failed_entities if n in undone] if earlier else [],
        current_wave=next((i for i, wave in enumerate(start.todo) if wave), len(plan.waves) - 1),
        format=FORMAT,
        run_id=run_id_of(earlier),
        mode=given.mode,
        project=given.project,
        plan_hash=plan.hash,
        generator=tools.generator,
        configs={name: earlier.configs[name] for name in kept} if earlier else {},
        accepted=dict(earlier.accepted) if earlier else {},
        gates=start.gates,
        usage=earlier.usage if earlier else usage_of_planning(given.spent),
        budget=earlier.budget if earlier else dict(given.spent),
        tasks=earlier.tasks if earlier else [],
        modules=earlier.modules if earlier else known_modules(given),
        unreviewed=earlier.unreviewed if earlier else [],
        edited=earlier.edited if earlier else [],
    )


def known_modules(given: Given) -> dict[str, ModuleRecord]:
    """Modules with behaviour are not written again because a run starts over: what the team, or a
    person after it, made of them stays, and the gates look at it."""
    found = read_state(given.files)
    if not isinstance(found, StateFile) or found.project != given.project:
        return {}
    for name in found.unreviewed:
        if name in found.modules:
            found.modules[name].proven = False
    return found.modules


def run_id_of(earlier: StateFile | None) -> str:
    """Stays over a resume; the one in the file is only used when it is a plain name."""
    if earlier is not None and RUN_ID.fullmatch(earlier.run_id):
        return earlier.run_id
    return f"{now()}-{secrets.token_hex(4)}"


def is_finished(given: Given, start: resume.Progress, earlier: StateFile) -> bool:
    """Everything these options ask for is done and proven."""
    options, gates = given.options, start.gates
    if given.mode == "team" and not all_done(given.plan, earlier, given.files):
        return False
    return not any(start.todo) and all(
        gate.status == "green"
        for gate, wanted in (
            (gates.migrate, options.migrates),
            (gates.build, not options.skip_build),
            (gates.smoke, options.smokes),
            (gates.test, options.smokes and bool(specs_of(given.plan, earlier.modules))),
        )
        if wanted
    )
