"""What the access rules take of an entity or of a module with behaviour."""

from typing import Protocol

from rockets_tools.generate.result import Resource
from rockets_tools.plan.model import Grant


class Access(Protocol):
    """Resources that are granted together, and to whom. Nobody else gets anything on them."""

    @property
    def resources(self) -> tuple[Resource, ...]: ...

    @property
    def grants(self) -> tuple[tuple[str, Grant], ...]:
        """(role, grant), sorted by role."""
        ...
