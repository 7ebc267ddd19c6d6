"""Playing the graph: with what is taken over from a checkpoint, to whatever end it comes."""

# `invoke` and `tracing_context` have parameters without a type.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import contextlib
import gc
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rockets_graph.checkpoints import Checkpoints, InFlight
from rockets_graph.context import Context
from rockets_graph.events import Note, Reporter
from rockets_graph.ledger import StateFile
from rockets_graph.report import ReportStatus
from rockets_graph.state import Gate, RunState
from rockets_tools.errors import GateError, MachineError, Problem
from rockets_tools.plan.model import Plan

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig


def pending(
    checkpoints: Checkpoints, plan: Plan, earlier: StateFile | None, emit: Reporter
) -> InFlight | None:
    """What was in flight when the earlier run ended, if it belongs to it and to this plan."""
    if earlier is None or earlier.status not in {"running", "interrupted"}:
        return None
    found = checkpoints.in_flight(earlier.run_id)
    if isinstance(found, InFlight):
        waves_done = all(wave.status == "completed" for wave in earlier.waves)
        at = len(earlier.waves) if waves_done else earlier.current_wave
        if found.plan_hash == plan.hash and found.wave in {-1, at}:
            return found
        found = "the checkpoint contradicts the plan or the state file"
    emit(Note(text=f"{found or 'there is no checkpoint'}; nothing in flight is taken over"))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run of the graph ended."""

    status: ReportStatus
    failed_gate: Gate | None = None
    errors: tuple[Problem, ...] = ()
    """What the machine could not do, or the budget did not hold."""
    exit_code: int | None = None
    """Of the errors."""


def play(context: Context, checkpoints: Checkpoints, taken_over: InFlight | None) -> Ended:
    """Run the graph to its end.

    LangGraph would send every state to LangSmith when the environment says so for the sake of
    some other program; ours leaves the machine only where it was asked to.
    """
    state = context.ledger.state
    start = RunState(
        run_id=state.run_id,
        mode=state.mode,
        plan_hash=state.plan_hash,
        # A person gave this plan, or approved its page, and started the run.
        approved_hash=context.options.approved_hash or state.plan_hash,
    )
    if taken_over is not None:
        start.fix_rounds = taken_over.fix_rounds
        start.resumed_wave = taken_over.wave
        start.settled = taken_over.settled
        start.builder_tries = taken_over.builder_tries
        start.attempts = taken_over.attempts
        start.standing = taken_over.standing
    logging.getLogger("concurrent.futures").addFilter(is_no_late_write)
    heed = contextlib.nullcontext if context.crew is None else context.crew.loop.heeding_interrupts
    try:
        with quick_imports():
            from langsmith import tracing_context

            from rockets_graph.build import build_graph
        with (
            checkpoints.fresh(state.run_id) as saver,
            tracing_context(enabled=False),
            heed(),
        ):
            final = build_graph(saver).invoke(
                start,
                {
                    "configurable": {"thread_id": state.run_id},
                    **at_once(context),
                    # Of a wave and of a group of modules, fix rounds included; and the rest.
                    "recursion_limit": 20 * (len(context.plan.waves) + len(context.plan.non_crud))
                    + 100,
                },
                context=context,
                durability="sync",
            )
        checkpoints.discard(state.run_id)
    except KeyboardInterrupt:
        state.status = "interrupted"
        save_last(context)
        return Ended(status="interrupted")
    except (GateError, MachineError) as error:
        # The machine, the model's service or the budget: nothing a route could lead to. What a
        # team has in flight is taken over by the next run.
        state.status = "failed" if context.crew is None else "interrupted"
        save_last(context)
        return Ended(status="failed", errors=error.problems, exit_code=error.exit_code)
    green = state.status == "completed"
    return Ended(status="completed" if green else "failed", failed_gate=final["failed_gate"])


def at_once(context: Context) -> "RunnableConfig":
    """How many nodes work beside each other: Generators as many as calls are let out at once."""
    if context.crew is None:
        return {}
    workers = context.options.workers or context.tools.workers
    return {"max_concurrency": max(workers, context.crew.staff.settings.concurrency)}


def save_last(context: Context) -> None:
    """Save what can be saved; a full disk was said already, the file on it is the one before."""
    with suppress(MachineError):
        context.ledger.save()


def is_no_late_write(record: logging.LogRecord) -> bool:
    """Whether a record is anything but the traceback of a node that came to its end while
    LangGraph closed its threads: after Ctrl-C, or an error of the node beside it. The checkpoint
    lacks what that node did, so a resume does it again."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, RuntimeError) and "after shutdown" in str(error))


@contextmanager
def quick_imports() -> Generator[None]:
    """Import LangGraph's thousand modules without garbage collection, which finds nothing there
    and costs 15 %; nor does it look through them again later, which costs a long run 10 %."""
    first = "langgraph.graph" not in sys.modules
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if first:
            gc.freeze()
        if was_on:
            gc.enable()
