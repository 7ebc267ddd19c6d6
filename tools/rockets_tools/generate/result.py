"""What `generate` answers and `integrate` takes: files and wiring of one entity."""

from dataclasses import dataclass

from pydantic import JsonValue

from rockets_tools.plan.model import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """One file, rendered in memory."""

    path: str
    """POSIX, relative to the project root."""
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReference:
    """An exported class and where it lives."""

    name: str
    """e.g. `ProductModule`."""
    file: str
    """POSIX, relative to the project root, with `.ts`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A member of the project's `AppResource` enum."""

    member: str
    """e.g. `Product`, `ProductList`."""
    value: str
    """e.g. `product`, `product-list`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What the project's shared files must say for the entity to work."""

    entity: ClassReference
    module: ClassReference
    query_service: ClassReference
    resources: tuple[Resource, ...]
    """The one-record resource, then the list resource."""
    grants: tuple[tuple[str, Grant], ...]
    """(role, grant), sorted by role. Every other role of the project gets nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Everything one entity becomes; nothing has touched the disk."""

    entity: str
    """kebab-case."""
    files: tuple[GeneratedFile, ...]
    wiring: Wiring
    config: dict[str, JsonValue]
    """The entity as generated from, every default written out, in the plan's schema."""
