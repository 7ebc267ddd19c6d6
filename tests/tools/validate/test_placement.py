"""Rules 2, 3 and 4."""

from collections.abc import Callable

import pytest

Found = Callable[..., list[tuple[str, int]]]

SERVICE = "src/modules/product/product-price.service.ts"
HEAD = "import { Injectable } from '@nestjs/common';\n"


def test_a_project_in_order_has_no_finding(found: Found) -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            (
                "import { InjectRepository } from '@nestjs/typeorm';\n"
                "class A {\n  constructor(@InjectRepository(ProductEntity) rows: unknown) {}\n}\n"
            ),
            3,
        ),
        (
            (
                "import { InjectRepository as IR } from '@nestjs/typeorm';\n"
                "class A {\n  constructor(@IR(ProductEntity) rows: unknown) {}\n}\n"
            ),
            3,
        ),
        (
            (
                "import * as orm from '@nestjs/typeorm';\n"
                "class A {\n  @orm.InjectRepository(ProductEntity) rows: unknown;\n}\n"
            ),
            3,
        ),
        (
            "import { InjectRepository } from '@nestjs/typeorm';\nconst Rows = InjectRepository;\n",
            2,
        ),
        (
            (
                "import { Inject } from '@nestjs/common';\n"
                "import { getRepositoryToken as token } from '@nestjs/typeorm';\n"
                "class A {\n  constructor(@Inject(token(ProductEntity)) rows: unknown) {}\n}\n"
            ),
            4,
        ),
        ("export { InjectRepository as Rows } from '@nestjs/typeorm';\n", 1),
        ("export * from '@nestjs/typeorm';\n", 1),
        ("const { InjectRepository: R } = require('@nestjs/typeorm');\nconst x = R(A);\n", 2),
    ],
)
def test_inject_repository_outside_an_adapter(found: Found, text: str, line: int) -> None:
    assert found({SERVICE: text}) == [("inject-repository-location", line)]


@pytest.mark.parametrize(
    "text",
    [
        "// InjectRepository belongs into the adapter\nexport const a = 1;\n",
        "/* @InjectRepository(A) */\nexport const a = 'InjectRepository';\n",
        "import { InjectRepository } from '@nestjs/typeorm';\n",
        (
            "import { getRepositoryToken } from '@nestjs/typeorm';\n"
            "export const fake = { provide: getRepositoryToken(A), useValue: {} };\n"
        ),
        "import { TypeOrmModule } from '@nestjs/typeorm';\nexport const a = TypeOrmModule;\n",
    ],
)
def test_what_only_mentions_it_is_fine(found: Found, text: str) -> None:
    assert found({SERVICE: text}) == []


def test_a_model_service_may_not_use_the_adapters_decorator(found: Found) -> None:
    text = (
        "import { InjectRepository } from '@nestjs/typeorm';\n"
        "export class M {\n  constructor(@InjectRepository(A) rows: Repository<A>) {}\n}\n"
    )
    path = "src/modules/product/product-model.service.ts"
    assert found({path: text}) == [("inject-repository-location", 3)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("product-model.service.ts", []),
        ("product-typeorm-crud.adapter.ts", [("inject-dynamic-repository-location", 3)]),
        ("product-lookup.service.ts", [("inject-dynamic-repository-location", 3)]),
        ("my-product-model.service.spec.ts", []),
    ],
)
def test_inject_dynamic_repository(
    found: Found, path: str, expected: list[tuple[str, int]]
) -> None:
    text = (
        "import { InjectDynamicRepository as Dynamic } from '@concepta/nestjs-typeorm-ext';\n"
        "export class M {\n  constructor(@Dynamic('product') rows: object) {}\n}\n"
    )
    assert found({f"src/modules/product/{path}": text}) == expected


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("  constructor(private readonly rows: Repository<ProductEntity>) {}\n", 5),
        ("  constructor(private readonly rows: orm.Repository<ProductEntity> | null) {}\n", 5),
        ("  constructor(private readonly manager: EntityManager) {}\n", 5),
        ("  @InjectEntityManager() private readonly manager!: EntityManager;\n", 5),
        (
            (
                "  constructor(private readonly dataSource: DataSource) {}\n"
                "  all() {\n    return this.dataSource.getRepository(ProductEntity).find();\n  }\n"
            ),
            7,
        ),
        (
            (
                "  constructor(private readonly dataSource: DataSource) {}\n"
                "  all() {\n    return this.dataSource.manager.find(ProductEntity);\n  }\n"
            ),
            7,
        ),
        (
            (
                "  constructor(private readonly dataSource: DataSource) {}\n"
                "  all() {\n    return this.dataSource.query('SELECT 1');\n  }\n"
            ),
            7,
        ),
        (
            "  all(manager: any) {\n    return manager.getRepository(ProductEntity).find();\n  }\n",
            6,
        ),
    ],
)
def test_a_service_that_goes_around_the_model(found: Found, body: str, line: int) -> None:
    text = (
        f"{HEAD}import {{ DataSource, EntityManager, Repository }} from 'typeorm';\n"
        f"import * as orm from 'typeorm';\n"
        f"@Injectable() export class PriceService {{\n{body}}}\n"
    )
    assert found({SERVICE: text}) == [("service-bypasses-model", line)]


@pytest.mark.parametrize(
    "body",
    [
        "  constructor(private readonly products: ProductModelService) {}\n",
        (
            "  constructor(private readonly dataSource: DataSource) {}\n"
            "  up() {\n    return this.dataSource.isInitialized;\n  }\n"
        ),
        "  readonly name = 'getRepository()'; // Repository<X>, manager.getRepository(X)\n",
        "  constructor(private readonly git: GitRepository) {}\n",
    ],
)
def test_a_service_that_does_not(found: Found, body: str) -> None:
    text = (
        f"{HEAD}import {{ DataSource }} from 'typeorm';\n"
        f"@Injectable()\nexport class PriceService {{\n{body}}}\n"
    )
    assert found({SERVICE: text}) == []


def test_an_alias_of_repository_is_seen_through(found: Found) -> None:
    text = (
        f"{HEAD}import {{ Repository as Rows }} from 'typeorm';\n"
        "@Injectable()\nexport class A {\n  constructor(private readonly rows: Rows<X>) {}\n}\n"
    )
    assert found({SERVICE: text}) == [("service-bypasses-model", 5)]
