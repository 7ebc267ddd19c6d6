"""plan.json → verified project: one run from the options to the report.

Everything that can be wrong with the input is found before the first write. LangGraph is only
imported when there is something to run: a dry run, a validation and a finished run answer at
once.
"""

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from pydantic import JsonValue

from rockets_graph import report as reports
from rockets_graph.events import Note, Reporter, Warned, silent
from rockets_graph.given import Given, project_files, read_given
from rockets_graph.ledger import PLAN_FILE, Gates
from rockets_graph.options import Options
from rockets_graph.report import Report
from rockets_graph.toolbox import Toolbox
from rockets_tools.files import ProjectFiles
from rockets_tools.plan.model import Plan
from rockets_tools.project import require_shared_packages

MakeTools: TypeAlias = Callable[[ProjectFiles, Options], Toolbox]


def orchestrate(
    options: Options,
    emit: Reporter = silent,
    *,
    make_tools: MakeTools | None = None,
    environment: Mapping[str, str] | None = None,
) -> Report:
    """Do what the options say; the report's `exit_code` is the exit status.

    Raises InputError (exit 2) before anything is written, and MachineError (exit 3) when the
    machine cannot even start. What goes wrong later is in the report: a red gate (1), a machine
    that gives up on the way (3), Ctrl-C (130); the state is saved and `--resume` works.
    """
    started = time.perf_counter()
    if options.validate_only:
        report = validate_only(options, make_tools or real_tools)
    else:
        given = read_given(options, os.environ if environment is None else environment)
        report = run_given(given, emit, make_tools or real_tools)
    report.timings["total"] = time.perf_counter() - started
    return report


def run_given(given: Given, emit: Reporter, make_tools: MakeTools) -> Report:
    """Run, or plan, what was read."""
    require_shared_packages(given.files, given.plan)
    for problem in given.warnings:
        emit(Warned(problem=problem))
    if given.why is not None:
        emit(Note(text=given.why))
    if given.options.dry_run:
        return (
            rehearsed_resume(given, emit, make_tools) if given.options.resume else rehearsed(given)
        )
    if given.staff is not None:
        given.staff.require_key()
    from rockets_graph.checkpoints import open_checkpoints
    from rockets_graph.conduct import conduct
    from rockets_graph.lock import run_lock

    with (
        run_lock(given.files),
        open_checkpoints(given.files, given.options.checkpoints) as checkpoints,
        contextlib.closing(make_tools(given.files, given.options)) as tools,
    ):
        return conduct(given, tools, checkpoints, emit)


def rehearsed(given: Given) -> Report:
    """What a run from the start would do."""
    spending: dict[str, JsonValue] | None = None
    if given.staff is not None:
        from rockets_graph.crew.estimate import estimate

        spending = estimate(given.plan, given.staff)
    return reports.planned(given.plan, given.mode, given.warnings, spending)


def rehearsed_resume(given: Given, emit: Reporter, make_tools: MakeTools) -> Report:
    """What stays of the earlier run and what `--resume` would do; nothing is written."""
    from rockets_graph.begin import earlier_state, is_finished, starting_point
    from rockets_graph.module_records import status_of
    from rockets_tools.plan import config_hashes

    earlier = earlier_state(given, emit)
    if earlier is None:
        return rehearsed(given)
    with contextlib.closing(make_tools(given.files, given.options)) as tools:
        start = starting_point(given, tools, earlier, config_hashes(given.plan), emit).progress
    if is_finished(given, start, earlier):
        emit(Note(text="this run is finished and proven; nothing to do"))
    else:
        open_gates = gates_left(given.options, start.gates)
        emit(Note(text=f"gates that would be looked at: {', '.join(['validate', *open_gates])}"))
    spending: dict[str, JsonValue] | None = None
    if given.staff is not None:
        from rockets_graph.crew.estimate import estimate

        left = [
            module
            for module in given.plan.non_crud
            if status_of(module, earlier.modules, given.files) == "missing"
        ]
        spending = estimate(given.plan, given.staff, todo=start.todo, modules=left)
    return reports.planned(
        given.plan, given.mode, given.warnings, spending, todo=start.todo, earlier=earlier
    )


def gates_left(options: Options, gates: Gates) -> list[str]:
    """The last gates that the options ask for and that are not proven."""
    return [
        name
        for name, gate, wanted in (
            ("migration", gates.migrate, options.migrates),
            ("build", gates.build, options.needs_node),
            ("smoke test", gates.smoke, options.smokes),
        )
        if wanted and gate.status != "green"
    ]


def validate_only(options: Options, make_tools: MakeTools) -> Report:
    """Look at a project as it is, with the plan if there is one; nothing is written."""
    files = project_files(options.project)
    plan: Plan | None = None
    if options.spec is not None or files.exists(PLAN_FILE):
        plan = read_given(options, {}).plan
    with contextlib.closing(make_tools(files, options)) as tools:
        checked = tools.validate(plan, None, migrations=options.migrates)
    return reports.validated(plan, checked)


def real_tools(files: ProjectFiles, options: Options) -> Toolbox:
    """Our own generate, integrate and validate, or the programs of `--scripts`."""
    from rockets_graph.project_tools import project_tools

    return project_tools(files, options)
