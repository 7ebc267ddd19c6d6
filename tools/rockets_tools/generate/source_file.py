"""One file while it is rendered: whose it is, where it lies, which names it uses."""

from collections.abc import Iterable, Mapping

from rockets_tools.generate.imports import PROJECT, FileNames
from rockets_tools.generate.symbols import MODULE_OF, SDK, TYPES, SdkEntity
from rockets_tools.plan.model import Entity, Field, Relation

CLASS_FILES = {
    "Entity": "{entity}/entities/{kebab}.entity",
    "Module": "{module}/{kebab}.module",
    "CrudController": "{module}/{kebab}.crud.controller",
    "CrudService": "{module}/{kebab}.crud.service",
    "TypeOrmCrudAdapter": "{module}/{kebab}-typeorm-crud.adapter",
    "ModelService": "{module}/{kebab}-model.service",
    "AccessQueryService": "{module}/{kebab}-access-query.service",
    "Resource": "{module}/constants/{kebab}.constants",
    "Dto": "{shared}/dtos/{kebab}.dto",
    "CreateDto": "{shared}/dtos/{kebab}-create.dto",
    "CreateManyDto": "{shared}/dtos/{kebab}-create.dto",
    "UpdateDto": "{shared}/dtos/{kebab}-update.dto",
    "PaginatedDto": "{shared}/dtos/{kebab}-paginated.dto",
    "Interface": "{shared}/interfaces/{kebab}.interface",
    "CreatableInterface": "{shared}/interfaces/{kebab}-creatable.interface",
    "UpdatableInterface": "{shared}/interfaces/{kebab}-updatable.interface",
}
"""Suffix of an entity's class or interface, to the file that exports it."""

_SHARED = frozenset(suffix for suffix, file in CLASS_FILES.items() if file.startswith("{shared}"))


def place(pattern: str, entity: Entity) -> str:
    """Fill the variable parts of a path, relative to the project root."""
    paths = entity.paths
    return pattern.format(
        entity=paths.entity, module=paths.module, shared=paths.shared, kebab=entity.kebab
    )


def modules(entity: Entity) -> dict[str, str]:
    """The module of each class of an entity, by suffix."""
    return {suffix: PROJECT + place(file, entity) for suffix, file in CLASS_FILES.items()}


def entity_key(entity: Entity) -> str:
    """The constant with the entity's dynamic repository key."""
    return f"{entity.constant}_MODULE_{entity.constant}_ENTITY_KEY"


class SourceFile:
    """Gives names to a template and remembers what has to be imported for them."""

    def __init__(
        self,
        entity: Entity,
        related: Mapping[str, Entity],
        pattern: str,
        declared: Iterable[str],
        own_modules: Mapping[str, str],
    ) -> None:
        self.entity = entity
        self.related = related
        self.path = place(pattern, entity)
        self._own_modules = own_modules
        self._is_shared = pattern.startswith("{shared}")
        self._declared = {*declared}
        self.names = FileNames(self.path.rpartition("/")[0], self._declared)
        self._used: dict[str, str] = {}

    def use(self, name: str) -> str:
        """A name of the SDK, of a library or of the project's common layer."""
        local = self._used.get(name)
        if local is None:
            local = self._used[name] = self.names.use(
                name, MODULE_OF[name], alias=f"Base{name}", value=name not in TYPES
            )
        return local

    def own(self, suffix: str, *, value: bool = True) -> str:
        """A class or interface of the entity itself, e.g. `CrudService`."""
        return self._of(self.entity, suffix, value=value)

    def target(self, relation: Relation, suffix: str, *, value: bool = True) -> str:
        """The same of a relation's target: `Entity`, `Dto` or `Interface`."""
        if not relation.sdk_target:
            return self._of(self._target(relation), suffix, value=value)
        sdk = SDK[relation.target]
        if suffix == "Interface":
            return self._sdk_interface(sdk)
        name, module = (
            (f"{relation.target}Entity", sdk.entity_file)
            if suffix == "Entity"
            else (f"{relation.target}ReferenceDto", sdk.dto_file)
        )
        return self.names.use(name, module, alias=f"Sdk{name}", value=value)

    def target_property(self, relation: Relation) -> str:
        """Word for a row of the target, fit to be a parameter."""
        return "User" if relation.sdk_target else self._target(relation).camel

    def enum(self, field: Field, *, value: bool = True) -> str:
        """The enum of a field of the entity itself."""
        name = field.enum_name or ""
        if name in self._declared:
            return name
        module = self._module(self.entity, "Interface")
        # One that is called like something of the SDK gives way to it, used or not.
        return self.names.use(
            name, module, alias=f"{name}Enum", value=value, avoid=name in MODULE_OF
        )

    def entity_key(self) -> str:
        """The constant with the dynamic repository key."""
        name = entity_key(self.entity)
        return self.names.use(name, self._own_modules["Resource"], alias=name, value=True)

    @property
    def date_type(self) -> str:
        """The global `Date`, also where an enum of the entity has that name."""
        return "globalThis.Date" if "Date" in self._declared else "Date"

    def _of(self, entity: Entity, suffix: str, *, value: bool) -> str:
        name = f"{entity.name}{suffix}"
        if name in self._declared and entity.name == self.entity.name:
            return name
        module = self._module(entity, suffix)
        return self.names.use(name, module, alias=f"Related{name}", value=value)

    def _module(self, entity: Entity, suffix: str) -> str:
        if entity.shared_package and suffix in _SHARED and not self._is_shared:
            return entity.shared_package
        if entity.name == self.entity.name:
            return self._own_modules[suffix]
        return PROJECT + place(CLASS_FILES[suffix], entity)

    def _target(self, relation: Relation) -> Entity:
        if relation.target == self.entity.name:
            return self.entity
        return self.related[relation.target]

    def _sdk_interface(self, sdk: SdkEntity) -> str:
        parts = [self.use(name) for name in sdk.interface]
        return " & ".join([*parts, sdk.extra] if sdk.extra else parts)
