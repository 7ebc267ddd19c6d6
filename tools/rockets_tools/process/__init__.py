"""Children of this process: argument lists only, no secrets, none left behind."""

from rockets_tools.process.child import Child, stop_all
from rockets_tools.process.environment import child_environment
from rockets_tools.process.run import Completed, TimedOutError, run
from rockets_tools.process.service import Service, ServiceError

__all__ = [
    "Child",
    "Completed",
    "Service",
    "ServiceError",
    "TimedOutError",
    "child_environment",
    "run",
    "stop_all",
]
