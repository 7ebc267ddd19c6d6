"""What `integrate_modules` is told about a module with behaviour. Untrusted: a model says it."""

from dataclasses import dataclass

from rockets_tools.generate.result import ClassReference, Resource
from rockets_tools.plan import names
from rockets_tools.plan.model import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleGrant:
    """What one role may do with one resource of the module."""

    resource: str
    """Member of `AppResource`, e.g. `Refund`."""
    role: str
    grant: Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourModule:
    """A module with behaviour whose files are in the project."""

    name: str
    """kebab-case, as in the plan; the module's folder is called so."""
    module: ClassReference
    files: tuple[str, ...]
    """Every file of it; POSIX, relative to the project root."""
    resources: tuple[str, ...]
    """Members of `AppResource` it needs, e.g. `Refund`."""
    grants: tuple[ModuleGrant, ...]

    @property
    def folder(self) -> str:
        """Where its sources are."""
        return self.module.file.rpartition("/")[0]


def resource_of(member: str) -> Resource:
    """The resource behind a member, by the convention that generated code keeps: `OrderNotice` is
    `order-notice`, which is what the grants of the module's handlers name."""
    return Resource(member=member, value=names.kebab(member))
