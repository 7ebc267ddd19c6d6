"""The plan, resolved: every default applied, every name settled, every edge known.

`schema.py` is what people write; this is what the rest of the house works with. All values are
immutable and hashable where they can be, carry no reference to the document they came from and
need no further checking: a `Plan` only exists when `check` found no error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from pydantic import JsonValue


class Operation(StrEnum):
    """A route an entity may offer."""

    READ_MANY = "readMany"
    READ_ONE = "readOne"
    CREATE_ONE = "createOne"
    UPDATE_ONE = "updateOne"
    DELETE_ONE = "deleteOne"
    RECOVER_ONE = "recoverOne"


class Action(StrEnum):
    """What a grant allows, in the words of the access control library."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


class Possession(StrEnum):
    """Whose rows a grant covers."""

    OWN = "own"
    ANY = "any"


class FieldType(StrEnum):
    STRING = "string"
    TEXT = "text"
    NUMBER = "number"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    UUID = "uuid"
    JSON = "json"
    ENUM = "enum"


TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
"""Types whose values are free text, with lengths and patterns."""

NUMBERS = frozenset({FieldType.NUMBER, FieldType.FLOAT})
"""Types whose values have a minimum and a maximum."""


class RelationType(StrEnum):
    MANY_TO_ONE = "manyToOne"
    ONE_TO_MANY = "oneToMany"
    ONE_TO_ONE = "oneToOne"


class OnDelete(StrEnum):
    CASCADE = "CASCADE"
    SET_NULL = "SET NULL"
    RESTRICT = "RESTRICT"


ACTION_OF: Mapping[Operation, Action] = {
    Operation.READ_MANY: Action.READ,
    Operation.READ_ONE: Action.READ,
    Operation.CREATE_ONE: Action.CREATE,
    Operation.UPDATE_ONE: Action.UPDATE,
    Operation.DELETE_ONE: Action.DELETE,
    Operation.RECOVER_ONE: Action.UPDATE,
}
"""The grant each operation needs, on every target."""

