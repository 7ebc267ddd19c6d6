"""From a staff to a team that can be asked."""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeAlias

from pydantic import ValidationError

from rockets_agents.model import Model, ModelRequest, RoleName
from rockets_agents.model.budget import Budget, BudgetState, Spent
from rockets_agents.model.budgeted import BudgetedModel
from rockets_agents.model.connect import connect as connect_to_service
from rockets_agents.model.retry import Failure
from rockets_agents.settings import TeamSettings
from rockets_graph.crew.bench import Bench
from rockets_graph.crew.crew import Crew
from rockets_graph.crew.loop import TeamLoop
from rockets_graph.crew.mailbox import Mailbox
from rockets_graph.crew.staff import Staff
from rockets_graph.events import Note, Reporter
from rockets_graph.ledger import STATE_FILE, Ledger, Usage
from rockets_graph.toolbox import Line, Toolbox
from rockets_graph.trace.recorded_model import note_wait
from rockets_tools.errors import InputError
from rockets_tools.files import ProjectFiles
from rockets_tools.integrate import discover
from rockets_tools.integrate.layout import ACL
from rockets_tools.plan.model import Plan

Wrap: TypeAlias = Callable[[Model], Model]
"""Puts something around the connected model, inside of the budget: the trace."""
OnWait: TypeAlias = Callable[[ModelRequest, Failure, float], None]
Connect: TypeAlias = Callable[[TeamSettings, OnWait], AbstractAsyncContextManager[Model]]
"""Gives the model that answers, to be opened; raises `KeyMissingError` (exit 3)."""


def to_the_service(settings: TeamSettings, on_wait: OnWait) -> AbstractAsyncContextManager[Model]:
    """What every run asks but a replay."""
    return connect_to_service(settings, on_wait=on_wait)


def unwrapped(model: Model) -> Model:
    """Nothing around it."""
    return model


@contextmanager
def open_crew(
    staff: Staff,
    *,
    files: ProjectFiles,
    plan: Plan,
    tools: Toolbox,
    ledger: Ledger,
    output: Callable[[str], Line],
    emit: Reporter,
    wrap: Wrap = unwrapped,
    connect: Connect = to_the_service,
) -> Generator[Crew]:
    """Connect to the model and bring the budget into force; raises `KeyMissingError` (exit 3)."""

    def waiting(request: ModelRequest, failure: Failure, seconds: float) -> None:
        note_wait(seconds)
        emit(Note(text=f"{request.role}: {failure.what}; trying again in {seconds:.0f} s"))

    service = connect(staff.settings, waiting)
    state = ledger.state

    def spent(budget: BudgetState) -> None:
        state.budget = budget.model_dump(mode="json")
        state.usage = usage_by_role(budget.spent)
        ledger.save()

    wiring, acl = shared_files(files)
    with TeamLoop() as loop:
        model = loop.run(service.__aenter__())
        try:
            budget = Budget(
                max_tokens=staff.settings.max_tokens,
                max_cost=staff.settings.max_cost,
                state=earlier_budget(ledger, emit),
                on_change=spent,
            )
            yield Crew(
                files=files,
                staff=staff,
                model=BudgetedModel(wrap(model), budget),
                budget=budget,
                bench=Bench(tools, plan, output),
                wiring=wiring,
                acl=acl,
                mailbox=Mailbox(files, state.run_id, emit),
                ledger=ledger,
                loop=loop,
                emit=emit,
            )
        finally:
            loop.run(service.__aexit__(None, None, None))


def shared_files(files: ProjectFiles) -> tuple[frozenset[str], str]:
    """What `integrate` wires, and where the access rules are; the usual places in a project that
    only a foreign `integrate` understands."""
    try:
        layout = discover(files)
    except InputError:
        return frozenset(), ACL[0]
    return frozenset({layout.typeorm, layout.app_module, layout.access_control}), layout.acl


def earlier_budget(ledger: Ledger, emit: Reporter) -> BudgetState | None:
    """What earlier processes of this run have spent; None when nothing usable is on record."""
    try:
        return BudgetState.model_validate(ledger.state.budget) if ledger.state.budget else None
    except ValidationError:
        emit(Note(text=f"{STATE_FILE} does not say what earlier runs spent; not counted"))
        return None


def usage_by_role(spent: Mapping[RoleName, Spent]) -> dict[str, Usage]:
    """For people and for the report."""
    return {
        role: Usage(
            calls=one.calls,
            tokens=one.tokens,
            cost=None if one.cost is None else float(one.cost),
        )
        for role, one in spent.items()
    }
