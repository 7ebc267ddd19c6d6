"""Write what was generated and wire it into the project; edits of yours survive."""

from rockets_tools.integrate.layout import ProjectLayout, discover
from rockets_tools.integrate.orphans import Mention, Orphan, orphans
from rockets_tools.integrate.record import EntityRecord, Records
from rockets_tools.integrate.result import ActionKind, FileAction, IntegrateResult
from rockets_tools.integrate.wave import integrate, wire_shared

__all__ = [
    "ActionKind",
    "EntityRecord",
    "FileAction",
    "IntegrateResult",
    "Mention",
    "Orphan",
    "ProjectLayout",
    "Records",
    "discover",
    "integrate",
    "orphans",
    "wire_shared",
]
