"""plan.json as people write it: shapes and limits, no meaning yet (`resolve` gives that).

`plan_schema()` is the same as JSON Schema, for editors and for the model that writes plans.
Keys that start with `x-` are taken out before validation and allowed everywhere.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, TypeAdapter
from pydantic.alias_generators import to_camel

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=5000)]

OperationName = Literal["readMany", "readOne", "createOne", "updateOne", "deleteOne", "recoverOne"]
FieldTypeName = Literal[
    "string", "text", "number", "float", "boolean", "date", "uuid", "json", "enum"
]

_Columns = Annotated[list[Name], Field(max_length=50)]

MAX_ENTITIES = 2000
MAX_MEMBERS = 500
"""Fields, or relations, of one entity."""


class _Raw(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={"patternProperties": {"^x-": {}}},
        defer_build=True,
        model_title_generator=lambda model: model.__name__.removeprefix("Raw"),
    )


class RawPaths(_Raw):
    """Directories from the project root; each entity gets a folder of its own below them."""

    entity: Path | None = Field(
        None, description="Holds `<entity>/entities/`. Default `src/modules`."
    )
    module: Path | None = Field(
        None, description="Holds `<entity>/` with module and services. Default `src/modules`."
    )
    shared: Path | None = Field(
        None,
        description="Holds `<entity>/` with DTOs and interfaces. Default `src/shared`; "
        "null puts the shared folder into the module.",
    )


class RawGrant(_Raw):
    """What one role may do with one entity."""

    possession: Literal["own", "any"] = Field(
        "any", description="`own`: only rows the caller owns (the entity needs an owner)."
    )
    operations: Annotated[
        list[Literal["create", "read", "update", "delete"]], Field(max_length=20)
    ] = Field(description="`update` also covers recover, `create` also covers POST /bulk.")


class RawField(_Raw):
    """One scalar property. Foreign keys need no field: a relation brings its own."""

    name: Name = Field(description="Any case; becomes camelCase.")
    column_name: Name | None = Field(None, description="Database column. Default: the name.")
    type: FieldTypeName = Field(
        "string",
        description="string varchar(255), text text, number integer, float decimal, boolean, "
        "date timestamptz, uuid, json jsonb, enum (needs enumValues).",
    )
    required: bool | None = Field(None, description="NOT NULL. Default true.")
    unique: bool = False
    min_length: int | None = Field(None, ge=0, description="Characters; string and text.")
    max_length: int | None = Field(
        None, ge=1, le=10_485_760, description="Characters; string and text. Default 255 (string)."
    )
    min: int | float | None = Field(None, description="Smallest value; number and float.")
    max: int | float | None = Field(None, description="Largest value; number and float.")
    precision: int | None = Field(
        None, ge=1, le=1000, description="Digits of a float in all. Default 10."
    )
    scale: int | None = Field(
        None, ge=0, le=1000, description="Digits of a float after the point. Default 2."
    )
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = Field(
        None, description="JavaScript regular expression without slashes; string and text."
    )
    is_url: bool = Field(default=False, description="The text must be a URL.")
    is_email: bool = Field(default=False, description="The text must be an e-mail address.")
    default: JsonValue = Field(
        None,
        description="Value when a create body has none; fits the type. A date also takes `now()`.",
    )
    enum_values: Annotated[list[Name], Field(max_length=500)] | None = Field(
        None, description="Allowed values; required for enum, in order, no duplicates."
    )
    enum_name: Name | None = Field(
        None, description="TypeScript enum, unique in the plan. Default `<Entity><Field>`."
    )
    api_description: Text | None = Field(None, description="For the OpenAPI document.")
    api_example: JsonValue = Field(
        None, description="A valid value; needed where none can be made from the constraints."
    )
    creatable: bool = Field(default=True, description="A create body may carry it.")
    updatable: bool = Field(default=True, description="An update body may carry it.")
    expose: bool = Field(default=True, description="Answers carry it; false for secrets.")


class RawRelation(_Raw):
    """One side of a relation to another entity of the plan, to itself, to User or to Role."""

    name: Name | None = Field(
        None, description="Any case; becomes camelCase. Default: the target in camelCase."
    )
    column_name: Name | None = Field(
        None, description="Database column of the foreign key. Default: the foreign key."
    )
    type: Literal["manyToOne", "oneToMany", "oneToOne", "manyToMany"] = Field(
        "manyToOne",
        description="manyToOne holds the foreign key. manyToMany becomes a junction entity.",
    )
    target_entity: Name = Field(description="entityName of the target, or User, or Role.")
    foreign_key: Name | None = Field(
        None,
        description="Property of the foreign key. Default `<target>Id`; `<name>Id` for a self "
        "relation or where two relations have the target.",
    )
    inverse_side: Name | None = Field(
        None, description="On the owning side: name of the relation on the target."
    )
    mapped_by: Name | None = Field(
        None, description="On the inverse side: name of the owning relation on the target."
    )
    join_type: Literal["LEFT", "INNER"] = "LEFT"
    on_delete: Literal["CASCADE", "SET NULL", "RESTRICT"] | None = Field(
        None, description="What happens to this row when its target is deleted."
    )
    nullable: bool | None = Field(
        None, description="Default true; false in a junction (`isJunction`)."
    )
    eager: bool = Field(default=False, description="Every answer carries the related row.")
    owner: bool | None = Field(
        None, description="oneToOne, manyToMany: this side owns. Default true without mappedBy."
    )
    sdk_managed: bool | None = Field(None, description="The target is an entity the SDK owns.")
    api_description: Text | None = Field(None, description="For the OpenAPI document.")


class RawEntity(_Raw):
    """A table with its routes and who may use them."""

    entity_name: Name = Field(description="Any case; becomes PascalCase without `Entity`.")
    plural_name: Name | None = Field(
        None, description="The route, kebab-case. Default: the English plural."
    )
    table_name: Name | None = Field(None, description="Default: the name in snake_case.")
    paths: RawPaths | None = Field(None, description="Overrides the plan's paths.")
    shared_package: Path | None = Field(
        None, description="Import specifier used in place of the path to the shared folder."
    )
    fields: Annotated[list[RawField], Field(max_length=MAX_MEMBERS)] = []
    relations: Annotated[list[RawRelation], Field(max_length=MAX_MEMBERS)] = []
    operations: Annotated[list[OperationName], Field(max_length=20)] | None = Field(
        None, description="Routes offered. Default: all six. recoverOne makes delete soft."
    )
    acl: Annotated[dict[Name, RawGrant], Field(max_length=100)] | None = Field(
        None, description="Grant per role. Default: admin may do all; `{}`: nobody anything."
    )
    owner_field: Name | None = Field(
        None,
        description="Property with the owner's user id, or a path of required relations that "
        "ends in one (`task.userId`). Default `userId`.",
    )
    is_junction: bool = Field(
        default=False,
        description="Joins two entities: at least two manyToOne, required and unique.",
    )
    generate_model_service: bool | None = Field(
        None, description="Accepted for old plans; a model service is always generated."
    )
    unique_constraint: _Columns | Annotated[list[_Columns], Field(max_length=50)] | None = Field(
        None, description="Fields or foreign keys unique together; one list, or a list of lists."
    )


class RawNonCrud(_Raw):
    """A module with behaviour, written by the team and not by the generator."""

    name: Name
    type: Text | None = None
    description: Text | None = None
    pattern: Text | None = None


class RawPlan(_Raw):
    """A whole backend: its entities, who may do what, and the modules with behaviour."""

    entities: Annotated[list[RawEntity], Field(min_length=1, max_length=MAX_ENTITIES)]
    paths: RawPaths | None = Field(None, description="Directories for all entities.")
    non_crud: Annotated[list[RawNonCrud], Field(max_length=MAX_MEMBERS)] = []
    sdk_version: Text | None = Field(
        None, description="Information only; the project's package.json decides."
    )


def plan_schema() -> dict[str, JsonValue]:
    """The JSON Schema (draft 2020-12) of plan.json."""
    adapter: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
    return adapter.validate_python(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **RawPlan.model_json_schema(by_alias=True),
        }
    )
