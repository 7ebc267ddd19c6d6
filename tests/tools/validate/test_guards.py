"""Handlers, their grants, and rule 6; each case with prettier's layout and without it."""

from collections.abc import Callable, Mapping

import pytest

Found = Callable[..., list[tuple[str, int]]]
Texts = Mapping[str, str]

ACL = "src/app.acl.ts"
PATH = "src/modules/product/product.crud.controller.ts"
ENTITY = "src/modules/product/entities/product.entity.ts"
CONSTANTS = "src/modules/product/constants/product.constants.ts"
OWN = "\nacRules.grant(AppRole.User).resource([AppResource.Product, AppResource.ProductList])"
HANDLER = """\

  @CrudCreateOne({ api: { response: { status: 201 } } })
  @AccessControlCreateOne(ProductResource.One)
  createOne(
    @CrudRequest() request: CrudRequestInterface,
    @CrudBody() data: ProductCreateDto,
    @CurrentCaller() caller: Caller,
  ) {
    return this.service.createOne(request, data, caller);
  }
}
"""
LAYOUTS = {
    "prettier": lambda text: text,
    "block comment": lambda text: text.replace("@CrudController", "/* a */ @CrudController", 1),
    "template string": lambda text: text.replace("'products'", "`products`"),
    "one line": lambda text: text.replace("()\n  @AccessControl", "() @AccessControl"),
    "wide indent": lambda text: text.replace("\n  ", "\n      "),
}


