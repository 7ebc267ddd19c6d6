"""Structural checks against the shared files; the predecessor looked for substrings (31, 50)."""

from collections.abc import Callable, Mapping

import pytest

Found = Callable[..., list[tuple[str, int]]]
Texts = Mapping[str, str]

APP = "src/app.module.ts"
SETTINGS = "src/config/typeorm.settings.ts"
ACL = "src/app.acl.ts"
FOLDER = "src/modules/product"
ENTITY = f"{FOLDER}/entities/product.entity.ts"
MODULE = f"{FOLDER}/product.module.ts"
QUERY = f"{FOLDER}/product-access-query.service.ts"
CONTROLLER = f"{FOLDER}/product.crud.controller.ts"


def replaced(texts: Texts, path: str, old: str, new: str) -> dict[str, str]:
    assert old in texts[path]
    return {path: texts[path].replace(old, new)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("entities: [ProductEntity]", "entities: []"),
        ("entities: [ProductEntity]", "entities: [/* ProductEntity */]"),
        ("entities: [ProductEntity]", "// entities: [ProductEntity]\n  entities: []"),
        ("entities: [ProductEntity]", "entities: [ProductEntityV2]"),
        ("product.entity'", "other.entity'"),
        ("{ ProductEntity }", "{ OtherEntity as ProductEntity }"),
    ],
)
def test_an_entity_that_is_not_registered(found: Found, texts: Texts, old: str, new: str) -> None:
    assert found(replaced(texts, SETTINGS, old, new)) == [("entity-registered", 5)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[ProductEntity]", "[\n    // the shop\n    ProductEntity, // sold\n  ]"),
        ("[ProductEntity]", "[...[ProductEntity]]"),
        ("[ProductEntity]", "[join(__dirname, '..', '**', '*.entity{.ts,.js}')]"),
        ("[ProductEntity]", "[`${__dirname}/../modules/**/*.entity.js`]"),
        ("product.entity'", "product.entity.js'"),
    ],
)
def test_an_entity_that_is(found: Found, texts: Texts, old: str, new: str) -> None:
    assert found(replaced(texts, SETTINGS, old, new)) == []


def test_an_entity_under_an_alias(found: Found, texts: Texts) -> None:
    text = texts[SETTINGS].replace("{ ProductEntity }", "{ ProductEntity as Goods }")
    assert found({SETTINGS: text.replace("[ProductEntity]", "[Goods]")}) == []


def test_an_entity_through_a_barrel_and_a_constant(found: Found, texts: Texts) -> None:
    text = (
        "import { entities as all } from '../modules';\n"
        "export const typeOrmSettings = () => ({ type: 'postgres', entities: [...all] });\n"
    )
    barrel = (
        "import * as product from './product';\nexport const entities = [product.ProductEntity];\n"
    )
    index = "export * from './entities/product.entity';\n"
    changes = {SETTINGS: text, "src/modules/index.ts": barrel, f"{FOLDER}/index.ts": index}
    assert found(changes) == []


def test_barrels_that_lead_in_circles(found: Found, texts: Texts) -> None:
    text = texts[SETTINGS].replace("../modules/product/entities/product.entity", "../modules")
    barrel = "export * from './a';\n" * 9 + "export * from '.';\n" * 9
    changes = {SETTINGS: text, "src/modules/index.ts": barrel, "src/modules/a.ts": barrel}
    assert found(changes) == [("entity-registered", 5)]


def test_a_class_that_only_begins_alike(found: Found, texts: Texts) -> None:
    """Defect 31: `Tag` after `ProductTag`."""
    tag = texts[ENTITY].replace("product'", "prod'").replace("ProductEntity", "ProductEntit")
    changes = {"src/modules/product/entities/prod.entity.ts": tag}
    assert found(changes, migrations=False) == [("entity-registered", 5)]


def test_entities_nobody_can_read(found: Found, texts: Texts) -> None:
    changes = replaced(texts, SETTINGS, "entities: [ProductEntity]", "entities: loadEntities()")
    assert found(changes) == [("project-shared-files", 1)]


