"""What the Lead is asked for when a document becomes a plan. None of it needs a tool."""

from rockets_agents.lead import LEAD
from rockets_agents.planning.checks import check_plan, check_revision, check_settlement
from rockets_agents.planning.said import (
    PlanBrief,
    PlanDraft,
    ReviseBrief,
    SettleBrief,
    Settlement,
)
from rockets_agents.role import Job

PLAN = Job(
    role=LEAD,
    name="plan",
    brief=PlanBrief,
    answer=PlanDraft,
    check=check_plan,
    tools=frozenset(),
    max_turns=4,
    max_tokens=64_000,
    thinking=True,
    constrained=False,
    many_turns=False,
)
REVISE = Job(
    role=LEAD,
    name="revise",
    brief=ReviseBrief,
    answer=PlanDraft,
    check=check_revision,
    tools=frozenset(),
    max_turns=4,
    max_tokens=64_000,
    thinking=True,
    constrained=False,
    many_turns=False,
)
SETTLE = Job(
    role=LEAD,
    name="settle",
    brief=SettleBrief,
    answer=Settlement,
    check=check_settlement,
    tools=frozenset(),
    max_turns=4,
    max_tokens=32_000,
    thinking=True,
    many_turns=False,
)