def with_handler(text: str) -> str:
    return text.removesuffix("}\n") + HANDLER


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_handler_without_a_grant(found: Found, texts: Texts, layout: str) -> None:
    text = with_handler(texts[PATH]).replace("  @AccessControlCreateOne(ProductResource.One)\n", "")
    assert [rule for rule, _ in found({PATH: LAYOUTS[layout](text)})] == ["handler-without-grant"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_handlers_guarded(found: Found, texts: Texts, layout: str) -> None:
    assert found({PATH: LAYOUTS[layout](with_handler(texts[PATH]))}) == []


@pytest.mark.parametrize(
    "decorator",
    [
        "  /* @AccessControlReadMany(ProductResource.Many) */\n",
        "  /*\n  @AccessControlReadMany(ProductResource.Many)\n  */\n",
        "  // @AccessControlReadMany(ProductResource.Many)\n",
        "  @AccessControlQuery({ service: ProductAccessQueryService })\n",
        "  @UseGuards(AccessControlGuard)\n",
        "  @AuthPublic()\n",
    ],
)
def test_what_is_no_grant(found: Found, texts: Texts, decorator: str) -> None:
    text = texts[PATH].replace("  @AccessControlReadMany(ProductResource.Many)\n", decorator)
    assert [rule for rule, _ in found({PATH: text})] == ["handler-without-grant"]


def test_a_route_of_nest_itself(found: Found, texts: Texts) -> None:
    text = with_handler(texts[PATH]).removesuffix("}\n") + "\n  @Get('all')\n  all() {}\n}\n"
    assert [rule for rule, _ in found({PATH: text})] == ["handler-without-grant"]


def test_a_crud_controller_in_any_file(found: Found, texts: Texts) -> None:
    text = texts[PATH].replace("  @AccessControlReadMany(ProductResource.Many)\n", "")
    path = "src/modules/product/goods.controller.ts"
    assert found({path: text}) == [("handler-without-grant", 13)]


@pytest.mark.parametrize(
    "grant",
    [
        "@AccessControlGrant({ resource: ProductResource.Many, action: ActionEnum.READ })",
        "@AccessControlGrant({\n    resource: ProductResource.Many,\n    action: 'read',\n  })",
        "@AccessControlReadMany('product-list')",
        "@AccessControlReadMany(\n    ProductResource.Many,\n  )",
    ],
)
@pytest.mark.parametrize(("value", "expected"), [("product-list", []), ("products", [1])])
def test_the_resource_has_to_be_in_the_acl(
    found: Found, texts: Texts, grant: str, value: str, expected: list[int]
) -> None:
    text = texts[PATH].replace("@AccessControlReadMany(ProductResource.Many)", grant)
    changes = {
        PATH: text.replace("'product-list'", f"'{value}'"),
        CONSTANTS: texts[CONSTANTS].replace("product-list", value),
    }
    rules = [rule for rule, _ in found(changes)]
    assert rules == ["acl-resource-defined"] * len(expected)


@pytest.mark.parametrize(
    "constants",
    [
        "export enum ProductResource {\n  One = 'product',\n  Many = 'products',\n}\n",
        "export enum ProductResource { One = 'product', Many = 'products' }\n",
        "export const ProductResource = { One: 'product', Many: `products` } as const;\n",
        "export const ProductResource = Object.freeze({ One: 'product', Many: 'products' });\n",
    ],
)
def test_resources_however_they_are_written(found: Found, constants: str) -> None:
    expected = [] if "freeze" in constants else [("acl-resource-defined", 14)]
    assert found({CONSTANTS: constants}) == expected


def test_resources_straight_from_the_acl(found: Found, texts: Texts) -> None:
    text = texts[PATH].replace(
        "import { ProductResource } from './constants/product.constants'",
        "import { AppResource as R } from '../../app.acl'",
    )
    assert found({PATH: text.replace("ProductResource.Many", "R.ProductList")}) == []


def test_a_resource_that_is_only_part_of_another(found: Found, texts: Texts) -> None:
    acl = texts[ACL].replace("'product-list'", "'product-list-2'")
    assert found({ACL: acl}) == [("acl-resource-defined", 14)]


OWN_ENTITY = "@AccessPolicy({ resource: ProductResource, owner: 'userId' })\n@Entity"


def own(texts: Texts, grant: str = ".readOwn().createOwn();\n") -> dict[str, str]:
    return {ACL: texts[ACL] + OWN + grant}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_list_that_does_not_know_who_asks(found: Found, texts: Texts, layout: str) -> None:
    rules = found({**own(texts), PATH: LAYOUTS[layout](with_handler(texts[PATH]))})
    assert [rule for rule, _ in rules] == ["own-scope-enforced"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_caller_that_is_not_handed_on(found: Found, texts: Texts, layout: str) -> None:
    text = known(with_handler(texts[PATH])).replace("data, caller)", "data)")
    rules = found({**own(texts), PATH: LAYOUTS[layout](text)})
    assert [rule for rule, _ in rules] == ["own-scope-enforced"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_own_scope_as_it_should_be(found: Found, texts: Texts, layout: str) -> None:
    text = known(with_handler(texts[PATH]))
    assert found({**own(texts), PATH: LAYOUTS[layout](text)}) == []


def known(text: str) -> str:
    return text.replace(
        "getMany(@CrudRequest() request: CrudRequestInterface) {",
        "getMany(@CrudRequest() request: CrudRequestInterface, @CurrentCaller() caller: Caller) {",
    ).replace("getMany(request)", "getMany(request, caller)")


def test_own_scope_without_a_query_service(found: Found, texts: Texts) -> None:
    text = known(texts[PATH]).replace(
        "@AccessControlQuery({ service: ProductAccessQueryService })\n", ""
    )
    assert found({**own(texts), PATH: text}) == [("own-scope-enforced", 8)]


def test_a_blanket_own_grant_counts(found: Found, texts: Texts) -> None:
    grant = "\nacRules.grant('user').resource(Object.values(AppResource)).readOwn();\n"
    assert found({ACL: texts[ACL] + grant}) == [("own-scope-enforced", 14)]


def test_a_grant_in_a_function_counts(found: Found, texts: Texts) -> None:
    grant = "\nexport function allow() {\n  acRules.grant('user').readOwn('product-list');\n}\n"
    assert found({ACL: texts[ACL] + grant}) == [("own-scope-enforced", 14)]


def test_grants_nested_without_end(found: Found, texts: Texts) -> None:
    deep = "[" * 5_000 + "'product-list'" + "]" * 5_000
    grant = f"\nacRules.grant('user').resource({deep}).readOwn();\n"
    assert found({ACL: texts[ACL] + grant}) == [("own-scope-enforced", 14)]


def test_an_own_grant_on_something_else_does_not(found: Found, texts: Texts) -> None:
    assert found({ACL: texts[ACL] + "\nacRules.grant('user').readOwn('tag-list');\n"}) == []


POLICY_IMPORT = "import { ProductResource } from '../constants/product.constants';\n"


@pytest.mark.parametrize("comment", ["", "/* a */ "])
@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("userId", []),
        ("user", ["owner-field"]),
        ("userIdentifier", ["owner-field"]),
        ("id", ["owner-field"]),
        ("shop.ownerId", []),
        ("shop.owner", ["owner-field"]),
        ("store.ownerId", ["owner-field"]),
    ],
)
def test_the_owner_is_a_property(
    found: Found, texts: Texts, comment: str, owner: str, expected: list[str]
) -> None:
    """Defect 50: 'userIdentifier' satisfied 'userId'."""
    policy = f"@AccessPolicy({{ resource: ProductResource, owner: '{owner}' }})\n{comment}@Entity"
    text = POLICY_IMPORT + "import { ShopEntity } from './shop.entity';\n" + texts[ENTITY]
    text = text.replace("@Entity", policy).replace(
        "  @Column({ type: 'uuid' })\n",
        "  shop?: ShopEntity | null;\n\n  @Column({ type: 'uuid' })\n",
    )
    shop = "export abstract class ShopEntity {\n  ownerId!: string;\n}\n"
    changes = {ENTITY: text, "src/modules/product/entities/shop.entity.ts": shop}
    assert [rule for rule, _ in found(changes)] == expected


def test_an_owner_that_is_inherited(found: Found, texts: Texts) -> None:
    text = POLICY_IMPORT + "import { OwnedEntity } from './owned.entity';\n" + texts[ENTITY]
    text = text.replace("@Entity", OWN_ENTITY.replace("userId", "ownerId"))
    text = text.replace("CommonPostgresEntity {", "OwnedEntity {")
    base = "export abstract class OwnedEntity {\n  ownerId!: string;\n}\n"
    changes = {ENTITY: text, "src/modules/product/entities/owned.entity.ts": base}
    assert found(changes) == []


def test_own_scope_without_an_owner(found: Found, texts: Texts) -> None:
    text = POLICY_IMPORT + texts[ENTITY].replace(
        "@Entity", "@AccessPolicy({ resource: ProductResource })\n@Entity"
    )
    changes = {**own(texts), ENTITY: text, PATH: known(texts[PATH])}
    assert found(changes) == [("owner-field", 5)]
    assert found({ENTITY: text, ACL: texts[ACL], PATH: texts[PATH]}) == []


def test_a_query_by_hand_compares_a_property(found: Found, texts: Texts) -> None:
    path = "src/modules/product/product-access-query.service.ts"
    check = "    return this.repository.exists({{ where: {{ id, {}: user.id }} }});\n  }}\n"
    text = texts[path].replace("    return false;\n  }\n", check.format("owner"))
    assert found({path: text}) == [("owner-field", 17)]
    text = texts[path].replace("    return false;\n  }\n", check.format("userId"))
    assert found({path: text}) == []
