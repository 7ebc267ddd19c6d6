"""Which cast plays a run, and why."""

from collections.abc import Mapping

from rockets_graph.state import Mode

TEAM_SWITCH = "CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS"
API_KEY = "ANTHROPIC_API_KEY"
TEAM_FROM = 3
"""Entities: below that a team is not worth its tokens."""
_TRUE = frozenset({"1", "true", "yes", "on"})


def choose_mode(
    asked: Mode | None, environment: Mapping[str, str], entities: int
) -> tuple[Mode, str | None]:
    """The mode, and one line on why when nobody asked for it."""
    if asked is not None:
        return asked, None
    if environment.get(TEAM_SWITCH, "").strip().lower() not in _TRUE:
        return "sequential", f"sequential mode: {TEAM_SWITCH} is not set"
    if not environment.get(API_KEY):
        return "sequential", f"sequential mode: {API_KEY} is not set"
    if entities < TEAM_FROM:
        return "sequential", f"sequential mode: the plan has fewer than {TEAM_FROM} entities"
    return "team", f"team mode: {TEAM_SWITCH} and {API_KEY} are set"