SDK_ENTITIES = frozenset(
    {"User", "Role", "UserRole", "UserOtp", "UserMetadata", "Federated", "Invitation"}
)
"""Entities the SDK owns; a plan may relate to them and never lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One scalar property. Foreign keys are not fields; they belong to their `Relation`."""

    name: str
    """TypeScript property, camelCase."""
    column: str
    """Database column."""
    type: FieldType
    required: bool = True
    """NOT NULL. A required field with a default is optional in a create body."""
    unique: bool = False
    min_length: int | None = None
    max_length: int | None = None
    """Characters; the varchar length of a `string` (255 when None)."""
    min: float | int | None = None
    max: float | int | None = None
    precision: int = 10
    """Digits of a `float` column in all."""
    scale: int = 2
    """Digits of a `float` column after the point."""
    pattern: str | None = None
    """JavaScript regular expression without slashes."""
    is_url: bool = False
    is_email: bool = False
    has_default: bool = False
    default: JsonValue = field(default=None, hash=False)
    """Meaningful only with `has_default`. For a `date`: an ISO 8601 string or `now()`."""
    enum_values: tuple[str, ...] = ()
    enum_name: str | None = None
    """TypeScript enum, PascalCase, unique in the plan; set for every `enum` field."""
    description: str | None = None
    example: JsonValue = field(default=None, hash=False)
    """`apiExample`, or None."""
    creatable: bool = True
    updatable: bool = True
    expose: bool = True
    """False: stored and writable, never answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One side of a relation. Both sides of a bidirectional relation are present, each on its
    entity, whether the plan wrote one or both; a `manyToMany` is present only as its junction."""

    name: str
    """TypeScript property, camelCase."""
    type: RelationType
    target: str
    """Entity name, PascalCase, no suffix: a key of `Plan.entities`, or an SDK entity."""
    owning: bool
    """This side holds the foreign key: `manyToOne` and owning `oneToOne`."""
    foreign_key: str | None = None
    """TypeScript property of the foreign key, e.g. `categoryId`; None on the inverse side."""
    column: str | None = None
    """Database column of the foreign key; None on the inverse side."""
    inverse: str | None = None
    """Name of the relation on the target that is the other side, or None (unidirectional)."""
    nullable: bool = True
    on_delete: OnDelete | None = None
    """None: the database's NO ACTION, answered like RESTRICT."""
    eager: bool = False
    join_type: str = "LEFT"
    sdk_target: bool = False
    """The target is an entity the SDK owns."""
    self_reference: bool = False
    unique: bool = False
    """The foreign key is unique by itself (owning `oneToOne`)."""
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one role may do with one entity."""

    possession: Possession
    actions: frozenset[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """How a row of an entity leads to the user who owns it."""

    path: tuple[str, ...]
    """Relation names to walk, each required and owning; empty: the column is on the row itself."""
    column: str
    """TypeScript property that holds the user's id, on the entity at the end of `path`."""
    targets: tuple[str, ...] = ()
    """Entity names along `path`, as many as it has steps."""

    @property
    def dotted(self) -> str:
        """As the plan writes it: `userId`, `task.userId`, `task.project.userId`."""
        return ".".join((*self.path, self.column))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPaths:
    """Directories of one entity, POSIX, relative to the project root."""

    entity: str
    """Holds `entities/<kebab>.entity.ts`, e.g. `src/modules/product`."""
    module: str
    """Holds module, controller and services, e.g. `src/modules/product`."""
    shared: str
    """Holds `dtos/`, `interfaces/` and `index.ts`, e.g. `src/shared/product`."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One entity, everything known that its sixteen files, its table and its routes need."""

    name: str
    """PascalCase without suffix, e.g. `ProductTag`; unique in the plan in any case."""
    kebab: str
    """`product-tag`: file names, directory, the ACL resource, the name in state.json."""
    camel: str
    """`productTag`: the dynamic repository key, default relation name."""
    constant: str
    """`PRODUCT_TAG`."""
    plural: str
    """Kebab-case plural, which is the route: `product-tags` is served at `/product-tags`."""
    table: str
    paths: EntityPaths
    shared_package: str | None = None
    """Import specifier used in place of the relative path to the shared folder."""
    fields: tuple[Field, ...] = ()
    """In plan order, without foreign keys and inherited columns."""
    relations: tuple[Relation, ...] = ()
    """In plan order, sides added by resolution last."""
    operations: frozenset[Operation] = frozenset(Operation)
    acl: Mapping[str, Grant] = field(default_factory=dict[str, Grant], hash=False)
    """Role name to grant, sorted by role; empty: nobody may do anything."""
    owner: Owner | None = None
    """Set when some role has own scope, or the plan's `ownerField` resolves anyway."""
    is_junction: bool = False
    from_many_to_many: bool = False
    """Made from a `manyToMany` relation, not listed in the plan."""
    unique: tuple[tuple[str, ...], ...] = ()
    """Composite unique constraints as TypeScript property names (foreign keys included)."""
    pointer: str = field(default="", compare=False)
    """JSON pointer into the plan, e.g. `/entities/3`; no part of what the entity is."""

    @cached_property
    def soft_delete(self) -> bool:
        """`recoverOne` is offered, so deleting only marks the row."""
        return Operation.RECOVER_ONE in self.operations

    @cached_property
    def owning_relations(self) -> tuple[Relation, ...]:
        """Relations with a foreign key in this entity's table, in order."""
        return tuple(r for r in self.relations if r.owning)

    def offers(self, operation: Operation) -> bool:
        return operation in self.operations

    def relation(self, name: str) -> Relation:
        return next(r for r in self.relations if r.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonCrud:
    """A module with behaviour, written by the team."""

    name: str
    kebab: str
    type: str | None = None
    description: str | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutEdge:
    """A nullable relation left out of the order because it closes a cycle; still generated."""

    source: str
    relation: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole plan that passed `check`."""

    entities: Mapping[str, Entity]
    """By name, junctions of `manyToMany` included, in wave order and sorted inside a wave."""
    waves: tuple[tuple[str, ...], ...]
    """Entity names; wave i needs only waves before it. Names sorted inside a wave."""
    roles: tuple[str, ...]
    """Every role a grant names, and `admin`, sorted."""
    cut_edges: tuple[CutEdge, ...] = ()
    non_crud: tuple[NonCrud, ...] = ()
    sdk_version: str | None = None
    hash: str = ""
    """sha256, hex, of the canonical JSON of the plan as written (key order and spaces ignored)."""
