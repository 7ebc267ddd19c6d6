"""What agents can do: typed tools, limited by role, inside the project only, never a shell."""

from rockets_agents.toolset.desk import Desk, GateReport, TaskStatus, Team, Workbench, shipped_with
from rockets_agents.toolset.reading import numbered
from rockets_agents.toolset.session import Touch
from rockets_agents.toolset.toolset import TOOLS, ToolRecord, Toolset

__all__ = [
    "TOOLS",
    "Desk",
    "GateReport",
    "TaskStatus",
    "Team",
    "ToolRecord",
    "Toolset",
    "Touch",
    "Workbench",
    "numbered",
    "shipped_with",
]
