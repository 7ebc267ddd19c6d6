"""Which cast plays a run, and why."""

from collections.abc import Mapping

from rockets_graph.state import Mode
from rockets_tools.errors import InputError, Problem

TEAM_SWITCH = "CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS"
API_KEY = "ANTHROPIC_API_KEY"
TEAM_FROM = 3
"""Entities: below that a team is not worth its tokens."""
_TRUE = frozenset({"1", "true", "yes", "on"})


def choose_mode(
    asked: Mode | None, environment: Mapping[str, str], entities: int
) -> tuple[Mode, str | None]:
    """The mode, and one line on why when nobody asked for it.

    Raises InputError (`team-missing`) when the team is asked for: its roles are not here yet.
    """
    if asked == "sequential":
        return "sequential", None
    if asked == "team":
        raise InputError(
            Problem(
                code="team-missing",
                message="This version cannot run the team: its roles have no model yet.",
                fix="Run with --sequential; it does all but the modules with behaviour.",
            )
        )
    if environment.get(TEAM_SWITCH, "").strip().lower() not in _TRUE:
        reason = f"{TEAM_SWITCH} is not set"
    elif not environment.get(API_KEY):
        reason = f"{API_KEY} is not set"
    elif entities < TEAM_FROM:
        reason = f"the plan has fewer than {TEAM_FROM} entities"
    else:
        reason = "this version cannot run the team yet"
    return "sequential", f"sequential mode: {reason}"