@pytest.mark.parametrize("path", [APP, SETTINGS, ACL])
def test_a_shared_file_that_is_missing(found: Found, path: str) -> None:
    assert [rule for rule, _ in found({path: None})] == ["project-shared-files"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    ProductModule,\n", ""),
        ("    ProductModule,\n", "    // ProductModule,\n"),
        ("    ProductModule,\n", "    ProductModules,\n"),
        ("modules/product/product.module'", "modules/products/product.module'"),
    ],
)
def test_a_module_that_is_not_imported(found: Found, texts: Texts, old: str, new: str) -> None:
    assert found(replaced(texts, APP, old, new)) == [("module-imported", 14)]


def test_a_comment_with_a_module_in_it(found: Found, texts: Texts) -> None:
    """Defect 36: everything was wired into `@Module({ imports: [] })` of a comment."""
    text = texts[APP].replace("    ProductModule,\n", "")
    comment = "/** @Module({ imports: [ProductModule] }) */\n"
    assert found({APP: comment + text}) == [("module-imported", 14)]


@pytest.mark.parametrize(
    "new",
    [
        "    forwardRef(() => ProductModule),\n",
        "    ProductModule.forRoot(),\n",
        "    ...(process.env.SHOP ? [ProductModule] : []),\n",
        "    ...[ProductModule] /* ] */,\n",
    ],
)
def test_a_module_that_is(found: Found, texts: Texts, new: str) -> None:
    assert found(replaced(texts, APP, "    ProductModule,\n", new)) == []


def test_a_module_through_another_module(found: Found, texts: Texts) -> None:
    text = texts[APP].replace("    ProductModule,\n", "    ShopModule,\n")
    text = text.replace(
        "import { ProductModule } from './modules/product/product.module'",
        "import { ShopModule } from './modules/shop/shop.module'",
    )
    shop = (
        "import { Module } from '@nestjs/common';\n"
        "import { ProductModule } from '../product/product.module';\n\n"
        "@Module({ imports: [ProductModule] })\nexport class ShopModule {}\n"
    )
    assert found({APP: text, "src/modules/shop/shop.module.ts": shop}) == []


def test_a_query_service_where_the_guard_does_not_look(found: Found, texts: Texts) -> None:
    changes = replaced(
        texts, APP, "queryServices: [ProductAccessQueryService]", "queryServices: []"
    )
    assert found(changes) == [("access-query-service-registered", 8)]
    elsewhere = replaced(
        texts, APP, "AccessControlModule.forRoot({\n", "AccessControlModule.forRoot({}), of({\n"
    )
    assert ("access-query-service-registered", 8) in found(elsewhere)


def test_a_query_service_as_a_provider(found: Found, texts: Texts) -> None:
    provider = "[{ provide: Base, useClass: ProductAccessQueryService }]"
    assert found(replaced(texts, APP, "[ProductAccessQueryService]", provider)) == []


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("controllers:", "providers: [AccessControlService],\n  controllers:", 1),
        ("controllers:", "providers: [{ provide: AccessControlGuard }],\n  controllers:", 1),
        (
            "controllers:",
            "providers: [{ provide: 'ACCESS_CONTROL_MODULE_SETTINGS_TOKEN' }],\n  controllers:",
            1,
        ),
        ("controllers:", "providers: [AppAccessControlService],\n  controllers:", 0),
        ("controllers:", "// AccessControlService\n  controllers:", 0),
    ],
)
def test_access_control_in_a_feature_module(
    found: Found, texts: Texts, old: str, new: str, count: int
) -> None:
    rules = found(replaced(texts, MODULE, old, new))
    assert rules == [("access-control-in-feature-module", 12)] * count


@pytest.mark.parametrize("new", ["", "// CrudModule.forRoot({}),\n    ", "CrudModule,\n    "])
def test_no_crud_module(found: Found, texts: Texts, new: str) -> None:
    rules = found(replaced(texts, APP, "CrudModule.forRoot({}),\n    ", new))
    assert rules == [("crud-module-root", 1)]
