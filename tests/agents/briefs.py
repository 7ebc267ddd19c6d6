"""A real-looking brief for every kind of job, and an answer that holds."""

from pydantic import BaseModel
from tests.agents.desks import SERVICE

from rockets_agents import builder, generator, lead, planning, reviewer, tester
from rockets_agents.findings import Attempt, Brief, Finding, FixRequest, Note
from rockets_agents.planning import said
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

SHOP = said.Passage(name="shop.md", first=1, last=3, numbered="1\t# Shop\n2\t\n3\tAn order.")
DRAFT = said.PlanDraft(
    plan={"entities": [{"entityName": "Order", "x-source": "3"}]},
    assumptions=(said.Decided(about="Order", text="Only admins use orders."),),
)

BRIEFS: dict[str, Brief] = {
    "lead.plan": said.PlanBrief(
        document=SHOP,
        plan_schema=plan_schema(),
        part=1,
        parts=2,
        outline=("1\tShop",),
        known=("Customer: name string",),
        so_far={"entities": [{"entityName": "Customer", "fields": [{"name": "name"}]}]},
    ),
    "lead.revise": said.ReviseBrief(
        passages=(SHOP,),
        lines=3,
        plan_schema=plan_schema(),
        draft={"entities": [{"entityName": "Order", "x-source": "3"}]},
        answered=(said.Answered(question="Who may order?", answer="Everybody."),),
        remarks=("Orders belong to a user.",),
    ),
    "lead.settle": said.SettleBrief(
        document="shop.md",
        passages=(SHOP,),
        clashes=(said.Variants(number=0, about="Order/pluralName", first="orders", second="buys"),),
        plan={"entities": [{"entityName": "Order", "pluralName": "orders"}]},
    ),
    "lead.breakdown": lead.BreakdownBrief(entities=(ORDER,), modules=(REFUND,)),
    "lead.escalate": lead.EscalationBrief(
        gate="build", tries=3, findings=(FAILURE,), history=("Try 1: no better.",)
    ),
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
    "lead.plan": DRAFT,
    "lead.revise": DRAFT,
    "lead.settle": said.Settlement(
        choices=(said.Choice(number=0, take="first", why="It is what the text says throughout."),)
    ),
    "lead.breakdown": lead.Breakdown(tasks=(TASK,)),
    "lead.escalate": lead.Escalation(
        decision="stop", cause="A package is missing.", evidence="TS2307", steps=("npm ci",)
    ),
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
        planning.PLAN,
        planning.REVISE,
        planning.SETTLE,
        lead.BREAKDOWN,
        lead.ESCALATE,
        generator.FIX,
        generator.WRITE_MODULE,
        reviewer.REVIEW,
        tester.DIAGNOSE,
        builder.REPAIR,
    )
}
