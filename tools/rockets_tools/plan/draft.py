"""The plan while it is being resolved: entities and relations that can still change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rockets_tools.plan import names
from rockets_tools.plan.folders import Folders
from rockets_tools.plan.model import (
    Entity,
    Field,
    Grant,
    OnDelete,
    Operation,
    Owner,
    Relation,
    RelationType,
)
from rockets_tools.plan.problems import Problems
from rockets_tools.plan.schema import RawEntity, RawField, RawRelation
from rockets_tools.plan.sdk import Sdk


@dataclass(eq=False, kw_only=True)
class RelationDraft:
    """One side of a relation on its way to a `Relation`."""

    name: str
    type: RelationType
    owning: bool
    target: str
    """Name of an entity of the plan or of the SDK."""
    sdk: bool
    pointer: str
    raw: RawRelation
    """As written; for a side nobody wrote, the one it was made from."""
    written: bool = True
    nullable: bool = True
    foreign_key: str | None = None
    column: str | None = None
    unique: bool = False
    inverse: "RelationDraft | None" = None
    description: str | None = None

    def link(self, other: "RelationDraft") -> None:
        self.inverse, other.inverse = other, self

    @property
    def may_lack(self) -> bool:
        """A row may be there without a related one."""
        return not self.owning or self.nullable

    def freeze(self, source: str) -> Relation:
        on_delete = OnDelete(self.raw.on_delete) if self.owning and self.raw.on_delete else None
        return Relation(
            name=self.name,
            type=self.type,
            target=self.target,
            owning=self.owning,
            foreign_key=self.foreign_key,
            column=self.column,
            inverse=self.inverse.name if self.inverse else None,
            nullable=self.nullable,
            on_delete=on_delete,
            eager=self.raw.eager and self.written,
            join_type=self.raw.join_type if self.written and not self.may_lack else "LEFT",
            sdk_target=self.sdk,
            self_reference=self.target == source,
            unique=self.unique,
            description=self.description,
        )


@dataclass(eq=False, kw_only=True)
class EntityDraft:
    """An entity on its way to an `Entity`."""

    raw: RawEntity
    pointer: str
    name: str
    plural: str
    table: str
    folders: Folders
    fields: list[Field] = field(default_factory=list[Field])
    raw_fields: dict[str, tuple[RawField, str]] = field(
        default_factory=dict[str, tuple[RawField, str]]
    )
    """Per field name: as written, and its pointer."""
    relations: list[RelationDraft] = field(default_factory=list[RelationDraft])
    operations: frozenset[Operation] = frozenset(Operation)
    acl: Mapping[str, Grant] = field(default_factory=dict[str, Grant])
    owner: Owner | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    from_many_to_many: bool = False

    @property
    def owning(self) -> list[RelationDraft]:
        return [relation for relation in self.relations if relation.owning]

    def relation(self, name: str) -> RelationDraft | None:
        return next((relation for relation in self.relations if relation.name == name), None)

    def foreign_key(self, name: str) -> RelationDraft | None:
        return next((relation for relation in self.owning if relation.foreign_key == name), None)

    def freeze(self) -> Entity:
        return Entity(
            name=self.name,
            kebab=names.kebab(self.name),
            camel=names.camel(self.name),
            constant=names.constant(self.name),
            plural=self.plural,
            table=self.table,
            paths=self.folders.of(names.kebab(self.name)),
            shared_package=self.raw.shared_package,
            fields=tuple(self.fields),
            relations=tuple(relation.freeze(self.name) for relation in self.relations),
            operations=self.operations,
            acl=self.acl,
            owner=self.owner,
            is_junction=self.raw.is_junction,
            from_many_to_many=self.from_many_to_many,
            unique=self.unique,
            pointer=self.pointer,
        )


@dataclass(kw_only=True)
class Drafts:
    """All entities being resolved, and what is known around them."""

    problems: Problems
    sdk: Sdk
    exact: bool = False
    """Names that have our form already stay as they are (our own output is read back)."""
    lost_entities: bool = False
    """Some entities could not be read: an unknown name may be one of theirs."""
    entities: dict[str, EntityDraft] = field(default_factory=dict[str, EntityDraft])
    """By name, in plan order; of two that clash, the first."""
    _by_key: dict[str, EntityDraft] = field(default_factory=dict[str, EntityDraft])

    def add(self, entity: EntityDraft) -> EntityDraft | None:
        """Take an entity in; where its name is taken, the one that has it is returned."""
        other = self._by_key.setdefault(names.key(entity.name), entity)
        if other is entity:
            self.entities[entity.name] = entity
            return None
        return other

    def find(self, name: str) -> EntityDraft | None:
        """The entity a name means, in any case, with or without the `Entity` suffix."""
        return self._by_key.get(names.key(names.entity_name(name)))

    def camel(self, name: str) -> str:
        return names.camel(name, exact=self.exact)
