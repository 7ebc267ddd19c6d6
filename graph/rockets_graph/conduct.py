"""One run on one project, which is locked for it: from the state file to the report."""

import contextlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rockets_graph import report as reports
from rockets_graph.begin import earlier_state, is_finished, new_state, starting_point
from rockets_graph.checkpoints import Checkpoints, InFlight
from rockets_graph.context import Context
from rockets_graph.events import Note, Reporter
from rockets_graph.given import Given
from rockets_graph.ledger import PLAN_FILE, Ledger
from rockets_graph.logs import run_logger
from rockets_graph.module_records import half_written, module_files
from rockets_graph.otel import live_sinks
from rockets_graph.play import pending, play
from rockets_graph.report import Report
from rockets_graph.toolbox import Toolbox
from rockets_graph.trace.record import recorded
from rockets_tools.plan import config_hashes

if TYPE_CHECKING:
    from rockets_agents.model import Model
    from rockets_graph.crew.crew import Crew
    from rockets_graph.crew.open import Connect
    from rockets_graph.crew.staff import Staff
    from rockets_graph.trace.writer import Sink

UNFINISHED = (".rockets/builder/try.json", ".rockets/builder/tried.json")
"""What the sources were before a try of the Builder (`crew.snapshot`)."""


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
    """What a killed run left is no ground to go on from: a try of the Builder that is half done or
    that nobody would judge, half a module."""
    if any(map(context.files.exists, UNFINISHED)):
        judged = taken_over is not None and any(a["outcome"] == "open" for a in taken_over.attempts)
        undone = context.snapshots.undo_unfinished(judged=judged)
        context.tell_undone("the interrupted Builder's work", undone)
    half = half_written(context.plan, context.ledger.state)
    if half:
        from rockets_graph.crew.snapshot import put_back, texts_of

        for module in half:
            now = texts_of(context.files, module_files(module))
            context.tell_undone(f"half of {module.name}", put_back(context.files, {}, now))
            context.ledger.state.modules[module.kebab].begun = False


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


def with_last(given: Given, tools: Toolbox, report: Report) -> Report:
    """What left the plan, the plan's warnings, and what to type where something is left to do."""
    if report.exit_code in {0, 1}:
        report.orphans = tuple(tools.orphans(given.plan))
    report.warnings = (*(p.message for p in given.warnings), *report.warnings)
    if not report.success or report.open_tasks:
        in_force = given.files.read(PLAN_FILE) == given.plan_text
        report.next_command = given.options.resume_command(with_spec=not in_force)
    return report
