"""Another implementation of generate, integrate and validate: programs that speak JSON."""

from rockets_tools.scripts.answers import Generated, Integrated
from rockets_tools.scripts.errors import ScriptError, ScriptMissingError
from rockets_tools.scripts.programs import Scripts

__all__ = ["Generated", "Integrated", "ScriptError", "ScriptMissingError", "Scripts"]
