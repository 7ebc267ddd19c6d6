"""The smoke test: boots the built application and proves the plan's access rules over HTTP."""

from rockets_tools.smoke.junit import junit_xml
from rockets_tools.smoke.model import Cell
from rockets_tools.smoke.result import SmokeResult, matrix, table
from rockets_tools.smoke.run import Progress, smoke

__all__ = ["Cell", "Progress", "SmokeResult", "junit_xml", "matrix", "smoke", "table"]
