"""A real-looking brief for every kind of job, and an answer that holds."""

from pydantic import BaseModel
from tests.agents.desks import SERVICE

from rockets_agents import builder, generator, lead, reviewer, tester
from rockets_agents.findings import Attempt, Brief, Finding, FixRequest, Note
from rockets_agents.toolset import numbered
from rockets_tools.plan import plan_schema

HEALTH = "src/modules/health/health.service.ts"
NOTE = Note(sender="reviewer", receiver="generator", text="The owner check is what matters to me.")
FAILURE = Finding(
    severity="error",
    rule="TS2322",
    message="Type 'number' is not assignable to type 'string'.",
    file=HEALTH,
    line=6,
)
REQUEST = FixRequest(
    file=HEALTH,
    line=6,
    problem="`check` returns a number.",
    fix="Return 'ok'.",
    evidence="error TS2322: Type 'number' is not assignable to type 'string'.",
)
ATTEMPT = Attempt(
    number=1,
    summary="Changed the return type.",
    files=(HEALTH,),
    outcome="rolled back",
    remaining=(FAILURE,),
)
ORDER = lead.UsableEntity(
    name="Order",
    folder="src/modules/order",
    model_service="OrderModelService",
    fields=("status", "total"),
)
REFUND = lead.ModuleSpec(
    name="refund", type="workflow", description="An admin refunds a paid order.", pattern=None
)
TASK = lead.ModuleTask(
    module="refund",
    kind="workflow",
    blocked_by=(),
    uses=("Order",),
    handlers=(lead.Handler(method="POST", path="/refunds", roles=("admin",), does="Refunds."),),
    instructions="Check the status, then write it.",
    test_cases=("A paid order is refunded.",),
)

BRIEFS: dict[str, Brief] = {
    "lead.plan": lead.PlanBrief(
        document=lead.Document(name="shop.md", text="# Shop\n\nAn order has lines.\n"),
        plan_schema=plan_schema(),
        existing={"entities": [{"entityName": "Customer"}]},
        remarks=("Orders belong to a user.",),
    ),
    "lead.breakdown": lead.BreakdownBrief(entities=(ORDER,), modules=(REFUND,)),
    "lead.escalate": lead.EscalationBrief(
        gate="build", tries=3, findings=(FAILURE,), history=("Try 1: no better.",)
    ),
    "lead.report": lead.ReportBrief(facts={"success": False, "failedGate": "build"}),
    "generator.fix": generator.FixBrief(
        round=1, rounds=3, files=(HEALTH,), requests=(FAILURE,), messages=(NOTE,)
    ),
    "generator.write_module": generator.ModuleBrief(
        module=REFUND, task=TASK, entities=(ORDER,), files=("src/modules/refund/",)
    ),
    "reviewer.review": reviewer.ReviewBrief(
        wave=1,
        entities=({"entityName": "Health"},),
        files=(reviewer.ReviewedFile(path=HEALTH, numbered=numbered(SERVICE)),),
        settled=("Round 1, rule 6: filtered by the owner.",),
    ),
    "tester.diagnose": tester.DiagnosisBrief(
        gate="build", failures=(FAILURE,), output="1 error\n", tried=(ATTEMPT,)
    ),
    "builder.repair": builder.RepairBrief(
        attempt=2,
        attempts=3,
        gate="build",
        failures=(FAILURE,),
        output="1 error\n",
        requests=(REQUEST,),
        tried=(ATTEMPT,),
    ),
}

ANSWERS: dict[str, BaseModel] = {
    "lead.plan": lead.PlanDraft(
        plan={"entities": [{"entityName": "Order"}]},
        assumptions=(lead.Assumption(pointer="/entities/0", text="Only admins use orders."),),
    ),
    "lead.breakdown": lead.Breakdown(tasks=(TASK,)),
    "lead.escalate": lead.Escalation(
        decision="stop", cause="A package is missing.", evidence="TS2307", steps=("npm ci",)
    ),
    "lead.report": lead.RunReport(headline="The build is red.", text="One error is left."),
    "generator.fix": generator.FixSummary(
        fixes=(generator.FixDone(request=0, done=True, what="Returned 'ok'."),), summary="Fixed."
    ),
    "generator.write_module": generator.ModuleWritten(
        module=generator.NamedClass(
            name="RefundModule", file="src/modules/refund/refund.module.ts"
        ),
        files=("src/modules/refund/refund.module.ts",),
        resources=("Refund",),
        grants=(
            generator.ResourceGrant(
                resource="Refund", role="admin", possession="any", operations=("create",)
            ),
        ),
        summary="Refunds paid orders.",
        open=(),
    ),
    "reviewer.review": reviewer.ReviewReport(
        findings=(
            reviewer.ReviewFinding(
                rule=6, severity="high", file=HEALTH, line=6, message="Open.", fix="Filter."
            ),
        )
    ),
    "tester.diagnose": tester.Diagnosis(
        fixable=True, cause="A wrong literal.", requests=(REQUEST,)
    ),
    "builder.repair": builder.Repair(
        changes=(builder.FileChange(file=HEALTH, what="'ok'", why="It returns a string."),),
        summary="Returned 'ok'.",
        unsolved=(),
    ),
}

JOBS = {
    f"{job.role.name}.{job.name}": job
    for job in (
        lead.PLAN,
        lead.BREAKDOWN,
        lead.ESCALATE,
        lead.REPORT,
        generator.FIX,
        generator.WRITE_MODULE,
        reviewer.REVIEW,
        tester.DIAGNOSE,
        builder.REPAIR,
    )
}
