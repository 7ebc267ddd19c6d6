"""Three nodes around a run: read the order, ask for approval, do it.

The server keeps this graph's state: what was ordered, shown and answered, and the report. The run
itself is the one of the command line, with its own lock, ledger and checkpoints. So a run that a
server lost goes on from `.rockets/state.json` when the thread is resumed, here, on another worker
or by `rockets orchestrate --resume`; there is no second way to resume. Its `Context` lives where it
runs and never travels.

All of the state is untrusted: whoever speaks to the server can write it. Every node checks the
order again, and the approval against the plan's text.
"""

# LangGraph's methods have parameters without a type.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

import asyncio
import contextlib
import contextvars
import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

from rockets_graph.events import Event, Reporter, StepStarted, WaveStarted
from rockets_graph.given import project_files
from rockets_graph.ledger import PLAN_FILE, StateFile, read_state
from rockets_graph.mode import choose_mode
from rockets_graph.orchestrate import orchestrate
from rockets_graph.server.order import OrderShape, allowed_project, read_order
from rockets_graph.state import Mode
from rockets_tools.errors import InputError, MachineError, Problem, RocketsError
from rockets_tools.files import ProjectFiles
from rockets_tools.plan import CheckedPlan, read_plan

Document: TypeAlias = dict[str, object]


class Ordered(TypedDict):
    """What a client sends."""

    order: Annotated[object, OrderShape()]


class Reported(TypedDict):
    """What a client gets: the document of the command line, and its exit status as `exitCode`."""

    report: Document | None


class Served(TypedDict):
    """What the server keeps between the nodes."""

    order: Annotated[object, OrderShape()]
    plan: str
    """Its text, as it was when it was shown."""
    approved: str
    """Hash that a person answered with."""
    earlier: str
    """Id of the run that the project had when this one was ordered."""
    report: Document | None


def make_graph() -> CompiledStateGraph[Served, None, Ordered, Reported]:
    """The graph as `langgraph.json` names it; the server brings the checkpoints."""
    graph = StateGraph(Served, input_schema=Ordered, output_schema=Reported)
    graph.add_node("read", read)
    graph.add_node("approve", approve)
    graph.add_node("run", run)
    graph.add_edge(START, "read")
    return graph.compile(name="rockets")


def read(state: Ordered) -> Command[Literal["approve", "__end__"]]:
    """Find everything that is wrong with the order before anybody is asked."""
    try:
        files, text, checked = subject_of(state["order"], None)
        if mode_of(state["order"], checked) == "team":
            require_own_loops(os.environ)
    except RocketsError as error:
        return Command(update=refused(error), goto="__end__")
    update = {"plan": text, "approved": "", "earlier": run_id_of(files), "report": None}
    return Command(update=update, goto="approve")


def approve(state: Served) -> Command[Literal["run", "__end__"]]:
    """Show the plan; only its hash as an answer is an approval.

    Nothing is written before. LangGraph runs this node again from its top with the answer.
    """
    try:
        _, _, checked = subject_of(state["order"], state["plan"])
    except RocketsError as error:
        return Command(update=refused(error), goto="__end__")
    plan = checked.plan
    answer: object = interrupt(
        {
            "planHash": plan.hash,
            "entities": len(plan.entities),
            "waves": [list(wave) for wave in plan.waves],
            "page": page_of(state["order"], checked),
        }
    )
    if answer != plan.hash:
        return Command(update=refused(not_approved()), goto="__end__")
    return Command(update={"approved": plan.hash}, goto="run")


async def run(state: Served) -> Command[Literal["__end__"]]:
    """Do it, in a thread; a cancelled run ends before its next step, saved and resumable."""
    stop = threading.Event()
    emit = reporter(get_stream_writer(), stop)

    def alone() -> Document:
        # In a context of its own: the run has its own checkpoints, it is no part of this graph.
        return contextvars.Context().run(work, state, emit)

    try:
        report = await asyncio.get_running_loop().run_in_executor(None, alone)
    except asyncio.CancelledError:
        stop.set()
        raise
    return Command(update=report, goto="__end__")


