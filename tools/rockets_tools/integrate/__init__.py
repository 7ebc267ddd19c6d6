"""Write what was generated and wire it into the project; edits of yours survive."""

from rockets_tools.integrate.behaviour import (
    BehaviourModule,
    ModuleGrant,
    WrittenModule,
    integrate_modules,
    module_written,
    modules_written,
    orphan_modules,
    refusals,
)
from rockets_tools.integrate.layout import ProjectLayout, discover
from rockets_tools.integrate.orphans import Mention, Orphan, orphans
from rockets_tools.integrate.record import EntityRecord, Records
from rockets_tools.integrate.result import ActionKind, FileAction, IntegrateResult
from rockets_tools.integrate.wave import integrate, wire_shared

__all__ = [
    "ActionKind",
    "BehaviourModule",
    "EntityRecord",
    "FileAction",
    "IntegrateResult",
    "Mention",
    "ModuleGrant",
    "Orphan",
    "ProjectLayout",
    "Records",
    "WrittenModule",
    "discover",
    "integrate",
    "integrate_modules",
    "module_written",
    "modules_written",
    "orphan_modules",
    "orphans",
    "refusals",
    "wire_shared",
]
