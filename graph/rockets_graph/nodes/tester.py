"""The Tester builds the project and proves its access rules."""

from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from rockets_graph import routes
from rockets_graph.context import Context
from rockets_graph.gates import look
from rockets_graph.ledger import GateRecord
from rockets_graph.state import Finding, Gate, RunState


def tester(
    state: RunState, runtime: Runtime[Context]
) -> Command[Literal["builder", "lead_report"]]:
    """Build, then smoke; the first red gate ends it."""
    failed, findings = _test(runtime.context)
    runtime.context.ledger.save()
    target = routes.after_tester(
        state.mode, green=failed is None, builder_tries=state.builder_tries
    )
    return Command(update={"failed_gate": failed, "findings": findings}, goto=target)


def _test(context: Context) -> tuple[Gate | None, list[Finding]]:
    gates, options, tools = context.ledger.state.gates, context.options, context.tools
    smokes = options.smokes and gates.smoke.status != "green"
    if options.skip_build:
        if gates.build.status != "green":
            gates.build = GateRecord(status="skipped")
    elif smokes or gates.build.status != "green":
        # Smoke runs what the build makes, so a build that was green once is made again.
        gates.build, findings = look(context, "build", lambda: tools.build(context.output("build")))
        if gates.build.status == "red":
            return "build", findings
    if smokes and gates.migrate.status != "green" and not has_tables(context):
        reason = "The smoke test was left out: there are tables without a migration."
        gates.smoke = GateRecord(status="skipped", warnings=[reason])
    elif not options.smokes:
        if gates.smoke.status != "green":
            gates.smoke = GateRecord(status="skipped")
    elif smokes:
        gates.smoke, findings = look(
            context, "smoke", lambda: tools.smoke(context.plan, context.output("smoke"))
        )
        if gates.smoke.status == "red":
            return "smoke", findings
    return None, []


def has_tables(context: Context) -> bool:
    """Without the migration step: those that exist make every table the smoke test needs."""
    return context.tools.validate(context.plan, None, migrations=True).passed
