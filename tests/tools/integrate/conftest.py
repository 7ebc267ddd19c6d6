"""Builders of what `generate` answers, and a small project to integrate it into."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rockets_tools.files import ProjectFiles
from rockets_tools.generate.result import (
    ClassReference,
    GeneratedFile,
    Rendered,
    Resource,
    Wiring,
)
from rockets_tools.plan.model import Action, Grant, Possession

APP_MODULE = """\
import { AccessControlModule } from '@concepta/nestjs-access-control';
import { CrudModule } from '@concepta/nestjs-crud';
import { Module } from '@nestjs/common';
import { acRules } from './app.acl';

@Module({
  imports: [
    CrudModule.forRoot({}),
    AccessControlModule.forRoot({
      settings: { rules: acRules },
      queryServices: [],
    }),
  ],
})
export class AppModule {}
"""

APP_ACL = """\
import { AccessControl } from 'accesscontrol';

export enum AppRole {
  Admin = 'admin',
  User = 'user',
}

export enum AppResource {
  User = 'user',
  UserList = 'user-list',
}

export const acRules = new AccessControl();

acRules.grant(AppRole.Admin).resource([AppResource.User, AppResource.UserList]).readAny();
"""

SETTINGS = """\
import { UserEntity } from '../modules/user/entities/user.entity';

export const typeOrmSettings = {
  type: 'postgres',
  entities: [UserEntity],
};
"""


def grant(text: str) -> Grant:
    """`any:read,create` or `own:`."""
    possession, _, actions = text.partition(":")
    return Grant(
        possession=Possession(possession),
        actions=frozenset(Action(action) for action in actions.split(",") if action),
    )


def build_wiring(
    name: str, /, *, module: str = "src/modules", acl: dict[str, str] | None = None, **roles: str
) -> Wiring:
    kebab = re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
    folder = f"{module}/{kebab}"
    return Wiring(
        entity=ClassReference(name=f"{name}Entity", file=f"{folder}/entities/{kebab}.entity.ts"),
        module=ClassReference(name=f"{name}Module", file=f"{folder}/{kebab}.module.ts"),
        query_service=ClassReference(
            name=f"{name}AccessQueryService", file=f"{folder}/{kebab}-access-query.service.ts"
        ),
        resources=(
            Resource(member=name, value=kebab),
            Resource(member=f"{name}List", value=f"{kebab}-list"),
        ),
        grants=tuple(
            (role, grant(text)) for role, text in sorted({**(acl or {}), **roles}.items())
        ),
    )


def build_rendered(
    name: str, /, *, version: str = "one", module: str = "src/modules", **roles: str
) -> Rendered:
    """An entity of three small files whose text depends on `version` in its middle line."""
    wiring = build_wiring(name, module=module, **(roles or {"admin": "any:read"}))

    def text(reference: ClassReference) -> str:
        return (
            f"// {reference.file}\n\nexport class {reference.name} {{\n"
            f"  readonly first = 'é';\n\n  readonly version = '{version}';\n\n"
            "  readonly last = 3;\n}\n"
        )

    references = (wiring.entity, wiring.module, wiring.query_service)
    return Rendered(
        entity=wiring.resources[0].value,
        files=tuple(GeneratedFile(path=r.file, content=text(r)) for r in references),
        wiring=wiring,
        config={},
    )


@pytest.fixture
def wiring() -> Callable[..., Wiring]:
    return build_wiring


@pytest.fixture
def rendered() -> Callable[..., Rendered]:
    return build_rendered


@pytest.fixture
def project(tmp_path: Path) -> ProjectFiles:
    files = ProjectFiles(tmp_path)
    files.write("src/app.module.ts", APP_MODULE)
    files.write("src/app.acl.ts", APP_ACL)
    files.write("src/config/typeorm.settings.ts", SETTINGS)
    files.write("package.json", "{}\n")
    return files
