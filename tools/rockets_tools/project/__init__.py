"""Projects as a whole: make a fresh one, tell which SDK target one is on."""

from rockets_tools.project.new import new_project, require_room
from rockets_tools.project.packages import require_shared_packages
from rockets_tools.project.target import detect_target, require_target
from rockets_tools.targets import Target

__all__ = [
    "Target",
    "detect_target",
    "new_project",
    "require_room",
    "require_shared_packages",
    "require_target",
]
