"""The database schema follows the entities."""

from dataclasses import replace
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph.context import Context
from rockets_graph.gates import look
from rockets_graph.ledger import GateRecord
from rockets_graph.state import RunState
from rockets_graph.toolbox import Checked


def migrate(_: RunState, runtime: Runtime[Context]) -> Command[Literal["tester", "lead_report"]]:
    """Write and prove the migration; then every table of the project must have one."""
    context = runtime.context
    gates = context.ledger.state.gates
    if not context.options.migrates:
        if gates.migrate.status != "green":
            gates.migrate = GateRecord(status="skipped")
        return Command(goto="tester")
    if gates.migrate.status == "green":
        return Command(goto="tester")

    def run() -> Checked:
        checked = context.tools.migrate(context.plan, context.output("migrate"))
        if not checked.passed:
            return checked
        covered = context.tools.validate(context.plan, None, migrations=True)
        return replace(checked, passed=covered.passed, findings=covered.findings)

    gates.migrate, findings = look(context, "migrate", run)
    context.ledger.save()
    if gates.migrate.status == "green":
        return Command(goto="tester")
    return Command(update={"failed_gate": "migrate", "findings": findings}, goto="lead_report")
