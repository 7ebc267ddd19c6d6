"""Where the names that templates use come from, for target concepta-5."""

from collections.abc import Mapping

_MODULES: Mapping[str, str] = {
    "@concepta/nestjs-access-control": """AccessControlContextInterface AccessControlCreateMany
        AccessControlCreateOne AccessControlDeleteOne AccessControlGrant AccessControlQuery
        AccessControlReadMany AccessControlReadOne AccessControlUpdateOne ActionEnum CanAccess
        PossessionEnum""",
    "@concepta/nestjs-common": "CommonEntityDto",
    "@concepta/nestjs-crud": """CrudBody CrudController CrudCreateMany CrudCreateManyInterface
        CrudCreateOne CrudDeleteOne CrudReadMany CrudReadOne CrudRecoverOne CrudRequest
        CrudRequestInterface CrudResponsePaginatedDto CrudUpdateOne""",
    "@concepta/nestjs-typeorm-ext": "InjectDynamicRepository TypeOrmExtModule",
    "@concepta/ts-core": "AuditInterface ReferenceIdInterface ReferenceUsernameInterface",
    "@concepta/typeorm-common": "CommonPostgresEntity",
    "@nestjs/common": "Injectable Module",
    "@nestjs/swagger": """ApiBearerAuth ApiExtraModels ApiProperty ApiPropertyOptional ApiTags
        OmitType PartialType""",
    "@nestjs/typeorm": "InjectRepository TypeOrmModule",
    "class-transformer": "Exclude Expose Type",
    "class-validator": """ArrayMaxSize ArrayNotEmpty IsArray IsBoolean IsEmail IsEnum IsOptional
        IsString IsUUID IsUrl Length Matches Max MaxLength Min MinLength ValidateNested""",
    "typeorm": """Column Entity Index JoinColumn ManyToOne OneToMany OneToOne Repository Unique""",
    "/src/common/access/access-policy.decorator": "AccessPolicy",
    "/src/common/access/caller": "Caller CurrentCaller admitCaller",
    "/src/common/access/owned-rows": "mayUseOwn",
    "/src/common/crud/body.decorators": """IsFixedPoint IsInteger IsJson IsOmittable
        IsTimestamp""",
    "/src/common/crud/crud-controller.options": "CRUD_CONTROLLER_OPTIONS",
    "/src/common/crud/crud.service": "CrudService",
    "/src/common/crud/decimal.transformer": "decimalTransformer",
    "/src/common/crud/json.decorator": "AsJson",
    "/src/common/crud/model.service": "ModelService",
    "/src/common/crud/typeorm-crud.adapter": "TypeOrmCrudAdapter",
}

MODULE_OF: Mapping[str, str] = {
    name: module for module, names in _MODULES.items() for name in names.split()
}

TYPES = frozenset(
    {
        "AccessControlContextInterface",
        "AuditInterface",
        "CanAccess",
        "CrudCreateManyInterface",
        "CrudRequestInterface",
        "ReferenceIdInterface",
        "ReferenceUsernameInterface",
    }
)
"""Names that exist only for the compiler."""


class SdkEntity:
    """An entity the SDK owns, as other entities see it."""

    def __init__(
        self, *, entity: str, dto: str, interface: tuple[str, ...], extra: str = ""
    ) -> None:
        self.entity_file = entity
        self.dto_file = dto
        self.interface = interface
        self.extra = extra


SDK: Mapping[str, SdkEntity] = {
    "User": SdkEntity(
        entity="/src/modules/user/entities/user.entity",
        dto="/src/common/crud/dtos/user-reference.dto",
        interface=("ReferenceIdInterface", "ReferenceUsernameInterface"),
    ),
    "Role": SdkEntity(
        entity="/src/modules/role/entities/role.entity",
        dto="/src/common/crud/dtos/role-reference.dto",
        interface=("ReferenceIdInterface",),
        extra="{ name: string }",
    ),
}
