"""The database schema follows the entities."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.gates import look_at_migration
from rockets_graph.state import RunState


def migrate(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["tester", "lead_report"]]:
    """Write and prove the migration; then every table of the project must have one.

    Red is the Tester's business where there is a team: what keeps the migration from being
    written is mostly a source that does not compile.
    """
    context = runtime.context
    findings = look_at_migration(context)
    context.ledger.save()
    if context.ledger.state.gates.migrate.status != "red":
        return Command(update={"failed_gate": None}, goto="tester")
    target = routes.after_migrate(state.mode)
    return Command(update={"failed_gate": "migrate", "findings": findings}, goto=target)
