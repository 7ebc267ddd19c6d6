"""Where the sixteen files of an entity are."""

from rockets_tools.plan.model import Entity


def entity_file(entity: Entity) -> str:
    """The file of its class."""
    return f"{entity.paths.entity}/entities/{entity.kebab}.entity.ts"


def controller_file(entity: Entity) -> str:
    """The file of its routes."""
    return f"{entity.paths.module}/{entity.kebab}.crud.controller.ts"


def entity_files(entity: Entity) -> tuple[str, ...]:
    """All of them, as every generator lays them out; POSIX, relative to the project root."""
    kebab, module, shared = entity.kebab, entity.paths.module, entity.paths.shared
    return (
        entity_file(entity),
        f"{module}/constants/{kebab}.constants.ts",
        f"{module}/{kebab}.module.ts",
        controller_file(entity),
        f"{module}/{kebab}.crud.service.ts",
        f"{module}/{kebab}-typeorm-crud.adapter.ts",
        f"{module}/{kebab}-model.service.ts",
        f"{module}/{kebab}-access-query.service.ts",
        f"{shared}/dtos/{kebab}.dto.ts",
        f"{shared}/dtos/{kebab}-create.dto.ts",
        f"{shared}/dtos/{kebab}-update.dto.ts",
        f"{shared}/dtos/{kebab}-paginated.dto.ts",
        f"{shared}/interfaces/{kebab}.interface.ts",
        f"{shared}/interfaces/{kebab}-creatable.interface.ts",
        f"{shared}/interfaces/{kebab}-updatable.interface.ts",
        f"{shared}/index.ts",
    )
