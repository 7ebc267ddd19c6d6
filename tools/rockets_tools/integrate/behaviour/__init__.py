"""Modules with behaviour: wired and remembered here, written by whoever writes them."""

from rockets_tools.integrate.behaviour.data import BehaviourModule, ModuleGrant
from rockets_tools.integrate.behaviour.orphans import orphan_modules
from rockets_tools.integrate.behaviour.record import (
    WrittenModule,
    module_written,
    modules_written,
)
from rockets_tools.integrate.behaviour.wire import integrate_modules, refusals

__all__ = [
    "BehaviourModule",
    "ModuleGrant",
    "WrittenModule",
    "integrate_modules",
    "module_written",
    "modules_written",
    "orphan_modules",
    "refusals",
]
