"""From prose to a plan: the Lead reads, code checks, merges and tells what a person must see."""

from rockets_agents.planning.draft import draft_plan, revise_plan
from rockets_agents.planning.drafted import Assumption, Drafted, Question, assume
from rockets_agents.planning.estimate import Estimate, estimate_planning
from rockets_agents.planning.jobs import PLAN, REVISE, SETTLE

__all__ = [
    "PLAN",
    "REVISE",
    "SETTLE",
    "Assumption",
    "Drafted",
    "Estimate",
    "Question",
    "assume",
    "draft_plan",
    "estimate_planning",
    "revise_plan",
]