def work(state: Served, emit: Reporter) -> Document:
    """The run, or what is left of it: what a lost server has done is in the state file."""
    try:
        order = read_order(state["order"])
        project = allowed_project(order.project, os.environ)
        started = run_id_of(project_files(project)) != state["earlier"]
        with tempfile.TemporaryDirectory(prefix="rockets-plan-") as folder:
            spec = Path(folder, "plan.json")
            spec.write_text(state["plan"], encoding="utf-8", newline="")
            options = order.options(
                project,
                os.environ,
                spec=spec,
                resume=order.resume or started,
                # Empty is no plan's hash: without an answer there is no approval.
                approved=state["approved"],
            )
            report = orchestrate(options, emit)
    except RocketsError as error:
        return refused(error)
    return {"report": {**report.as_json(), "exitCode": report.exit_code}}


def subject_of(ordered: object, shown: str | None) -> tuple[ProjectFiles, str, CheckedPlan]:
    """The project, and the plan that was shown, else the one ordered or in force."""
    order = read_order(ordered)
    files = project_files(allowed_project(order.project, os.environ))
    text = shown
    if text is None and order.plan is not None:
        text = json.dumps(order.plan, ensure_ascii=False, indent=2) + "\n"
    if text is None:
        text = files.read(PLAN_FILE)
    if text is None:
        raise InputError(
            Problem(
                code="plan-missing",
                message="The project has no plan in force.",
                fix="Send one with the order.",
                pointer="/order/plan",
            )
        )
    return files, text, read_plan(text, file="plan.json")


def mode_of(ordered: object, checked: CheckedPlan) -> Mode:
    """Which cast would play it."""
    return choose_mode(read_order(ordered).mode, os.environ, len(checked.plan.entities))[0]


def require_own_loops(environment: Mapping[str, str]) -> None:
    """`langgraph dev` fails file access in any event loop, be it the team's own, in its thread."""
    if environment.get("LANGGRAPH_ALLOW_BLOCKING") == "false":
        raise MachineError(
            Problem(
                code="server-blocking",
                message="This server lets no event loop touch a file, and the team has its own.",
                fix="Start it with langgraph dev --allow-blocking, as make serve does.",
            )
        )


def page_of(ordered: object, checked: CheckedPlan) -> str:
    """What a person is to know before the answer, as Markdown."""
    from rockets_graph.approval.content import Subject, page
    from rockets_graph.approval.markdown import markdown

    order = read_order(ordered)
    facts = (("project", order.project), ("mode", mode_of(ordered, checked)))
    warnings = checked.warnings
    return markdown(
        page(
            Subject(
                plan=checked.plan, document=order.project, facts=facts, parts=(), warnings=warnings
            )
        )
    )


def run_id_of(files: ProjectFiles) -> str:
    """The run that the project's state file is of; empty when there is none to go on with."""
    found = read_state(files)
    return found.run_id if isinstance(found, StateFile) else ""


def reporter(write: Callable[[object], None], stop: threading.Event) -> Reporter:
    """Events go to who streams the run with mode `custom`, from whichever thread they come."""
    here = contextvars.copy_context()

    def emit(event: Event) -> None:
        if stop.is_set() and isinstance(event, StepStarted | WaveStarted):
            raise KeyboardInterrupt
        # A server that is about to end listens no more; that is nothing to the run.
        with contextlib.suppress(RuntimeError):
            here.copy().run(write, asdict(event))

    return emit


def refused(error: RocketsError) -> Document:
    """The document of the command line; an exception would reach the client without its words."""
    errors = [problem.as_json() for problem in error.problems]
    return {"report": {"success": False, "errors": errors, "exitCode": error.exit_code}}


def not_approved() -> InputError:
    """What any answer but the hash comes to."""
    return InputError(
        Problem(
            code="plan-not-approved",
            message="The answer is not the hash of the plan that was shown; nothing was done.",
            fix="Order again, and answer with planHash to approve.",
        )
    )
