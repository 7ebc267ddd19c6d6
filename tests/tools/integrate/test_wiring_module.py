"""Modules and access query services into the root module: whole texts."""

from collections.abc import Callable

import pytest

from rockets_tools.generate.result import Wiring
from rockets_tools.integrate.wiring.app_module import ModuleWiring, wire_module
from rockets_tools.integrate.wiring.source import WiringError

FILE = "src/app.module.ts"
HEAD = (
    "import { AccessControlModule } from '@concepta/nestjs-access-control';\n"
    "import { CrudModule } from '@concepta/nestjs-crud';\n"
    "import { Module } from '@nestjs/common';\n"
)


def both(wiring: Callable[..., Wiring], *names: str) -> ModuleWiring:
    wirings = [wiring(name) for name in names]
    return ModuleWiring(
        modules=[each.module for each in wirings],
        query_services=[each.query_service for each in wirings],
    )


def test_crud_root_is_added_once(wiring: Callable[..., Wiring]) -> None:
    before = (
        "import { Module } from '@nestjs/common';\n"
        "@Module({\n  imports: [],\n})\nexport class AppModule {}\n"
    )
    after = (
        "import { Module } from '@nestjs/common';\n"
        "import { CrudModule } from '@concepta/nestjs-crud';\n"
        "import { ProductModule } from './modules/product/product.module';\n"
        "@Module({\n  imports: [CrudModule.forRoot({}), ProductModule],\n})\n"
        "export class AppModule {}\n"
    )
    wanted = ModuleWiring(modules=[wiring("Product").module])
    assert wire_module(before, wanted, file=FILE) == after
    assert wire_module(after, wanted, file=FILE) is None
    elsewhere = ModuleWiring(modules=[wiring("Product").module], crud_root=False)
    assert "CrudModule" not in (wire_module(before, elsewhere, file=FILE) or "")


TAKEN = ["Event", "Config", "Password", "Crud", "Auth", "Jwt", "TypeOrm", "App", "User", "Access"]


@pytest.mark.parametrize("name", TAKEN)
def test_a_taken_class_name_gets_an_alias(name: str, wiring: Callable[..., Wiring]) -> None:
    before = (
        "import { CrudModule } from '@concepta/nestjs-crud';\n"
        "import { Module } from '@nestjs/common';\n"
        + (
            f"import {{ {name}Module }} from '@nestjs/some';\n"
            if name not in {"App", "Crud"}
            else ""
        )
        + "@Module({\n  imports: [\n    CrudModule.forRoot({}),\n  ],\n})\n"
        "export class AppModule {}\n"
    )
    wanted = ModuleWiring(modules=[wiring(name).module])
    after = wire_module(before, wanted, file=FILE)
    assert after is not None
    kebab = wiring(name).resources[0].value
    assert (
        f"import {{ {name}Module as {name}FeatureModule }} from "
        f"'./modules/{kebab}/{kebab}.module';\n" in after
    )
    assert f"    CrudModule.forRoot({{}}),\n    {name}FeatureModule,\n  ],\n" in after
    assert wire_module(after, wanted, file=FILE) is None


def test_an_alias_that_is_taken_too(wiring: Callable[..., Wiring]) -> None:
    before = (
        "import { EventModule } from 'e';\nimport { Module } from '@nestjs/common';\n"
        "@Module({\n  imports: [],\n})\nexport class AppModule {}\n"
    )
    wanted = ModuleWiring(
        modules=[wiring("EventFeature").module, wiring("Event").module], crud_root=False
    )
    after = wire_module(before, wanted, file=FILE)
    assert after is not None
    assert "imports: [EventFeatureModule, EventFeature2Module]" in after
    assert wire_module(after, wanted, file=FILE) is None


REFUSED = {
    "no module": ("export class AppModule {}\n", 1, "no class AppModule"),
    "imports from a call": (
        HEAD + "@Module({\n  imports: features(),\n})\nexport class AppModule {}\n",
        5,
        "not an array literal",
    ),
    "metadata with a spread": (
        HEAD + "@Module({\n  ...base,\n})\nexport class AppModule {}\n",
        5,
        "spread",
    ),
    "no access control": (
        HEAD + "@Module({ imports: [CrudModule.forRoot({})] })\nexport class AppModule {}\n",
        1,
        "registers AccessControlModule 0 times",
    ),
    "options from a call": (
        HEAD + "@Module({\n  imports: [\n    AccessControlModule.forRoot(options()),\n  ],\n})\n"
        "export class AppModule {}\n",
        6,
        "not an object literal",
    ),
    "a spread behind the imports": (
        HEAD + "@Module({\n  imports: [],\n  ...base,\n})\nexport class AppModule {}\n",
        6,
        "hide the other",
    ),
    "a spread behind that has imports when it is true": (
        HEAD + "@Module({\n  imports: [],\n  ...(x && { imports: [] }),\n})\n"
        "export class AppModule {}\n",
        6,
        "hide the other",
    ),
    "a spread behind the query services": (
        HEAD + "@Module({\n  imports: [\n    AccessControlModule.forRoot({\n"
        "      queryServices: [],\n      ...options(),\n    }),\n  ],\n})\n"
        "export class AppModule {}\n",
        8,
        "hide the other",
    ),
    "query services from a call": (
        HEAD + "@Module({\n  imports: [\n    AccessControlModule.forRoot({\n"
        "      queryServices: all(),\n    }),\n  ],\n})\nexport class AppModule {}\n",
        7,
        "not an array literal",
    ),
}


@pytest.mark.parametrize(
    "spread",
    [
        "...base,\n  imports: [],",
        "imports: [],\n  ...{ providers: [] },",
        "imports: [],\n  ...(debug && { providers: [] }),",
        "imports: [],\n  ...(debug ? { exports: [] } : {}),",
        "imports: [],\n  ...rest,",
    ],
)
def test_a_spread_that_cannot_hide_the_list_is_fine(
    spread: str, wiring: Callable[..., Wiring]
) -> None:
    before = (
        HEAD + f"const rest = {{ providers: [] }};\n@Module({{\n  {spread}\n}})\n"
        "export class AppModule {}\n"
    )
    wanted = ModuleWiring(modules=[wiring("Product").module], crud_root=False)
    after = wire_module(before, wanted, file=FILE)
    assert after is not None
    assert "imports: [ProductModule]" in after


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_line(name: str, wiring: Callable[..., Wiring]) -> None:
    text, line, message = REFUSED[name]
    with pytest.raises(WiringError) as caught:
        wire_module(text, both(wiring, "Product"), file=FILE)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (FILE, line)
    assert message in problem.message
    assert problem.fix
