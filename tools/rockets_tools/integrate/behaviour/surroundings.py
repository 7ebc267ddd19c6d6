"""What a project has already, as far as a module with behaviour must not take it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from rockets_tools.files import ProjectFiles
from rockets_tools.integrate.behaviour.record import ModuleRecords, WrittenModule
from rockets_tools.integrate.layout import ProjectLayout
from rockets_tools.integrate.record import EntityRecord, Records
from rockets_tools.integrate.wiring.acl_names import RESOURCES, ROLES, Names
from rockets_tools.integrate.wiring.imports import Imports
from rockets_tools.integrate.wiring.source import Source


class Surroundings:
    """The project without the modules called `names`. Raises `WiringError` where the access rules
    cannot be read."""

    def __init__(
        self,
        files: ProjectFiles,
        layout: ProjectLayout,
        records: ModuleRecords,
        names: Sequence[str],
    ) -> None:
        self.files = files
        self._layout = layout
        self._records = records
        self._names = frozenset(names)
        self._acl = Source(files.read(layout.acl) or "", layout.acl)
        imports = Imports(self._acl)
        self._roles = self._members(imports, ROLES)
        self._resources = self._members(imports, RESOURCES)

    def knows_role(self, role: str) -> bool:
        """The access rules name it."""
        if not self._roles.missing:
            return self._roles.member_of(role) is not None
        return any(f"{quote}{role}{quote}".encode() in self._acl.data for quote in "'\"")

    def value_of(self, member: str) -> str | None:
        """What a member of `AppResource` stands for, where it is there."""
        return self._resources.value_of_member(member)

    def has_value(self, value: str) -> bool:
        """`AppResource` has a member that stands for it."""
        return self._resources.member_of(value) is not None

    @cached_property
    def owner_of_file(self) -> Mapping[str, str]:
        """Path to whose file it is."""
        layout = self._layout
        shared = (layout.typeorm, layout.app_module, layout.acl, layout.access_control)
        found = dict.fromkeys(shared, "the project itself")
        for entity in self._entities:
            found.update(dict.fromkeys(entity.files, f"the entity {entity.entity}"))
        for module in self._others:
            found.update(dict.fromkeys(module.files, f"the module {module.name}"))
        return found

    @cached_property
    def owner_of_resource(self) -> Mapping[str, str]:
        """Value of a resource to whose it is, where a record tells."""
        found = {r.value: f"the entity {e.entity}" for e in self._entities for r in e.resources}
        for module in self._others:
            for resource in (*module.resources, *module.retired):
                found[resource.value] = f"the module {module.name}"
        return found

    @cached_property
    def _entities(self) -> tuple[EntityRecord, ...]:
        records = Records(self.files)
        recalled = (records.recall(name).record for name in records.entities())
        return tuple(record for record in recalled if record is not None)

    @cached_property
    def _others(self) -> tuple[WrittenModule, ...]:
        return tuple(self._recalled_others())

    def _recalled_others(self) -> Iterator[WrittenModule]:
        for name in self._records.modules():
            record = None if name in self._names else self._records.recall(name)
            if record is not None:
                yield record

    def _members(self, imports: Imports, name: str) -> Names:
        binding = imports.bound_to(name)
        return Names(self._acl, name, imported=binding.statement if binding else None)
