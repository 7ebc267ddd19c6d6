"""Hold a project against the nine engineering rules and the structural checks."""

from rockets_tools.validate.result import Issue, Severity, ValidateResult
from rockets_tools.validate.run import validate
from rockets_tools.validate.sarif import sarif

__all__ = ["Issue", "Severity", "ValidateResult", "sarif", "validate"]
