"""One run on one project, which is locked for it: from the state file to the report."""

import contextlib
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rockets_graph import report as reports
from rockets_graph import resume
from rockets_graph.checkpoints import Checkpoints, InFlight
from rockets_graph.context import Context
from rockets_graph.events import Note, Reporter
from rockets_graph.given import Given
from rockets_graph.ledger import (
    FORMAT,
    PLAN_FILE,
    STATE_FILE,
    Gates,
    Ledger,
    ModuleRecord,
    StateFile,
    Usage,
    now,
    read_state,
)
from rockets_graph.logs import run_logger
from rockets_graph.module_records import all_done, changed_modules, specs_of
from rockets_graph.otel import live_sinks
from rockets_graph.play import pending, play
from rockets_graph.report import Report
from rockets_graph.toolbox import Toolbox
from rockets_graph.trace.record import recorded
from rockets_tools.errors import InputError, Problem
from rockets_tools.plan import config_hashes

if TYPE_CHECKING:
    from pydantic import JsonValue

    from rockets_agents.model import Model
    from rockets_graph.crew.crew import Crew
    from rockets_graph.crew.open import Connect
    from rockets_graph.crew.staff import Staff
    from rockets_graph.trace.writer import Sink

UNFINISHED = (".rockets/builder/try.json", ".rockets/builder/tried.json")
"""What the sources were before a try of the Builder (`crew.snapshot`)."""
RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z:._-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seams:
    """What a replay puts in the place of the world."""

    run_id: str | None = None
    """None: that of the earlier run, or a new one."""
    sinks: "tuple[Sink, ...]" = ()
    """Told of every event of the trace."""
    connect: "Connect | None" = None
    """To a model; None: to the service."""
    environment: Mapping[str, str] | None = None
    """Whose secrets are kept out of the trace; None: that of the process."""


THE_WORLD = Seams()


def conduct(
    given: Given,
    tools: Toolbox,
    checkpoints: Checkpoints,
    emit: Reporter,
    seams: Seams = THE_WORLD,
) -> Report:
    """Run the graph from where an earlier run got to, or from the start."""
    configs = config_hashes(given.plan)
    earlier = earlier_state(given, emit)
    start = starting_point(given, tools, earlier, configs, emit)
    state = new_state(given, tools, start.progress, earlier)
    state.run_id = seams.run_id or state.run_id
    if earlier is not None and is_finished(given, start.progress, earlier):
        emit(Note(text="this run is finished and proven; nothing to do"))
        report = reports.of_state(given.plan, earlier, status="completed")
        return with_last(given, tools, report)
    tools.preflight()
    tools.announce(given.plan_text, [name for wave in start.progress.todo for name in wave])
    taken_over = pending(checkpoints, given.plan, earlier, emit)
    with (
        checkpoints.held(state.run_id),
        live_sinks(given.options.otel, emit) as sinks,
        recorded(
            given,
            tools,
            emit,
            run_id=state.run_id,
            todo=start.progress.todo,
            models={str(role): name for role, name in given.staff.models.items()}
            if given.staff
            else None,
            taken_over=taken_over.model_dump(mode="json") if taken_over else None,
            sinks=(*sinks, *seams.sinks),
            environment=seams.environment,
            keep_runs=given.options.keep_runs,
        ) as recording,
    ):
        context = Context(
            files=given.files,
            plan=given.plan,
            plan_text=given.plan_text,
            options=given.options,
            tools=recording.tools,
            ledger=Ledger(given.files, state),
            todo=start.progress.todo,
            configs=configs,
            changed=start.changed,
            log=run_logger(state.run_id),
            emit=recording.emit,
        )
        undo_unfinished(context, taken_over)
        with contextlib.ExitStack() as stack:
            if given.staff is not None:
                crew = crew_of(given.staff, context, recording.wrap, seams.connect)
                context.crew = stack.enter_context(crew)
                context.crew.watch = recording.watch()
            ended = play(context, checkpoints, taken_over)
        report = reports.of_state(
            given.plan, state, status=ended.status, errors=ended.errors, exit_code=ended.exit_code
        )
        report.failed_gate = ended.failed_gate
        report.timings = context.timings
        recording.report = with_last(given, tools, report)
    return report


def undo_unfinished(context: Context, taken_over: InFlight | None) -> None:
    """A try of the Builder that a killed run left half done, or that nobody would judge, is no
    ground to go on from."""
    if not any(map(context.files.exists, UNFINISHED)):
        return
    judged = taken_over is not None and any(a["outcome"] == "open" for a in taken_over.attempts)
    undone = context.snapshots.undo_unfinished(judged=judged)
    if undone:
        text = f"undone, a copy is in .rockets/undone: {', '.join(undone)}"
        context.emit(Note(text=f"the Builder was interrupted; {text}"))


def crew_of(
    staff: "Staff",
    context: Context,
    wrap: "Callable[[Model], Model]",
    connect: "Connect | None",
) -> "AbstractContextManager[Crew]":
    """The team, connected."""
    from rockets_graph.crew.open import open_crew, to_the_service

    return open_crew(
        staff,
        files=context.files,
        plan=context.plan,
        tools=context.tools,
        ledger=context.ledger,
        output=context.output,
        emit=context.emit,
        wrap=wrap,
        connect=connect or to_the_service,
    )


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
    if isinstance(found, StateFile) and found.project == given.project:
        return found.modules
    return {}


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


def with_last(given: Given, tools: Toolbox, report: Report) -> Report:
    """What left the plan, the plan's warnings, and what to type where something is left to do."""
    if report.exit_code in {0, 1}:
        report.orphans = tuple(tools.orphans(given.plan))
    report.warnings = (*(p.message for p in given.warnings), *report.warnings)
    if not report.success or report.open_tasks:
        in_force = given.files.read(PLAN_FILE) == given.plan_text
        report.next_command = given.options.resume_command(with_spec=not in_force)
    return report
